"""The language of a page: which one its visitor reads, and its words.

English stands in the program. Every other language is one file, and no code:
``seed/translations/<code>/LC_MESSAGES/messages.po``. Its folder says its code, Unicode's tables its
name, its direction and how it writes days and amounts. A file is read once in a process, into its
memory.

The frame of a page speaks the language of its visitor. What stands inside speaks it only if all
words of that page are translated, and else English: half a page in each would be read out wrong.
"""

import re
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, Response, before_render_template, current_app, request
from jinja2 import Environment, Template, nodes
from jinja2.ext import extract_from_ast
from jinja2.meta import find_referenced_templates
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response as AnyResponse

from marketplace.config import ROOT
from marketplace.web.headers import vary
from marketplace.web.problems import for_program

COOKIE = "language"
FOLDER = ROOT / "seed" / "translations"
FRAME = "frame"
"""The context of messages that belong to the frame: ``{{ pgettext("frame", "Sign in") }}``."""
_FILE = Path("LC_MESSAGES") / "messages.po"
Message = tuple[str | None, str]
"""The context of a text, if it has one, and the text."""
_NUMBERED = re.compile(r"%\\\((\d+)\\\)s")
"""A value in a sentence that the program puts together, where its brackets are escaped."""
_YEAR_SECONDS = 365 * 24 * 60 * 60
_HEADER_LENGTH_MAX = 200


@dataclass(eq=False)
class Language:
    """One language, as itself says its name."""

    code: str
    tag: str
    """What pages say of themselves: ``<html lang>``."""
    file: Path | None = None
    """Where its words are; none for English."""
    _spoken: dict[str | None, bool] = field(default_factory=dict, repr=False)

    @cached_property
    def locale(self) -> Locale:
        """How this language writes days and amounts."""
        return Locale.parse(self.tag, sep="-")

    @cached_property
    def name(self) -> str:
        """What those call it who speak it."""
        name = Locale.parse(self.code, sep="-").display_name or self.code
        return name[0].upper() + name[1:]

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""
        return "rtl" if self.locale.character_order == "right-to-left" else "ltr"

    @cached_property
    def words(self) -> Translations:
        """The translations, ready to be looked up."""
        compiled = BytesIO()
        if self.file is not None:
            with self.file.open("rb") as file:
                write_mo(compiled, read_po(file, locale=self.locale, abort_invalid=True))
            compiled.seek(0)
        return Translations(compiled if self.file else None)

    @cached_property
    def _patterns(self) -> Sequence[tuple[re.Pattern[str], str]]:
        """Sentences that the program puts together, as patterns, and their translations."""
        known: dict[Any, str] = self.words._catalog  # noqa: SLF001
        return [
            (_pattern(text), said)
            for text, said in known.items()
            if isinstance(text, str) and "%(1)s" in text
        ]

    def translate(self, text: str) -> str:
        """Return words of the program in this language; those it does not know as they are."""
        said = self.words.gettext(text)
        if said is not text:
            return said
        for pattern, said in self._patterns:
            if found := pattern.fullmatch(text):
                return said % {name[1:]: value for name, value in found.groupdict().items()}
        return text

    def knows(self, message: str, context: str | None = None) -> bool:
        """Tell whether this language has a translation of some words."""
        known: dict[Any, str] = self.words._catalog  # noqa: SLF001
        key = message if context is None else f"{context}\x04{message}"
        return key in known or (key, 0) in known

    def speaks(self, template: Template) -> bool:
        """Tell whether all words of a page, its parts and components are translated."""
        found = self._spoken.get(template.name)
        if found is None:
            own, said = messages_of(template.environment, template.name or "")
            # Components are marked: a page that is not must not be taken for one that is.
            found = bool(own) and all(self.knows(text, context) for context, text in said)
            self._spoken[template.name] = found
        return found


ENGLISH = Language("en", "en-GB")
_frame: ContextVar[Language] = ContextVar("language_of_frame", default=ENGLISH)
_page: ContextVar[Language] = ContextVar("language_of_page", default=ENGLISH)


class Languages:
    """English, and every language that has a file."""

    def __init__(self, folder: Path = FOLDER) -> None:
        files = {file.parts[-3]: file for file in sorted(folder.glob(f"*/{_FILE}"))}
        self.by_code = {
            ENGLISH.code: ENGLISH,
            **{code: Language(code, code.replace("_", "-"), file) for code, file in files.items()},
        }
        self._preferred = lru_cache(maxsize=500)(self._best)

    def wanted(self) -> Language:
        """Return what the visitor chose, or else what their browser asks for first."""
        chosen = self.by_code.get(request.cookies.get(COOKIE, ""))
        if chosen is not None:
            return chosen
        header = request.headers.get("Accept-Language", "")
        return self._preferred(header[:_HEADER_LENGTH_MAX])

    def _best(self, header: str) -> Language:
        asked = parse_accept_header(header, LanguageAccept)
        code = asked.best_match(list(self.by_code), default=ENGLISH.code)
        return self.by_code[code or ENGLISH.code]


