"""Who did what: the audit trail of one's own affairs, in words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import render_template, request

from marketplace.access import queries
from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import ABOUT_ACCOUNTS, Actor, Permission, deed_words
from marketplace.access.views.blueprint import access
from marketplace.audit import queries as audit
from marketplace.audit.queries import DeedRow
from marketplace.database import reading
from marketplace.kernel.paging import Page, page_number


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the page."""

    sentence: str
    at: datetime


@access.route("/deeds")
@requires(Permission.SIGNED_IN)
def deeds() -> str:
    """Show who did what in one's own affairs, or in those of the person one supports."""
    actor, number = current_actor(), page_number(request.args.get("page"))
    chain_id, without = _chain(actor)
    with reading() as session:
        rows = audit.deeds_of(session, chain_id=chain_id, page=number, without=without)
        count = audit.count_of_deeds(session, chain_id=chain_id, without=without)
        names = queries.names_of(session, user_ids=[row.by_user_id for row in rows])
    page = Page([_deed(row, names, actor) for row in rows], number, count)
    return render_template("access/deeds.html", page=page, actor=actor)


def _chain(actor: Actor) -> tuple[UUID, frozenset[str]]:
    # When somebody signs in is between them and us; a supporter sees what was done, no more.
    if actor.acts_for_another and actor.may(Permission.SEE_WALLET):
        return actor.buys_for, ABOUT_ACCOUNTS
    return actor.user_id, frozenset()


def _deed(row: DeedRow, names: dict[UUID, str], actor: Actor) -> Deed:
    by_themselves = row.by_user_id == actor.user_id
    who = "You" if by_themselves else names.get(row.by_user_id, "") if row.by_user_id else ""
    whose = actor.person_name if actor.acts_for_another else "you"
    # "for you" is only worth saying of somebody else's deed.
    owner = actor.buys_for if actor.acts_for_another else actor.user_id
    for_whom = whose if row.for_person_id and row.by_user_id not in {None, owner} else ""
    return Deed(deed_words(row.what, who=who, for_whom=for_whom), row.at)
