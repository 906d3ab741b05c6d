"""Cookies, and the addresses that have none: what is the same for everybody needs no session."""

import hmac
from functools import cache

from flask import Flask, Request, Response, current_app, g, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import generate_csrf
from itsdangerous import Serializer, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode, want_bytes
from itsdangerous.signer import Signer, SigningAlgorithm

from marketplace.web.headers import vary

_WITHOUT = ("/api/v1/", "/oruk/")


_CSRF, _CSRF_SALT = "csrf_token", "wtf-csrf-token"
"""What Flask-WTF calls them, who looks at the tokens that come back."""


class _Sha1(SigningAlgorithm):
    """Signs as the library would by itself, but in one step."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """Return the signature of a value."""
        return hmac.digest(key, value, "sha1")


class _Signer(TimestampSigner):
    """Signs with keys that are derived from their secrets once, not at every page."""

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """Return the key for a secret, the newest if none is named."""
        secret = self.secret_keys[-1] if secret_key is None else want_bytes(secret_key)
        derived: dict[bytes, bytes] = self.__dict__.setdefault("derived", {})
        if secret not in derived:
            derived[secret] = super().derive_key(secret)
        return derived[secret]


class _Serializer(URLSafeTimedSerializer):
    """Signs with one signer, made once."""

    default_signer = _Signer

    def make_signer(self, salt: str | bytes | None = None) -> Signer:
        """Return the signer."""
        # Whoever reads what was signed names the salt, be it the one that it has.
        if salt is not None and salt != self.salt:
            return super().make_signer(salt)
        made: Signer | None = self.__dict__.get("made")
        if made is None:
            made = self.__dict__["made"] = super().make_signer()
        return made


class _OfForms(_Serializer):
    """Signs what is forty letters long, and does not try whether it can be made shorter."""

    def dump_payload(self, obj: object) -> bytes:
        """Return what is signed, as it is when nothing is gained by squeezing it."""
        return base64_encode(Serializer.dump_payload(self, obj))


class Sessions(SecureCookieSessionInterface):
    """Keeps sessions in a signed cookie, but reads and sets none where answers are for all."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the visitor's session, or none."""
        if request.path.startswith(_WITHOUT):
            return None
        return super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs the cookie and reads it."""
        if not app.secret_key:
            return None
        return _of_sessions((*(app.config["SECRET_KEY_FALLBACKS"] or ()), app.secret_key))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie, if there is something to keep that the browser does not have.

        Never with an answer that caches on the way may keep for everybody: the next one who asks
        would be given somebody's sign-in.
        """
        for_all = bool(response.cache_control.public)
        if for_all or (session and not self.should_set_cookie(app, session)):
            if session.accessed:
                vary(response, "Cookie")
            return
        super().save_session(app, session, response)


def csrf_token() -> str:
    """Return the token for this page's forms, the one that Flask-WTF would make."""
    made: str | None = g.get(_CSRF)
    if made is not None:
        return made
    if _CSRF not in session or current_app.secret_key is None:
        first: str = generate_csrf()
        return first
    token = str(_of_forms(current_app.secret_key).dumps(session[_CSRF]))
    g.csrf_token = token
    return token


@cache
def _of_sessions(secrets: tuple[str | bytes, ...]) -> URLSafeTimedSerializer:
    own = SecureCookieSessionInterface
    return _Serializer(
        [want_bytes(secret) for secret in secrets],
        salt=own.salt,
        serializer=own.serializer,
        signer_kwargs={
            "key_derivation": own.key_derivation,
            "digest_method": own.digest_method,
            "algorithm": _Sha1(),
        },
    )


@cache
def _of_forms(secret: str | bytes) -> URLSafeTimedSerializer:
    return _OfForms(secret, salt=_CSRF_SALT, signer_kwargs={"algorithm": _Sha1()})


def register(app: Flask) -> None:
    """Keep the application's sessions."""
    app.session_interface = Sessions()
