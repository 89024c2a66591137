"""A crowd reads one public page; nobody reads another's."""

import threading
from concurrent.futures import ThreadPoolExecutor

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


class Slow(Counting):
    """A view that answers when it is allowed to, and tells in which thread it ran."""

    def __init__(self, **headers: str) -> None:
        super().__init__(**headers)
        self.begun, self.may_end = threading.Event(), threading.Event()
        self.threads: list[str] = []

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.begun.set()
        assert self.may_end.wait(10)
        self.threads.append(threading.current_thread().name)
        return super().__call__(request)


def test_an_old_page_is_given_while_another_thread_makes_it_anew(settings) -> None:
    settings.XASO_KEEP_SECONDS = 1e-9  # old at once, given for two seconds more
    view = Slow(**{"Cache-Control": "public"})
    view.may_end.set()
    kept = Kept(view)
    kept(ASK.get("/a"))
    view.may_end.clear()
    view.begun.clear()
    given = [kept(ASK.get("/a")).content for _ in range(5)]  # nobody waits, though none may end
    assert view.begun.wait(10)
    assert given == [b"page 1"] * 5
    view.may_end.set()
    kept._renewer.shutdown()
    assert view.asked == 2
    assert view.threads[1].startswith("renew")
    assert next(iter(kept.answers.values())).content == b"page 2"


def test_a_crowd_without_an_answer_waits_for_the_first_one() -> None:
    view = Slow(**{"Cache-Control": "public"})
    kept = Kept(view)
    with ThreadPoolExecutor(4) as crowd:
        asked = [crowd.submit(kept, ASK.get("/a")) for _ in range(4)]
        assert view.begun.wait(10)
        view.may_end.set()
        answers = {each.result().content for each in asked}
    assert (answers, view.asked) == ({b"page 1"}, 1)


def test_whoever_waited_for_a_private_page_gets_their_own() -> None:
    view = Slow(**{"Cache-Control": "private"})
    kept = Kept(view)
    with ThreadPoolExecutor(3) as crowd:
        asked = [crowd.submit(kept, ASK.get("/a")) for _ in range(3)]
        assert view.begun.wait(10)
        view.may_end.set()
        answers = {each.result().content for each in asked}
    assert len(answers) == view.asked == 3


def test_a_page_that_fails_lets_the_next_one_try() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise LookupError

    kept = Kept(view)
    for _ in range(2):
        with pytest.raises(LookupError):
            kept(ASK.get("/a"))
    assert not kept._making
