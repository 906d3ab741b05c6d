"""What every engine does alike with how people really speak."""

import pytest

from marketplace.search.adapters import Engine
from tests.search.market import ask, entry, titles

CARE, NIGHTS, SHED = "Care at home", "Awake all night", "Men's shed"
FILED_AS_CARE = "personal care; home care; care worker"


class TestWhereWordsStand:
    def test_what_it_says_itself_counts_more_than_where_it_is_filed(self, finder: Engine) -> None:
        filed = [entry(f"Evenings {one}", also="arts; crafts; hobbies") for one in range(5)]
        finder.add([*filed, wanted := entry("Mornings", words="Crafts round a table.")])

        assert ask(finder, "crafts").ids[0].id == wanted.id
        assert ask(finder, "crafts").total == 6

    def test_the_length_of_a_text_counts_neither_for_nor_against_it(self, finder: Engine) -> None:
        entries = [
            entry("Pottery", words="Clay. " + "Come in, sit down, have some tea with us. " * 20),
            entry("Evenings", words="Pottery."),
        ]
        finder.add(entries)

        assert titles(finder, entries, "pottery") == ["Pottery", "Evenings"]


class TestSentences:
    @pytest.mark.parametrize(
        "typed",
        [
            "My mum needs a shower three times a week",
            "i am looking for somebody who can help my dad have a shower",
            "plz can sum1 hlp me wiv a shower",
            "a shower on tuesdays",
        ],
    )
    def test_are_about_their_idea(self, finder: Engine, typed: str) -> None:
        wanted = entry("Help with a shower")
        finder.add([wanted, entry("Tuesdays", words="Three of us paint.")])

        assert ask(finder, typed).ids[0].id == wanted.id

    def test_a_word_of_no_group_does_not_hide_what_is_meant(self, finder: Engine) -> None:
        by_chance = entry("Pool", words="Swimming with Saxby")
        others = [entry(f"Swimming {one}") for one in range(4)]
        finder.add([by_chance, *others])

        results = ask(finder, "swimming saxby")

        assert (results.total, results.widened) == (5, False)
        assert results.ids[0].id == by_chance.id

    def test_words_that_enough_entries_have_narrow(self, finder: Engine) -> None:
        finder.add([entry(f"Swimming {one}", words="In Saxby") for one in range(3)])
        finder.add([entry("Swimming far away")])

        assert ask(finder, "swimming saxby").total == 3


class TestWhoComes:
    def test_a_carer_is_paid_and_carers_are_families(self, finder: Engine) -> None:
        paid = entry("Mornings with Ann", also=FILED_AS_CARE)
        unpaid = entry("Carers' kettle", also="Family carers")
        finder.add([paid, unpaid])

        assert [hit.id for hit in ask(finder, "a carer for my mother").ids] == [paid.id]
        assert [hit.id for hit in ask(finder, "carers group").ids] == [unpaid.id]
        assert [hit.id for hit in ask(finder, "I am a carer").ids] == [unpaid.id]

    @pytest.mark.parametrize(
        "typed",
        [
            "punjabi speaking carer",
            "carer who speaks Punjabi",
            "panjabi carer",
            "I want a lady carer who can speak punjabi",
        ],
    )
    def test_somebody_speaks_the_language_that_was_asked_for(
        self, finder: Engine, typed: str
    ) -> None:
        wanted = entry("Mornings with Nadia", also=f"{FILED_AS_CARE} Urdu Punjabi A woman")
        finder.add(
            [
                wanted,
                entry("Speaking up group", words="We speak for ourselves."),
                entry(CARE, also=f"{FILED_AS_CARE} Polish A woman"),
                entry("Sewing", also="Punjabi"),
            ]
        )

        assert [hit.id for hit in ask(finder, typed).ids] == [wanted.id]

    @pytest.mark.parametrize(
        ("typed", "who"), [("female carer", "A woman"), ("male carer", "A man")]
    )
    def test_a_woman_or_a_man_comes(self, finder: Engine, typed: str, who: str) -> None:
        both = [entry(one, also=f"{FILED_AS_CARE} {one}") for one in ("A woman", "A man")]
        finder.add(both)

        assert titles(finder, both, typed) == [who]


