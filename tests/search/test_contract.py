"""What every engine does alike with words."""

from random import Random

import pytest

from marketplace.search.adapters import Engine
from marketplace.search.rules import SHOWN_FACETS, Facet, Suggestion
from tests.search.market import ask, entry, market, titles


class TestWords:
    @pytest.mark.parametrize(
        "typed",
        [
            "personal care",
            "help getting washed",
            "Help me WASH",
            "shower",
            "bathing",
            "getting washed",
        ],
    )
    def test_finds_one_idea_in_many_words(self, finder: Engine, typed: str) -> None:
        wanted = entry("Personal care in your own home")
        finder.add([wanted, entry("Gardening club")])

        assert [hit.id for hit in ask(finder, typed).ids] == [wanted.id]

    def test_everyday_words_in_an_entry_are_found_by_the_trades_words(self, finder: Engine) -> None:
        wanted = entry("Mornings with Ann", words="I help you with washing and getting dressed.")
        finder.add([wanted, entry("Gardening club")])

        assert ask(finder, "personal care").total == 1

    def test_finds_other_endings_of_a_word(self, finder: Engine) -> None:
        finder.add([entry("Gardens kept tidy")])

        assert ask(finder, "gardener's tidying").total == 1

    def test_does_not_mind_accents(self, finder: Engine) -> None:
        finder.add([entry("Zoë’s café")])

        assert ask(finder, "zoes CAFE").total == 1

    def test_every_idea_has_to_be_there(self, finder: Engine) -> None:
        finder.add([entry("Painting and choir"), entry("Painting"), entry("Choir")])

        assert ask(finder, "painting choir").total == 1

    def test_where_nothing_has_all_ideas_any_will_do(self, finder: Engine) -> None:
        finder.add([entry("Painting"), entry("Choir"), entry("Football")])

        results = ask(finder, "painting choir")

        assert (results.total, results.widened) == (2, True)

    def test_more_of_the_ideas_come_first(self, finder: Engine) -> None:
        entries = [entry("Painting"), entry("Choir"), entry("Choir and football")]
        finder.add(entries)

        assert titles(finder, entries, "painting choir football")[0] == "Choir and football"

    def test_a_known_phrase_that_is_nowhere_is_taken_apart(self, finder: Engine) -> None:
        finder.add([entry("Wheelchair walk in the park"), entry("Choir")])

        results = ask(finder, "wheelchair taxi")

        assert (results.total, results.ignored) == (1, ("taxi",))

    def test_a_word_that_is_nowhere_is_left_out_and_named(self, finder: Engine) -> None:
        finder.add([entry("Painting"), entry("Choir")])

        results = ask(finder, "painting qwxyzzy")

        assert (results.total, results.ignored) == (1, ("qwxyzzy",))

    def test_words_that_are_all_nowhere_find_nothing(self, finder: Engine) -> None:
        finder.add([entry("Painting")])

        results = ask(finder, "qwxyzzy")

        assert (results.total, results.ids, results.widened) == (0, (), False)
        assert not any(results.counts[facet] for facet in SHOWN_FACETS)

    def test_words_everybody_uses_do_not_narrow(self, finder: Engine) -> None:
        finder.add([entry("Painting")])

        assert ask(finder, "I need somebody to help with painting please").total == 1

    def test_words_everybody_uses_count_where_there_are_no_others(self, finder: Engine) -> None:
        finder.add([entry("Help at home"), entry("Painting")])

        assert ask(finder, "help").total == 1

    def test_a_title_counts_for_more_than_the_text(self, finder: Engine) -> None:
        entries = [
            entry("Mornings out", words="Tea, a walk, cards, and now and then some painting."),
            entry("Painting", words="Tea, a walk, cards, and now and then some music."),
        ]
        finder.add(entries)

        assert titles(finder, entries, "painting") == ["Painting", "Mornings out"]


