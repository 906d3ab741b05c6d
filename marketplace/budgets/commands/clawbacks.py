"""Asking money back: notice, answer, and the decision of a second officer. Never silently."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor, Permission, Scope
from marketplace.audit.commands import record
from marketplace.budgets.adapters.evidence import media_type_of
from marketplace.budgets.commands.paying_in import locked_line
from marketplace.budgets.commands.taking_out import TakeOut, take_out
from marketplace.budgets.errors import BadLineError, ClawbackDoneError
from marketplace.budgets.models import FundingLine, Handover
from marketplace.budgets.models.clawbacks import (
    Clawback,
    ClawbackAnswer,
    ClawbackDecision,
    ClawbackFile,
)
from marketplace.budgets.queries.clawbacks import has_open_notice
from marketplace.budgets.rules import (
    CLAWBACK_WORDS_LENGTH_MAX,
    WINDOW_DAYS,
    ClawbackEnd,
    check_asked_back,
    check_window,
    objects_until,
    wanted,
)
from marketplace.budgets.rules.lines import check_not_own
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import Money
from marketplace.outbox.commands import WriteLetter, write_letter
from marketplace.wallet.commands import lock_accounts

FILE_NAME_LENGTH_MAX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveNotice:
    """What a council wants back, and why. The id comes from the form: twice is once."""

    clawback_id: UUID
    line_id: UUID
    amount: Money
    reason: str
    evidence: str
    days: int = WINDOW_DAYS
    file_name: str = ""
    content: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideClawback:
    """What a second officer decides."""

    clawback_id: UUID
    end: ClawbackEnd
    reason: str
    part: Money | None = None


def give_notice(session: Session, wish: GiveNotice, *, by: Actor, at: datetime) -> UUID:
    """Tell somebody that the council wants money back, and until when they may object.

    Raises:
        NotAllowedError: they may not ask for money back.
        NotFoundError: their council has no such line.
        BadLineError: an amount, a time, words or the file cannot be like this.
    """
    _check_officer(by)
    line = locked_line(session, wish.line_id)
    if line.council_id != by.works_for:
        raise NotFoundError
    check_not_own(line.person_id, by_user_id=by.user_id)
    earlier = session.get(Clawback, wish.clawback_id)
    if earlier is not None:
        if earlier.line_id != line.id:
            raise NotFoundError
        return earlier.id
    _check_line(session, line)
    check_asked_back(wish.amount, paid_in=line.paid_in)
    check_window(wish.days)
    notice = Clawback(
        id=wish.clawback_id,
        person_id=line.person_id,
        council_id=line.council_id,
        line_id=line.id,
        amount=wish.amount,
        reason=_words("reason", wish.reason, "Say why the council wants it back."),
        evidence=_words("evidence", wish.evidence, "Say what shows it."),
        window_days=wish.days,
        objects_until=objects_until(at, wish.days),
        noticed_by_id=by.user_id,
        noticed_by_name=by.name,
        noticed_at=at,
    )
    session.add(notice)
    session.flush()
    if wish.content:
        _keep_file(session, wish)
    _record(session, "clawback-noticed", notice, notice.amount, by=by, at=at)
    _tell(session, notice, line, "clawback_notice", {"council": by.organisation_name}, at=at)
    return notice.id


def answer_notice(
    session: Session, *, clawback_id: UUID, agrees: bool, words: str, by: Actor, at: datetime
) -> None:
    """Agree or object to a notice, once; for the person, or a supporter who pays or plans.

    Raises:
        NotFoundError: there is no such notice to this person.
        NotAllowedError: the person has not asked this supporter to help with this.
        ClawbackDoneError: it was answered or decided already.
        BadLineError: an objection has no words.
    """
    if by.person_id is None:
        raise NotFoundError
    notice = _locked(session, clawback_id)
    if notice.person_id != by.person_id:
        raise NotFoundError
    if by.acts_for_another and not by.scopes & {Scope.PAY, Scope.PLAN}:
        raise NotAllowedError(f"{by.person_name} has not asked you to help with this.")
    if _decision(session, notice) is not None or _answer(session, notice) is not None:
        raise ClawbackDoneError
    said = "" if agrees and not words.strip() else _words("words", words, "Say what is wrong.")
    session.add(
        ClawbackAnswer(
            id=uuid4(),
            clawback_id=notice.id,
            agrees=agrees,
            words=said,
            by_id=by.user_id,
            by_name=by.name,
            at=at,
        )
    )
    session.flush()
    _record(session, "clawback-answered", notice, notice.amount, by=by, at=at)


def decide_clawback(session: Session, wish: DecideClawback, *, by: Actor, at: datetime) -> Money:
    """Decide about a notice, and return how much was taken: only what is free, never what is held.

    Raises:
        NotAllowedError: they gave the notice themselves, or may not ask for money back.
        NotFoundError: their council gave no such notice.
        ClawbackDoneError: it was decided already.
        BadLineError: it is too early, or an amount or words cannot be like this.
    """
    _check_officer(by)
    notice = _locked(session, wish.clawback_id)
    if notice.council_id != by.works_for:
        raise NotFoundError
    _check_hands(notice, by)
    if _decision(session, notice) is not None:
        raise ClawbackDoneError
    if at < notice.objects_until and _answer(session, notice) is None:
        last = local_day(notice.noticed_at).toordinal() + notice.window_days
        raise BadLineError(
            "end",
            f"They have until {local_day(at).fromordinal(last):%-d %B %Y} to answer. Decide then.",
        )
    reason = _words("reason", wish.reason, "Say why. The person reads it.")
    line = session.get_one(FundingLine, notice.line_id)
    amount = wanted(wish.end, asked=notice.amount, part=wish.part)
    has = lock_accounts(session, [line.available_account_id, line.held_account_id])
    taken = min(amount, has[line.available_account_id])
    decision = ClawbackDecision(
        id=uuid4(),
        clawback_id=notice.id,
        end=wish.end,
        wanted=amount,
        taken=taken,
        reason=reason,
        by_id=by.user_id,
        by_name=by.name,
        at=at,
    )
    session.add(decision)
    session.flush()  # the database lets the money go only when it sees the decision
    _record(session, "clawback-decided", notice, taken, by=by, at=at)
    if taken:
        take_out(
            session,
            line_id=line.id,
            key=f"clawback/{notice.id}",
            amount=taken,
            why=TakeOut.CLAWBACK,
            by_user_id=by.user_id,
            at=at,
        )
    values = {
        "council": by.organisation_name,
        "end": wish.end.value,
        "taken": str(taken),
        "decision": reason,
    }
    _tell(session, notice, line, "clawback_decided", values, at=at)
    return taken


def _check_officer(by: Actor) -> None:
    if not by.may(Permission.ASK_BACK):
        raise NotAllowedError("Only a council's finance officer or practitioner can do this.")


def _check_hands(notice: Clawback, by: Actor) -> None:
    check_not_own(notice.person_id, by_user_id=by.user_id)
    if notice.noticed_by_id == by.user_id:
        raise NotAllowedError("You gave this notice. Somebody else has to decide.")


def _check_line(session: Session, line: FundingLine) -> None:
    if line.closed_at is not None or line.pool_id is not None:
        raise NotFoundError
    if line.funder.is_private:
        raise BadLineError("amount", "This is the person's own money. Nobody can ask it back.")
    if has_open_notice(session, line_id=line.id):
        raise BadLineError("amount", "There is a notice about this line already. Decide it first.")
    offered = select(Handover.id).where(Handover.line_id == line.id, Handover.taken.is_(None))
    if session.scalar(offered) is not None:
        raise BadLineError("amount", "This line is offered to another council. Take that back.")


def _locked(session: Session, clawback_id: UUID) -> Clawback:
    """Return a notice; whoever answers or decides it locks its line first, so they take turns."""
    notice = session.get(Clawback, clawback_id)
    if notice is None:
        raise NotFoundError
    locked_line(session, notice.line_id)
    return notice


def _decision(session: Session, notice: Clawback) -> ClawbackDecision | None:
    return session.scalar(select(ClawbackDecision).where(ClawbackDecision.clawback_id == notice.id))


def _answer(session: Session, notice: Clawback) -> ClawbackAnswer | None:
    return session.scalar(select(ClawbackAnswer).where(ClawbackAnswer.clawback_id == notice.id))


def _words(field: str, words: str, sentence: str) -> str:
    kept = words.strip()
    if not kept:
        raise BadLineError(field, sentence)
    if len(kept) > CLAWBACK_WORDS_LENGTH_MAX:
        raise BadLineError(field, f"Use at most {CLAWBACK_WORDS_LENGTH_MAX:,} characters.")
    return kept


def _keep_file(session: Session, wish: GiveNotice) -> None:
    session.add(
        ClawbackFile(
            id=wish.clawback_id,
            name=" ".join(wish.file_name.split())[-FILE_NAME_LENGTH_MAX:] or "evidence",
            media_type=media_type_of(wish.content),
            content=wish.content,
        )
    )
    session.flush()


def _record(
    session: Session, what: str, notice: Clawback, amount: Money, *, by: Actor, at: datetime
) -> None:
    record(
        session,
        what=what,
        chain_id=notice.person_id,
        subject_id=notice.id,
        by_user_id=by.user_id,
        for_person_id=notice.person_id,
        at=at,
        details={"line_id": str(notice.line_id), "pence": amount.pence},
    )


def _tell(
    session: Session,
    notice: Clawback,
    line: FundingLine,
    template: str,
    values: dict[str, str],
    *,
    at: datetime,
) -> None:
    """Write to the person, and to the supporters who pay or plan for them."""
    told = {} if access.is_closed(session, user_id=notice.person_id) else _told(session, notice, at)
    last = local_day(notice.noticed_at).toordinal() + notice.window_days
    for email, name in told.items():
        letter = WriteLetter(
            key=f"{template}/{notice.id}/{email}",
            to=email,
            subject=f"{values['council']} and your money: {line.funder.label}",
            template=template,
            values={
                "name": name,
                "line": line.funder.label,
                "amount": str(notice.amount),
                "reason": notice.reason,
                "evidence": notice.evidence,
                "last_day": f"{local_day(at).fromordinal(last):%-d %B %Y}",
                "notice_id": str(notice.id),
                **values,
            },
        )
        write_letter(session, letter, at=at)


def _told(session: Session, notice: Clawback, at: datetime) -> dict[str, str]:
    person = access.person(session, user_id=notice.person_id)
    told = {person.email: person.name}
    for scope in (Scope.PAY, Scope.PLAN):
        for helper in access.active_supporters(
            session, person_id=notice.person_id, scope=scope, at=at
        ):
            told.setdefault(helper.email, helper.name)
    return told
