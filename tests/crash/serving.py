"""The website as it runs in production, started and killed by a test."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 120


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        number: int = found.getsockname()[1]
        return number


@dataclass
class Website:
    """Two web processes, and a worker beside them unless told otherwise, in one process group."""

    var: Path
    database_url: str
    secret_key: str
    search: str
    with_worker: bool = True
    port: int = field(default_factory=free_port)
    _master: subprocess.Popen[bytes] | None = None
    _worker: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start everything and return when pages are answered."""
        gunicorn = ["-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}", "--workers", "2"]
        flask = ["-m", "flask", "--app", "wsgi"]
        self._master = self._run([*gunicorn, "--log-level", "warning", "wsgi:app"], group=0)
        if self.with_worker:
            self._worker = self._run([*flask, "worker"], group=self._master.pid)
        give_up_at = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            assert self._master.poll() is None, f"the website stopped:\n{self.log}"
            assert time.monotonic() < give_up_at, f"the website does not answer:\n{self.log}"
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill every process at once, as the machine's memory guard or a power cut would."""
        if self._master is None:
            return
        os.killpg(self._master.pid, signal.SIGKILL)
        self._master.wait()
        if self._worker is not None:
            self._worker.wait()
        self._master = self._worker = None

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What the processes had to say."""
        return (self.var / "website.log").read_text(encoding="utf-8", errors="replace")

    def _run(self, words: list[str], *, group: int) -> subprocess.Popen[bytes]:
        settings = {
            "MARKETPLACE_VAR": str(self.var),
            "MARKETPLACE_SECRET_KEY": self.secret_key,
            "MARKETPLACE_SEARCH": self.search,
            "MARKETPLACE_BASE_URL": self.address,
            "MARKETPLACE_SEPARATE_WORKER": "yes" if self.with_worker else "",
            "DATABASE_URL": self.database_url,
        }
        with (self.var / "website.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *words],
                cwd=ROOT,
                env=os.environ | settings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=group,
            )

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()
