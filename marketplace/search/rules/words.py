"""How a text becomes words, and a word its stem.

Every engine is given the outcome of these functions and nothing else, for what it keeps and
for what it looks up. That is why they all find the same.
"""

import re
import unicodedata
from functools import lru_cache

from whoosh.lang.snowball.english import EnglishStemmer

TEXT_MAX = 300
"""Letters of a search that are read; nobody describes a need in more."""

WORDS_MAX = 12
"""Words of a search that are looked up."""

_WORD_MAX = 40
_SPELLING = re.compile(r"[^\W\d_]{3,30}")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = dict.fromkeys(map(ord, "'`\u2018\u2019\u02bc\u00b4"))

_STOP = (
    "a all an and are as at be been but by did do does for from had has he her here him his how "
    "i if into is it its ive me my of or our she so that the their them then there they "
    "this to us was we were what when where which who with you your"
)
STOP_WORDS = frozenset(_STOP.split())
"""Words that say nothing here; they are neither kept nor looked up."""

_KIN = (
    "mum mam mom mother mummy mammy mums dad father daddy dads nan nana gran granny grandma "
    "grandad grandmother grandfather husband wife son daughter brother sister partner aunt auntie "
    "aunty uncle cousin niece nephew relative"
)
_WEAK = (
    "about any anyone anything can care caring could find get gets getting give go going have "
    "help helped helper helping helps like local look looking near nearby need needed needing "
    "needs out over people person please provide provider providers service services some "
    "somebody someone something support supported supporting thing things up want wanted wants "
    "would "
    "group groups club clubs class classes session sessions "
    "make making made take takes taking bring use using learn learning come coming put do doing "
    "somewhere place places space other others way good nice best proper new more much really "
    "worker workers staff team able help "
    "not no never cant cannot dont doesnt didnt wont isnt ive hes shes theres should must "
    "every each daily week weeks weekly month monthly year years old hour hours minutes time times "
    "once twice one two three four five six today tomorrow late early after before while during "
    "round around through within again anymore still just bit lot lots many always sometimes "
    "because also myself himself herself speak speaks speaking spoken speaker know tell "
    "manage managing keep keeps keeping feel feeling live lives living start starting try "
    "enjoy enjoys kind type sort problem problems trouble issue issues special "
    "hi hello thanks thank pls plz thx hlp wiv wid wanna gonna cos u ur r everyone everybody "
    "anywhere well properly easy else say says said will am im "
    "in on too own home day days"
)


def is_kin(word: str) -> bool:
    """Tell whether a typed word is somebody of the family: who is washed may be left out."""
    return word in _KIN_WORDS


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text: small letters without accents; all else falls away."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(word[:_WORD_MAX] for word in _WORD.findall(letters))


def telling(text: str) -> tuple[str, ...]:
    """Return the words of a text that say something."""
    return tuple(word for word in words(text) if word not in STOP_WORDS)


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of the words of a text that say something."""
    return tuple(stem(word) for word in telling(text))


def spellings(text: str) -> frozenset[str]:
    """Return the words of a text that a wrongly typed word may have meant."""
    return frozenset(word for word in telling(text) if _SPELLING.fullmatch(word))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return what "washing", "washed" and "wash" have in common."""
    if word in _KEPT_APART:
        return word
    return _STEMMER.stem(word) or word


def is_weak(stemmed: str) -> bool:
    """Return whether a stem is left out of a search that has a stronger one."""
    return stemmed in _WEAK_STEMS


_STEMMER = EnglishStemmer()
_KEPT_APART = frozenset({"carers"})
"""Who asks for a carer wants one to come; "carers" are mostly those who look after somebody."""
_WEAK_STEMS = frozenset(stem(word) for word in f"{_WEAK} {_KIN}".split())
_KIN_WORDS = frozenset(_KIN.split())
