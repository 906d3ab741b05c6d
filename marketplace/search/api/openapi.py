"""The document of the public interface, made of the declarations that read what is asked."""

from marketplace.search.api import schemas
from marketplace.search.api.operations import (
    OPERATIONS,
    Operation,
    Record,
    kept_choices,
    operation,
)
from marketplace.search.rules.parameters import Parameter, Values
from marketplace.web.problems import PROBLEM
from marketplace.web.site import settings, whole_address

OPENAPI = "3.1.0"
VERSION = "1.0.0"
_LICENCE = {
    "name": "Open Government Licence v3.0",
    "url": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}


@operation(
    "/openapi.json",
    summary="This document.",
    answer={"type": "object", "required": ["openapi", "info", "paths"]},
)
def openapi(_asked: Values) -> Record:
    """Describe the interface."""
    return {
        "openapi": OPENAPI,
        "info": {
            "title": f"{settings().market_name}: public interface",
            "version": VERSION,
            "description": (
                "What anybody can see here, for programs. No key is needed. Prices are those that "
                "anybody pays. An answer may be kept for a minute; ask again with If-None-Match."
            ),
            "license": _LICENCE,
        },
        "servers": [{"url": whole_address("/api/v1")}],
        "paths": {each.path: {"get": _described(each)} for each in OPERATIONS},
        "components": {"schemas": dict(schemas.SHARED)},
    }


def _described(declared: Operation) -> Record:
    named = [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name, schema in declared.named_in_path.items()
    ]
    asked = [_parameter(each) for each in kept_choices(declared.parameters)]
    return {
        "operationId": declared.name,
        "summary": declared.summary,
        "parameters": [*named, *asked],
        "responses": _responses(declared),
    }


def _parameter(declared: Parameter) -> Record:
    return {
        "name": declared.name,
        "in": "query",
        "description": declared.about,
        "required": False,
        "schema": declared.schema,
        **({"style": "form", "explode": True} if declared.many else {}),
        **({"example": declared.example} if declared.example is not None else {}),
    }


def _responses(declared: Operation) -> Record:
    refusals = {
        "304": "You have it already.",
        "400": "A parameter is unknown, or cannot be read. The sentence names it.",
        "429": "You ask too often.",
    }
    if declared.named_in_path:
        refusals["404"] = "There is none, or it is not shown."
    if declared.may_rest:
        refusals["503"] = "Search is coming back. Retry-After says when."
    return {
        "200": {
            "description": declared.summary,
            "headers": {"ETag": {"schema": {"type": "string"}}},
            "content": {"application/json": {"schema": declared.answer}},
        },
        **{status: _refusal(status, said) for status, said in sorted(refusals.items())},
    }


def _refusal(status: str, said: str) -> Record:
    if status == "304":
        return {"description": said}
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": said, "content": {PROBLEM: problem}}