class TestWhatIsNearest:
    @pytest.mark.parametrize("typed", ["end of life care", "hospice at home", "palliative"])
    def test_stands_in_for_what_nobody_offers(self, finder: Engine, typed: str) -> None:
        entries = [
            entry(CARE, also=FILED_AS_CARE),
            entry(SHED),
            entry("Learn to mend bikes", words="At the end it has a new life."),
        ]
        finder.add(entries)

        results = ask(finder, typed)

        assert titles(finder, entries, typed)[0] == CARE
        assert (results.widened, results.ignored) == (True, ())

    def test_is_left_out_where_somebody_offers_it(self, finder: Engine) -> None:
        entries = [entry(CARE, also=FILED_AS_CARE), entry("Hospice at home")]
        finder.add(entries)

        results = ask(finder, "palliative care")

        assert titles(finder, entries, "palliative care") == ["Hospice at home"]
        assert results.widened is False

    def test_is_not_offered_as_a_way_to_go_on(self, finder: Engine) -> None:
        finder.add([entry(CARE, also=FILED_AS_CARE)])

        assert "hospice" not in {one.text for one in finder.suggest("hosp")}

    def test_does_not_take_the_place_of_the_words_themselves(self, finder: Engine) -> None:
        finder.add([stroke := entry("Easy Strokes"), entry("Painting")])

        assert [hit.id for hit in ask(finder, "stroke").ids] == [stroke.id]


class TestWrongLetters:
    def test_are_put_right_where_nothing_else_would_be_found(self, finder: Engine) -> None:
        finder.add([wanted := entry("Xylophone choir"), entry("Painting")])

        results = ask(finder, "xylophon")

        assert [hit.id for hit in results.ids] == [wanted.id]
        results = ask(finder, "a xilophone")
        assert [hit.id for hit in results.ids] == [wanted.id]
        assert (results.corrected, results.did_you_mean) == (True, "a xylophone")

    def test_are_put_right_where_that_finds_more_of_what_was_surely_meant(
        self, finder: Engine
    ) -> None:
        finder.add([entry("Choir"), wanted := entry("Xylophone choir")])

        results = ask(finder, "choir xilophone")

        assert results.ids[0].id == wanted.id
        assert (results.corrected, results.did_you_mean) == (True, "choir xylophone")

    def test_are_only_asked_about_where_it_may_have_been_another_word(self, finder: Engine) -> None:
        finder.add([painting := entry("Painting"), entry("Xylophone")])

        results = ask(finder, "painting xelafon")

        assert [hit.id for hit in results.ids] == [painting.id]
        assert results.corrected is False

    def test_of_words_that_only_the_vocabulary_has_are_put_right_too(self, finder: Engine) -> None:
        finder.add([wanted := entry("Forget-me-not hour", words="For people with dementia")])

        for typed in ("demenita cafe", "alzmiers", "the memmory cafe"):
            results = ask(finder, typed)

            assert [hit.id for hit in results.ids] == [wanted.id], typed
            assert results.corrected, typed

    def test_may_be_a_space_too_many_or_too_few(self, finder: Engine) -> None:
        finder.add([wanted := entry("Wheelchair for a week"), meals := entry("Meals on wheels")])

        assert [hit.id for hit in ask(finder, "a whee lchair").ids] == [wanted.id]
        assert [hit.id for hit in ask(finder, "mealsonwheels").ids] == [meals.id]

    def test_are_not_seen_in_english_words_that_nobody_uses_here(self, finder: Engine) -> None:
        finder.add([cafe := entry("Fridge repairs"), entry("Bridges")])

        results = ask(finder, "ridge repairs")

        assert [hit.id for hit in results.ids][:1] == [cafe.id]
        assert results.corrected is False
