"""Whose yes counts, and what is still missing."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.access.rules import Basis
from marketplace.orders.rules import (
    Asked,
    Said,
    Verdict,
    earns_words,
    is_agreed,
    missing_words,
    yeses,
)

PEOPLE = [UUID(int=number) for number in range(1, 6)]
PERSON, PROPOSER = PEOPLE[0], PEOPLE[1]


class TestYeses:
    @given(
        said=st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(Verdict)), max_size=12),
        may_decide=st.sets(st.sampled_from(PEOPLE)),
        needed=st.integers(1, 2),
        own=st.booleans(),
    )
    def test_never_place_an_order_without_enough_different_people(
        self,
        said: list[tuple[UUID, Verdict]],
        may_decide: set[UUID],
        needed: int,
        own: bool,  # noqa: FBT001 - drawn
    ) -> None:
        asked = Asked(
            person_id=PERSON, proposer_id=PROPOSER, yeses_needed=needed, needs_own_yes=own
        )

        counted = yeses(asked, [Said(*one) for one in said], may_decide=may_decide)

        last = dict(said)
        assert PROPOSER not in counted
        assert counted <= may_decide | {PERSON}
        assert all(last[one] is Verdict.YES for one in counted)
        assert (PERSON in counted) == (last.get(PERSON) is Verdict.YES)
        agreed = is_agreed(asked, counted)
        assert agreed == (len(counted) >= needed and (not own or PERSON in counted))
        assert agreed == (missing_words(asked, counted, person="Ann") == "")

    def test_that_are_missing_are_said_in_words(self) -> None:
        two = Asked(person_id=PERSON, proposer_id=PROPOSER, yeses_needed=2)
        own = Asked(person_id=PERSON, proposer_id=PROPOSER, yeses_needed=2, needs_own_yes=True)
        one = Asked(person_id=PERSON, proposer_id=PROPOSER, yeses_needed=1, needs_own_yes=True)

        assert missing_words(two, set(), person="Ann") == "two yeses from two people"
        assert missing_words(two, {PEOPLE[2]}, person="Ann") == "one more yes"
        assert missing_words(own, set(), person="Ann") == (
            "two yeses from two people, and one must be from Ann"
        )
        assert missing_words(own, {PERSON}, person="Ann") == "one more yes"
        assert missing_words(one, set(), person="Ann") == "the yes of Ann themself"

    @pytest.mark.parametrize(
        ("basis", "family", "words"),
        [
            (Basis.BROKER, False, "Mo (broker) earns from this store."),
            (Basis.HELPER, False, "Mo (family or friend who helps) earns from this store."),
            (Basis.HELPER, True, "Mo (family) earns from this store."),
            (Basis.APPOINTEE, True, "Mo (appointee (looks after benefits), family) earns from"),
            (None, True, "Mo (family) earns from this store."),
        ],
    )
    def test_say_who_earns(self, basis: Basis | None, family: bool, words: str) -> None:  # noqa: FBT001
        assert earns_words("Mo", basis, family=family).startswith(words)
