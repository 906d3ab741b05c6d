"""Files people send: what they are is read from what is in them, not from a name."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import UUID

import puremagic

from marketplace.kernel.errors import DomainError
from marketplace.kernel.pictures import NoPictureError, clean_picture

PICTURE_MEGABYTES_MAX = 10
PICTURE_SIDE_MAX = 2000
FILE_MEGABYTES_MAX = 5
NAME_LENGTH_MAX = 80
_MEGABYTE = 1024 * 1024
_KINDS = {
    ".jpg": "a JPEG picture",
    ".jpeg": "a JPEG picture",
    ".png": "a PNG picture",
    ".webp": "a WebP picture",
    ".pdf": "a PDF file",
    ".txt": "plain text",
}
"""What a name that ends like this says is inside."""
_PAGES = frozenset({".html", ".htm", ".svg", ".xml"})
_RUNS = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile")
_PDF_END, _END_WITHIN = b"%%EOF", 1024
_PLAIN = frozenset("\n\r\t\f")


class BadFileError(DomainError):
    """What was sent is not a file that may be kept."""


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file as it is kept: its name, what it is, and nothing else in it."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file that came along, as pages name it."""

    id: UUID
    name: str
    media_type: str
    size: int

    @property
    def is_picture(self) -> bool:
        """Tell whether it can be shown beside the words."""
        return is_picture(self.media_type)


def is_picture(media_type: str) -> bool:
    """Tell whether a file that may be kept is a picture."""
    return media_type.startswith("image/")


def clean_file(name: str, content: bytes) -> CleanFile:
    """Return a file that may be kept: pictures written anew, PDF files and texts as they are.

    Raises:
        BadFileError: it is empty or too big, of another kind, or not what its name says.
    """
    stem, ending = _parts(name)
    says = _KINDS.get(ending)
    if says is None:
        raise _refusal("Choose a picture (JPEG, PNG or WebP), a PDF file or a plain text file.")
    if not content:
        raise _refusal("That file is empty. Choose another one.")
    is_in_it = _sniffed(content)
    if is_in_it != says:
        found = is_in_it or "something else"
        raise _refusal(
            f"The name of that file ends in {ending}, but it is {found} inside. "
            f"Send {says}, or give it its right name."
        )
    if says.endswith("picture"):
        return _picture(stem, content)
    if len(content) > FILE_MEGABYTES_MAX * _MEGABYTE:
        raise _refusal(f"That file is bigger than {FILE_MEGABYTES_MAX} MB. Choose a smaller one.")
    if ending == ".pdf":
        return _pdf(stem, content)
    return CleanFile(f"{stem}.txt", "text/plain", content)


def _sniffed(content: bytes) -> str:
    """Return what a file is, by what is in it; nothing if it is none of what we take."""
    endings = _endings(content)
    if endings & _PAGES:
        return "a web page"
    for ending in (".pdf", ".png", ".webp", ".jpg"):
        if ending in endings:
            return _KINDS[ending]
    # Some plain words begin like a file of some kind: "BM is our shop" is no bitmap.
    return _KINDS[".txt"] if _is_text(content) else ""


def _endings(content: bytes) -> set[str]:
    try:
        return {match.extension for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return set()


def _picture(stem: str, content: bytes) -> CleanFile:
    try:
        clean = clean_picture(
            content, side_max=PICTURE_SIDE_MAX, megabytes_max=PICTURE_MEGABYTES_MAX
        )
    except NoPictureError as refusal:
        raise _refusal(str(refusal)) from refusal
    ending = clean.media_type.removeprefix("image/").replace("jpeg", "jpg")
    return CleanFile(f"{stem}.{ending}", clean.media_type, clean.content)


def _pdf(stem: str, content: bytes) -> CleanFile:
    if _PDF_END not in content[-_END_WITHIN:]:
        raise _refusal("Part of that PDF file is missing. Save it again, then send it.")
    if any(mark in content for mark in _RUNS):
        raise _refusal("That PDF file has a program or another file in it. Save it without.")
    return CleanFile(f"{stem}.pdf", "application/pdf", content)


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(each.isprintable() or each in _PLAIN for each in text.removeprefix("\ufeff"))


def _parts(name: str) -> tuple[str, str]:
    """Return a name that harms nobody in a header or on a disk, and how it ends."""
    path = PurePosixPath(name.replace("\\", "/"))
    stem = re.sub(r"[^A-Za-z0-9 _-]+", "-", path.stem).strip(" -_") or "file"
    return stem[:NAME_LENGTH_MAX], path.suffix.lower()


def _refusal(sentence: str) -> BadFileError:
    return BadFileError(sentence)