class TestBadInput:
    @pytest.mark.parametrize(
        "typed", ["", "   ", '"', "*", "%", "\x00", "💐", "'", "\\", "(", "the"]
    )
    def test_what_says_nothing_asks_for_everything(self, finder: Engine, typed: str) -> None:
        finder.add([entry("Painting"), entry("Choir")])

        assert ask(finder, typed).total == 2

    @pytest.mark.parametrize(
        "typed",
        [
            '"painting"',
            "painting*",
            "%painting%",
            "pain\u0301ting",
            "painting & | ! <-> :* ( ) '",
            "painting'; DROP TABLE search_entries; --",
            "title:painting OR *:*",
            "painting\x00",
            "💐 painting 💐",
            "PAINTING" + " painting" * 200,
        ],
    )
    def test_signs_do_no_harm(self, finder: Engine, typed: str) -> None:
        finder.add([entry("Painting"), entry("Choir")])

        assert ask(finder, typed).total == 1
        assert finder.size() == 2

    def test_two_thousand_letters_find_nothing(self, finder: Engine) -> None:
        finder.add([entry("Painting")])

        assert ask(finder, "x" * 2_000).total == 0

    def test_an_entry_may_have_signs_and_any_letters(self, finder: Engine) -> None:
        finder.add([entry("Bob's \\ \"café\" 日本語 ' & | \x00 ~wash_help 💐", words="x" * 10_000)])

        assert ask(finder, "日本語").total == 1
        assert ask(finder, "bobs cafe").total == 1

    @pytest.mark.parametrize(("page", "size"), [(-1, 1), (0, 1), (1, 0), (1, -5)])
    def test_a_strange_page_is_the_first(self, finder: Engine, page: int, size: int) -> None:
        finder.add([entry(), entry()])

        assert len(ask(finder, page=page, page_size=size).ids) == 1

    def test_a_page_past_the_end_is_empty_and_says_how_many_there_are(self, finder: Engine) -> None:
        finder.add([entry(), entry()])

        results = ask(finder, page=999_999_999)

        assert (results.ids, results.total) == ((), 2)

    def test_a_page_has_fifty_at_most(self, finder: Engine) -> None:
        finder.add([entry() for _ in range(51)])

        assert len(ask(finder, page_size=1_000).ids) == 50

    def test_a_value_nobody_has_finds_nothing(self, finder: Engine) -> None:
        finder.add([entry()])

        results = ask(finder, selected={Facet.DAY: frozenset({"'; --"})})

        assert (results.total, results.counts[Facet.DAY]) == (0, {"'; --": 0})


class TestDidYouMean:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("gardning", "gardening"),
            ("gardenign", "gardening"),
            ("my gardning", "my gardening"),
            ("Drumming grup", "drumming group"),
        ],
    )
    def test_offers_the_word_that_was_meant(self, finder: Engine, typed: str, meant: str) -> None:
        finder.add([entry("Gardening"), entry("Drumming group")])

        assert ask(finder, typed).did_you_mean == meant

    def test_offers_nothing_where_everything_was_found(self, finder: Engine) -> None:
        finder.add([entry("Gardening")])

        assert ask(finder, "gardens").did_you_mean is None

    def test_offers_nothing_that_is_nowhere_near(self, finder: Engine) -> None:
        finder.add([entry("Gardening")])

        assert ask(finder, "saxophone").did_you_mean is None

    def test_offers_no_word_that_would_find_nothing_any_more(self, finder: Engine) -> None:
        gone = entry("Xylophones")
        finder.add([gone, entry("Choir")])
        finder.remove([gone.id])

        assert ask(finder, "xylofones").did_you_mean is None


class TestSuggest:
    def test_goes_on_with_words_of_the_market(self, finder: Engine) -> None:
        finder.add([entry("Xylophone choir"), entry("Xylophone lessons"), entry("Xylem walks")])

        assert finder.suggest("xyl") == (Suggestion("xylophone", 2), Suggestion("xylem", 1))
        assert finder.suggest("choir xylo") == (Suggestion("choir xylophone", 1),)

    def test_offers_nothing_that_no_entry_has_all_of(self, finder: Engine) -> None:
        finder.add([entry("Xylophone lessons"), entry("Choir")])

        assert finder.suggest("choir xylo") == ()

    @pytest.mark.parametrize("typed", ["wa", "per", "help w", "gar", "painting ch", "di"])
    def test_says_how_much_each_would_find(self, finder: Engine, typed: str) -> None:
        finder.rebuild(market(200, Random(3)))

        offered = finder.suggest(typed)

        assert offered
        assert all(one.count for one in offered)
        assert {one.text: one.count for one in offered} == {
            one.text: ask(finder, one.text).total for one in offered
        }

    def test_offers_known_phrases_that_would_find_something(self, finder: Engine) -> None:
        assert finder.suggest("personal c") == ()

        finder.add([entry("Help with washing and dressing")])

        assert finder.suggest("Personal C")[0] == Suggestion("personal care", 1)

    def test_gives_no_more_than_was_asked_for(self, finder: Engine) -> None:
        finder.add([entry("quaa quab quac")])

        assert len(finder.suggest("qua", limit=2)) == 2

    @pytest.mark.parametrize("typed", ["", " ", "x", "%", "\x00", "_", "💐", "'", "x" * 2_000])
    def test_says_nothing_to_what_says_nothing(self, finder: Engine, typed: str) -> None:
        finder.add([entry("Xylophone choir")])

        assert finder.suggest(typed) == ()
