"""One way to answer a program: read what it asks, count the call, answer with a mark, or refuse."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps

from flask import Blueprint, Response, request

from marketplace.access.guards import public
from marketplace.catalogue import queries as catalogue
from marketplace.councils import queries as councils
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.search.api.metering import Allowance, Meter
from marketplace.search.errors import (
    BadParameterError,
    SearchBusyError,
    SearchRestingError,
    TooManyCallsError,
)
from marketplace.search.rules.parameters import Parameter, Values, read_values
from marketplace.web.problems import problem
from marketplace.web.site import settings

VERSION = "/v1"
FRESH_SECONDS = 60
BACK_AFTER_SECONDS = 60

Record = Mapping[str, object]
Asked = Callable[[Values], Record]

api = Blueprint("api", __name__, url_prefix="/api")
_meter = Meter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing a program can ask for: where, with what, and what it is answered."""

    path: str
    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    named_in_path: Mapping[str, Record]
    """What the address itself names: its JSON Schema, by name."""
    answer: Record
    may_rest: bool
    """Whether the index is asked, which may be on its way back."""


OPERATIONS: list[Operation] = []


def operation(
    path: str,
    *,
    summary: str,
    answer: Record,
    parameters: Sequence[Parameter] = (),
    named_in_path: Mapping[str, Record] | None = None,
    may_rest: bool = False,
) -> Callable[[Callable[..., Record]], Callable[..., Response]]:
    """Serve a view as JSON, and describe it in the document of the interface."""

    def decorate(view: Callable[..., Record]) -> Callable[..., Response]:
        declared = Operation(
            path=path,
            name=view.__name__,
            summary=summary,
            parameters=tuple(parameters),
            named_in_path=named_in_path or {},
            answer=answer,
            may_rest=may_rest,
        )

        @public
        @wraps(view)
        def answered(**named: object) -> Response:
            return _answer(declared, view, named)

        OPERATIONS.append(declared)
        api.add_url_rule(VERSION + _in_flask(declared), view.__name__, answered)
        return answered

    return decorate


def kept_choices(parameters: Sequence[Parameter]) -> list[Parameter]:
    """Return parameters with the choices that the market keeps now: its categories, its portals."""
    if not any(each.choices_of for each in parameters):
        return list(parameters)
    with reading() as session:
        kept = {
            "category": [category.slug for category in catalogue.categories(session)],
            "council": [card.slug for card in councils.councils(session)],
        }
    return [each.among(kept) for each in parameters]


@api.after_request
def allow_reading(answer: Response) -> Response:
    """Let a browser's question beforehand be answered as the real one will be."""
    if request.method == "OPTIONS":
        answer.headers["Access-Control-Allow-Headers"] = "If-None-Match"
        answer.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        answer.headers["Access-Control-Max-Age"] = "86400"
        _open_to_all(answer)
    return answer


def _answer(
    declared: Operation, view: Callable[..., Record], named: Mapping[str, object]
) -> Response:
    allowed: Allowance | None = None
    try:
        allowed = _take_call()
        asked = read_values(kept_choices(declared.parameters), request.args.to_dict(flat=False))
        answer = _conditional(view(asked, **named))
    except BadParameterError as refusal:
        answer = problem(400, str(refusal), parameter=refusal.parameter)
    except NotFoundError as refusal:
        answer = problem(404, str(refusal))
    except TooManyCallsError as refusal:
        answer = problem(429, str(refusal))
        answer.headers["Retry-After"] = str(refusal.seconds)
        allowed = Allowance(settings().api_calls_a_minute, 0, refusal.seconds)
    except (SearchRestingError, SearchBusyError) as refusal:
        answer = problem(503, str(refusal))
        answer.headers["Retry-After"] = str(BACK_AFTER_SECONDS)
    if allowed is not None:
        answer.headers["RateLimit-Limit"] = str(allowed.most)
        answer.headers["RateLimit-Remaining"] = str(allowed.left)
        answer.headers["RateLimit-Reset"] = str(allowed.seconds)
    return _open_to_all(answer)


def _take_call() -> Allowance | None:
    most = settings().api_calls_a_minute
    if not most:
        return None
    address = request.remote_addr or ""
    return _meter.take(address, most=most, secret=settings().secret_key, at=clock.now())


def _conditional(said: Record) -> Response:
    """Mark an answer, so that who has it already is told so."""
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    answer = Response(body, mimetype="application/json")
    answer.add_etag()
    answer.cache_control.public = True
    answer.cache_control.max_age = FRESH_SECONDS
    answer.vary.add("Accept-Encoding")
    answer.make_conditional(request)
    return answer


def _open_to_all(answer: Response) -> Response:
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = (
        "ETag, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"
    )
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _in_flask(declared: Operation) -> str:
    """Return the path as routes are written: ``{id}`` is ``<id>``, and a UUID where it is one."""
    path = declared.path
    for name, schema in declared.named_in_path.items():
        kind = "uuid:" if schema.get("format") == "uuid" else ""
        path = path.replace(f"{{{name}}}", f"<{kind}{name}>")
    return path
