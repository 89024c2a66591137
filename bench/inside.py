"""What one request costs inside: SQL statements, and the session cookie an official would have.

Run as `python -m bench.inside` in the town's environment; prints JSON.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
os.environ["XASO_POOL"] = "0"

import django

django.setup()

from django.db import connection
from django.test import Client

from bench.sample import new_report
from xaso.kernel.identity.models import Official
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
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


def _client() -> tuple[Client, str]:
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


def main() -> None:
    """Count the four requests and print what the outside measurements need."""
    commune = Commune.objects.get(slug=COMMUNE)
    browser, cookie = _client()
    at = f"/{COMMUNE}"

    def create() -> Any:  # noqa: ANN401
        return browser.put(
            f"{at}/api/v1/reports/{uuid4()}",
            json.dumps(new_report()),
            content_type="application/json",
            HTTP_X_XASO_OUTBOX="1",
        )

    created, answer = _statements(create)
    code = answer.json()["code"]
    listed, page = _statements(lambda: browser.get(f"{at}/can-bo/phan-anh/"))
    detailed, detail = _statements(lambda: browser.get(f"{at}/can-bo/phan-anh/{code}/"))
    categories, found = _statements(lambda: browser.get(f"{at}/api/v1/categories"))
    again = browser.get(f"{at}/api/v1/categories", HTTP_IF_NONE_MATCH=found.headers["ETag"])
    with tenancy.inside(commune.id):
        reports = Report.objects.count()
        published = Report.objects.filter(visibility="public", state="closed").first()
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
            }
        )
    )


if __name__ == "__main__":
    main()
