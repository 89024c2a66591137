"""What one request costs inside: SQL statements, and the session cookie an official would have.

Run as `python -m bench.inside` in the town's environment; prints JSON.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
os.environ["XASO_POOL"] = "0"
os.environ["XASO_KEEP_SECONDS"] = "0"  # what a page costs, not what memory saves

import django

django.setup()

from django.db import connection
from django.test import Client

from bench.sample import new_report
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import actions as identity
from xaso.kernel.identity.models import Official
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock
from xaso.reports.models import Report

COMMUNE = "binh-lu"
# The frame of a transaction is not work: BEGIN and COMMIT are not seen here, this is the rest.
FREE = ("SELECT set_config('app.commune'",)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements of a block, without the transaction's frame."""
    seen: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:  # noqa: ANN401
        if not sql.startswith(FREE):
            seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield seen


def signed_in() -> tuple[Client, str]:
    """Return a browser in which the officer signed in, and its session's cookie."""
    official = Official.objects.get(username=OFFICER)
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(official, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser, browser.cookies["xaso"].value


OFFICER = os.environ.get("BENCH_OFFICER", "")


def _statements(send: Callable[[], Any]) -> tuple[int, Any]:
    send()  # caches of the process are filled by the first request, as in real life
    with counted() as seen:
        answer = send()
    if "--sql" in sys.argv:
        print(*seen, sep="\n", file=sys.stderr)
    return len(seen), answer


def open311(browser: Client, commune: Commune) -> dict[str, int]:
    """Return the statements of the Open311 requests; the first of each fills the caches."""
    at = f"/{commune.slug}/open311/v2"
    one = browser.get(f"{at}/requests.json").json()[0]["service_request_id"]
    form = {
        "api_key": _key(commune),
        "service_code": "LIGHT",
        "address_string": "ngã ba",
        "description": "Đèn không sáng.",
    }
    asked = {
        "open311 services": lambda: browser.get(f"{at}/services.json"),
        "open311 list of 50": lambda: browser.get(f"{at}/requests.json?page_size=50"),
        "open311 single": lambda: browser.get(f"{at}/requests/{one}.json"),
        "open311 POST": lambda: browser.post(f"{at}/requests.json", _other(form)),
    }
    found = {}
    for name, send in asked.items():
        found[name], answer = _statements(send)
        if answer.status_code not in (200, 201):
            raise SystemExit(f"{name}: {answer.status_code} {answer.content[:300]!r}")
    return found


def _key(commune: Commune) -> str:
    """Return a partner's key that may send reports."""
    ends = clock.now() + timedelta(days=1)
    new = identity.NewKey("bench", ("open311.write",), ends)
    with tenancy.inside(commune.id):
        return identity.create_api_key(commune, new, by=Actor("system", "bench", "bench"))[1]


def _other(form: dict[str, str]) -> dict[str, str]:
    """Return the form with words of its own: the same words twice are one report."""
    return form | {"description": f"{form['description']} {uuid4()}"}


def main() -> None:
    """Count the requests and print what the outside measurements need."""
    commune = Commune.objects.get(slug=COMMUNE)
    browser, cookie = signed_in()
    at = f"/{COMMUNE}"

    def create() -> Any:  # noqa: ANN401
        return browser.put(
            f"{at}/api/v1/reports/{uuid4()}",
            json.dumps(new_report()),
            content_type="application/json",
            HTTP_X_XASO_OUTBOX="1",
            REMOTE_ADDR=f"127.3.{os.getpid() % 250}.{os.getpid() // 250 % 250 + 1}",
        )

    created, answer = _statements(create)
    code = answer.json()["code"]
    listed, page = _statements(lambda: browser.get(f"{at}/can-bo/phan-anh/"))
    detailed, detail = _statements(lambda: browser.get(f"{at}/can-bo/phan-anh/{code}/"))
    categories, found = _statements(lambda: browser.get(f"{at}/api/v1/categories"))
    again = browser.get(f"{at}/api/v1/categories", HTTP_IF_NONE_MATCH=found.headers["ETag"])
    with tenancy.inside(commune.id):
        reports = Report.objects.count()
        shown = Report.objects.filter(visibility="public", state="closed").exclude(cover="")
        published = shown.order_by("-answered_at").first()
    print(
        json.dumps(
            {
                "create": created,
                "list": listed,
                "detail": detailed,
                "categories": categories,
                "etag": again.status_code,
                "status": [answer.status_code, page.status_code, detail.status_code],
                "reports": reports,
                "cookie": cookie,
                "code": code,
                "published": published.code,
                "open311": open311(Client(HTTP_HOST="localhost"), commune),
            }
        )
    )


if __name__ == "__main__":
    main()
