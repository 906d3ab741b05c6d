"""The organisations of the feed, beside the nine addresses: those without a service too."""

from flask import Response, request

from marketplace.database import reading
from marketplace.feeds.queries.keys import keys as keys_of
from marketplace.feeds.queries.organisations import organisation_keys
from marketplace.feeds.queries.organisations import organisations as organisations_of
from marketplace.feeds.queries.services import services as services_of
from marketplace.feeds.rules.asking import Question, read_question
from marketplace.feeds.rules.shaping import Record, envelope, one_to_one, organisation_record
from marketplace.feeds.views.answers import conditional, json_answer, open_data, read_id
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.web.site import settings


@open_data("/organizations", "organisations")
def organisations(council_slug: str | None) -> Response:
    """List who runs things, whether they have a service just now or not."""
    question, at = read_question(request.args), clock.now()
    first = (question.page - 1) * question.per_page
    with reading() as session:
        found = organisation_keys(session, question, council_slug=council_slug, at=at)
        shown = found[first : first + question.per_page]
        made = organisations_of(session, shown, base_url=settings().base_url)
    contents = [organisation_record(each) for each in made]
    answer = json_answer(
        envelope(contents, page=question.page, per_page=question.per_page, total=len(found))
    )
    if shown:
        answer.last_modified = max(key.changed_at for key in shown)
    return conditional(answer)


@open_data("/organizations/<organisation_id>", "organisation")
def organisation(council_slug: str | None, organisation_id: str) -> Response:
    """Give an organisation with its services."""
    at, wanted = clock.now(), read_id(organisation_id)
    base_url = settings().base_url
    with reading() as session:
        found = organisation_keys(
            session, Question(), council_slug=council_slug, at=at, ids={wanted}
        )
        made = organisations_of(session, found, base_url=base_url)
        if not made:
            raise NotFoundError("There is nothing with this id.")
        question = Question(organisation_id=wanted)
        keys = keys_of(session, question, council_slug=council_slug, at=at)
        services = [
            _of_it(one_to_one(each))
            for each in services_of(session, keys, base_url=base_url, at=at)
        ]
    record = organisation_record(made[0])
    answer = json_answer({**record, **({"services": services} if services else {})})
    answer.last_modified = found[0].changed_at
    return conditional(answer)


def _of_it(record: Record) -> Record:
    """Leave out who runs a service where that is what it stands under."""
    return {name: value for name, value in record.items() if name != "organization"}
