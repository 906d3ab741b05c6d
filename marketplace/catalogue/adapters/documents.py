"""Papers of stores: what they are is read from their content; a name can say anything."""

from dataclasses import dataclass

from marketplace.catalogue.errors import BadDocumentError

MEGABYTES_MAX = 2
BYTES_MAX = MEGABYTES_MAX * 1024 * 1024
_PDF_HEAD, _PDF_END, _END_WITHIN = b"%PDF-", b"%%EOF", 1024
_RUNS = (b"/JavaScript", b"/Launch", b"/EmbeddedFile")
_PLAIN = frozenset("\n\r\t\f")


@dataclass(frozen=True, slots=True)
class CleanDocument:
    """A paper, and what it is."""

    content: bytes
    media_type: str


def clean_document(content: bytes) -> CleanDocument:
    """Return a paper as it was sent, with what it is: a PDF file or plain text.

    Raises:
        BadDocumentError: it is empty, too big, or neither; or a PDF that says it runs something.
    """
    if not content:
        raise BadDocumentError("Choose a file.")
    if len(content) > BYTES_MAX:
        raise BadDocumentError(
            f"That file is bigger than {MEGABYTES_MAX} MB. Choose a smaller one."
        )
    if content.startswith(_PDF_HEAD):
        return _pdf(content)
    if _is_text(content):
        return CleanDocument(content, "text/plain")
    raise BadDocumentError("We cannot open that. Choose a PDF file or a plain text file.")


def _pdf(content: bytes) -> CleanDocument:
    if _PDF_END not in content[-_END_WITHIN:]:
        raise BadDocumentError("Part of that PDF file is missing. Save it again, then send it.")
    if any(mark in content for mark in _RUNS):
        raise BadDocumentError(
            "That PDF file has a program or another file in it. Save it without."
        )
    return CleanDocument(content, "application/pdf")


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(each.isprintable() or each in _PLAIN for each in text.removeprefix("\ufeff"))
