"""What another catalogue's words mean here: categories, for whom, access, languages. Pure."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

_CATEGORIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "personal-care": (
            "personal care",
            "domiciliary",
            "homecare",
            "home care",
            "care at home",
            "washing",
            "dressing",
        ),
        "respite": (
            "respite",
            "care home",
            "nursing home",
            "residential care",
            "carers break",
            "carer support",
            "carers",
            "short break",
        ),
        "nights": ("night sitting", "sleep-in", "overnight"),
        "meals": ("lunch club", "luncheon", "meal", "food bank", "foodbank", "cooking", "food"),
        "getting-around": ("transport", "minibus", "driver", "wheelchair hire", "shopmobility"),
        "garden-and-repairs": ("garden", "handyperson", "handyman", "repair", "diy", "allotment"),
        "equipment": ("equipment", "telecare", "aids and adaptations", "assistive", "gadget"),
        "money-and-paperwork": ("money", "debt", "benefit", "pension", "budgeting", "paperwork"),
        "holidays": ("holiday", "day trip", "outing"),
        "sport-and-fitness": (
            "sport",
            "exercise",
            "fitness",
            "swim",
            "yoga",
            "walk",
            "dance",
            "football",
            "bowls",
            "tai chi",
            "gym",
        ),
        "arts-and-music": ("art", "music", "choir", "craft", "singing", "theatre", "knit", "paint"),
        "learning-and-work": (
            "learning",
            "training",
            "course",
            "class",
            "employment",
            "job",
            "skills",
            "education",
            "computer",
            "digital",
        ),
        "advice-and-advocacy": (
            "advice",
            "advocacy",
            "information",
            "helpline",
            "legal",
            "counselling",
            "guidance",
        ),
        "health-and-wellbeing": (
            "health",
            "wellbeing",
            "well-being",
            "mindful",
            "therapy",
            "dementia",
            "bereavement",
            "recovery",
        ),
        "home-help": ("cleaning", "home help", "help at home", "housework", "shopping", "housing"),
        "company": ("befriend", "company", "companion", "social", "coffee", "friendship", "chat"),
        "day-activities": (
            "day centre",
            "day service",
            "club",
            "group",
            "activity",
            "activities",
            "playgroup",
            "event",
        ),
    }
)
"""Words of a term or a title, and what people look for when that is what helps; in this order."""

_FOR_WHOM: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "older-people": ("older people", "over 50", "over 55", "over 60", "over 65", "older adult"),
        "learning-disability": ("learning disab",),
        "autism": ("autis",),
        "physical-disability": ("physical disab", "wheelchair user", "mobility"),
        "mental-health": ("mental health", "anxiety", "depression"),
        "dementia": ("dementia", "alzheimer", "memory cafe", "memory café"),
        "sensory": ("deaf", "blind", "hearing loss", "sight loss", "visual impair", "sensory"),
        "young-people": ("young people", "children", "youth", "teen", "toddler"),
        "carers": ("carer",),
    }
)
_ACCESS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "step-free": ("step-free", "step free", "wheelchair", "level access", "ramp", "lift"),
        "accessible-toilet": ("accessible toilet", "disabled toilet"),
        "changing-place": ("changing place",),
        "hearing-loop": ("hearing loop", "induction loop"),
        "sign-language": ("sign language", "bsl"),
        "easy-read": ("easy read",),
        "large-print": ("large print",),
        "quiet-space": ("quiet",),
        "parking": ("blue badge", "disabled parking", "accessible parking"),
        "near-bus": ("bus stop",),
        "assistance-dogs": ("assistance dog", "guide dog"),
        "comes-to-you": ("comes to you", "in your home", "your own home"),
        "online": ("online", "by phone", "video call"),
    }
)
_LANGUAGES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "english": ("english", "en", "eng"),
        "welsh": ("welsh", "cymraeg", "cy", "cym"),
        "british-sign-language": ("british sign language", "bsl", "bfi"),
        "makaton": ("makaton signs", "makaton"),
        "urdu": ("urdu", "ur"),
        "punjabi": ("punjabi", "pa"),
        "bengali": ("bengali", "bn"),
        "gujarati": ("gujarati", "gu"),
        "arabic": ("arabic", "ar"),
        "polish": ("polish", "pl"),
        "lithuanian": ("lithuanian", "lt"),
        "portuguese": ("portuguese", "pt"),
        "romanian": ("romanian", "ro"),
        "ukrainian": ("ukrainian", "uk"),
    }
)
_CARE = ("care home", "nursing home", "domiciliary", "homecare", "home care", "supported living")
CARE_CATEGORIES = frozenset({"personal-care", "respite", "nights", "home-help"})


def categories_of(terms: Iterable[str], title: str, about: str) -> tuple[str, ...]:
    """Return what people look for when this is what helps: by its terms, else by its words."""
    for text in (" | ".join(terms), title, about[:500]):
        plain = f" {text.casefold()}"
        # A term that is one of ours counts first: it is our own feed, or one made like it.
        ours = [slug for slug in _CATEGORIES if slug in plain.split(" | ") or f" {slug}" in plain]
        found = ours or _matching(plain, _CATEGORIES)
        if found:
            return tuple(found[:3])
    return ()


def for_whom(*texts: str) -> tuple[str, ...]:
    """Return whom something is for, by what it says."""
    plain = " ".join(texts).casefold()
    named = [slug for slug in _FOR_WHOM if slug in plain]
    return tuple(dict.fromkeys([*named, *_matching(plain, _FOR_WHOM)]))


def access(texts: Iterable[str]) -> tuple[str, ...]:
    """Return what makes a place easy to use, by what it says."""
    return tuple(_matching(" | ".join(texts).casefold(), _ACCESS))


def languages(names: Iterable[str]) -> tuple[str, ...]:
    """Return the languages that are named or coded; English if none is."""
    plain = {name.casefold().strip() for name in names}
    found = [slug for slug, words in _LANGUAGES.items() if plain & {slug, *words}]
    return tuple(found) or ("english",)


def is_care(
    title: str, terms: Iterable[str], category: str, *, paid: bool, regulated: bool
) -> bool:
    """Tell whether it is paid care, which belongs beside the services of registers."""
    if regulated:
        return True
    words = " | ".join((title, *terms)).casefold()
    return (paid and category in CARE_CATEGORIES) or any(each in words for each in _CARE)


def is_volunteering(title: str, terms: Iterable[str]) -> bool:
    """Tell whether it asks for help rather than giving it."""
    return "volunteering" in " | ".join((title, *terms)).casefold()


def _matching(plain: str, table: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [slug for slug, words in table.items() if any(_begins(word, plain) for word in words)]


def _begins(word: str, plain: str) -> bool:
    """Tell whether a word of the text begins so: "art" is in "arts", not in "party"."""
    at = plain.find(word)
    while at > 0 and plain[at - 1].isalnum():
        at = plain.find(word, at + 1)
    return at >= 0
