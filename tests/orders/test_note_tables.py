"""Tables of deliveries that people send back: good ones, wrong ones, and ones made to hurt."""

import random
from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from marketplace.kernel.money import Money
from marketplace.kernel.tables import BYTES_MAX, BadTableError, table_text
from marketplace.orders import commands, queries
from marketplace.orders.commands import ManyNoted
from marketplace.orders.rules import NoteKind, VisitState
from marketplace.orders.rules.bulk import (
    HEAD,
    LINES_MAX,
    NoteTable,
    read_table,
)
from marketplace.web.downloads import csv_text
from tests.factories import Make
from tests.factories.orders import TOMORROW, Deal

LATER = TOMORROW + timedelta(days=8)
TOP = "visit,what happened,how much,notes\n"
ANY = UUID(int=7)


def read(*lines: str) -> NoteTable:
    """Read a table of these lines under the right head."""
    return read_table(table_text((TOP + "\n".join(lines)).encode()))


def reasons(*lines: str) -> dict[int, str]:
    """Return what is wrong with the lines of a table, by number."""
    return {wrong.number: wrong.reason for wrong in read(*lines).wrong}


def noted(session: Session, deal: Deal, *lines: str) -> ManyNoted:
    """Note what the lines of a table say."""
    return commands.note_many(session, read(*lines).lines, by=deal.provider, at=LATER)


class TestReading:
    def test_takes_every_answer_and_leaves_empty_lines_alone(self) -> None:
        table = read(
            f"{ANY},Done as agreed,,",
            f"{UUID(int=8)},PART,45 minutes,Rain came.",
            f"{UUID(int=9)},part,50%,",
            f"{UUID(int=10)},not in,,",
            f"{UUID(int=11)},,,",
        )

        assert [
            (line.kind, line.how_much.minutes, line.how_much.percent) for line in table.lines
        ] == [
            (NoteKind.FULL, 0, 0),
            (NoteKind.PART, 45, 0),
            (NoteKind.PART, 0, 50),
            (NoteKind.PERSON_NOT_IN, 0, 0),
        ]
        assert (table.lines[1].words, table.empty, table.wrong) == ("Rain came.", 1, ())

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("7,done,,", "names no visit"),
            (f"{ANY},perhaps,,", "is none of the answers"),
            (f"{ANY},,45,", "does not say what happened"),
            (f"{ANY},part,,", "Say how much of it happened"),
            (f"{ANY},part,a lot,", "Say how much of it happened"),
            (f"{ANY},missed,45,", "Only a part, or what was done"),
            (f"{ANY},done,,=HYPERLINK(1)", "“notes” begins with “=”, as a formula does"),
            (f"{ANY},done,,@SUM(1)", "begins with “@”"),
            (f"{ANY},done,,+1", "begins with “+”"),
            (f"{ANY},=done,,", "“what happened” begins with “=”"),
            (f"{ANY},done,,{'x' * 1001}", "The notes have 1,001 characters"),
            (f"{ANY},done", "It has 2 columns, and the table has 4"),
            (f"{ANY},done,,,surprise", "It has 5 columns, and the table has 4"),
        ],
    )
    def test_refuses_a_line_with_its_number_and_reason(self, line: str, reason: str) -> None:
        found = reasons(f"{uuid4()},done,,", line, f"{uuid4()},done,,")

        assert list(found) == [3]
        assert reason in found[3]
        assert len(read(f"{uuid4()},done,,", line, f"{uuid4()},done,,").lines) == 2

    def test_refuses_the_second_line_about_one_visit(self) -> None:
        assert reasons(f"{ANY},done,,", f"{ANY},missed,,") == {3: "Line 2 is about the same visit."}

    def test_says_where_a_file_that_was_cut_in_half_breaks_off(self) -> None:
        whole = TOP + f'{ANY},done,,Good.\n{UUID(int=8)},done,,"A long not'

        table = read_table(whole)

        assert [line.visit_id for line in table.lines] == [ANY]
        assert [(wrong.number, wrong.reason) for wrong in table.wrong] == [
            (3, "The line is damaged, or the file breaks off here.")
        ]

    def test_counts_lines_as_an_editor_does(self) -> None:
        found = reasons(f'{ANY},done,,"one\ntwo\nthree"', f"{UUID(int=8)},perhaps,,")

        assert list(found) == [5]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
    def test_reads_what_spreadsheets_write(self, encoding: str) -> None:
        content = (TOP + f"{ANY},done,,Zoë’s café\n").encode(encoding)

        assert read_table(table_text(content)).lines[0].words == "Zoë’s café"

    @pytest.mark.parametrize("mark", [";", "\t"])
    def test_reads_other_marks_between_cells(self, mark: str) -> None:
        text = (TOP + f"{ANY},done,,").replace(",", mark)

        assert len(read_table(text).lines) == 1

    def test_refuses_a_line_whose_letters_cannot_be_read(self) -> None:
        content = TOP.encode() + f"{ANY},done,,".encode() + b"\x81\x8d\xff\n"

        table = read_table(table_text(content))

        assert "Some letters of it cannot be read" in table.wrong[0].reason

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "The file is empty"),
            (b"PK\x03\x04 a workbook", "not a CSV file"),
            (b"%PDF-1.7", "not a CSV file"),
            (b"a\0b", "not a CSV file"),
            (b"x" * (BYTES_MAX + 1), "bigger than 200 kB"),
            (b"name,age\nAda,7\n", "none called “visit”"),
            (b'"', "none called “visit”"),
        ],
    )
    def test_refuses_what_is_no_such_table(self, content: bytes, reason: str) -> None:
        with pytest.raises(BadTableError, match=reason):
            read_table(table_text(content))

    def test_refuses_more_lines_than_are_taken_at_once(self) -> None:
        lines = "".join(f"{uuid4()},,,\n" for _ in range(LINES_MAX + 1))

        with pytest.raises(BadTableError, match="more than 500 lines"):
            read_table(TOP + lines)

    @given(st.binary(max_size=400))
    def test_answers_any_bytes_with_a_table_or_a_sentence(self, content: bytes) -> None:
        table = _read_or_refused(TOP.encode() + content)

        assert table is None or all(wrong.reason for wrong in table.wrong)

    def test_two_thousand_broken_tables_are_answered_line_by_line(self) -> None:
        """Break a good table in seeded ways: no other error, and nothing that was not written."""
        chance = random.Random(2026)
        ids = [UUID(int=number) for number in range(1, 21)]
        good = csv_text(
            ("visit", "what happened", "how much", "notes"),
            [(str(id_), "part", "45 minutes", "Rain, and wind") for id_ in ids],
        ).encode()
        for _ in range(2_000):
            table = _read_or_refused(_broken(good, chance))
            if table is None:
                continue
            numbers = [wrong.number for wrong in table.wrong]
            assert numbers == sorted(set(numbers))
            assert len({line.visit_id for line in table.lines}) == len(table.lines) <= 40


