"""A real web server with feeds that are good, slow, endless, broken or hostile."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Answer = Callable[[BaseHTTPRequestHandler, Mapping[str, str]], None]
PIECE = b"x" * 65536


class FeedServer:
    """Answers each path as a test says, and notes what was asked."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.paths: dict[str, Answer] = {}
        self.asked: list[str] = []

    def says(self, path: str, body: object, *, headers: Mapping[str, str] | None = None) -> None:
        """Answer a path with JSON, or with bytes as they are."""

        def answer(handler: BaseHTTPRequestHandler, _query: Mapping[str, str]) -> None:
            send(handler, body, headers=headers)

        self.paths[path] = answer

    def pages(self, path: str, services: list[object], *, size: int = 100) -> None:
        """Answer a path with the pages of a list of services."""
        count = max(1, -(-len(services) // size))

        def answer(handler: BaseHTTPRequestHandler, query: Mapping[str, str]) -> None:
            number = int(query.get("page", "1"))
            some = services[(number - 1) * size : number * size]
            send(
                handler,
                {"contents": some, "total_items": len(services), "total_pages": count},
            )

        self.paths[path] = answer


def send(
    handler: BaseHTTPRequestHandler, body: object, *, headers: Mapping[str, str] | None = None
) -> None:
    """Send one answer."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    handler.send_response(200)
    for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(content)


def leads_to(address: str) -> Answer:
    """Lead on to another address."""

    def answer(handler: BaseHTTPRequestHandler, _query: Mapping[str, str]) -> None:
        handler.send_response(302)
        handler.send_header("Location", address)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def endless(handler: BaseHTTPRequestHandler, _query: Mapping[str, str]) -> None:
    """Send more than anybody wants, without saying how much."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(5000):
        handler.wfile.write(PIECE)


def dripping(handler: BaseHTTPRequestHandler, _query: Mapping[str, str]) -> None:
    """Send a byte at a time, for ever."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


@contextmanager
def feed_server() -> Iterator[FeedServer]:
    """Run a server for the length of a block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            server.asked.append(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            answer = server.paths.get(parts.path)
            try:
                if answer is None:
                    self.send_error(404)
                else:
                    answer(self, query)
            except OSError:
                pass  # whoever asked has had enough

        def log_message(self, *_: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    server = FeedServer(listening.server_port)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
