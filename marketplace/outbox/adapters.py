"""How letters leave: by SMTP, or into a folder where nobody runs a mail server."""

import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20


class Post(Protocol):
    """Takes a letter away."""

    def send(self, message: EmailMessage) -> None:
        """Send one letter, or raise OSError or SMTPException."""


class Folder:
    """Writes letters into files, for the demo and for tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write one letter into the folder; the same letter again is the same file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = str(message["X-Letter"]).replace("/", "-")
        (self._folder / f"{name}.eml").write_bytes(bytes(message))


class Smtp:
    """Hands letters to a mail server: ``smtp://`` (STARTTLS where offered) or ``smtps://``."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def send(self, message: EmailMessage) -> None:
        """Send one letter."""
        with self._connect() as server:
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
            server.send_message(message)

    def _connect(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "localhost", self._url.port or 0
        context = ssl.create_default_context()
        if self._url.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
        return server


def post_for(smtp_url: str, folder: Path) -> Post:
    """Return how letters leave this installation."""
    return Smtp(smtp_url) if smtp_url else Folder(folder)
