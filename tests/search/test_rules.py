"""How words are understood, what falls in which band, what comes first."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.search.adapters.vocabulary import everyday_words
from marketplace.search.rules import (
    Entry,
    EntryKind,
    Facet,
    Group,
    PriceBand,
    Query,
    Vocabulary,
    facet_values,
    price_band,
)
from marketplace.search.rules.ranking import lot, nudged, reaches
from marketplace.search.rules.spelling import nearest, opening
from marketplace.search.rules.words import spellings, stem, stems, words

SMALL = Vocabulary(
    (
        Group(("personal care", "help with washing", "shower"), ("getting washed",)),
        Group(("laundry", "ironing"), ("do my washing",)),
        Group(("hedge trimming",)),
    )
)


class TestWords:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("Help getting WASHED!", ("help", "getting", "washed")),
            ("Zoë’s café – open 7 days", ("zoes", "cafe", "open", "7", "days")),
            ("carer's; carers’", ("carers", "carers")),
            ('"*%\\\x00💐', ()),
            ("a\x00b", ("a", "b")),
            ("snake_case", ("snake", "case")),
            ("", ()),
        ],
    )
    def test_are_small_letters_and_nothing_else(self, text: str, said: tuple[str, ...]) -> None:
        assert words(text) == said

    def test_of_one_idea_have_one_stem(self) -> None:
        assert {stem(word) for word in ("wash", "washes", "washed", "washing")} == {"wash"}

    def test_that_say_nothing_are_not_kept(self) -> None:
        assert stems("the shopping for my mum and me") == ("shop", "mum")

    def test_can_be_meant_by_a_slip_only_if_they_are_words(self) -> None:
        assert spellings("24 hour care at No. 7 the Oaks") == {"hour", "care", "oaks"}

    @given(st.text(max_size=60))
    def test_never_hold_what_a_database_would_have_to_quote(self, text: str) -> None:
        tokens = SMALL.tokens(text)

        assert all(token.strip("~_").replace("_", "").isalnum() for token in tokens)


class TestConcepts:
    @pytest.mark.parametrize(
        ("typed", "token"),
        [
            ("help me with washing", "~person_care"),
            ("getting washed", "~person_care"),
            ("do my washing", "~laundri"),
            ("a shower", "~person_care"),
        ],
    )
    def test_are_found_in_everyday_words(self, typed: str, token: str) -> None:
        (concept,) = SMALL.concepts(typed)

        assert token in concept.tokens

    def test_the_longest_known_phrase_wins(self) -> None:
        assert [concept.typed for concept in SMALL.concepts("do my washing and ironing")] == [
            ("washing",),
            ("ironing",),
        ]

    @pytest.mark.parametrize("typed", ["put nan to bed", "putting my old mum to bed"])
    def test_who_of_the_family_it_is_for_may_stand_between(self, typed: str) -> None:
        words = Vocabulary((Group(("bedtime",), ("put to bed", "put my old mum to bed")),))

        assert words.concepts(typed)[0].tokens >= {"~bedtim"}

    def test_those_of_the_family_are_no_phrase_by_themselves(self) -> None:
        words = Vocabulary(
            (Group(("bedtime",), ("put to bed",)), Group(("bereavement",), ("lost",)))
        )

        assert len(words.concepts("put bed mum")) == 1
        assert words.concepts("mum dad")[0].typed == ("mum",)

    def test_a_phrase_is_also_met_by_its_words_apart(self) -> None:
        (concept,) = SMALL.concepts("hedge trimming")

        assert concept.parts == {"hedg", "trim"}

    def test_words_everybody_uses_fall_away_beside_others(self) -> None:
        assert [concept.typed for concept in SMALL.concepts("I need help with hedges")] == [
            ("hedges",)
        ]

    def test_words_everybody_uses_stay_where_they_are_alone(self) -> None:
        assert [concept.typed for concept in SMALL.concepts("help")] == [("help",)]

    def test_one_idea_said_twice_is_one(self) -> None:
        assert len(SMALL.concepts("painting painting")) == 1

    def test_nothing_said_is_no_idea(self) -> None:
        assert SMALL.concepts("the * and \x00") == ()

    def test_two_thousand_words_are_twelve(self) -> None:
        assert len(SMALL.concepts(" ".join(f"w{number}" for number in range(2_000)))) == 12

    def test_what_is_only_typed_does_not_mislead_in_an_entry(self) -> None:
        assert "~laundri" not in SMALL.tokens("We do washing")
        assert "~laundri" in SMALL.tokens("Ironing done")

    def test_other_words_are_another_recipe(self) -> None:
        assert SMALL.recipe != Vocabulary(SMALL.groups[:2]).recipe


class TestEverydayWords:
    def test_there_are_at_least_150_ideas_and_each_has_a_name_of_its_own(self) -> None:
        groups = everyday_words().groups

        assert len(groups) >= 150
        assert len({group.token for group in groups}) == len(groups)

    def test_what_is_near_an_idea_is_another_idea(self) -> None:
        vocabulary = everyday_words()
        named = {stems(phrase) for phrase in vocabulary.phrases}
        near = [(group, phrase) for group in vocabulary.groups for phrase in group.near]

        assert [phrase for _, phrase in near if stems(phrase) not in named] == []
        assert [phrase for group, phrase in near if phrase in group.words] == []

    @pytest.mark.parametrize(
        ("typed", "written"),
        [
            ("help getting washed", "Personal care in your own home"),
            ("meels on weels", "Hot dinners brought to your door, community meals"),
            ("someone to sit with mum", "A sitting service, so that carers can rest"),
            ("help with my post", "Letters and form filling"),
            ("cut my grass", "Gardener: lawns, beds and borders"),
            ("do my washing", "Laundry collected and brought back"),
            ("lonely", "Befriending and friendly visits"),
            ("nan keeps falling over", "Falls prevention: a strength and balance class"),
            ("alzimers", "A memory café for people with dementia"),
            ("someone to go to the cinema with", "Film club, every second Friday"),
            ("I need a lift to hospital", "Community transport to hospital appointments"),
            ("hoover", "Domestic cleaning, weekly or fortnightly"),
            ("toe nails", "Foot care at home"),
            ("fill in my PIP form", "Benefits advice"),
            ("use my ipad", "Digital skills for beginners"),
            ("up in the night", "Waking night support"),
            ("pay my PA", "Payroll for direct payments"),
            ("learn to use the bus", "Travel training"),
            ("girlfriend", "Friendship and dating group"),
            ("red button", "Pendant alarms and careline"),
            ("putting my nan to bed", "Going to bed, and settling for the night"),
            ("nowt to do", "Social activities and hobbies"),
        ],
    )
    def test_bring_what_is_typed_to_what_is_written(self, typed: str, written: str) -> None:
        kept = set(everyday_words().tokens(written))

        assert any(concept.tokens & kept for concept in everyday_words().concepts(typed))


class TestSpelling:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("gardning", "gardening"),
            ("choor", "choir"),
            ("fysiotherapy", "physiotherapy"),
            ("gardening", None),
            ("xx", None),
            ("saxophone", None),
        ],
    )
    def test_the_nearest_word_is_near_enough_or_none(self, typed: str, meant: str | None) -> None:
        known = {"gardening": 3, "choir": 1, "physiotherapy": 1, "chore": 0}

        assert nearest(typed, known) == meant

    def test_of_two_equally_near_the_commoner_is_meant(self) -> None:
        assert nearest("wark", {"work": 2, "walk": 9}) == "walk"

    @pytest.mark.parametrize(
        ("typed", "begun"),
        [
            ("Help gar", ("help", "gar")),
            ("gardening ", ("gardening", "")),
            ("personal c", ("personal c", "")),
            ("g", None),
            (" ", None),
        ],
    )
    def test_knows_which_word_is_being_typed(
        self, typed: str, begun: tuple[str, str] | None
    ) -> None:
        assert opening(typed) == begun

    def test_phrases_begin_as_they_are_typed(self) -> None:
        known = Vocabulary((Group(("carer's break", "care home", "Carers' café", "zumba")),))
        assert known.phrases_begun("Carer") == ["carer's break", "Carers' café"]


class TestPrices:
    @pytest.mark.parametrize(
        ("pence", "band"),
        [
            (None, None),
            (0, PriceBand.FREE),
            (9_99, PriceBand.UNDER_10),
            (10_00, PriceBand.FROM_10),
            (14_99, PriceBand.FROM_10),
            (15_00, PriceBand.FROM_15),
            (20_00, PriceBand.FROM_20),
            (29_99, PriceBand.FROM_20),
            (30_00, PriceBand.OVER_30),
        ],
    )
    def test_fall_into_the_band_they_begin(self, pence: int | None, band: PriceBand | None) -> None:
        assert price_band(price_pence=pence, free=False) is band

    def test_what_is_free_is_free_whatever_its_price_says(self) -> None:
        assert price_band(price_pence=5_00, free=True) is PriceBand.FREE


def test_every_facet_of_an_entry_has_its_values() -> None:
    entry = Entry(
        id=uuid4(), kind=EntryKind.EVENT, title="Choir", free=True, days=frozenset({"mon"})
    )

    values = facet_values(entry)

    assert set(values) == set(Facet)
    assert values[Facet.KIND] == {"event"}
    assert values[Facet.PRICE_BAND] == {"free"}
    assert values[Facet.FREE] == {"yes"}
    assert values[Facet.DAY] == {"mon"}
    assert values[Facet.CHECKED] == values[Facet.CATEGORY] == frozenset()


class TestRanking:
    def test_the_best_rating_and_no_way_at_all_are_worth_three_tenths_of_a_score(self) -> None:
        assert nudged(1.0, rating_tenths=None, distance_metres=None) == 1.0
        assert nudged(1.0, rating_tenths=50, distance_metres=0) == pytest.approx(1.3)
        assert nudged(1.0, rating_tenths=10, distance_metres=99_999) == pytest.approx(0.85)

    def test_nobody_draws_the_same_lot_every_day(self) -> None:
        one = UUID(int=1)

        assert lot(one, date(2026, 3, 4)) == lot(one, date(2026, 3, 4))
        assert lot(one, date(2026, 3, 4)) != lot(one, date(2026, 3, 5))

    def test_near_enough_is_by_either_ones_travelling(self) -> None:
        assert reaches(5_000, within_metres=5_000, reach_metres=None)
        assert reaches(5_000, within_metres=100, reach_metres=5_000)
        assert not reaches(5_001, within_metres=5_000, reach_metres=5_000)


class TestQuery:
    @pytest.mark.parametrize(
        ("page", "size", "offset", "limit"),
        [(1, 20, 0, 20), (3, 10, 20, 10), (0, 10, 0, 10), (-4, 0, 0, 1), (2, 999, 50, 50)],
    )
    def test_a_strange_page_is_put_right(
        self, page: int, size: int, offset: int, limit: int
    ) -> None:
        query = Query(on=date(2026, 3, 4), page=page, page_size=size)

        assert (query.offset, query.limit) == (offset, limit)

    def test_an_empty_choice_is_no_choice(self) -> None:
        query = Query(on=date(2026, 3, 4), selected={Facet.DAY: frozenset()})

        assert query.chosen == {}
