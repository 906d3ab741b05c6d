"""Statements as tagged PDF/UA-1 files, set by Typst."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import typst

from marketplace.budgets.adapters import Printer

TEMPLATE = Path(__file__).parents[3] / "templates" / "budgets/statement.typ"


def print_statement(values: Mapping[str, object], *, at: datetime) -> bytes:
    """Return a statement as a PDF that screen readers can read; the same money, the same file."""
    made = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"statement": json.dumps(values)},
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


printer: Printer = print_statement
