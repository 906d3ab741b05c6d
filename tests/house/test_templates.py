"""Every template is used, exists, imports what it uses, and stays in its room."""

import re
from pathlib import Path

import jinja2
from jinja2 import nodes

from tests.house.tree import PYTHON, ROOT, TEMPLATES, name_of

FOLDER = ROOT / "templates"
NAMES = {path.relative_to(FOLDER).as_posix() for path in TEMPLATES}
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]
A_USE = re.compile(r"""["'](\w[\w/-]*\.(?:html|txt|typ|xml))["']""")
A_LETTER = re.compile(r"""["'](\w+)["']""")
NOT_OURS = "govuk_frontend_jinja/"
ONE_PERSON = {"request", "session", "g", "current_user"}
"""What only a page knows: a component that looks at these cannot be used elsewhere."""

_jinja = jinja2.Environment(extensions=["jinja2.ext.do", "jinja2.ext.i18n"], autoescape=True)


def test_every_template_is_used_and_every_use_exists() -> None:
    used = {
        name
        for path in [*PYTHON, *TEMPLATES]
        for name in A_USE.findall(path.read_text(encoding="utf-8"))
        if not name.startswith(NOT_OURS)
    }

    assert sorted(NAMES - used - _letters()) == [], "these templates are used by nothing"
    assert sorted(used - NAMES) == [], "these templates do not exist"


def test_every_import_of_a_template_is_used() -> None:
    unused = [
        f"{name_of(path)}: {name}"
        for path in PAGES
        for name in sorted(_imported(_tree(path)) - _read(_tree(path)))
    ]

    assert unused == []


def test_a_part_is_included_by_its_own_room_only() -> None:
    strangers = [
        f"{name_of(path)} uses {name}"
        for path in PAGES
        for name in A_USE.findall(path.read_text(encoding="utf-8"))
        if "/_" in name and Path(name).parent != path.relative_to(FOLDER).parent
    ]

    assert strangers == []


def test_a_component_is_one_macro_that_takes_values() -> None:
    wrong = []
    for path in sorted((FOLDER / "components").glob("*.html")):
        tree = _tree(path)
        public = [m.name for m in tree.find_all(nodes.Macro) if not m.name.startswith("_")]
        if public != [path.stem]:
            wrong.append(f"{name_of(path)} has the macros {public}, not {path.stem}")
        wrong += [f"{name_of(path)} looks at {name}" for name in _read(tree) & ONE_PERSON]

    assert wrong == []


def test_no_template_has_code_or_style_inline() -> None:
    inline = re.compile(
        r"<style|\sstyle=|<script(?![^>]*(?:\ssrc=|json))|\son[a-z]+=", re.IGNORECASE
    )
    found = [name_of(path) for path in PAGES if inline.search(_without_comments(path))]

    assert [name for name in found if "/mail/" not in name] == []


def test_no_page_speaks_of_people_as_users_of_a_service() -> None:
    words = re.compile(r"service[ -]user|vulnerable (person|people|adult)", re.IGNORECASE)
    found = [name_of(path) for path in [*TEMPLATES, *PYTHON] if words.search(path.read_text())]

    assert found == []


def _letters() -> set[str]:
    # A command names its letter by one word; where letters are kept, only the outbox knows.
    words = {word for path in PYTHON for word in A_LETTER.findall(path.read_text("utf-8"))}
    return {f"mail/{word}.txt" for word in words}


def _tree(path: Path) -> nodes.Template:
    return _jinja.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _imported(tree: nodes.Template) -> set[str]:
    named = {node.target for node in tree.find_all(nodes.Import)}
    for node in tree.find_all(nodes.FromImport):
        named |= {name if isinstance(name, str) else name[1] for name in node.names}
    return named


def _read(tree: nodes.Template) -> set[str]:
    """Return the names a template looks at, itself or in the parts it includes."""
    names = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}
    for include in tree.find_all(nodes.Include):
        if isinstance(include.template, nodes.Const) and (FOLDER / include.template.value).exists():
            names |= _read(_tree(FOLDER / include.template.value))
    return names


def _without_comments(path: Path) -> str:
    return re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
