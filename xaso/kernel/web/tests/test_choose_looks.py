"""Language and big letters are chosen by a form, without script, and remembered."""

import pytest
from django.test import Client


def chosen(site, **values):
    return site.post("/binh-lu/ngon-ngu/", {"next": "/binh-lu/mo/?a=1", **values})


def test_english_and_back(site):
    back = chosen(site, ngon_ngu="en")
    assert back["Location"] == "/binh-lu/mo/?a=1"
    page = site.get("/binh-lu/mo/")
    assert '<html lang="en"' in page.content.decode()
    assert page["Content-Language"] == "en"
    chosen(site, ngon_ngu="vi")
    assert '<html lang="vi"' in site.get("/binh-lu/mo/").content.decode()


def test_vietnamese_until_someone_chooses_whatever_the_browser_says(site):
    page = site.get("/binh-lu/mo/", headers={"accept-language": "en-US,en"})
    assert page["Content-Language"] == "vi"


def test_big_letters_stay(site):
    chosen(site, chu="to")
    html = site.get("/binh-lu/mo/").content.decode()
    assert 'data-text="to"' in html
    assert 'aria-pressed="true"' in html
    chosen(site, chu="vua")
    assert 'data-text="to"' not in site.get("/binh-lu/mo/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x", ""])
def test_the_way_back_is_ours(site, target):
    assert chosen(site, next=target, ngon_ngu="en")["Location"] == "/binh-lu/"


def test_unknown_words_change_nothing(site):
    assert not chosen(site, ngon_ngu="xx", chu="khổng lồ").cookies


def test_it_needs_no_token_because_pages_must_stay_the_same_for_everyone(site):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/binh-lu/ngon-ngu/", {"ngon_ngu": "en"}).status_code == 302


def test_a_get_changes_nothing(site):
    assert site.get("/binh-lu/ngon-ngu/").status_code == 405
