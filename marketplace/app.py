"""The application: its settings, its pages and its commands, put together."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, Flask
from flask.cli import AppGroup
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from marketplace import navigation, operations
from marketplace.access import guards
from marketplace.access.adapters.passwords import passwords
from marketplace.access.rules import SIGN_IN_LASTS
from marketplace.access.views import access
from marketplace.asking.views import asking
from marketplace.audit.cli import audit_cli
from marketplace.budgets.cli import budgets_cli
from marketplace.budgets.views import budgets
from marketplace.calendars.views import calendars
from marketplace.catalogue.cli import import_cli
from marketplace.catalogue.views import catalogue
from marketplace.community.views import community
from marketplace.config import ROOT, Settings
from marketplace.councils.cli import council_cli
from marketplace.councils.views import councils
from marketplace.database import db
from marketplace.feeds.cli import import_oruk, import_package, import_table
from marketplace.feeds.views import feeds
from marketplace.home.views import home
from marketplace.orders.cli import orders_cli
from marketplace.orders.views import orders
from marketplace.payments.cli import payments_cli
from marketplace.payments.views import payments
from marketplace.ratings.views import ratings
from marketplace.reports.views import reports
from marketplace.retention import retention_cli
from marketplace.search import tasks as search_tasks
from marketplace.search.api import api
from marketplace.search.cli import search_cli
from marketplace.search.views import search
from marketplace.shortlists.views import shortlists
from marketplace.talk.views import talk
from marketplace.wallet.cli import wallet_cli
from marketplace.web import (
    error_pages,
    headers,
    languages,
    observing,
    sessions,
    squeezing,
    templating,
    visits,
)

UPLOAD_BYTES_MAX = 16 * 1024 * 1024
"""More than any picture may be: who sends one straight from a phone is told so beside the field."""

BLUEPRINTS: Sequence[Blueprint] = (
    budgets,
    calendars,
    catalogue,
    access,
    home,
    councils,
    community,
    feeds,
    orders,
    payments,
    ratings,
    reports,
    search,
    shortlists,
    talk,
    asking,
)

COMMANDS: Sequence[AppGroup] = (
    wallet_cli,
    budgets_cli,
    audit_cli,
    council_cli,
    import_cli,
    orders_cli,
    payments_cli,
    search_cli,
    retention_cli,
)


# Its addresses belong to the room, but it is no page: its views know nothing of those of pages.
search.register_blueprint(api)

SIGNED_BY_THE_SENDER = ("marketplace.payments.views.webhooks.stripe_webhook",)
"""What other companies send us: their own signature says that it is they."""


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application from its settings."""
    settings = settings or Settings.from_environment()
    settings.check()
    app = Flask(
        "marketplace",
        root_path=str(ROOT / "marketplace"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    secure = settings.base_url.startswith("https://")
    app.config |= {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": SIGN_IN_LASTS,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(hours=1),
        "MAX_CONTENT_LENGTH": UPLOAD_BYTES_MAX,
        # A form stays good as long as its sign-in: an hour at the kitchen table loses nothing.
        "WTF_CSRF_TIME_LIMIT": None,
    }
    if settings.trusted_proxies:
        proxies = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    settings.var.mkdir(parents=True, exist_ok=True)
    db.connect(settings.database)
    passwords.use(cheap=settings.cheap_passwords)
    for part in (
        squeezing,
        visits,
        observing,
        sessions,
        headers,
        templating,
        languages,
        error_pages,
        CSRF,
        guards,
        navigation,
        operations,
    ):
        part.register(app)
    search_tasks.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in (import_oruk, import_package, import_table):
        import_cli.add_command(command)
    for group in COMMANDS:
        app.cli.add_command(group)
    return app


class CSRF:
    """Refuses a form that did not come from one of our own pages."""

    @staticmethod
    def register(app: Flask) -> None:
        """Check every unsafe request to the application."""
        protect = CSRFProtect(app)
        for view in SIGNED_BY_THE_SENDER:
            protect.exempt(view)
