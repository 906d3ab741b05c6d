"""Pictures people send: opened with care, made smaller, written anew."""

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from marketplace.kernel.errors import DomainError

PIXELS_MAX = 40_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")
_MEGABYTE = 1024 * 1024


class NoPictureError(DomainError):
    """What was sent is not a picture that can be shown."""


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture with nothing in it but the picture."""

    content: bytes
    media_type: str
    width: int
    height: int


def clean_picture(content: bytes, *, side_max: int, megabytes_max: int) -> CleanPicture:
    """Return a picture upright and not too large, without place or camera.

    Raises:
        NoPictureError: it is too big, or not a picture in one of three formats.
    """
    if not content:
        raise NoPictureError("Choose a picture.")
    if len(content) > megabytes_max * _MEGABYTE:
        raise NoPictureError(
            f"That picture is bigger than {megabytes_max} MB. Choose a smaller one."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=_FORMATS) as sent:
                # Said in the file's head: nothing has been unpacked yet.
                if sent.width * sent.height > PIXELS_MAX:
                    raise NoPictureError("That picture has too many pixels. Choose a smaller one.")
                return _written_anew(sent, side_max)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NoPictureError("That picture has too many pixels. Choose a smaller one.") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NoPictureError(
            "We cannot open that as a picture. Choose a JPEG, PNG or WebP file."
        ) from error


def _written_anew(sent: Image.Image, side_max: int) -> CleanPicture:
    upright = ImageOps.exif_transpose(sent)
    upright.thumbnail((side_max, side_max))
    see_through = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    clean = upright.convert("RGBA" if see_through else "RGB")
    clean.info.clear()
    written = BytesIO()
    if see_through:
        clean.save(written, "PNG", optimize=True)
    else:
        clean.save(written, "JPEG", quality=85, optimize=True)
    return CleanPicture(
        content=written.getvalue(),
        media_type="image/png" if see_through else "image/jpeg",
        width=clean.width,
        height=clean.height,
    )
