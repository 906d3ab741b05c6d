"""The settings: one frozen value, read from the environment once.

With nothing set the embedded demo starts. In production a missing or unsafe value stops the start
and names the variable.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

SECRET_KEY_LENGTH_MIN = 32
_TILES = re.compile(
    r"https://[A-Za-z0-9.:-]+/(?=[^\s;,'\"]*\{z\})(?=[^\s;,'\"]*\{x\})(?=[^\s;,'\"]*\{y\})[^\s;,'\"]*"
)
ROOT = Path(__file__).parent.parent


class SettingsError(Exception):
    """A setting is missing or unsafe. The message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between one installation and another."""

    environment: str = "demo"
    """``demo`` or ``production``."""
    secret_key: str = field(default="only-for-the-demo-on-this-machine", repr=False)
    """Signs cookies and links. At least 32 characters in production."""
    var: Path = ROOT / "var"
    """Where the embedded database, the index, uploads and unsent mail are kept."""
    database_url: str = field(default="", repr=False)
    """SQLAlchemy address; empty means SQLite under ``var``."""
    search: str = "whoosh"
    """``whoosh`` (embedded), ``postgres``, or ``tantivy`` (optional: one machine, much to find)."""
    search_replica_url: str = field(default="", repr=False)
    """Another PostgreSQL server that follows the first one and answers searches; empty: none."""
    separate_worker: bool = False
    """True if ``flask worker`` runs beside the web processes and alone writes the index."""
    base_url: str = "http://127.0.0.1:5000"
    """How links in letters begin."""
    smtp_url: str = field(default="", repr=False)
    """``smtp://user:password@host:port``; empty writes letters into ``var/mail``."""
    mail_from: str = "Care and support market <no-reply@market.example>"
    market_name: str = "Threadwell"
    """The name of the whole market, shown where no council's portal is open."""
    cheap_passwords: bool = False
    """True only in tests: a password hash that costs next to nothing."""
    map_tiles: str = ""
    """``https://tiles.example/{z}/{x}/{y}.png``; empty means that maps are drawn without tiles."""
    map_credit: str = ""
    """Whose map that is, as its licence asks to be named."""
    api_calls_a_minute: int = 120
    """How often one network address may ask the public interface in a minute; 0 for no limit."""
    trusted_proxies: int = 0
    """How many reverse proxies in front add X-Forwarded-For."""
    stripe_key: str = field(default="", repr=False)
    """The secret key for payments by card; empty means that money comes by bank transfer alone."""
    stripe_webhook_secret: str = field(default="", repr=False)
    """With it Stripe signs what it tells us."""
    stripe_base: str = ""
    """Another address of Stripe's, for trying things out; empty means the real one."""

    @property
    def in_production(self) -> bool:
        """Tell whether this is the real thing."""
        return self.environment == "production"

    @property
    def takes_cards(self) -> bool:
        """Tell whether money can be paid in by card."""
        return bool(self.stripe_key)

    @property
    def stripe_is_real(self) -> bool:
        """Tell whether the key for cards moves real money."""
        return self.stripe_key.startswith(("sk_live_", "rk_live_"))

    @property
    def database(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{self.var / 'market.sqlite3'}"

    @property
    def map_host(self) -> str:
        """Where tiles come from, as a content policy names it; empty without tiles."""
        parts = urlsplit(self.map_tiles)
        return f"{parts.scheme}://{parts.netloc}" if self.map_tiles else ""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read the settings, and refuse an unsafe production.

        Raises:
            SettingsError: a variable is missing or unsafe; the message names it.
        """
        given = {name: environ.get(f"MARKETPLACE_{name.upper()}", "") for name in _TEXTS}
        settings = cls(
            **{name: value for name, value in given.items() if value},  # type: ignore[arg-type]
            environment=environ.get("MARKETPLACE_ENV", "demo"),
            var=Path(environ.get("MARKETPLACE_VAR") or ROOT / "var").resolve(),
            database_url=environ.get("DATABASE_URL", ""),
            separate_worker=environ.get("MARKETPLACE_SEPARATE_WORKER", "") == "yes",
            api_calls_a_minute=_count("MARKETPLACE_API_CALLS_A_MINUTE", environ, unless_said="120"),
            trusted_proxies=_count("MARKETPLACE_TRUSTED_PROXIES", environ),
        )
        settings.check()
        return settings

    def check(self) -> None:
        """Refuse values that cannot work, and in production those that are unsafe.

        Raises:
            SettingsError: names the variable.
        """
        if self.environment not in {"demo", "production"}:
            raise SettingsError("MARKETPLACE_ENV must be demo or production.")
        if self.search not in {"whoosh", "postgres", "tantivy"}:
            raise SettingsError("MARKETPLACE_SEARCH must be whoosh, postgres or tantivy.")
        if self.search == "tantivy" and not all(map(find_spec, ("tantivy", "numpy"))):
            raise SettingsError(
                "MARKETPLACE_SEARCH=tantivy needs optional packages: "
                "pip install 'marketplace[tantivy]'."
            )
        if self.search == "postgres" and not self.database.startswith("postgresql"):
            raise SettingsError("MARKETPLACE_SEARCH=postgres needs a PostgreSQL DATABASE_URL.")
        if self.search_replica_url and (
            self.search != "postgres" or not self.search_replica_url.startswith("postgresql")
        ):
            raise SettingsError(
                "MARKETPLACE_SEARCH_REPLICA_URL must be a PostgreSQL address, and needs "
                "MARKETPLACE_SEARCH=postgres."
            )
        if self.map_tiles and not _TILES.fullmatch(self.map_tiles):
            raise SettingsError(
                "MARKETPLACE_MAP_TILES must be an https address with {z}, {x} and {y} in it."
            )
        self._check_stripe()
        if self.in_production:
            self._check_production()

    def _check_stripe(self) -> None:
        if bool(self.stripe_key) != bool(self.stripe_webhook_secret):
            raise SettingsError(
                "MARKETPLACE_STRIPE_KEY and MARKETPLACE_STRIPE_WEBHOOK_SECRET belong together: "
                "set both, or neither."
            )
        if self.stripe_key and not self.stripe_key.startswith(("sk_", "rk_")):
            raise SettingsError("MARKETPLACE_STRIPE_KEY must be a secret key, sk_… or rk_….")
        if self.stripe_is_real and not self.in_production:
            raise SettingsError("MARKETPLACE_STRIPE_KEY moves real money; a demo needs sk_test_….")

    def _check_production(self) -> None:
        demo = Settings()
        if self.secret_key == demo.secret_key or len(self.secret_key) < SECRET_KEY_LENGTH_MIN:
            raise SettingsError(
                "MARKETPLACE_SECRET_KEY must be set, to at least 32 random characters."
            )
        if not self.database_url:
            raise SettingsError("DATABASE_URL must be set.")
        if not self.base_url.startswith("https://"):
            raise SettingsError("MARKETPLACE_BASE_URL must be set, and begin with https://.")
        if not self.smtp_url:
            raise SettingsError("MARKETPLACE_SMTP_URL must be set.")
        if self.stripe_key and not self.stripe_is_real:
            raise SettingsError("MARKETPLACE_STRIPE_KEY is for tests; it must be sk_live_….")
        if self.stripe_base:
            raise SettingsError("MARKETPLACE_STRIPE_BASE must not be set in production.")


_TEXTS = (
    "secret_key",
    "search",
    "search_replica_url",
    "base_url",
    "smtp_url",
    "mail_from",
    "market_name",
    "map_tiles",
    "map_credit",
    "stripe_key",
    "stripe_webhook_secret",
    "stripe_base",
)


def _count(name: str, environ: Mapping[str, str], *, unless_said: str = "0") -> int:
    typed = environ.get(name, unless_said)
    if not (typed.isascii() and typed.isdigit()):
        raise SettingsError(f"{name} must be a whole number.")
    return int(typed)
