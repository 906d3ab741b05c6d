"""Pictures of stores: as the catalogue wants them, and its own words for those it cannot show."""

from marketplace.catalogue.errors import BadPictureError
from marketplace.kernel import pictures
from marketplace.kernel.pictures import PIXELS_MAX, CleanPicture

MEGABYTES_MAX = 5
BYTES_MAX = MEGABYTES_MAX * 1024 * 1024
SIDE_MAX = 1200

__all__ = ["BYTES_MAX", "PIXELS_MAX", "SIDE_MAX", "CleanPicture", "clean_picture"]


def clean_picture(content: bytes) -> CleanPicture:
    """Return a picture upright, at most 1,200 pixels wide and high, without place or camera.

    Raises:
        BadPictureError: it is too big, or not a picture in one of three formats.
    """
    try:
        return pictures.clean_picture(content, side_max=SIDE_MAX, megabytes_max=MEGABYTES_MAX)
    except pictures.NoPictureError as refusal:
        raise BadPictureError(str(refusal)) from refusal
