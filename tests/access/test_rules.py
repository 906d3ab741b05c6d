"""Hats and what they allow, where one may be led, and deeds in words."""

from datetime import date
from uuid import UUID

import pytest

from marketplace.access import rules
from marketplace.access.rules import Actor, Basis, Permission, Role, Scope
from marketplace.kernel.money import Money

ID = UUID(int=7)


def hat(role: Role, *scopes: Scope) -> Actor:
    return Actor(user_id=ID, name="Mo Khan", role=role, scopes=frozenset(scopes))


class TestHats:
    def test_of_oneself_allow_everything_a_buyer_does(self) -> None:
        own = rules.own_hat(ID, "Sam Hill")

        assert own.may(Permission.PLACE_ORDERS)
        assert own.may(Permission.MANAGE_CIRCLE)
        assert not own.may(Permission.MODERATE)
        assert own.buys_for == ID

    @pytest.mark.parametrize(
        ("scope", "allowed"),
        [
            (Scope.SEE, {Permission.SEE_WALLET, Permission.KEEP_LISTS}),
            (Scope.PLAN, {Permission.KEEP_LISTS}),
            (Scope.PROPOSE, {Permission.PROPOSE_ORDERS}),
            (Scope.APPROVE, {Permission.APPROVE_ORDERS}),
            (Scope.PAY, {Permission.PROPOSE_ORDERS, Permission.PLACE_ORDERS}),
            (Scope.MANAGE_CIRCLE, {Permission.MANAGE_CIRCLE}),
        ],
    )
    def test_of_supporters_allow_what_the_person_chose(
        self, scope: Scope, allowed: set[Permission]
    ) -> None:
        permissions = hat(Role.SUPPORTER, scope).permissions

        assert permissions == allowed | {Permission.SIGNED_IN}

    @pytest.mark.parametrize("role", sorted(rules.COUNCIL_ROLES | rules.PROVIDER_ROLES))
    def test_of_jobs_never_reach_into_anybody_s_money(self, role: Role) -> None:
        allowed = hat(role).permissions

        assert not allowed & {Permission.SEE_WALLET, Permission.PLACE_ORDERS}

    def test_say_in_words_what_they_are(self) -> None:
        assert Role.FINANCE_OFFICER.label == "Finance officer"
        assert [scope for scope in Scope if not (scope.label and scope.label_for_you)] == []
        assert [basis for basis in Basis if not basis.label] == []


class TestOwnPath:
    @pytest.mark.parametrize("typed", ["/", "/orders?page=2", "/green-valley/"])
    def test_leads_within_the_site(self, typed: str) -> None:
        assert rules.own_path(typed) == typed

    @pytest.mark.parametrize(
        "typed",
        [None, "", "orders", "//evil.example", "/\\evil.example", "/\t/evil.example", "http://x"],
    )
    def test_never_leads_elsewhere(self, typed: str | None) -> None:
        assert rules.own_path(typed) is None


class TestDeviceWords:
    @pytest.mark.parametrize(
        ("agent", "words"),
        [
            ("Mozilla/5.0 (iPhone; CPU) Version/17 Safari/605", "Safari on an iPhone"),
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Edge on Windows"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:1) Firefox/128", "Firefox on Linux"),
            ("curl/8", "A browser"),
        ],
    )
    def test_are_what_a_person_would_say(self, agent: str, words: str) -> None:
        assert rules.device_words(agent) == words


class TestDeedWords:
    def test_name_who_and_for_whom(self) -> None:
        words = rules.deed_words("order-placed", who="Sam Hill", for_whom="you")

        assert words == "Sam Hill placed an order for you"

    def test_of_a_job_name_the_market(self) -> None:
        words = rules.deed_words("instalment-paid", who="", for_whom="")

        assert words == "The market paid in an instalment"

    def test_of_a_deed_without_words_stay_calm(self) -> None:
        words = rules.deed_words("kite-flown", who="You", for_whom="")

        assert words == "You did this: kite flown"


class TestOneStoreWithinDays:
    @pytest.mark.parametrize(
        ("total", "before", "waits"),
        [
            (Money(10_00), Money(20_00), True),
            (Money(10_00), Money(19_99), False),
            (Money(30_00), Money(0), True),
            (Money(0), Money(40_00), False),
        ],
    )
    def test_count_what_was_ordered_before(
        self,
        total: Money,
        before: Money,
        waits: bool,  # noqa: FBT001
    ) -> None:
        assert rules.waits_for_a_yes(total, asks_from=Money(30_00), before=before) is waits

    @pytest.mark.parametrize(
        ("total", "before", "ceiling", "too_much"),
        [
            (Money(30_00), Money(0), Money(30_00), False),
            (Money(30_01), Money(0), Money(30_00), True),
            (Money(10_00), Money(20_00), Money(30_00), False),
            (Money(10_00), Money(20_01), Money(30_00), True),
            (Money(10_00), Money(90_00), None, False),
            (Money(0), Money(90_00), Money(30_00), False),
            (Money(1), Money(30_00), Money(30_00), True),
        ],
    )
    def test_stop_at_what_may_be_set_going(
        self,
        total: Money,
        before: Money,
        ceiling: Money | None,
        too_much: bool,  # noqa: FBT001
    ) -> None:
        assert rules.is_too_much(total, ceiling=ceiling, before=before) is too_much

    def test_count_nothing_before_unless_told(self) -> None:
        assert not rules.is_too_much(Money(30_00), ceiling=Money(30_00))

    def test_count_seven_days_with_today(self) -> None:
        assert rules.counts_from(date(2026, 3, 7)) == date(2026, 3, 1)
        assert rules.TOGETHER_DAYS == 7
