"""The time stamping service: asked over the network, silent, broken, back again."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from asn1crypto import tsp

from xaso.documents import actions
from xaso.documents.adapters import demo
from xaso.documents.models import State
from xaso.documents.tests.conftest import CLERK, MONDAY, actor
from xaso.kernel.working_time import clock


class Service(BaseHTTPRequestHandler):
    """Answers as a time stamping service does, or as its failing twin: `server.fails` says how."""

    def do_POST(self):
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        fails = self.server.fails
        if fails == "down":
            self.send_error(503)
            return
        if fails == "nonsense":
            body = b"\x30\x03\x02\x01\x00"
        elif fails == "flood":
            body = b"x" * 1_100_000
        else:
            with clock.at(MONDAY):  # a thread of its own does not know the test's day
                stamper = demo.stamper(self.server.commune)
            body = stamper.request_tsa_response(tsp.TimeStampReq.load(asked)).dump()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


@pytest.fixture
def service(signing, settings) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.fails, server.commune = "", str(signing.id)
    settings.XASO_TSA_URL = f"http://127.0.0.1:{server.server_port}/tsa"
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_document_is_stamped_over_the_network(service, issued):
    document = issued()
    assert (document.state, document.trouble) == (State.ISSUED, "")


@pytest.mark.parametrize("fails", ["down", "nonsense", "flood"])
def test_without_the_service_a_document_waits_and_is_not_issued(service, frozen, leader, fails):
    document = frozen()
    commune, service.fails = document.commune, fails
    signed = actions.sign(document.uuid, commune=commune, by=actor(leader, "leader"))
    assert (signed.state, signed.awaits_stamp) == (State.SIGNED, True)
    sealed = actions.seal(document.uuid, commune=commune, by=CLERK)
    assert (sealed.state, sealed.awaits_stamp) == (State.SEALED, True)
    assert "dấu thời gian" in sealed.trouble
    service.fails = ""
    done = actions.finish(document.uuid, commune=commune)
    assert (done.state, done.awaits_stamp, done.trouble) == (State.ISSUED, False, "")
    assert done.reports.latest("id").result == "valid"
