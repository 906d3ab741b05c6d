"""The smallest picture that is one."""

from io import BytesIO

from PIL import Image


def dot() -> bytes:
    """Return a PNG of eight by eight points."""
    content = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(content, "PNG")
    return content.getvalue()
