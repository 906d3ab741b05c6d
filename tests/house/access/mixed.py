"""Forms that carry ids of the other side, as nobody's page would write them."""

from dataclasses import dataclass

from tests.house.access.side import Values


@dataclass(frozen=True)
class Mixed:
    """A form sent by somebody of our side, with ids of theirs put into it or its address."""

    hat: str
    endpoint: str
    kind: str = "-"
    """What the address names, on our side."""
    theirs_in_address: tuple[str, ...] = ()
    """Parts of the address that are theirs all the same."""
    theirs_in_form: tuple[tuple[str, str], ...] = ()
    """Fields of the form, and the kind of thing (or the id in ``typed``) they are filled with."""
    also: tuple[tuple[str, str], ...] = ()
    """Other fields."""

    def __str__(self) -> str:
        """Say it in words, for a failing test."""
        parts = [*self.theirs_in_address, *(field for field, _ in self.theirs_in_form)]
        return f"{self.endpoint} as {self.hat} with their {', '.join(parts)}"


MIXED = (
    Mixed("practitioner", "budgets.end_limit", "limit", ("limit_id",)),
    Mixed("practitioner", "budgets.end_limit", "limit", ("person_id",)),
    Mixed("practitioner", "budgets.set_limit", "funded_line", ("line_id",)),
    Mixed("practitioner", "budgets.set_limit", "funded_line", ("person_id",)),
    Mixed("moderator", "catalogue.accept_evidence", "evidence", ("evidence_id",)),
    Mixed("moderator", "catalogue.accept_evidence", "evidence", ("provider_id",)),
    Mixed(
        "owner", "orders.from_phone", "-", (), (("visit_id", "noted_visit"),), (("what", "full"),)
    ),
    Mixed("person", "orders.confirm", "noted_order", (), (("visits", "noted_visit"),)),
    Mixed(
        "person",
        "orders.wrong",
        "noted_visit",
        (),
        (("query_id", "query"),),
        (("kind", "late"), ("words", "Nobody came."), ("remedy", "nothing_due")),
    ),
    Mixed("person", "orders.add_to_basket", "-", (), (("outcome_id", "outcome"),)),
    Mixed("person", "orders.add_to_basket", "-", (), (("line_id", "basket_line"),)),
    Mixed("person", "orders.change_line", "basket_line", (), (("line_id", "basket_line"),)),
    Mixed("person", "access.invite", "-", (), (("invitation_id", "invitation"),)),
    Mixed("person", "catalogue.claim", "unclaimed_store", (), (("claim_id", "claim"),)),
    Mixed("practitioner", "budgets.open_line", "funded_person", (), (("line_id", "funding_line"),)),
    Mixed("practitioner", "budgets.set_limit", "funded_line", (), (("limit_id", "limit"),)),
    Mixed("owner", "catalogue.add_offer", "-", (), (("offer_id", "offer"),)),
    Mixed("owner", "catalogue.change_offer", "offer", (), (("offer_id", "offer"),)),
    Mixed("owner", "catalogue.evidence", "-", (), (("evidence_id", "evidence"),)),
    Mixed("owner", "catalogue.take_out_evidence", "own_evidence", ("evidence_id",)),
    Mixed("owner", "catalogue.put_back_offer", "offer_version", ("offer_id",)),
    Mixed("owner", "catalogue.my_council", "applied_council", ("council_id",)),
    Mixed("moderator", "catalogue.answer_appeal", "appeal", ("appeal_id",)),
    Mixed("owner", "catalogue.workers", "-", (), (("worker_id", "worker"),)),
    Mixed("person", "shortlists.move", "thing", (), (("to_id", "list"),)),
    Mixed("person", "shortlists.write_note", "thing", ("thing_id",)),
    Mixed("person", "shortlists.take_off", "thing", ("shortlist_id",)),
    Mixed("owner", "orders.credit", "invoice", (), (("credit_id", "invoice"),)),
    Mixed("finance_officer", "payments.propose", "-", (), (("run_id", "proposed_run"),)),
    Mixed("person", "payments.family", "-", (), (("link_id", "family_link"),)),
    Mixed("finance_officer", "payments.bank_line", "open_line", (), (("typed", "reference"),)),
    Mixed("finance_officer", "payments.bank_line", "open_line", ("line_id",)),
    Mixed("administrator", "councils.end_staff", "council", (), (("user_id", "moderator"),)),
    Mixed("person", "community.add_listing", "kept_group_kind", ("slug",)),
    Mixed(
        "person",
        "community.add_listing",
        "kept_group_kind",
        (),
        (("listing_id", "kept_activity"),),
    ),
    Mixed("person", "community.add_group", "-", (), (("group_id", "waiting_group"),)),
    Mixed("person", "community.end_keeper_invitation", "keeper_invitation", ("invitation_id",)),
    Mixed("person", "community.claim_group", "group", (), (("claim_id", "group_claim"),)),
    Mixed("person", "community.report", "activity", (), (("report_id", "entry_report"),)),
    Mixed("practitioner", "councils.answer_correction", "correction", ("correction_id",)),
    Mixed("person", "home.put_right", "-", (), (("council", "council"),)),
    Mixed("person", "home.put_right", "-", (), (("correction_id", "correction"),)),
)


def of(kinds: dict[str, Values], typed: Values, name: str) -> object:
    """Return an id of a side by the kind of thing it is."""
    return list(kinds[name].values())[-1] if name in kinds else typed[name]
