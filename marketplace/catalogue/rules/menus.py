"""What people can choose with an offer: a meal from a menu, a size, a colour. Pure."""

from collections.abc import Sequence

from marketplace.catalogue.errors import BadOfferError

MENU_MAX = 20
CHOICE_LENGTH_MAX = 80


def checked_menu(typed: Sequence[str], *, must_choose: bool) -> tuple[str, ...]:
    """Return what can be chosen, tidied, or say what is wrong with it.

    Raises:
        BadOfferError: it is too much, one is too long, one stands there twice, or people have to
            choose from nothing.
    """
    menu = tuple(filter(None, (" ".join(line.split()) for line in typed)))
    if len(menu) > MENU_MAX:
        raise BadOfferError(f"Let people choose from no more than {MENU_MAX} things.")
    for line in menu:
        if len(line) > CHOICE_LENGTH_MAX:
            raise BadOfferError(
                f"Use no more than {CHOICE_LENGTH_MAX} characters for each thing people can choose."
            )
    seen: set[str] = set()
    for line in menu:
        if line.casefold() in seen:
            raise BadOfferError(f"“{line}” is there twice. Write each thing once.")
        seen.add(line.casefold())
    if must_choose and not menu:
        raise BadOfferError("Write what people can choose from, or let them order without.")
    return menu


def why_not_chosen(title: str, menu: Sequence[str], choice: str, *, must_choose: bool) -> str:
    """Say why an offer cannot be ordered with a choice; "" if it can."""
    if choice and choice not in menu:
        return f"You cannot choose “{choice}” with {title} any more. Choose something else."
    if must_choose and not choice:
        return f"Choose what you would like with {title}."
    return ""
