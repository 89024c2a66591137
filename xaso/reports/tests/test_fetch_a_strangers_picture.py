"""A partner names a photo by its address: only a picture from the open Internet is fetched."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest

from xaso.kernel.places.models import Commune
from xaso.reports import actions
from xaso.reports.adapters import strangers
from xaso.reports.adapters.strangers import Fetcher, NotFetched, is_public
from xaso.reports.models import PartnerMedia, Photo, Report, ReportEvent
from xaso.reports.tests.test_use_the_pages import jpeg

JPEG = jpeg().getvalue()
HERE = Fetcher(is_allowed=lambda _address: True, is_any_port=True, seconds=2, most=50_000)


class Stranger(BaseHTTPRequestHandler):
    """A server of somebody else: friendly, or one of the failing ones."""

    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        getattr(self, f"_{self.path.strip('/').partition('?')[0].replace('.', '_')}")()

    def _send(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _a_jpg(self) -> None:
        self._send(200, JPEG, Content_Type="image/jpeg")

    def _moved(self) -> None:
        self._send(302, Location="http://127.0.0.1/inside")

    def _page(self) -> None:
        self._send(200, b"<html>", Content_Type="text/html")

    def _lie(self) -> None:
        self._send(200, b"#!/bin/sh", Content_Type="image/jpeg")

    def _huge(self) -> None:
        self._send(200, b"x" * 60_000, Content_Type="image/jpeg")

    def _endless(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 1_000)
        except OSError:
            pass

    def _drop(self) -> None:
        """Send one byte of a header at a time, for longer than anybody waits."""
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
            for _ in range(200):
                self.wfile.write(b"a")
                self.wfile.flush()
                if Stranger.stop.wait(0.05):
                    return
        except OSError:
            pass

    def _short(self) -> None:
        self._send(200, JPEG[:100], Content_Type="image/jpeg", Content_Length="5000")

    def _zip(self) -> None:
        self._send(200, JPEG, Content_Type="image/jpeg", Content_Encoding="gzip")

    def _gone(self) -> None:
        self._send(404)

    def log_message(self, *_: object) -> None:
        pass

    stop = threading.Event()


@pytest.fixture(scope="module")
def stranger() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    Stranger.stop.set()
    server.shutdown()
    server.server_close()


def test_a_picture_is_fetched(stranger: str) -> None:
    assert HERE.fetch(f"{stranger}/a.jpg") == JPEG
    assert HERE.fetch(f"{stranger}/a.jpg?bản=Nà Đon\r\nX: 1") == JPEG
    assert Stranger.asked[-1] == "/a.jpg?b%E1%BA%A3n=N%C3%A0%20%C4%90onX:%201"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("moved", "redirect"),
        ("page", "no_picture"),
        ("huge", "too_big"),
        ("endless", "too_big"),
        ("drop", "no_answer"),
        ("short", "no_answer"),
        ("zip", "packed"),
        ("gone", "not_there"),
    ],
)
def test_what_is_no_plain_picture_is_not(stranger: str, path: str, reason: str) -> None:
    with pytest.raises(NotFetched) as refused:
        HERE.fetch(f"{stranger}/{path}")
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/a.jpg", "not_public"),
        ("http://localhost/a.jpg", "not_public"),
        ("http://0.0.0.0/", "not_public"),
        ("http://127.1/", "not_public"),
        ("http://2130706433/", "not_public"),
        ("http://0x7f000001/", "not_public"),
        ("http://0177.0.0.1/", "not_public"),
        ("http://10.0.0.1/", "not_public"),
        ("http://172.16.5.4/", "not_public"),
        ("http://192.168.1.1/", "not_public"),
        ("http://100.64.0.1/", "not_public"),
        ("http://169.254.169.254/latest/meta-data/", "not_public"),
        ("http://[::1]/", "not_public"),
        ("http://[::ffff:127.0.0.1]/", "not_public"),
        ("http://[::ffff:8.8.8.8]/", "not_public"),
        ("http://[64:ff9b::7f00:1]/", "not_public"),
        ("http://[2002:7f00:1::]/", "not_public"),
        ("http://[fd00::1]/", "not_public"),
        ("http://[fe80::1]/", "not_public"),
        ("http://224.0.0.1/", "not_public"),
        ("http://255.255.255.255/", "not_public"),
        ("file:///etc/passwd", "bad_address"),
        ("gopher://127.0.0.1:25/", "bad_address"),
        ("javascript:alert(1)", "bad_address"),
        ("ftp://example.org/a.jpg", "bad_address"),
        ("//example.org/a.jpg", "bad_address"),
        ("http://", "bad_address"),
        ("http://user:pass@example.org/", "bad_address"),
        ("http://example.org:22/", "bad_port"),
        ("http://8.8.8.8:5432/", "bad_port"),
        ("http://example.org:99999/", "bad_address"),
        ("http://[::1/", "bad_address"),
        ("http://khong-co-ten-nay.invalid/", "no_such_host"),
        ("http://" + "a" * 300 + ".vn/", "no_such_host"),
    ],
)
def test_nothing_inside_is_ever_asked(url: str, reason: str) -> None:
    with pytest.raises(NotFetched) as refused:
        Fetcher().fetch(url)
    assert refused.value.reason == reason


def test_a_name_with_one_address_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolved(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", ("8.8.8.8", 80)), (2, 1, 6, "", ("127.0.0.1", 80))]

    monkeypatch.setattr(strangers.socket, "getaddrinfo", resolved)
    with pytest.raises(NotFetched, match="not_public"):
        Fetcher().fetch("http://hai-mat.example/a.jpg")


def test_the_address_that_was_checked_is_the_one_that_is_asked(
    stranger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that changes its mind after the check leads nowhere."""
    port = int(stranger.rpartition(":")[2])
    answers = iter(["127.0.0.1", "10.9.9.9"])

    def resolved(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", (next(answers), port))]

    monkeypatch.setattr(strangers.socket, "getaddrinfo", resolved)
    kept = strangers.socket.create_connection

    def connected(address: tuple[str, int], timeout: float) -> object:
        monkeypatch.undo()
        assert address == ("127.0.0.1", port)
        return kept(address, timeout)

    monkeypatch.setattr(strangers.socket, "create_connection", connected)
    assert HERE.fetch(f"http://doi-y.example:{port}/a.jpg") == JPEG


@pytest.mark.parametrize("address", ["8.8.8.8", "203.113.131.1", "2001:4860:4860::8888"])
def test_the_open_internet_is_allowed(address: str) -> None:
    assert is_public(ip_address(address))


def _media(report: Report, url: str) -> PartnerMedia:
    return PartnerMedia.objects.create(
        commune=report.commune,
        report=report,
        url=url,
        state="waiting",
        created_at=report.received_at,
    )


@pytest.mark.django_db
def test_a_fetched_photo_waits_for_a_look_like_every_other(
    stranger: str, town: Commune, report: Report
) -> None:
    row = _media(report, f"{stranger}/a.jpg")
    for _ in range(2):
        assert actions.fetch_media(town.id, row.pk, HERE).state == "fetched"
    photo = Photo.objects.get()
    assert (photo.moderation, photo.state, photo.role) == ("pending", "received", "evidence")
    assert not photo.attachment.is_public
    assert Report.objects.get().photo_count == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "reason"), [("lie", "not_a_picture"), ("gone", "not_there")])
def test_a_failure_is_a_line_of_history(
    stranger: str, town: Commune, report: Report, path: str, reason: str
) -> None:
    row = _media(report, f"{stranger}/{path}")
    done = actions.fetch_media(town.id, row.pk, HERE)
    assert (done.state, done.reason) == ("failed", reason)
    assert ReportEvent.objects.get(kind="media_failed").payload == {"reason": reason}
    assert not Photo.objects.exists()


@pytest.mark.django_db
def test_a_full_report_takes_no_more(stranger: str, town: Commune, report: Report) -> None:
    for number in range(6):
        Photo.objects.create(
            commune=town, report=report, sha256=f"{number}" * 64, created_at=report.received_at
        )
    row = _media(report, f"{stranger}/a.jpg")
    assert actions.fetch_media(town.id, row.pk, HERE).state == "failed"
