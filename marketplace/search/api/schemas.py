"""What the answers of the public interface look like, as JSON Schema."""

from collections.abc import Mapping

from marketplace.search.forms import LEGENDS
from marketplace.search.rules import EntryKind

Schema = dict[str, object]


def _object(
    about: str, properties: Mapping[str, Schema], *, optional: tuple[str, ...] = ()
) -> Schema:
    return {
        "type": "object",
        "description": about,
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _words(about: str = "") -> Schema:
    return {"type": "string", **({"description": about} if about else {})}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _number(about: str, least: int = 0) -> Schema:
    return {"type": "integer", "minimum": least, "description": about}


_ID: Schema = {"type": "string", "format": "uuid"}
_URL: Schema = {"type": "string", "format": "uri"}
_DAY: Schema = {"type": "string", "format": "date"}
_YES_NO: Schema = {"type": "boolean"}
_LINKS = _object("Where to read on.", {"self": _URL, "page": _URL})

_AGES = _object(
    "For which ages it is.",
    {
        "from": _maybe(_number("The youngest age; null is no limit.")),
        "to": _maybe(_number("The oldest age; null is no limit.")),
        "words": _words("The same as people read it: 18 and over."),
    },
)
_PRICE = _object(
    "What anybody pays. Prices that a council has agreed for people it funds are never here.",
    {
        "pence": _number("Whole pence."),
        "unit": _maybe(_words("What it is for: hour, night, session, day, week, item …")),
        "words": _words("The same as people read it: £12.50 an hour."),
    },
)
_RATING = _object(
    "What people say who had this support.",
    {
        "mean": {"type": "number", "minimum": 1, "maximum": 5},
        "count": _number("How many people rated it.", 1),
    },
)
_RESULT = _object(
    "One thing that was found.",
    {
        "kind": {"type": "string", "enum": [kind.value for kind in EntryKind]},
        "id": _ID,
        "number": _number("Its place in the whole list.", 1),
        "name": _words(),
        "by": _maybe(_words("The provider or group.")),
        "summary": _words(),
        "category": _maybe(_words("The slug of its category.")),
        "district": _maybe(_words("The first half of the postcode.")),
        "distance_miles": _maybe(
            {
                "type": "number",
                "minimum": 0,
                "description": "From where you asked. A store counts as in the middle of its "
                "district: it may be somebody’s home.",
            }
        ),
        "price": _maybe(_ref("Price")),
        "rating": _maybe(_ref("Rating")),
        "checked": _YES_NO,
        "has_space": _maybe(_YES_NO),
        "links": _ref("Links"),
    },
)
_COUNTS: Schema = {
    "type": "object",
    "description": "For each filter, how much each value would leave, with the other filters kept.",
    "properties": {
        facet.value: {
            "type": "object",
            "additionalProperties": {"type": "integer", "minimum": 0},
        }
        for facet in LEGENDS
    },
    "required": [facet.value for facet in LEGENDS],
    "additionalProperties": False,
}

SEARCH = _object(
    "One page of what was found.",
    {
        "results": _list(_ref("Result")),
        "total": _number("How much was found in all."),
        "page": _number("Which page this is.", 1),
        "per_page": _number("How many results a page has at most.", 1),
        "pages": _number("How many pages there are.", 1),
        "place": _maybe(_words("The place that was understood.")),
        "counts": _ref("Counts"),
        "did_you_mean": _maybe(_words("What may have been meant.")),
        "ignored": _list(_words()),
        "widened": {
            "type": "boolean",
            "description": "Nothing had all of the words, so these have some, or are nearest.",
        },
        "links": _object(
            "This page and the ones beside it.",
            {"self": _URL, "page": _URL, "next": _maybe(_URL), "previous": _maybe(_URL)},
        ),
    },
)
SUGGEST = _object(
    "Ways to go on with the words typed so far.",
    {
        "suggestions": _list(
            _object("One of them.", {"text": _words(), "count": _number("What it finds now.")})
        )
    },
)
CATEGORIES = _object(
    "What people look for.",
    {
        "categories": _list(
            _object("One category.", {"slug": _words(), "name": _words(), "welsh": _words()})
        )
    },
)
OFFER = _object(
    "Something a provider sells.",
    {
        "id": _ID,
        "title": _words(),
        "provider": _object("Who sells it.", {"name": _words(), "links": _ref("Links")}),
        "category": _words(),
        "summary": _words(),
        "about": _words(),
        "included": _list(_words()),
        "menu": _list(_words("One thing people can choose.")),
        "must_choose": _YES_NO,
        "on_sale_until": _maybe(_DAY),
        "price": _ref("Price"),
        "evening_price": _maybe(_ref("Price")),
        "weekend_price": _maybe(_ref("Price")),
        "bank_holiday_price": _maybe(_ref("Price")),
        "notice_hours": _number("So many hours before, cancelling costs nothing."),
        "late_cancel_percent": _number("The share that cancelling later costs."),
        "terms": _words(),
        "days": _list(_words()),
        "times": _list(_words()),
        "ages": _maybe(_ref("Ages")),
        "has_space": _YES_NO,
        "checked": _YES_NO,
        "rating": _maybe(_ref("Rating")),
        "last_confirmed": _DAY,
        "links": _ref("Links"),
    },
)
STORE = _object(
    "A provider’s store.",
    {
        "slug": _words(),
        "name": _words(),
        "kind": _words("One person, charity, company, council …"),
        "about": _words(),
        "district": _maybe(_words("The first half of the postcode.")),
        "travels_miles": _maybe({"type": "number", "minimum": 0}),
        "categories": _list(_words()),
        "for_whom": _list(_words()),
        "ages": _maybe(_ref("Ages")),
        "access": _list(_words()),
        "languages": _list(_words()),
        "telephone": _maybe(_words()),
        "website": _maybe(_words()),
        "cqc_id": _maybe(_words("The number at the Care Quality Commission.")),
        "checked": _YES_NO,
        "from_register": {
            "type": "boolean",
            "description": "Nobody looks after it here yet: it comes from a register.",
        },
        "source": _maybe(_words("Where it comes from, and under which licence.")),
        "checks": _list(
            _object(
                "Something that councils have seen.",
                {"what": _words(), "until": _maybe(_DAY), "checked_by": _list(_words())},
            )
        ),
        "rating": _maybe(_ref("Rating")),
        "offers": _list(
            _object(
                "Something on sale here.",
                {"id": _ID, "title": _words(), "price": _ref("Price"), "links": _ref("Links")},
            )
        ),
        "last_confirmed": _DAY,
        "links": _ref("Links"),
    },
)
_TIME: Schema = {"type": "string", "format": "date-time"}
ACTIVITY = _object(
    "Something that a group runs.",
    {
        "id": _ID,
        "kind": _words("Activity, event, advice, volunteering or time bank."),
        "title": _words(),
        "about": _words(),
        "category": _words(),
        "group": _object("Who runs it.", {"name": _words(), "links": _ref("Links")}),
        "venue": _maybe(_words()),
        "postcode": _maybe(_words()),
        "online": _maybe(_words()),
        "cost": _maybe(_ref("Price")),
        "cost_words": _words(),
        "timetable": _maybe(_words("When it takes place, in words.")),
        "on": _maybe(_DAY),
        "starts": _maybe(_words("Local time, as 14:30.")),
        "minutes": _maybe(_number("How long it takes.", 1)),
        "next_times": _list(
            _object(
                "One of the next times.",
                {"at": _TIME, "cancelled": _YES_NO, "words": _words()},
            )
        ),
        "for_whom": _list(_words()),
        "ages": _maybe(_ref("Ages")),
        "access": _list(_words()),
        "languages": _list(_words()),
        "contact": _maybe(_words()),
        "checked_by": _maybe(_words()),
        "source": _maybe(_words("Where it comes from, and under which licence.")),
        "last_confirmed": _DAY,
        "links": _ref("Links"),
    },
)
GROUP = _object(
    "A group that runs things.",
    {
        "slug": _words(),
        "name": _words(),
        "about": _words(),
        "postcode": _maybe(_words()),
        "email": _maybe(_words()),
        "telephone": _maybe(_words()),
        "website": _maybe(_words()),
        "checked_by": _maybe(_words()),
        "source": _maybe(_words("Where it comes from, and under which licence.")),
        "activities": _list(
            _object(
                "Something it runs.",
                {
                    "id": _ID,
                    "title": _words(),
                    "cost": _maybe(_ref("Price")),
                    "links": _ref("Links"),
                },
            )
        ),
        "links": _ref("Links"),
    },
)
PROBLEM = _object(
    "Why there is no answer (RFC 9457).",
    {
        "type": _words(),
        "title": _words(),
        "status": {"type": "integer"},
        "detail": _words("What is wrong, and what to do."),
        "parameter": _words("The parameter that is wrong."),
    },
    optional=("parameter",),
)
SHARED: Mapping[str, Schema] = {
    "Result": _RESULT,
    "Price": _PRICE,
    "Ages": _AGES,
    "Rating": _RATING,
    "Counts": _COUNTS,
    "Links": _LINKS,
    "Problem": PROBLEM,
}
