"""Cookies, and the addresses that have none: what is the same for everybody needs no session."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

_WITHOUT = ("/api/v1/", "/oruk/")


class Sessions(SecureCookieSessionInterface):
    """Keeps sessions in a signed cookie, but reads and sets none where answers are for all."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the visitor's session, or none."""
        if request.path.startswith(_WITHOUT):
            return None
        return super().open_session(app, request)


def register(app: Flask) -> None:
    """Keep the application's sessions."""
    app.session_interface = Sessions()
