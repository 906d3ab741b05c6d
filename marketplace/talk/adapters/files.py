"""Files that come with messages."""

from marketplace.kernel import attachments
from marketplace.kernel.attachments import BadFileError, CleanFile
from marketplace.talk.errors import BadWordsError


def clean_file(name: str, content: bytes) -> CleanFile:
    """Return a file that may be kept.

    Raises:
        BadWordsError: it is empty or too big, of another kind, or not what its name says.
    """
    try:
        return attachments.clean_file(name, content)
    except BadFileError as refusal:
        raise BadWordsError(str(refusal), field="attachment") from refusal
