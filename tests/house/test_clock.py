"""Time is an argument: the clock is read by entry points, through the kernel."""

import re

from tests.house.tree import PACKAGE, PYTHON, name_of

READS_THE_CLOCK = re.compile(r"\b(utcnow|today)\(|datetime\.now\(|\btime\.time\(|func\.now\(")

ASKS_THE_CLOCK = re.compile(r"clock\.now\(|kernel\.clock import .*\bnow\b")


def test_only_the_kernel_reads_the_clock() -> None:
    clock = PACKAGE / "kernel" / "clock.py"
    elsewhere = [
        name_of(path)
        for path in PYTHON
        if path != clock and READS_THE_CLOCK.search(path.read_text())
    ]

    assert elsewhere == []


def test_commands_queries_and_rules_are_told_the_time() -> None:
    ask = [
        name_of(path)
        for path in PYTHON
        if {"commands", "queries", "rules", "models"} & {path.stem, *path.parts[-2:-1]}
        and ASKS_THE_CLOCK.search(path.read_text())
    ]

    assert ask == []
