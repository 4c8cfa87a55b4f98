"""One contract, two storages: a folder and an object store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from moto import mock_aws

from communs.core.files.object_storage import ObjectStorage
from communs.core.files.storages import DiskStorage

NAME = "0123/ab/abcdef"


@pytest.fixture(scope="module")
def bucket() -> Iterator[Any]:
    """An object store that answers as S3 does, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        with mock_aws():
            place = {"LocationConstraint": "eu-west-3"}
            store = boto3.resource("s3", region_name="eu-west-3")
            yield store.create_bucket(Bucket="files", CreateBucketConfiguration=place)


@pytest.fixture(params=["disk", "objects", "objects under a prefix"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    if request.param == "disk":
        yield DiskStorage(location=tmp_path)
        return
    objects = request.getfixturevalue("bucket").objects
    prefix = "communs" if "prefix" in request.param else ""
    yield ObjectStorage(bucket_name="files", region_name="eu-west-3", location=prefix)
    objects.all().delete()


def test_what_is_saved_is_read_whole_or_in_part(storage: Any) -> None:
    assert storage.save(NAME, ContentFile(b"0123456789")) == NAME
    assert (storage.exists(NAME), storage.size(NAME)) == (True, 10)
    parts = [(0, None), (3, None), (0, 1), (2, 5), (8, 99)]
    assert [b"".join(storage.chunks(NAME, *part)) for part in parts] == [
        b"0123456789", b"3456789", b"0", b"234", b"89",
    ]  # fmt: skip


def test_a_large_content_comes_in_pieces(storage: Any) -> None:
    content = bytes(range(256)) * 4096
    storage.save(NAME, ContentFile(content))
    pieces = list(storage.chunks(NAME))
    assert (b"".join(pieces), len(pieces) > 1) == (content, True)


def test_saving_again_replaces(storage: Any) -> None:
    for content in (b"first", b"second"):
        assert storage.save(NAME, ContentFile(content)) == NAME
    assert b"".join(storage.chunks(NAME)) == b"second"
    assert storage.listdir("0123/ab") == ([], ["abcdef"])


def test_what_is_not_there_says_so_before_any_byte(storage: Any) -> None:
    assert storage.exists(NAME) is False
    with pytest.raises(FileNotFoundError):
        storage.chunks(NAME)
    with pytest.raises(FileNotFoundError):
        storage.size(NAME)
    storage.delete(NAME)  # twice is no mistake


def test_folders_are_listed_and_what_is_deleted_is_gone(storage: Any) -> None:
    for name in (NAME, "0123/cd/cdef", "9999/ab/abc"):
        storage.save(name, ContentFile(b"x"))
    assert sorted(name for name in storage.listdir("0123")[0] if name != "incoming") == ["ab", "cd"]
    storage.delete(NAME)
    assert (storage.exists(NAME), storage.listdir("0123/ab")[1]) == (False, [])
    assert storage.listdir("7777") == ([], [])


def test_when_it_was_written_is_known(storage: Any) -> None:
    storage.save(NAME, ContentFile(b"x"))
    assert abs(storage.get_modified_time(NAME) - datetime.now(UTC)) < timedelta(minutes=1)
