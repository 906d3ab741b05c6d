"""What people look for and do not find: told to councils and providers, giving nobody away."""

from collections import Counter
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from marketplace.reports import queries
from marketplace.reports.rules import Hidden, Scope, Table, without_giveaways
from marketplace.search import commands
from marketplace.search.commands import SearchMade
from marketplace.search.rules.steps import Step
from tests.conftest import NOON
from tests.factories import Make

MARCH = {"since": date(2026, 3, 1), "until": date(2026, 3, 31), "today": date(2026, 4, 10)}


@pytest.fixture
def council_id(make: Make) -> UUID:
    make.category("meals")
    return make.council()


def look_for(
    session: Session, council_id: UUID, words: str, *, people: int, **made: object
) -> UUID | None:
    asked = {"results": 0, "secret": "a key"} | made
    one = SearchMade(words=words, council_id=council_id, **asked)  # type: ignore[arg-type]
    return [commands.count_search(session, one, at=NOON) for _ in range(people)][-1]


def scope(session: Session, council_id: UUID) -> Scope:
    return queries.scope_of(session, council_id=council_id, **MARCH)  # type: ignore[arg-type]


def tables(session: Session, council_id: UUID) -> dict[str, Table]:
    return dict(queries.demand(session, scope(session, council_id)).tables)


class TestWords:
    def test_names_what_enough_people_did_not_find(
        self, session: Session, council_id: UUID
    ) -> None:
        look_for(session, council_id, "halal meals", people=7, category="meals")
        look_for(session, council_id, "hoist", people=9, results=8)

        found = tables(session, council_id)

        assert found["looked-for"].cells() == [["halal meals", 7, "Meals", 0]]
        assert found["looked-for-kinds"].cells() == [["Meals", 7]]

    def test_says_nothing_of_four(self, session: Session, council_id: UUID) -> None:
        look_for(session, council_id, "halal meals", people=4)

        found = tables(session, council_id)

        assert found["looked-for"].cells() == []
        assert found["looked-for-kinds"].cells() == [["The words do not say", "fewer than 5"]]
        assert {row.hidden for row in found["did-next"].rows} <= {None, Hidden.FEW}

    def test_leaves_out_what_would_give_four_away(self, session: Session, council_id: UUID) -> None:
        look_for(session, council_id, "halal meals", people=9)
        look_for(session, council_id, "kosher meals", people=6)
        look_for(session, council_id, "something only they say", people=4)

        shown = tables(session, council_id)["looked-for"].cells()

        assert [row[0] for row in shown] == ["halal meals"]

    def test_another_council_is_another_place(
        self, session: Session, make: Make, council_id: UUID
    ) -> None:
        look_for(session, make.council(), "halal meals", people=7)

        assert tables(session, council_id)["looked-for"].cells() == []

    @given(
        counted=st.lists(
            st.tuples(st.sampled_from(["meals", "garden"]), st.integers(1, 12)), max_size=12
        ),
        threshold=st.integers(2, 8),
    )
    def test_no_subtraction_finds_a_small_group(
        self, counted: list[tuple[str, int]], threshold: int
    ) -> None:
        rows = [(f"words {place}", kind, people) for place, (kind, people) in enumerate(counted)]

        told = without_giveaways(rows, threshold=threshold)

        whole: Counter[str] = Counter()
        for _, kind, people in rows:
            whole[kind] += people
        for _, kind, people in told:
            assert people >= threshold
            whole[kind] -= people
        assert all(
            left == 0 or left >= threshold or _alone(told, kind) for kind, left in whole.items()
        )


def _alone(told: list[tuple[str, str, int]], kind: str) -> bool:
    """Tell whether nothing of a kind is shown, so that there is nothing to subtract."""
    return all(each != kind for _, each, _ in told)


@settings(max_examples=15)
@given(
    log=st.lists(
        st.tuples(
            st.sampled_from(["halal meals", "hoist", "tango", "my own words"]),
            st.integers(0, 4),
            st.sampled_from(["", "meals"]),
        ),
        max_size=40,
    )
)
def test_no_log_of_searches_shows_less_than_the_threshold(
    session: Session, make: Make, log: list[tuple[str, int, str]]
) -> None:
    council_id = make.council()
    asked: Counter[str] = Counter()
    for words, results, category in log:
        look_for(session, council_id, words, people=1, results=results, category=category)
        asked[words] += 1

    for table in tables(session, council_id).values():
        for row in table.rows:
            if row.hidden is None:
                assert row.values[0] == 0 or int(str(row.values[0])) >= 5
            if table.key == "looked-for":
                assert asked[row.label] >= 5


class TestNext:
    def test_says_how_far_people_went(self, session: Session, council_id: UUID) -> None:
        count_id = look_for(session, council_id, "hoist", people=20)
        assert count_id is not None
        for step, times in ((Step.OPENED, 8), (Step.ORDERED, 5)):
            for _ in range(times):
                commands.note_step(session, count_id=count_id, step=step, before=None)

        assert tables(session, council_id)["did-next"].cells() == [
            ["Placed an order", 5, "25%"],
            ["Put something aside", 0, "0%"],
            ["Opened something they found", 8, "40%"],
            ["Looked for something else", 0, "0%"],
            ["Left", 7, "35%"],
        ]

    def test_one_who_ordered_cannot_be_worked_out(self, session: Session, council_id: UUID) -> None:
        count_id = look_for(session, council_id, "hoist", people=20)
        assert count_id is not None
        commands.note_step(session, count_id=count_id, step=Step.ORDERED, before=None)

        rows = tables(session, council_id)["did-next"].rows

        assert [row.hidden for row in rows if row.hidden] == [Hidden.FEW, Hidden.PROTECTS]


def test_choices_that_left_nothing_are_named_once_enough_made_them(
    session: Session, council_id: UUID
) -> None:
    for filters, times in (("Language: Polish", 6), ("Day: Sunday", 5), ("Language: Urdu", 2)):
        for _ in range(times):
            commands.count_emptied(session, filters=filters, council_id=council_id, at=NOON)

    table = tables(session, council_id)["emptied"]

    # Not even by name: a long choice that one person made says much about that person.
    assert table.cells() == [["Language: Polish", 6]]
    assert (table.too_small, table.protecting) == ((), ())
    assert "What fewer than 5 people chose is not named" in table.about


class TestNearAProvider:
    def test_shows_what_enough_people_of_their_councils_share(
        self, session: Session, make: Make, council_id: UUID
    ) -> None:
        provider = make.provider(postcode="LS6 2AB")
        far = make.council(districts=("NR1",))
        look_for(session, council_id, "halal meals", people=13)
        look_for(session, council_id, "hoist", people=6, results=9)
        look_for(session, council_id, "tango", people=4)
        look_for(session, far, "far away", people=9)

        (nearby,) = queries.looked_for_near(
            session, provider_id=provider.works_for, today=NOON.date()
        )

        assert [(each.title, each.people, each.in_vain) for each in nearby.looked_for] == [
            ("Halal meals", 10, True),
            ("Hoist", 5, False),
        ]
