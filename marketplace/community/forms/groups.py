"""Adding a group, one short page after the other, and everything else about groups."""

from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from marketplace.community.commands import WriteGroup
from marketplace.community.forms.common import RealPlace, WebAddress
from marketplace.community.queries import GroupCard
from marketplace.community.rules import (
    LINE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    REASON_LENGTH_MAX,
    TEXT_LENGTH_MAX,
    HidingRule,
    ReportAnswer,
)
from marketplace.web.fields import LineField, Needed, NoLonger, UuidField, choices, one_of, tidy
from marketplace.web.steps import StepForm

_EMAIL = Regexp(
    r"[^@\s]+@[^@\s]+\.[^@\s]+\Z", message="Enter an e-mail address, like ann@mail.org."
)
_EMAIL_LENGTH_MAX = 254


class GroupStep(StepForm):
    """What every page of adding a group carries: the id that makes two clicks one group."""

    group_id = UuidField()


class WhoForm(GroupStep):
    """Who the group is."""

    name = LineField(
        "What is your group called?",
        [Needed("Enter the name of your group."), NoLonger(NAME_LENGTH_MAX)],
    )
    about = TextAreaField(
        "What do you do?",
        [Needed("Say in a few words what you do."), NoLonger(TEXT_LENGTH_MAX)],
        description="A few short sentences. Who is welcome? What is it like?",
    )


class WhereForm(GroupStep):
    """Where it is, and how to ask."""

    postcode = LineField(
        "Postcode of the place where you mostly meet",
        [Needed("Enter a postcode."), RealPlace()],
        description="If you meet online only, enter the postcode of your area.",
    )
    email = EmailField(
        "E-mail address people can write to",
        [Needed("Enter an e-mail address."), _EMAIL, NoLonger(_EMAIL_LENGTH_MAX)],
        description="Everybody can see it. Use one of the group, if you have one.",
    )
    phone = LineField(
        "Phone number, if people may ring",
        [Optional(), NoLonger(LINE_LENGTH_MAX)],
        description="Everybody can see it.",
    )
    website = LineField("Website, if you have one", [Optional(), WebAddress()])


class CheckForm(GroupStep):
    """The last page: nothing to fill in."""


class ChangeGroupForm(WhoForm, WhereForm):
    """All of it on one page, for later."""

    def show(self, card: GroupCard) -> None:
        """Fill in what is said now."""
        for name in ("name", "about", "postcode", "email", "phone", "website"):
            self[name].data = getattr(card, name)

    def wish(self, group_id: UUID) -> WriteGroup:
        """Return what was typed as a command."""
        return group_wish(self, self, group_id=group_id)


class KeeperForm(FlaskForm):  # type: ignore[misc]
    """Whom to ask to help."""

    email = EmailField(
        "Their e-mail address",
        [Needed("Enter an e-mail address."), _EMAIL, NoLonger(_EMAIL_LENGTH_MAX)],
        description="We send them a link that works once, for 30 days.",
    )


class ClaimGroupForm(FlaskForm):  # type: ignore[misc]
    """Who somebody is, who says a group is theirs."""

    claim_id = UuidField()
    words = TextAreaField(
        "Who are you, and how can the council make sure?",
        [Needed("Say who you are."), NoLonger(REASON_LENGTH_MAX)],
        description="For example: I run the group. Write to its own address and ask for me.",
    )


class ReportForm(FlaskForm):  # type: ignore[misc]
    """What is wrong with an entry."""

    report_id = UuidField()
    words = TextAreaField(
        "What is wrong?",
        [Needed("Say what is wrong."), NoLonger(REASON_LENGTH_MAX)],
        description="For example: it is on Wednesdays now. Do not write about people.",
    )
    email = EmailField(
        "Your e-mail address, if you want to know what came of it",
        [Optional(), _EMAIL, Length(max=_EMAIL_LENGTH_MAX)],
        description="The group does not see it. We forget it once you have the answer.",
    )


class AnswerReportForm(FlaskForm):  # type: ignore[misc]
    """What became of it."""

    answer = RadioField(
        "What do you say?",
        [InputRequired("Choose an answer.")],
        choices=choices((each.value, each.label) for each in ReportAnswer),
    )
    words = TextAreaField(
        "Anything else",
        [Optional(), NoLonger(REASON_LENGTH_MAX)],
        description="The one who told us reads this, if they left an address.",
    )


SHOW, HIDE = "show", "hide"


class DecideGroupForm(FlaskForm):  # type: ignore[misc]
    """Whether everybody may see a group."""

    decision = RadioField(
        "What do you decide?",
        [InputRequired("Choose what you decide.")],
        choices=choices([(SHOW, "Show it to everybody"), (HIDE, "Hide it")]),
    )
    rule = SelectField(
        "If you hide it: by which rule?",
        [Optional()],
        choices=one_of((each.value, each.label) for each in HidingRule),
    )
    reason = TextAreaField(
        "If you hide it: why?",
        [Optional(), NoLonger(REASON_LENGTH_MAX)],
        description="The keepers of the group read this. Say what they can do about it.",
    )


class DecideGroupClaimForm(FlaskForm):  # type: ignore[misc]
    """Whether somebody may look after a group."""

    answer = RadioField(
        "May they look after this group?",
        [InputRequired("Choose yes or no.")],
        choices=choices([("yes", "Yes, hand it over"), ("no", "No")]),
    )
    reason = TextAreaField(
        "Why?",
        [Optional(), NoLonger(REASON_LENGTH_MAX)],
        description="The one who asked reads this. Needed if you say no.",
    )


class PartnerForm(FlaskForm):  # type: ignore[misc]
    """Whom the council trusts."""

    name = LineField(
        "Name of the organisation",
        [Needed("Enter a name."), NoLonger(NAME_LENGTH_MAX)],
        description="People read: Checked by this name.",
    )
    email = EmailField(
        "E-mail address of the person who looks for them",
        [Needed("Enter an e-mail address."), _EMAIL],
        description="They must have joined with it.",
    )


def group_wish(who: WhoForm, where: WhereForm, *, group_id: UUID) -> WriteGroup:
    """Return what was typed on all pages as a command."""
    return WriteGroup(
        group_id=group_id,
        name=who.name.data,
        about=tidy(who.about.data or ""),
        postcode=where.postcode.data,
        email=(where.email.data or "").strip(),
        phone=where.phone.data or "",
        website=where.website.data or "",
    )