def register(app: Flask) -> None:
    """Let the application's pages speak more than English."""
    app.extensions["languages"] = Languages()
    app.before_request(_begin)
    app.after_request(_tell_caches)
    before_render_template.connect(_begin_page, app)


def teach(environment: Environment) -> None:
    """Teach templates to say what they say in the language of their page."""
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=False, pgettext=pgettext, npgettext=npgettext
    )
    environment.filters |= {"translate": translate, "framed": framed}
    environment.globals |= {"in_english_only": in_english_only}


def languages() -> Languages:
    """Return the languages of the application that answers this request."""
    found: Languages = current_app.extensions["languages"]
    return found


def language_of_frame() -> Language:
    """Return the language that the visitor reads."""
    return _frame.get()


def language_of_page() -> Language:
    """Return the language in which the words of this page stand."""
    return _page.get()


def in_english_only() -> bool:
    """Tell whether a page is in English though its visitor reads another language."""
    return _page.get() is not _frame.get()


def gettext(message: str) -> str:
    """Return a sentence of a page in the page's language."""
    language = _page.get()
    return message if language is ENGLISH else language.words.gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """Return a sentence with a number in the page's language."""
    language = _page.get()
    if language is ENGLISH:
        return singular if n == 1 else plural
    return language.words.ngettext(singular, plural, n)


def pgettext(context: str, message: str) -> str:
    """Return words that mean different things in different places; the frame is such a place."""
    language = _frame.get() if context == FRAME else _page.get()
    return message if language is ENGLISH else str(language.words.pgettext(context, message))


def npgettext(context: str, singular: str, plural: str, n: int) -> str:
    """Return words with a number that mean different things in different places."""
    language = _frame.get() if context == FRAME else _page.get()
    if language is ENGLISH:
        return singular if n == 1 else plural
    return str(language.words.npgettext(context, singular, plural, n))


def translate(text: str) -> str:
    """Return words that come from the program or from seed/, in the page's language."""
    language = _page.get()
    return text if language is ENGLISH or not text else language.translate(text)


def framed(text: str) -> str:
    """Return words that come from the program or from seed/, in the frame's language."""
    language = _frame.get()
    return text if language is ENGLISH or not text else language.translate(text)


def remember(answer: AnyResponse, language: Language) -> None:
    """Let the visitor's browser remember what they chose, for a year."""
    answer.set_cookie(
        COOKIE,
        language.code,
        max_age=_YEAR_SECONDS,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def messages_of(environment: Environment, name: str) -> tuple[set[Message], set[Message]]:
    """Return the messages of a template, and those of its parts and components too."""
    own = _messages(_tree(environment, name))
    said = set(own)
    waiting, seen = [name], {name}
    while waiting:
        tree = _tree(environment, waiting.pop())
        said |= _messages(tree)
        used = {used for used in find_referenced_templates(tree) if used} - seen
        seen |= used
        waiting += [each for each in used if not each.startswith("layouts/")]
    return own, said


def _messages(tree: nodes.Template) -> set[Message]:
    said: set[Message] = set()
    for _, function, texts in extract_from_ast(tree, ("gettext", "ngettext", *_IN_PLACE)):
        parts = [texts] if isinstance(texts, str) else [part for part in texts or () if part]
        said.add((parts[0], parts[1]) if function in _IN_PLACE else (None, parts[0]))
    return said


def _pattern(text: str) -> re.Pattern[str]:
    # What begins with a value would fit nearly anything: such values are numbers.
    value = "[0-9]+" if text.startswith("%") else ".+"
    plain = re.escape(text.replace("%%", "%"))
    return re.compile(_NUMBERED.sub(rf"(?P<v\1>{value})", plain), re.DOTALL)


_IN_PLACE = ("pgettext", "npgettext")


def _tree(environment: Environment, name: str) -> nodes.Template:
    assert environment.loader is not None
    return environment.parse(environment.loader.get_source(environment, name)[0])


def _begin() -> None:
    # Set at each request: the thread that answers it has answered others.
    _frame.set(ENGLISH if for_program() or request.endpoint == "static" else languages().wanted())
    _page.set(ENGLISH)


def _begin_page(_app: Flask, template: Template, **_more: object) -> None:
    language = _frame.get()
    _page.set(language if language is ENGLISH or language.speaks(template) else ENGLISH)


def _tell_caches(answer: Response) -> Response:
    if answer.mimetype == "text/html":
        vary(answer, "Cookie")
        vary(answer, "Accept-Language")
    return answer
