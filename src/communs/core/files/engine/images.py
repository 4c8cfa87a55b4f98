"""Photos and drawings: decoded, turned upright, reduced, written anew without what they hid."""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import BinaryIO

from PIL import (
    GifImagePlugin,
    Image,
    ImageCms,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from communs.core.files.engine.verdict import Found, Limits, Unfit

# Named so that the parent of all looks has them loaded before it forks.
PLUGINS = (GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin)

_FORMATS = {"jpg": ["JPEG", "MPO"], "png": ["PNG"], "webp": ["WEBP"], "gif": ["GIF"]}
_WRITTEN = {"jpg": "jpg", "png": "png", "webp": "webp", "gif": "png"}
_SRGB = ImageCms.createProfile("sRGB")


def look(source: BinaryIO, target: BinaryIO, kind: str, limits: Limits) -> Found:
    """Write a clean copy of an image; only the first picture of an animation is kept."""
    with _opened(source, kind, limits) as image:
        made = _upright(image, limits.side)
    written = _WRITTEN[kind]
    _write(made, target, written)
    return Found(written, rewritten=True, width=made.width, height=made.height)


def reduce(source: BinaryIO, target: BinaryIO, kind: str, width: int, limits: Limits) -> Found:
    """Write an image as WebP, at most `width` pixels wide."""
    with _opened(source, kind, limits) as image:
        if image.width > width:
            image.thumbnail((width, image.height), Image.Resampling.LANCZOS)
        made = _plain(image)
    made.save(target, "WEBP", quality=80, method=4)
    return Found("webp", rewritten=True, width=made.width, height=made.height)


def upright(source: BinaryIO, kind: str, limits: Limits) -> Image.Image:
    """Give a picture as one looks at it, for what is to be read in it."""
    with _opened(source, kind, limits) as image:
        return _upright(image, limits.side)


def _opened(source: BinaryIO, kind: str, limits: Limits) -> Image.Image:
    source.seek(0)
    Image.MAX_IMAGE_PIXELS = limits.pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        image = Image.open(source, formats=_FORMATS[kind])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unfit("too_many_pixels") from error
    if image.width * image.height > limits.pixels:
        image.close()
        raise Unfit("too_many_pixels")
    return image


def _upright(image: Image.Image, side: int) -> Image.Image:
    image.draft("RGB", (side, side))  # a JPEG is decoded at a half, a quarter… when that is enough
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    turned = ImageOps.exif_transpose(image)
    return _plain(_in_srgb(turned))


def _in_srgb(image: Image.Image) -> Image.Image:
    """Give the colours as every screen reads them; a profile that makes no sense is dropped."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "RGBA", "CMYK"}:
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, own, _SRGB, outputMode=mode) or image
    return image


def _plain(image: Image.Image) -> Image.Image:
    """Give the image in one of the modes that every reader knows: L, RGB, RGBA."""
    if image.mode.startswith("I"):
        image = image.convert("I").point([value >> 8 for value in range(65_536)], "L")
    if image.mode in {"L", "RGB", "RGBA"} and "transparency" not in image.info:
        return image
    if image.mode in {"PA", "LA", "La", "RGBa"} or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("L" if image.mode == "1" else "RGB")


def _write(image: Image.Image, target: BinaryIO, kind: str) -> None:
    clean = Image.frombytes(image.mode, image.size, image.tobytes())  # without any metadata
    if kind == "jpg":
        flat = clean if clean.mode in {"L", "RGB"} else clean.convert("RGB")
        flat.save(target, "JPEG", quality=88, optimize=True)
    elif kind == "png":
        clean.save(target, "PNG", optimize=False)
    else:
        clean.save(target, "WEBP", quality=88, method=4)
