"""The worker's `/metrics`, `/healthz` and `/readyz`, served by threads of their own.

Threads, because the loop that takes the messages must neither wait for whoever asks, nor be needed for an
answer: a loop that hangs is what `/healthz` is there to tell.
"""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from threading import Thread

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from streams.errors import SlotritError
from streams.operating.life import Life
from streams.operating.metrics import Metrics

LONGEST_REQUEST_S = 5.0
"""For how many seconds whoever connects may take to ask; nobody holds a thread by saying nothing."""


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(
        self, family: socket.AddressFamily, address: tuple[object, ...], answers: "_Answers"
    ) -> None:
        self.address_family = family
        self.answers = answers
        super().__init__(address, _Handler)  # type: ignore[arg-type]  # IPv6 has two figures more

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing where whoever asked has gone."""


class _Answers:
    def __init__(self, metrics: Metrics, life: Life) -> None:
        self._metrics = metrics
        self._life = life

    def to(self, path: str) -> tuple[HTTPStatus, str, bytes]:
        """Give status, content type and body."""
        if path == "/metrics":
            return HTTPStatus.OK, CONTENT_TYPE_PLAIN_0_0_4, self._metrics.text()
        condition = self._life.condition()
        well = {"/healthz": condition.healthy, "/readyz": condition.ready}.get(path)
        if well is None:
            return HTTPStatus.NOT_FOUND, "text/plain", b"there are /metrics, /healthz and /readyz\n"
        status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
        return status, "application/json", json.dumps(asdict(condition)).encode() + b"\n"


class _Handler(BaseHTTPRequestHandler):
    timeout = LONGEST_REQUEST_S
    server: _Server

    def do_GET(self) -> None:
        """Answer."""
        status, kind, body = self.server.answers.to(self.path.split("?", 1)[0])
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        """Keep to oneself which server this is."""
        return "slotrit"

    def log_message(self, *_: object) -> None:
        """Leave out of the log that somebody looked."""


@contextmanager
def endpoint(host: str, port: int, metrics: Metrics, life: Life) -> Iterator[str]:
    """Serve for the length of a block, and give the address: `http://HOST:PORT`.

    Args:
        host: where to listen.
        port: at which port, 0 for any that is free.
        metrics: what is counted.
        life: how the worker is.

    Raises:
        SlotritError: where the address is none of this machine's, or taken.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        server = _Server(family, address, _Answers(metrics, life))
    except OSError as error:
        raise SlotritError(
            f"worker_metrics_host, worker_metrics_port: {host}:{port} cannot be listened on: "
            f"{error.strerror or error}"
        ) from None
    thread = Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
