"""A server that keeps what it is asked and answers as it was told: well, badly, late or never."""

import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        text = self.body.decode() or urlsplit(self.path).query
        return {name: values[0] for name, values in parse_qs(text).items()}

    @property
    def json(self) -> dict:
        return json.loads(self.body)


@dataclass
class Reply:
    """How to answer: `slow` talks a byte at a time, `closes` hangs up without a word."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    slow: bool = False
    closes: bool = False


def says(status: int = 200, /, **values) -> Reply:
    return Reply(status, json.dumps(values).encode())


class Fake:
    """Answers the replies in turn, the last one for ever; or asks `answers`."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.replies: list[Reply] = [Reply()]
        self.answers: Callable[[Asked], Reply] | None = None
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, self.path, headers, self.rfile.read(length))
                fake.asked.append(asked)
                if fake.answers:
                    fake.reply(self, fake.answers(asked))
                    return
                fake.reply(self, fake.replies.pop(0) if len(fake.replies) > 1 else fake.replies[0])

            do_GET = do_POST = handle_any  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def reply(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        if reply.closes:
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(reply.body)))
        handler.end_headers()
        pieces = [reply.body[i : i + 1] for i in range(len(reply.body))] if reply.slow else []
        try:
            for piece in pieces or [reply.body]:
                handler.wfile.write(piece)
                handler.wfile.flush()
                if reply.slow:
                    time.sleep(0.2)
        except OSError:
            return

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