class TestNoting:
    def test_notes_the_good_lines_and_says_what_is_wrong(
        self, session: Session, make: Make
    ) -> None:
        deal = make.accepted(visits=2)
        others = make.accepted()
        first, second = (visit.id for visit in make.order(deal).visits)

        came = noted(
            session,
            deal,
            f"{first},done,,Weeded.",
            f"{second},part,121,",
            f"{make.order(others).visits[0].id},done,,",
            f"{uuid4()},done,,",
        )

        assert [(line.number, line.due) for line in came.done] == [(2, Money(30_00))]
        assert {wrong.number: wrong.reason[:30] for wrong in came.wrong} == {
            3: "That is more than was ordered,",
            4: "We cannot find that visit in y",
            5: "We cannot find that visit in y",
        }
        states = [visit.state for visit in make.order(deal, at=LATER).visits]
        assert states == [VisitState.NOTED, VisitState.PLANNED]
        assert make.order(others).visits[0].state is VisitState.PLANNED
        assert queries.problems(session) == []

    def test_twice_notes_nothing_more(self, session: Session, make: Make) -> None:
        deal = make.accepted(visits=2)
        first, second = (visit.id for visit in make.order(deal).visits)
        lines = (f"{first},part,45,", f"{second},missed,,")
        noted(session, deal, *lines)
        before = make.order(deal, at=LATER)

        again = noted(session, deal, *lines)

        assert (again.done, again.same, again.wrong) == ((), (2, 3), ())
        assert make.order(deal, at=LATER) == before

    def test_that_say_something_else_the_second_time_are_refused(
        self, session: Session, make: Make
    ) -> None:
        deal = make.accepted()
        visit_id = make.order(deal).visits[0].id
        noted(session, deal, f"{visit_id},part,45,")

        again = noted(session, deal, f"{visit_id},part,60,")

        assert "noted already" in again.wrong[0].reason
        assert make.order(deal).visits[0].due == Money(11_25)

    def test_refuse_to_call_less_than_was_ordered_done(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        visit_id = make.order(deal).visits[0].id

        came = noted(session, deal, f"{visit_id},done,90,")

        assert "2 hours were ordered. Write “part”" in came.wrong[0].reason

    def test_refuse_what_has_not_begun(self, session: Session, make: Make) -> None:
        deal = make.accepted(visits=3)
        third = make.order(deal).visits[2].id

        came = noted(session, deal, f"{third},done,,")

        assert "planned for a later day" in came.wrong[0].reason

    def test_refuse_one_worker_in_two_places_within_one_table(
        self, session: Session, make: Make
    ) -> None:
        provider = make.provider()
        make.worker(provider=provider, name="Wren")
        deals = [make.accepted(provider=provider) for _ in range(2)]
        ids = [make.order(deal).visits[0].id for deal in deals]
        for visit_id in ids:
            commands.send_worker_to_visit(
                session, visit_id=visit_id, worker="Wren", by=provider, at=TOMORROW
            )

        came = noted(session, deals[0], *(f"{visit_id},done,," for visit_id in ids))

        assert [line.number for line in came.done] == [2]
        assert "Wren was somewhere else then" in came.wrong[0].reason

    def test_table_of_the_week_can_be_filled_in_and_sent_back(
        self, session: Session, make: Make
    ) -> None:
        deal = make.accepted(visits=3)
        rows = list(
            queries.week_of_provider(session, provider_id=deal.provider.works_for, at=LATER)
        )
        filled = [(*row[:-3], "done", "", "All well.") for row in rows]

        table = read_table(csv_text(HEAD, filled))
        came = commands.note_many(session, table.lines, by=deal.provider, at=LATER)

        assert (len(rows), len(came.done), came.wrong) == (2, 2, ())
        assert [row[1] for row in rows] == ["2026-03-05", "2026-03-12"]


def _read_or_refused(content: bytes) -> NoteTable | None:
    """Read a table; nothing, if it is refused as a whole with a sentence."""
    with suppress(BadTableError):
        return read_table(table_text(content))
    return None


def _broken(good: bytes, chance: random.Random) -> bytes:
    content = bytearray(good)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(content) or 1)
        match chance.randrange(5):
            case 0:
                del content[at:]
            case 1:
                content[at:at] = bytes(chance.choices(range(256), k=3))
            case 2:
                content[at:at] = chance.choice([b'"', b"\n", b",,", b"=1+1,", b"\r", b"\xff\xfe"])
            case 3:
                del content[at : at + chance.randint(1, 40)]
            case _:
                content += content[at : at + 200]
    return bytes(content)
