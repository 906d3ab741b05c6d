"""Names, texts, addresses and bank details: what shape they must have."""

import re
import unicodedata
from dataclasses import dataclass

from marketplace.catalogue.errors import BadBankDetailsError, BadWordsError
from marketplace.kernel.sort_codes import Tables, Verdict, verdict

NAME_LENGTH_MAX = 200
SUMMARY_LENGTH_MAX = 300
TEXT_LENGTH_MAX = 5000
ALT_LENGTH_MAX = 250
SLUG_LENGTH_MAX = 60

_CODE = re.compile(r"[0-9]{6}")
_NUMBER = re.compile(r"[0-9]{8}")
_BETWEEN = re.compile(r"[\s-]+")


@dataclass(frozen=True, slots=True)
class BankDetails:
    """Where a provider is paid: six digits, eight digits, and a name."""

    sort_code: str
    account_number: str
    account_name: str


def provider_name(typed: str) -> str:
    """Return a name with single spaces.

    Raises:
        BadWordsError: it is empty or too long.
    """
    return checked_text(typed, what="name", longest=NAME_LENGTH_MAX, needed=True, one_line=True)


def checked_text(
    typed: str,
    *,
    what: str,
    longest: int = TEXT_LENGTH_MAX,
    needed: bool = False,
    one_line: bool = False,
) -> str:
    """Return a text without spaces around it, or say what is wrong with it.

    Raises:
        BadWordsError: it is needed and empty, or too long.
    """
    # A character that cannot be stored or seen is nothing anybody meant to type.
    text = "".join(each for each in typed if each in "\n\t" or unicodedata.category(each) != "Cc")
    text = " ".join(text.split()) if one_line else text.strip()
    if needed and not text:
        raise BadWordsError(f"Enter a {what}.")
    if len(text) > longest:
        raise BadWordsError(
            f"The {what} has {len(text):,} characters. Use no more than {longest:,}."
        )
    return text


def first_slug(name: str) -> str:
    """Return a name as the part of an address that a store would like to have."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ").replace("'", ""))
    ascii_only = plain.encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:SLUG_LENGTH_MAX].strip("-")
    return slug or "store"


def bank_details(
    sort_code: str, account_number: str, account_name: str, *, tables: Tables | None = None
) -> BankDetails:
    """Return bank details of the right shape, however they were spaced.

    With the banks' tables the check digits are looked at as well.

    Raises:
        BadBankDetailsError: a number has too many or too few digits, the name is missing, or no
            such account can exist.
    """
    code, number = _BETWEEN.sub("", sort_code), _BETWEEN.sub("", account_number)
    if not _CODE.fullmatch(code):
        raise BadBankDetailsError("A sort code has 6 digits, like 01 02 03.")
    if not _NUMBER.fullmatch(number):
        raise BadBankDetailsError("An account number has 8 digits, like 01234567.")
    name = " ".join(account_name.split())
    if not 0 < len(name) <= NAME_LENGTH_MAX:
        raise BadBankDetailsError("Enter the name on the account, in no more than 200 characters.")
    if verdict(tables, code, number) is Verdict.WRONG:
        raise BadBankDetailsError(
            "That account number does not go with that sort code. "
            "Look at both again, on your card or on a letter from your bank."
        )
    return BankDetails(code, number, name)
