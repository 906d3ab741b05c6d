"""Pictures people send: opened with care, made smaller, written anew."""

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from marketplace.catalogue.errors import BadPictureError

BYTES_MAX = 5 * 1024 * 1024
PIXELS_MAX = 40_000_000
SIDE_MAX = 1200
_FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture with nothing in it but the picture."""

    content: bytes
    media_type: str
    width: int
    height: int


def clean_picture(content: bytes) -> CleanPicture:
    """Return a picture upright, at most 1,200 pixels wide and high, without place or camera.

    Raises:
        BadPictureError: it is too big, or not a picture in one of three formats.
    """
    if not content:
        raise BadPictureError("Choose a picture.")
    if len(content) > BYTES_MAX:
        raise BadPictureError("That picture is bigger than 5 MB. Choose a smaller one.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=_FORMATS) as sent:
                # Said in the file's head: nothing has been unpacked yet.
                if sent.width * sent.height > PIXELS_MAX:
                    raise BadPictureError("That picture has too many pixels. Choose a smaller one.")
                return _written_anew(sent)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPictureError("That picture has too many pixels. Choose a smaller one.") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise BadPictureError(
            "We cannot open that as a picture. Choose a JPEG, PNG or WebP file."
        ) from error


def _written_anew(sent: Image.Image) -> CleanPicture:
    upright = ImageOps.exif_transpose(sent)
    upright.thumbnail((SIDE_MAX, SIDE_MAX))
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
