"""The reference a person gives with a bank transfer, and how it is found again. Pure.

Seven characters and a check: no vowels (it never spells a word), and none that is taken for
another (B and 8, I and 1, O and 0, S and 5, Z and 2). There are 23 of them, a prime number, and
each place has a weight of its own. So the check notices every single wrong character and every
two that changed places.
"""

import re

LETTERS = "CDFGHJKMNPQRTVWXY234679"
LENGTH = 8
"""The check is the last one."""

_VALUES = {letter: value for value, letter in enumerate(LETTERS)}
_WORD = re.compile(r"[A-Z0-9]+")
_GAP_MAX = 1
"""Between the two halves a bank leaves a space, a hyphen, or nothing."""


def new_reference(chosen: int) -> str:
    """Return the reference for a number that chance has chosen."""
    parts = []
    for _ in range(LENGTH - 1):
        chosen, value = divmod(chosen, len(LETTERS))
        parts.append(LETTERS[value])
    stem = "".join(parts)
    return stem + _check(stem)


def is_reference(text: str) -> bool:
    """Tell whether these are eight of our characters and the check is right."""
    if len(text) != LENGTH or not set(text) <= _VALUES.keys():
        return False
    return _check(text[:-1]) == text[-1]


def written(reference: str) -> str:
    """Return a reference as people read it: MK7Q-4XHT."""
    return f"{reference[:4]}-{reference[4:]}"


def references_in(text: str) -> list[str]:
    """Return every right reference in the words of a bank line, each once, in their order."""
    return list(dict.fromkeys(word for word in _candidates(text) if is_reference(word)))


def nearly_in(text: str) -> list[str]:
    """Return the right references that are one slip away from something in the words.

    A slip is one wrong character, one missing, one too many, or two that changed places. What is
    found is for a human to look at, never for the books.
    """
    found = (
        near
        for word in _candidates(text)
        if LENGTH - 1 <= len(word) <= LENGTH + 1 and not is_reference(word)
        for near in sorted(_one_slip_away(word))
    )
    return list(dict.fromkeys(found))


def _check(stem: str) -> str:
    """Return the character that makes the weighted sum of all eight a multiple of 23."""
    most = len(LETTERS)
    weighed = sum(weight * _VALUES[letter] for weight, letter in enumerate(stem, start=1))
    # The check has the weight 8, and 8 times 3 is 1 (mod 23).
    return LETTERS[(-weighed * 3) % most]


def _candidates(text: str) -> list[str]:
    """Return the words of a bank line, and each pair of neighbours written as one."""
    words = _WORD.findall(text.upper())
    places = [match.span() for match in _WORD.finditer(text.upper())]
    pairs = [
        first + second
        for first, second, before, after in zip(words, words[1:], places, places[1:], strict=False)
        if after[0] - before[1] <= _GAP_MAX and len(first) + len(second) <= LENGTH + 1
    ]
    return [*words, *pairs]


def _one_slip_away(word: str) -> set[str]:
    cuts = range(len(word))
    if len(word) == LENGTH + 1:
        tried = {word[:at] + word[at + 1 :] for at in cuts}
    elif len(word) == LENGTH - 1:
        tried = {
            word[:at] + letter + word[at:] for at in range(len(word) + 1) for letter in LETTERS
        }
    else:
        tried = {word[:at] + letter + word[at + 1 :] for at in cuts for letter in LETTERS}
        tried |= {
            word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)
        }
    return {near for near in tried if is_reference(near)}
