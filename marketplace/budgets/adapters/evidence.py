"""A paper somebody sends as evidence: a PDF or a picture, told by what is in it."""

import warnings
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from marketplace.budgets.errors import BadLineError
from marketplace.budgets.rules import FILE_BYTES_MAX

_PDF = b"%PDF-"
_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}
PIXELS_MAX = 40_000_000


def media_type_of(content: bytes) -> str:
    """Return what kind of paper this is.

    Raises:
        BadLineError: it is too big, or none of the kinds we keep.
    """
    if len(content) > FILE_BYTES_MAX:
        raise BadLineError("file", "That file is bigger than 5 MB. Choose a smaller one.")
    if content.startswith(_PDF) and b"%%EOF" in content[-2048:]:
        return "application/pdf"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=tuple(_TYPES)) as picture:
                if picture.width * picture.height > PIXELS_MAX:
                    raise BadLineError("file", "That picture has too many pixels.")
                kind = _TYPES[str(picture.format)]
                picture.verify()
    except (
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
    ) as error:
        raise BadLineError(
            "file", "We cannot open that. Choose a PDF, JPEG or PNG file."
        ) from error
    return kind
