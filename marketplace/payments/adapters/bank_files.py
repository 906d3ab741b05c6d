"""The file that a bank takes, in whichever format it takes it."""

from collections.abc import Iterable, Iterator

from marketplace.payments.adapters import pain001, standard18
from marketplace.payments.rules import FileFormat, FileHead, FilePayment


def write(
    file_format: FileFormat, head: FileHead, payments: Iterable[FilePayment]
) -> Iterator[bytes]:
    """Give a file piece by piece; the same run makes the same bytes again."""
    if file_format is FileFormat.STANDARD_18:
        return standard18.write(head, payments)
    return pain001.write(file_format, head, payments)
