"""A crowd reads one public page; nobody reads another's."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from xaso.kernel.web.middleware.kept import Kept


class Counting:
    """A view that tells how often it was asked."""

    def __init__(self, **headers: str) -> None:
        self.headers, self.asked = headers, 0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.asked += 1
        return HttpResponse(f"page {self.asked}", headers=self.headers)


@pytest.fixture(autouse=True)
def kept_for_a_minute(settings) -> None:
    settings.XASO_KEEP_SECONDS = 60


ASK = RequestFactory()


def test_a_public_page_is_made_once() -> None:
    view = Counting(**{"Cache-Control": "public, max-age=15", "X-Test": "a"})
    kept = Kept(view)
    first, second = kept(ASK.get("/a")), kept(ASK.get("/a"))
    assert (first.content, second.content, view.asked) == (b"page 1", b"page 1", 1)
    assert second["X-Test"] == "a"


def test_another_address_or_language_is_another_page() -> None:
    view = Counting(**{"Cache-Control": "public, max-age=15"})
    kept = Kept(view)
    english = ASK.get("/a")
    english.COOKIES["ngon_ngu"] = "en"
    for request in (ASK.get("/a"), ASK.get("/b"), english, ASK.get("/a", HTTP_HOST="other")):
        kept(request)
    assert view.asked == 4


@pytest.mark.parametrize("cookie", ["xaso", "csrf", "xaso_device", "anything"])
def test_who_brings_a_cookie_is_asked_for_anew(cookie) -> None:
    view = Counting(**{"Cache-Control": "public, max-age=15"})
    kept = Kept(view)
    kept(ASK.get("/a"))
    mine = ASK.get("/a")
    mine.COOKIES[cookie] = "1"
    assert kept(mine).content == b"page 2"


@pytest.mark.parametrize("control", ["no-store", "private", ""])
def test_what_is_not_public_is_never_kept(control) -> None:
    view = Counting(**{"Cache-Control": control})
    kept = Kept(view)
    kept(ASK.get("/a"))
    assert kept(ASK.get("/a")).content == b"page 2"


def test_an_answer_that_sets_a_cookie_is_never_kept() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        response = HttpResponse("x", headers={"Cache-Control": "public"})
        response.set_cookie("a", "b")
        return response

    kept = Kept(view)
    kept(ASK.get("/a"))
    assert not kept.answers


def test_a_post_goes_through() -> None:
    view = Counting(**{"Cache-Control": "public"})
    kept = Kept(view)
    kept(ASK.get("/a"))
    assert kept(ASK.post("/a")).content == b"page 2"


def test_nothing_is_kept_for_no_seconds(settings) -> None:
    settings.XASO_KEEP_SECONDS = 0
    view = Counting(**{"Cache-Control": "public"})
    kept = Kept(view)
    kept(ASK.get("/a"))
    assert kept(ASK.get("/a")).content == b"page 2"
