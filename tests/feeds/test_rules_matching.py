"""Whether two things are one, and whose words an entry keeps."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.feeds.rules.matching import Here, Index, Sameness, plain_name
from marketplace.feeds.rules.merging import merge


class TestMatching:
    def here(self, name: str, postcode: str = "LS6 2AB", **more: Any) -> Here:  # noqa: ANN401
        return Here(
            kind="group",
            id=uuid4(),
            name=name,
            postcode=postcode,
            is_kept=False,
            is_open=True,
            **more,
        )

    @pytest.mark.parametrize(
        ("name", "postcode", "sameness"),
        [
            ("The Larkfield Trust", "LS6 2AB", Sameness.SAME),
            ("Larkfield", "LS6", Sameness.SAME),
            ("Larkfield", "BS5 6AA", Sameness.LIKELY),
            ("Larkfield", "", Sameness.LIKELY),
            ("Larkfeild", "LS6 2AB", Sameness.LIKELY),
            ("Larkfeild", "LS6 9ZZ", Sameness.LIKELY),
            ("Larkfeild", "BS5 6AA", None),
            ("Something else", "LS6 2AB", None),
        ],
    )
    def test_takes_for_the_same_only_what_is_written_alike(
        self, name: str, postcode: str, sameness: Sameness | None
    ) -> None:
        found = Index([self.here("Larkfield Ltd")]).find(name, postcode)

        assert (found and found.sameness) == sameness

    def test_the_likest_is_asked_about(self) -> None:
        near, nearer = self.here("Larkfield Friends"), self.here("Larkfield Friend")

        found = Index([near, nearer]).find("Larkfield Friendd", "LS6 2AB")

        assert found is not None
        assert found.here is nearer

    def test_a_number_of_the_regulator_decides_alone(self) -> None:
        one = self.here("Lark", cqc_id="1-1000000")

        assert Index([one]).find("Other", "", cqc_id="1-1000000") is not None
        assert Index([one]).find("Lark", "LS6 2AB", cqc_id="1-2000000") is None

    def test_a_name_of_small_words_alone_is_a_name(self) -> None:
        assert plain_name("The Trust") == "the trust"


class TestMerge:
    def test_fills_only_what_is_empty_the_first_time(self) -> None:
        found = merge(None, {"a": "", "b": "ours", "c": 0}, {"a": "1", "b": "2", "c": 3})

        assert found.values == {"a": "1", "b": "ours", "c": 0}
        assert (found.changed, found.kept) == (("a",), ("b", "c"))

    def test_a_field_nobody_touched_follows_its_source(self) -> None:
        found = merge({"a": 1, "b": 1}, {"a": 1, "b": 9}, {"a": 2, "b": 2})

        assert (found.values, found.changed, found.kept) == ({"a": 2, "b": 9}, ("a",), ("b",))

    def test_a_field_its_source_did_not_change_is_not_named(self) -> None:
        assert merge({"a": 1}, {"a": 9}, {"a": 1}).kept == ()

    @given(
        last=st.none() | st.fixed_dictionaries({"x": st.integers(0, 3)}),
        now=st.integers(0, 3),
        new=st.integers(0, 3),
    )
    def test_never_changes_what_somebody_changed(
        self, last: dict[str, int] | None, now: int, new: int
    ) -> None:
        found = merge(last, {"x": now}, {"x": new})

        touched = last is None or now != last["x"]
        assert found.values["x"] == (now if touched else new)
