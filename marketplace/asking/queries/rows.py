"""An ask as others may read it, and what belongs to it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from marketplace.asking.models import Ask
from marketplace.asking.rules import AskState, BudgetPer, Often, Wish, takes_answers
from marketplace.kernel.labels import label
from marketplace.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAsk:
    """An ask as providers see it: nothing by which anybody could be found."""

    title: str
    words: str
    category: str
    category_name: str
    district: str
    place: str
    often: Often
    days: tuple[str, ...]
    times: tuple[str, ...]
    from_on: date | None
    for_whom: tuple[str, ...]
    languages: tuple[str, ...]
    gender: str
    budget: Money | None
    """None too where they do not want it shown."""
    budget_per: BudgetPer | None
    answers_until: date

    @property
    def area(self) -> str:
        """Where it is: the first half of a postcode, with the town if one was named."""
        return f"{self.place} ({self.district})" if self.place else self.district

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """What is wished for beside the support itself, in the order of the page."""
        asked = {
            Wish.DAYS: self.days,
            Wish.TIMES: self.times,
            Wish.START: self.from_on,
            Wish.LANGUAGE: self.languages,
            Wish.GENDER: self.gender,
            Wish.FOR_WHOM: self.for_whom,
            Wish.BUDGET: self.budget,
        }
        return tuple(wish for wish, said in asked.items() if said)

    @property
    def in_words(self) -> tuple[tuple[str, str], ...]:
        """Everything but the words themselves, as questions and answers."""
        found = [("Kind of support", self.category_name), ("Where", self.area)]
        found.append(("How often", self.often.label))
        for name, topic, slugs in (
            ("Days", "days", self.days),
            ("Times", "times", self.times),
        ):
            if slugs:
                found.append((name, ", ".join(label(topic, slug) for slug in slugs)))
        if self.from_on:
            found.append(("From", _day(self.from_on)))
        for name, topic, slugs in (
            ("Who it is for", "for_whom", self.for_whom),
            ("Language", "languages", self.languages),
            ("Who should come", "genders", (self.gender,) if self.gender else ()),
        ):
            if slugs:
                found.append((name, ", ".join(label(topic, slug) for slug in slugs)))
        if self.budget and self.budget_per:
            found.append(("Money they think of", f"{self.budget} {self.budget_per.label}"))
        found.append(("Answers until", _day(self.answers_until)))
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRow:
    """An ask in a list of the person who asked."""

    id: UUID
    title: str
    category_name: str
    state: AskState
    asked_at: datetime
    asked_by_name: str
    answers_until: date
    answers: int


def seen(ask: Ask, category_name: str) -> SeenAsk:
    """Return an ask as providers see it."""
    return SeenAsk(
        title=ask.seen_title,
        words=ask.seen_words,
        category=ask.category,
        category_name=category_name,
        district=ask.district,
        place=ask.place,
        often=ask.often,
        days=tuple(ask.days),
        times=tuple(ask.times),
        from_on=ask.from_on,
        for_whom=tuple(ask.for_whom),
        languages=tuple(ask.languages),
        gender=ask.gender,
        budget=ask.budget if ask.budget_shown else None,
        budget_per=ask.budget_per if ask.budget_shown else None,
        answers_until=ask.answers_until,
    )


def is_taking(ask: Ask, on: date) -> bool:
    """Tell whether providers may answer an ask on a day."""
    return takes_answers(ask.state, answers_until=ask.answers_until, on=on)


def _day(when: date) -> str:
    return f"{when:%A} {when.day} {when:%B %Y}"
