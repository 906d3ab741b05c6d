"""Whatever is kept about somebody is theirs to take away, or it is said here why it is not."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from marketplace.home.queries import everything_about
from marketplace.home.rules import kinds
from marketplace.kernel.model import Model
from marketplace.kernel.retention import retention_rules
from marketplace.retention import TAKE_AWAY
from tests.factories import Make
from tests.statements import statements

ABOUT_SOMEBODY = re.compile(
    r"(^|_)(person|user|supporter|author|member)_id$|_by_id$|^email$|_email$|^to$|_by_name$"
)
"""Columns that name a human."""

NOT_TAKEN_AWAY = {
    "payment_bank_calls": "an officer's note of a call to a store; the change itself is told",
    "payment_council_banks": "a council's own bank account, and the officer who wrote it down",
    "payment_out_lines": "a council's bank on its own payments; what went to one's store is told",
    "payment_paying_ways": "how a council pays providers, and the officer who chose it",
    "payment_runs": "a council's payments; what of them went to one's own store is told",
    "payment_statements": "a council's file of its bank, not about one person",
    "talk_concern_steps": "what a council's team did about a worry; its writer has their words",
}
"""Tables with such a column that no export reads, and why."""


@pytest.fixture
def tables_read(session: Session) -> Iterator[set[str]]:
    """Return the tables that statements have named since the test began."""
    seen: set[str] = set()

    def look(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        seen.update(re.findall(r"\b(?:FROM|JOIN) (\w+)", statement))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", look)
    yield seen
    event.remove(engine, "before_cursor_execute", look)


@pytest.mark.sqlite_only
class TestEverythingAbout:
    def test_reads_every_table_that_names_a_human(
        self, session: Session, make: Make, tables_read: set[str]
    ) -> None:
        person = make.person()
        tables_read.clear()

        everything_about(session, user_id=person.user_id)

        named = {
            table.name
            for table in Model.metadata.tables.values()
            if any(ABOUT_SOMEBODY.search(column.name) for column in table.columns)
        }
        assert sorted(named - tables_read - NOT_TAKEN_AWAY.keys()) == [], (
            "These tables name a human, and nobody can take away what they say. Add them to the "
            "`data_of` of their room and to seed/my_data.toml, or say in NOT_TAKEN_AWAY why not."
        )
        stale = NOT_TAKEN_AWAY.keys() - (named - tables_read)
        assert sorted(stale) == [], "these need no reason any more"

    def test_says_of_each_kind_what_it_is(self, session: Session, make: Make) -> None:
        kept = everything_about(session, user_id=make.person().user_id)

        assert sorted(kept) == sorted(kinds())

    def test_gives_every_kind_its_keys_when_there_is_nothing(
        self, session: Session, make: Make
    ) -> None:
        kept = everything_about(session, user_id=make.person().user_id)

        assert [kind for kind, each in kept.items() if not each.keys] == []
        doubled = [kind for kind, each in kept.items() if len(set(each.keys)) < len(each.keys)]
        assert doubled == [], "two columns of one name: label one of them"

    def test_tells_no_secret(self, session: Session, make: Make) -> None:
        kept = everything_about(session, user_id=make.person().user_id)

        secrets = re.compile(r"password|secret|token|hash|session_id")
        told = [f"{kind}.{key}" for kind, each in kept.items() for key in each.keys]
        assert [key for key in told if secrets.search(key)] == []

    def test_asks_as_often_for_nobody_as_for_anybody(self, session: Session, make: Make) -> None:
        person, filled = make.person(), make.placed().person
        counts = []
        for user_id in (person.user_id, filled.user_id):
            with statements() as sent:
                everything_about(session, user_id=user_id)
            counts.append(len(sent))

        assert counts[0] == counts[1]


def test_every_rule_with_an_age_is_kept_to() -> None:
    aged = {rule.kind for rule in retention_rules() if rule.days is not None}

    assert aged == TAKE_AWAY.keys()


def test_every_rule_says_its_own_days() -> None:
    said = {
        rule.kind: rule.how_long
        for rule in retention_rules()
        if rule.days is not None and not _says(rule.days, rule.how_long)
    }

    assert said == {}


def _says(days: int, words: str) -> bool:
    ways = {f"{days} days", f"{days // 365} years", f"{days * 12 // 365} months"}
    return any(way in words for way in ways)
