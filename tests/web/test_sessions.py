"""Sessions and the tokens of forms: signed faster than the library does, and no less."""

from collections.abc import Iterator

import pytest
from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from flask_wtf.csrf import validate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer
from wtforms import ValidationError

from marketplace.web.sessions import Sessions, csrf_token

KEPT = {"portal": "green-valley", "_fresh": True}


def _own(app: Flask) -> URLSafeTimedSerializer:
    """Return what Flask itself would sign and read with."""
    signs = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signs is not None
    return signs


def _ours(app: Flask) -> URLSafeTimedSerializer:
    signs = Sessions().get_signing_serializer(app)
    assert signs is not None
    return signs


@pytest.fixture
def renewed(base_app: Flask) -> Iterator[Flask]:
    """An application whose secret was changed: the one before is still good for reading."""
    before = base_app.config["SECRET_KEY"]
    base_app.config |= {"SECRET_KEY": "a new secret", "SECRET_KEY_FALLBACKS": [before]}
    yield base_app
    base_app.config |= {"SECRET_KEY": before, "SECRET_KEY_FALLBACKS": None}


class TestCookie:
    def test_is_what_flask_itself_reads(self, base_app: Flask) -> None:
        assert _own(base_app).loads(str(_ours(base_app).dumps(KEPT))) == KEPT

    def test_may_be_what_flask_itself_wrote(self, base_app: Flask) -> None:
        assert _ours(base_app).loads(str(_own(base_app).dumps(KEPT))) == KEPT

    def test_is_not_read_once_a_letter_of_it_is_another(self, base_app: Flask) -> None:
        signed = str(_ours(base_app).dumps(KEPT))
        changed = ("X" if signed[0] != "X" else "Y") + signed[1:]

        with pytest.raises(BadSignature):
            _ours(base_app).loads(changed)

    def test_is_not_read_if_it_is_older_than_a_sign_in_lasts(self, base_app: Flask) -> None:
        signed = str(_ours(base_app).dumps(KEPT))

        with pytest.raises(BadSignature):
            _ours(base_app).loads(signed, max_age=-1)

    def test_is_read_with_the_secret_before_and_signed_with_the_new_one(
        self, renewed: Flask
    ) -> None:
        before = Flask("before")
        before.secret_key = renewed.config["SECRET_KEY_FALLBACKS"][0]
        signed_before = str(_own(before).dumps(KEPT))

        assert _ours(renewed).loads(signed_before) == KEPT
        with pytest.raises(BadSignature):
            _own(before).loads(str(_ours(renewed).dumps(KEPT)))

    def test_is_not_read_if_it_was_signed_for_something_else(self, base_app: Flask) -> None:
        signed = str(_ours(base_app).dumps(KEPT, salt="something else"))

        with pytest.raises(BadSignature):
            _ours(base_app).loads(signed)
        assert _ours(base_app).loads(signed, salt="something else") == KEPT


class TestToken:
    def test_of_a_page_is_good_for_its_form(self, base_app: Flask) -> None:
        with base_app.test_request_context():
            session["csrf_token"] = "0" * 40

            validate_csrf(csrf_token())

    def test_of_somebody_else_is_not(self, base_app: Flask) -> None:
        with base_app.test_request_context():
            session["csrf_token"] = "0" * 40
            theirs = csrf_token()
        with base_app.test_request_context():
            session["csrf_token"] = "1" * 40

            with pytest.raises(ValidationError):
                validate_csrf(theirs)


class TestLinks:
    def test_stay_below_the_path_under_which_the_market_stands(self, client: FlaskClient) -> None:
        alone = client.get("/privacy").text
        below = client.get("/privacy", base_url="http://localhost/market").text

        assert 'href="/accessibility"' in alone
        assert 'href="/market/accessibility"' in below
        assert 'href="/accessibility"' not in below
        assert 'href="/accessibility"' in client.get("/privacy").text
