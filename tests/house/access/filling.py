"""Fills one side of the world: orders in every state, papers, a circle, a store with everything."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access import queries as access_queries
from marketplace.access.commands import InviteSupporter
from marketplace.access.rules import Actor, Basis, Role, Scope
from marketplace.budgets import commands as money
from marketplace.budgets import queries as budgets
from marketplace.budgets.commands import AskOnce, NewLimit, RecordPurchase
from marketplace.budgets.rules import LimitWindow
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue import queries as stores
from marketplace.catalogue.commands import AddEvidence
from marketplace.catalogue.rules import EvidenceKind, RegisterEntry
from marketplace.community import queries as community
from marketplace.councils import commands as councils
from marketplace.councils.commands import AskForCorrection
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.orders import commands as orders
from marketplace.orders.commands import PlaceOrder, ProposeChange, PutInBasket
from marketplace.orders.rules import VERSION
from marketplace.payments import queries as payments
from marketplace.ratings import commands as ratings
from marketplace.ratings.rules import HidingRule
from tests.factories import Make
from tests.factories.orders import Deal
from tests.house.access.asking import fill_asks
from tests.house.access.calendars import fill_calendars
from tests.house.access.checking import fill_checking
from tests.house.access.delivering import fill_deliveries
from tests.house.access.disputes import fill_disputes
from tests.house.access.feeds import fill_feeds
from tests.house.access.filling_lines import fill_lines
from tests.house.access.groups import fill_groups
from tests.house.access.lists import fill_lists
from tests.house.access.money_in import fill_money_in
from tests.house.access.paying_out import fill_paying_out
from tests.house.access.pictures import dot
from tests.house.access.pools import fill_pools
from tests.house.access.side import Side
from tests.house.access.standing import fill_standing
from tests.house.access.stops import fill_stops
from tests.house.access.talking import fill_talk


class Filling:
    """Fills one side of the world."""

    def __init__(self, make: Make, side: Side, *, at: datetime) -> None:
        self.make, self.side, self.at = make, side, at
        self.person, self.provider = side.funded.person, side.provider

    def fill(self) -> None:
        """Make one of everything."""
        self._money()
        self._bought()
        self._orders()
        self._papers()
        self._store()
        self._register()
        self._circle()
        self._council()
        fill_talk(self.make, self.side, at=self.at)
        fill_asks(self.make, self.side, at=self.at)
        self._is("basket_line", line_id=self._basket_line(self.person))
        fill_pools(self.make, self.side, at=self.at)
        fill_groups(self.make, self.side, at=self.at)
        fill_money_in(self.make, self.side, at=self.at)
        fill_paying_out(self.make, self.side, at=self.at)
        fill_lines(self.make, self.side, at=self.at)
        fill_feeds(self.make, self.side, at=self.at)
        fill_lists(self.make, self.side, at=self.at)
        fill_checking(self.make, self.side, at=self.at)
        fill_standing(self.make, self.side, at=self.at)
        fill_stops(self.make, self.side, at=self.at)
        fill_deliveries(self.make, self.side, at=self.at)
        fill_calendars(self.make, self.side, at=self.at)

    def _is(self, kind: str, **values: object) -> None:
        self.side.objects[kind] = values

    def _money(self) -> None:
        line_id, person_id = self.side.funded.line_id, self.side.funded.id
        with self.make.block() as session:
            lines = budgets.lines_of(session, person_id=person_id, at=self.at)
            outcome_id = budgets.outcomes_of(session, person_id=person_id)[0].id
        self._is("funding_line", line_id=line_id)
        self._is("funded_person", person_id=person_id)
        self._is("funded_line", person_id=person_id, line_id=line_id)
        self._is("limit", person_id=person_id, limit_id=lines[0].limits[0].id)
        self._requests(line_id, lines[0].limits[0].id)
        self.side.typed["outcome"] = outcome_id
        self.side.typed["offer"] = self.side.offer_id

    def _bought(self) -> None:
        wish = RecordPurchase(
            purchase_id=uuid4(),
            amount=Money(1_00),
            what=self.side.names.note,
            paid_on=local_day(self.at),
            photo=dot(),
        )
        with self.make.block() as session:
            money.record_purchase(session, wish, by=self.person, at=self.at)
        self._is("purchase", purchase_id=wish.purchase_id)

    def _requests(self, line_id: UUID, limit_id: UUID) -> None:
        own = NewLimit(window=LimitWindow.YEAR, amount=Money(1_900_00), reason="It is to last.")
        provider_id = self.provider.works_for
        wish = AskOnce(
            request_id=uuid4(),
            limit_id=limit_id,
            provider_id=provider_id,
            amount=Money(600_00),
            what=f"A holiday with {self.side.names.store}",
            words="I need a break.",
        )
        with self.make.block() as session:
            money.set_limit(session, line_id=line_id, limit=own, by=self.person, at=self.at)
            money.ask_once(session, wish, by=self.person, at=self.at)
        self._is("own_limit", limit_id=own.limit_id)
        self._is("request", request_id=wish.request_id)
        self.side.typed["provider"] = provider_id

    def _basket_line(self, by: Actor, *, at: datetime | None = None) -> UUID:
        outcome_id = self.side.typed["outcome"]
        assert isinstance(outcome_id, UUID)
        at = at or self.at
        wish = PutInBasket(
            line_id=uuid4(),
            offer_id=self.side.offer_id,
            first_at=at + timedelta(days=1),
            outcome_id=outcome_id,
            note=self.side.names.note,
        )
        with self.make.block() as session:
            return orders.put_in_basket(session, wish, by=by, at=at)

    def _placed(self, by: Actor | None = None, *, at: datetime | None = None) -> Deal:
        by, at = by or self.person, at or self.at
        wish = PlaceOrder(
            order_id=uuid4(),
            provider_id=self.provider.works_for,
            propose=by is not self.person,
        )
        self._basket_line(by, at=at)
        with self.make.block() as session:
            orders.place_order(session, wish, by=by, at=at)
        return Deal(wish.order_id, self.side.funded, self.provider)

    def _delivered(self) -> Deal:
        """Let an order be placed, accepted, and its only visit take place."""
        earlier = self.at - timedelta(days=3)
        deal = self.make.accepted(self._placed(at=earlier), at=earlier)
        self.make.noted(deal, at=self.at)
        return deal

    def _confirmed(self) -> tuple[Deal, UUID]:
        deal = self._delivered()
        visit_id = self._visit(deal)
        with self.make.block() as session:
            invoice_id = orders.confirm_visits(
                session, order_id=deal.order_id, visit_ids=[visit_id], by=self.person, at=self.at
            )
        assert invoice_id is not None
        return deal, invoice_id

    def _visit(self, deal: Deal) -> UUID:
        return self.make.order(deal, at=self.at).visits[0].id

    def _orders(self) -> None:
        placed, changed, accepted = self._placed(), self._placed(), self._placed()
        with self.make.block() as session:
            self._ask_for_another_time(session, changed)
        self.make.accepted(accepted, at=self.at)
        noted = self._delivered()
        suggested = self._placed(self.side.supporters[Scope.PROPOSE])
        fill_disputes(self.make, self.side, self._visit(self._delivered()), at=self.at)
        self._is("order", order_id=placed.order_id)
        self._is("changed_order", order_id=changed.order_id)
        self._is("noted_order", order_id=noted.order_id)
        self._is("suggestion", order_id=suggested.order_id)
        self._is("visit", visit_id=self._visit(accepted))
        self._is("noted_visit", visit_id=self._visit(noted))
        self.side.typed["noted_visit"] = self._visit(noted)

    def _ask_for_another_time(self, session: Session, deal: Deal) -> None:
        wish = ProposeChange(
            order_id=deal.order_id, first_at=self.at + timedelta(days=6), words="Better then?"
        )
        orders.propose_change(session, wish, by=self.provider, at=self.at)

    def _papers(self) -> None:
        officer = self.make.officer(council_id=self.side.council_id)
        with self.make.block() as session:
            orders.agree_to_self_billing(
                session, agreement_id=uuid4(), version=VERSION, by=self.provider, at=self.at
            )
        deal, _ = self._confirmed()
        paid = self.make.paid_run(by=officer, at=self.at)
        self._confirmed()
        sent = self.make.sent_run(by=officer, at=self.at)
        self._confirmed()
        approved = self.make.approved_run(by=officer, at=self.at)
        hidden, _ = self._confirmed()
        proposed = self.make.proposed_run(by=officer, at=self.at)
        rated, invoice_id = self._confirmed()
        with self.make.block() as session:
            items = payments.run_for(session, run_id=paid, seen_by=officer).items
        self._is("done_order", order_id=deal.order_id)
        self._is("invoice", invoice_id=invoice_id)
        self._is("paid_run", run_id=paid)
        self._is("sent_run", run_id=sent)
        self._is("approved_run", run_id=approved)
        self._is("proposed_run", run_id=proposed)
        self._is("remittance", item_id=items[0].id)
        self._is("rating", rating_id=self.make.rating(rated, words="Kind.", at=self.at))
        hidden_id = self.make.rating(hidden, words="Rude words.", at=self.at)
        moderator = self.make.staff(organisation_id=self.side.council_id, role=Role.MODERATOR)
        self.side.typed["moderator"] = moderator.user_id
        with self.make.block() as session:
            ratings.hide_rating(
                session, hidden_id, HidingRule.INSULTS, "It insults.", by=moderator, at=self.at
            )
        self._is("hidden_rating", rating_id=hidden_id)

    def _store(self) -> None:
        provider, provider_id = self.provider, self.provider.works_for
        with self.make.block() as session:
            evidence_id = catalogue.add_evidence(
                session,
                AddEvidence(evidence_id=uuid4(), kind=EvidenceKind.DBS, note="Seen."),
                by=provider,
                at=self.at,
            )
            picture_id = catalogue.add_picture(
                session, picture_id=uuid4(), content=dot(), alt="A dot.", by=provider, at=self.at
            )
            document_id = catalogue.add_document(
                session,
                document_id=uuid4(),
                content=b"Our terms.",
                title="Terms",
                by=provider,
                at=self.at,
            )
            agreed = stores.agreed_prices_of(session, on=local_day(self.at), by=provider)
        own = next(price for price in agreed if price.council_id == self.side.council_id)
        self._is("store", slug=self.side.slug)
        self._is("offer", offer_id=self.side.offer_id)
        self._is("offer_state", offer_id=self.side.offer_id, state="paused")
        self._is("agreed_price", price_id=own.id)
        self._is("provider", provider_id=provider_id)
        self._is("evidence", provider_id=provider_id, evidence_id=evidence_id)
        self._is("picture", picture_id=picture_id)
        self._is("document", document_id=document_id)
        self._is("worker", worker_id=self.make.worker(provider=provider))

    def _register(self) -> None:
        names = self.side.names
        entry = RegisterEntry(
            source="cqc",
            key=names.district,
            name=f"{names.district} Home Care",
            about="Care at home.",
            postcode=names.postcode,
        )
        asking = self.make.person(name=f"Claimant of {names.district}")
        with self.make.block() as session:
            catalogue.import_entry(session, entry, at=self.at)
            slug = f"{names.district.lower()}-home-care"
            claim_id = catalogue.ask_claim(
                session,
                claim_id=uuid4(),
                provider_id=stores.store(session, slug=slug).id,
                words="It is mine.",
                by=asking,
                at=self.at,
            )
        self._is("unclaimed_store", slug=slug)
        self._is("claim", claim_id=claim_id)

    def _circle(self) -> None:
        with self.make.block() as session:
            rows = access_queries.circle_of(session, person_id=self.side.funded.id)
            plan = self.side.supporters[Scope.PLAN].user_id
            row = next(row for row in rows if row.supporter_id == plan)
            sign_in_id, _ = access.begin_sign_in(
                session, user_id=self.person.user_id, device="Other", at=self.at
            )
        self._is("supporter", row_id=row.id)
        self._is("sign_in", sign_in_id=sign_in_id)
        self._is("invitation", row_id=self._invited())
        self._is("broker_place", row_id=self._invited(Basis.BROKER))
        self._is("broker", row_id=self._broker())
        self._family()

    def _invited(
        self, basis: Basis = Basis.HELPER, *, by: Actor | None = None, whom: Actor | None = None
    ) -> UUID:
        """Let somebody else ask this side's person into their circle, or be asked into theirs."""
        wish = InviteSupporter(
            email=self.make.email_of(whom or self.person),
            basis=basis,
            scopes=frozenset({Scope.SEE}),
            invitation_id=uuid4(),
        )
        other = by or self.make.person()
        with self.make.block() as session:
            return access.invite_supporter(session, wish, by=other, at=self.at)

    def _broker(self) -> UUID:
        """Let a broker offer themself, so that the person can say yes."""
        broker = self.make.person()
        row_id = self._invited(Basis.BROKER, by=self.person, whom=broker)
        with self.make.block() as session:
            said = access.Declare(supporter_row_id=row_id)
            access.declare(session, said, by=broker, at=self.at)
            access.offer_as_broker(session, supporter_row_id=row_id, by=broker, at=self.at)
        return row_id

    def _family(self) -> None:
        """Let the person say that family is paid through a store that has nothing to do with it."""
        provider = self.make.provider(name=f"Family of {self.side.names.store}")
        store = access_queries.NamedStore(provider.works_for, f"Family of {self.side.names.store}")
        with self.make.block() as session:
            carer_id = access.declare_family_carer(
                session,
                carer_id=uuid4(),
                store=store,
                who=f"Sister of {self.side.names.person}",
                by=self.person,
                at=self.at,
            )
        self._is("family_carer", carer_id=carer_id)
        self._is("paid_family", person_id=self.side.funded.id, provider_id=provider.works_for)

    def _correction(self) -> UUID:
        wish = AskForCorrection(
            correction_id=uuid4(),
            council_id=self.side.council_id,
            person_id=self.side.funded.id,
            what="My address is wrong.",
            instead="",
        )
        with self.make.block() as session:
            councils.ask_for_correction(session, wish, by=self.person, at=self.at)
        return wish.correction_id

    def _council(self) -> None:
        council_id, names = self.side.council_id, self.side.names
        group_id = self.make.group(council_id=council_id, name=f"Group of {names.store}")
        activity_id = self.make.activity(group_id=group_id, at=self.at)
        with self.make.block() as session:
            slug = community.listing(session, listing_id=activity_id).group.slug
        self._is("council", council_id=council_id)
        self.side.typed["council"] = council_id
        self._is("correction", correction_id=self._correction())
        self._is("portal", council_slug=names.district.lower())
        self._is("activity", listing_id=activity_id)
        self._is("group", slug=slug)
        self._is("report", key="categories")
        self._is("language", code="cy")
        self._is("token", token="not-a-token")
        self._is("file", filename="css/base.css")
