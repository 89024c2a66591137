"""What a phone is told to keep: the list is whole, holds nobody's secret, and can be taken back."""

import json
import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client, override_settings

from xaso.config import away
from xaso.kernel.web.middleware import directory

pytestmark = pytest.mark.django_db
ROOT = "/binh-lu/"


@pytest.fixture(autouse=True)
def _known(binh_lu) -> None:
    directory.forget()


@pytest.fixture
def worker(client: Client) -> str:
    answer = client.get(f"{ROOT}sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    return answer.content.decode()


def shells(worker: str) -> dict[str, str]:
    return json.loads(re.search(r"SHELLS = (\{.*?\}), FILES", worker)[1])


def test_every_kept_page_is_public_and_the_same_for_all(client: Client, worker: str) -> None:
    for url in shells(worker).values():
        page = client.get(url)
        html = page.content.decode()
        assert page.status_code == 200, url
        assert "public" in page["Cache-Control"], url
        assert page["X-Xaso"] == "1"
        assert not page.cookies, url
        assert "csrfmiddlewaretoken" not in html
        assert "nonce" not in html


def test_every_file_of_a_kept_page_is_kept(client: Client, worker: str) -> None:
    kept = set(json.loads(re.search(r"FILES = (\[.*?\]), SHARE", worker)[1]))
    for url in shells(worker).values():
        html = client.get(url).content.decode()
        asked = set(re.findall(r'[" ](/static/[^" ]+\.(?:js|css|svg|woff2))(?=[" ])', html))
        assert asked <= kept, url
    for name in away.FILES:
        assert finders.find(name), name


def test_the_worker_is_small_and_names_no_person(worker: str) -> None:
    import gzip

    assert len(gzip.compress(worker.encode(), 9)) <= 3 * 1024
    assert "importScripts(" in worker


def test_the_worker_shows_messages_where_there_is_a_key(client: Client, worker: str) -> None:
    assert "web/pushed.js" in worker
    assert '"name": "Xã Bình Lư"' in json.dumps(
        json.loads(re.search(r"xasoPush = (\{.*\});", worker)[1]), ensure_ascii=False
    )
    ways = settings.XASO_CHANNELS | {"push": "xaso.kernel.notifications.adapters.absent"}
    with override_settings(XASO_CHANNELS=ways):
        assert "pushed.js" not in client.get(f"{ROOT}sw.js").content.decode()


def test_switched_off_it_takes_itself_away(client: Client) -> None:
    with override_settings(XASO_OFFLINE=False):
        worker = client.get(f"{ROOT}sw.js").content.decode()
        page = client.get(ROOT).content.decode()
    assert "unregister()" in worker
    assert "importScripts" not in worker
    assert 'data-tho=""' in page


def test_there_is_no_worker_outside_a_commune(client: Client) -> None:
    assert client.get("/sw.js").status_code == 404
    assert client.get("/mat-mang/").status_code == 404


def test_officials_pages_know_no_worker(binh_lu, official, client_of) -> None:
    page = client_of(official("officer", binh_lu)).get(f"{ROOT}can-bo/")
    assert "away.js" not in page.content.decode()


def test_the_home_screen_offers_sending_and_takes_photos(client: Client) -> None:
    said = client.get(f"{ROOT}manifest.webmanifest").json()
    assert said["start_url"] == f"{ROOT}?pwa"
    assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}
    urls = [entry["url"] for entry in said["shortcuts"]]
    assert urls[:2] == [f"{ROOT}phan-anh/gui/", f"{ROOT}phan-anh/da-gui/"]
    assert said["share_target"]["action"] == f"{ROOT}phan-anh/gui/chia-se/"
    # Without a worker the photos cannot be taken; nobody is left on an error page.
    assert client.post(said["share_target"]["action"]).status_code == 302


def test_an_answer_with_a_cookie_is_kept_by_nobody(client: Client) -> None:
    page = client.get(f"{ROOT}phan-anh/gui/")
    assert page.cookies
    assert page["Cache-Control"] == "no-store"
