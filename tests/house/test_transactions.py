"""A transaction begins and ends in one place, and nothing is promised before it has ended."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import PACKAGE, PYTHON, name_of, syntax

BLOCKS = {"transaction", "reading"}
ANSWERS = {"flash", "redirect", "render_template", "render_template_string"}
ENTRY_POINTS = {"views", "api", "cli", "tasks", "guards"}


def test_only_the_database_module_ends_a_transaction() -> None:
    # A search index's writer has a commit of its own, which is none of the database's.
    ends = re.compile(r"(?<!\bwriter)\.(commit|rollback)\(")
    database = PACKAGE / "database.py"
    elsewhere = [name_of(p) for p in PYTHON if p != database and ends.search(p.read_text())]

    assert elsewhere == []


def test_no_block_is_opened_inside_another() -> None:
    nested = [
        f"{name_of(path)}:{inner.lineno}"
        for path in PYTHON
        for block in _blocks(syntax(path))
        for inner in _blocks_inside(block)
    ]

    assert nested == []


def test_nothing_is_promised_or_rendered_before_the_block_has_ended() -> None:
    early = [
        f"{name_of(path)}:{call.lineno} {call.func.id}"
        for path in PYTHON
        for block in _blocks(syntax(path))
        for statement in block.body
        for call in ast.walk(statement)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ANSWERS
    ]

    assert early == []


def test_blocks_are_opened_by_entry_points_only() -> None:
    elsewhere = [
        name_of(path) for path in PYTHON if any(_blocks(syntax(path))) and not _is_entry_point(path)
    ]

    assert elsewhere == []


def test_every_savepoint_stands_directly_inside_the_try_that_goes_on() -> None:
    loose = [
        f"{name_of(path)}:{savepoint.lineno}"
        for path in PYTHON
        for savepoint in _with_call(syntax(path), {"begin_nested"})
        if savepoint not in _first_in_try(syntax(path))
    ]

    assert loose == []


def _blocks(tree: ast.AST) -> Iterator[ast.With]:
    return _with_call(tree, BLOCKS)


def _blocks_inside(block: ast.With) -> Iterator[ast.With]:
    for statement in block.body:
        yield from _blocks(statement)
    opened = [item for item in block.items if _called(item.context_expr) in BLOCKS]
    if len(opened) > 1:
        yield block


def _with_call(tree: ast.AST, names: set[str]) -> Iterator[ast.With]:
    for node in ast.walk(tree):
        if isinstance(node, ast.With) and any(_called(i.context_expr) in names for i in node.items):
            yield node


def _called(expression: ast.expr) -> str:
    if not isinstance(expression, ast.Call):
        return ""
    function = expression.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _first_in_try(tree: ast.AST) -> list[ast.stmt]:
    return [node.body[0] for node in ast.walk(tree) if isinstance(node, ast.Try)]


def _is_entry_point(path: Path) -> bool:
    room, *inside = path.relative_to(PACKAGE).with_suffix("").parts
    # What stands beside the rooms puts them together: the application, the operators' commands.
    return not inside or room == "seeding" or inside[0] in ENTRY_POINTS
