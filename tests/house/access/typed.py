"""What is typed into the forms that are sent, so that each command is reached and must refuse.

``{name}`` is an id of the side on which the thing is (``Side.typed``). A form not named here is
sent with nothing but its token, as a button is.
"""

from tests.house.access.side import Values

_OFFER: Values = {
    "title": "Walking together",
    "category": "company",
    "summary": "An hour outside.",
    "unit": "hour",
    "price": "15",
    "notice_hours": "24",
    "late_cancel_percent": "50",
}
_STORE: Values = {
    "name": "Amber Lane Help",
    "kind": "one_person",
    "about": "Help that fits.",
    "postcode": "LS6 2AB",
    "reach_miles": "5",
}
_CHANGED: Values = {"on_day": "2 3 2031", "at_time": "2pm", "words": "Could it be then?"}

TYPED: dict[str, Values] = {
    "access.choose_rule": {"yeses": "1"},
    "access.confirm": {},
    "access.email": {"email": "new@mail.example", "current": "wrong wrong wrong"},
    "access.hats": {"role": "person", "hat_id": "{me}"},
    "access.invite": {"email": "new@mail.example", "basis": "helper", "scopes": "see"},
    "access.name": {"name": "Alder Newname"},
    "access.password": {"current": "wrong wrong wrong", "password": "four words are here"},
    "access.sign_in": {"email": "nobody@mail.example", "password": "wrong wrong wrong"},
    "access.supporter": {"scopes": "manage_circle"},
    "budgets.add_outcome": {"sentence": "I swim on Sundays."},
    "budgets.add_person": {"name": "Cedar Holloway", "email": "cedar@mail.example"},
    "budgets.choose_council_view": {"shows": "lines"},
    "budgets.open_line": {
        "funder": "adult_social_care",
        "yearly": "1300",
        "starts_on": "2 3 2026",
        "holder": "direct_payment",
        "outcomes": "I swim on Sundays.",
    },
    "budgets.set_limit": {
        "window": "order",
        "amount": "30",
        "kind": "refuse",
        "reason": "Start small.",
    },
    "catalogue.add_offer": _OFFER,
    "catalogue.agree_price": {"price": "9", "starts_on": "2 3 2031"},
    "catalogue.bank": {
        "account_name": "Amber Lane",
        "sort_code": "01-02-03",
        "account_number": "12345678",
    },
    "catalogue.change_offer": _OFFER,
    "catalogue.change_store": _STORE,
    "catalogue.claim": {"words": "It is mine."},
    "catalogue.decide_claim": {"answer": "yes"},
    "catalogue.evidence": {"kind": "dbs", "note": "Seen at home."},
    "catalogue.moderate_provider": {"state": "checked"},
    "catalogue.workers": {"name": "Wren Ashby"},
    "councils.answer_correction": {"answer": "It is put right."},
    "councils.edit": {"name": "Ashdale Council"},
    "councils.end_staff": {"user_id": "{moderator}", "role": "moderator"},
    "councils.staff": {"email": "person1@mail.example", "role": "moderator"},
    "home.close_now": {"password": "wrong wrong wrong"},
    "home.put_right": {"council": "{council}", "what": "It is wrong."},
    "orders.add_to_basket": {"offer_id": "{offer}", "outcome_id": "{outcome}"},
    "orders.cancel": {"agreed_pence": "0"},
    "orders.cancel_visit": {"agreed_pence": "0"},
    "orders.change_line": {"quantity": "2", "visits": "1", "outcome_id": "{outcome}"},
    "orders.call_off": {"words": "I am ill."},
    "orders.confirm": {"visits": "{noted_visit}"},
    "orders.credit": {"amount": "1", "reason": "A mistake."},
    "orders.decide_family": {"answer": "yes", "reason": "It suits them."},
    "orders.declare": {"fee_per": "nothing", "sells": "no", "family": "no"},
    "orders.decline": {"words": "No time."},
    "orders.family": {"who": "My sister", "store": "Amber Lane Help"},
    "orders.note": {"note_kind": "full"},
    "orders.propose": _CHANGED,
    "orders.wrong": {"words": "Nobody came."},
    "payments.bank_account": {
        "account_name": "Ashdale",
        "sort_code": "01-02-03",
        "account_number": "12345678",
    },
    "payments.bank_line": {"typed": "{reference}"},
    "payments.family": {"shown_name": "Ada"},
    "payments.not_ours": {"reason": "Council tax"},
    "payments.statement_columns": {"day": "Wann", "amount": "Wieviel", "words": "Was"},
    "payments.top_up": {"amount": "25"},
    "payments.paid": {"paid_on": "{today}"},
    "ratings.decide": {"rule": "insults", "reason": "It insults."},
    "ratings.rate": {"on_time": "yes", "to_standard": "yes", "again": "yes", "score": "5"},
    "ratings.reply": {"words": "Thank you."},
    "ratings.report": {"rule": "insults"},
}

ASKED: dict[str, Values] = {
    "orders.add_to_basket": {"offer_id": "{offer}"},
    "search.compare": {"offer": ["{offer}", "{other_offer}", "{shared_offer}"]},
    "search.find": {"q": "singing"},
    "search.find_in": {"q": "singing"},
    "search.suggest": {"q": "sing"},
}
"""What stands behind the question mark of pages that are opened."""
