"""Refusals for programs: application/problem+json, as RFC 9457 has it."""

import json
from http import HTTPStatus

from flask import Response, request

PROBLEM = "application/problem+json"
_FOR_PROGRAMS = "/api/v1/"


def for_program() -> bool:
    """Tell whether this request asks the public interface, whose refusals programs read."""
    return request.path.startswith(_FOR_PROGRAMS)


def problem(status: int, sentence: str, **more: object) -> Response:
    """Return a refusal with its sentence, and whatever else a program can use."""
    said = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
        **more,
    }
    answer = Response(json.dumps(said, ensure_ascii=False), status=status, mimetype=PROBLEM)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cache-Control"] = "no-store"
    return answer
