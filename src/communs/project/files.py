"""Settings of files: where they lie, who scans them, how much room they have."""

from __future__ import annotations

import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured

_UNITS = {"": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3, "TB": 1024**4}
_OPTIONS = {"region": "region_name", "endpoint": "endpoint_url", "prefix": "location"}
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")


def storage(folder: Path) -> dict[str, Any]:
    """Give what COMMUNS_FILES names: an object store, or a folder of the data unless said."""
    url = os.environ.get("COMMUNS_FILES", "")
    if not url:
        backend = "communs.core.files.storages.DiskStorage"
        return {"BACKEND": backend, "OPTIONS": {"location": folder / "files"}}
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme != "s3" or not _BUCKET.fullmatch(parts.netloc) or parts.path.strip("/"):
        _wrong("COMMUNS_FILES: write s3://bucket?region=…&endpoint=https://…&prefix=….")
    if unknown := sorted(set(asked) - set(_OPTIONS)):
        _wrong(f"COMMUNS_FILES: “{unknown[0][:40]}” is not one of region, endpoint, prefix.")
    if find_spec("storages") is None or find_spec("boto3") is None:
        _wrong("COMMUNS_FILES: an object store needs more packages: install communs[s3].")
    options = {_OPTIONS[name]: value for name, value in asked.items() if value}
    return {
        "BACKEND": "communs.core.files.object_storage.ObjectStorage",
        "OPTIONS": {"bucket_name": parts.netloc, **options},
    }


def clamd() -> str:
    """Give COMMUNS_CLAMD: where ClamAV's daemon listens, nothing unless said."""
    url = os.environ.get("COMMUNS_CLAMD", "")
    parts = urlsplit(url)
    try:
        told = parts.path if parts.scheme == "unix" else parts.hostname and parts.port
    except ValueError:
        told = None
    if url and (parts.scheme not in {"unix", "tcp"} or not told):
        _wrong("COMMUNS_CLAMD: write unix:///path/of/its/socket or tcp://host:port.")
    return url


def quota() -> int:
    """Give COMMUNS_FILES_QUOTA in bytes: what a community's files may take, 5 GB unless said."""
    text = os.environ.get("COMMUNS_FILES_QUOTA") or "5GB"
    found = re.fullmatch(r"([1-9]\d{0,14}) ?([KMGT]B)?", text.strip(), re.ASCII)
    if found is None:
        message = f"COMMUNS_FILES_QUOTA: “{text[:40]}” is not a size; write 500MB or 5GB."
        raise ImproperlyConfigured(message)
    return int(found[1]) * _UNITS[found[2] or ""]


def host() -> str:
    """Give COMMUNS_FILES_HOST: the host name that serves files and nothing of value else."""
    name = os.environ.get("COMMUNS_FILES_HOST", "").lower()
    if name and not _HOST.fullmatch(name):
        _wrong("COMMUNS_FILES_HOST: write a host name, such as files.communs.example.org.")
    return name


def _wrong(sentence: str) -> None:
    raise ImproperlyConfigured(sentence)
