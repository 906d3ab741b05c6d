"""Papers in the evidence locker: what they are is read from what is in them."""

from marketplace.catalogue.errors import BadDocumentError
from marketplace.kernel import attachments
from marketplace.kernel.attachments import BadFileError, CleanFile


def clean_paper(name: str, content: bytes) -> CleanFile:
    """Return a paper that may be kept: a picture written anew, a PDF file or plain text.

    Raises:
        BadDocumentError: it is empty or too big, of another kind, or not what its name says.
    """
    try:
        return attachments.clean_file(name, content)
    except BadFileError as refusal:
        raise BadDocumentError(str(refusal)) from refusal
