"""What pages and calls cost inside, to be compared between a small and a large commune.

Run as `python -m bench.growth` in a town's environment; prints JSON: for each page its statements,
and the CPU milliseconds of our process and of its database process, the best of several. Both are
read exactly, thread by thread, so that other work on the machine hardly shows.
"""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import connection
from django.test import Client

from bench import inside, processes
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock
from xaso.reports import alike, catalogue, queries
from xaso.reports.models import Report

TRIES = 9
PAGES_BACK = 15
AT = f"/{inside.COMMUNE}"
Call = Callable[[], Any]


def pages(commune: Commune) -> dict[str, Call]:
    """Return the pages that read among all reports of a commune."""
    official, someone = inside.signed_in()[0], Client(HTTP_HOST="localhost")
    with tenancy.inside(commune.id):
        done = Report.objects.filter(visibility="public", state="closed").latest("received_at")
        far = queries.public_list(commune).older
        for _page in range(PAGES_BACK):
            far = queries.public_list(commune, after=far).older
    desk, api = f"{AT}/can-bo/phan-anh/", f"{AT}/api/v1/reports"
    return {
        "inbox of 50": lambda: official.get(desk),
        "inbox, closed ones": lambda: official.get(f"{desk}?xem=closed"),
        "inbox, searched": lambda: official.get(f"{desk}?tim=den+duong"),
        "official's report": lambda: official.get(f"{desk}{done.code}/"),
        "commune's home": lambda: someone.get(f"{AT}/"),
        "public board": lambda: someone.get(f"{AT}/phan-anh/"),
        f"public board, page {PAGES_BACK + 3}": lambda: someone.get(f"{AT}/phan-anh/?sau={far}"),
        "public board, searched": lambda: someone.get(f"{AT}/phan-anh/?tim=den+duong"),
        "map points": lambda: someone.get(f"{AT}/phan-anh/diem.json"),
        "plain page by code": lambda: someone.get(f"/t/{done.code}"),
        "API list of 50": lambda: someone.get(f"{api}?limit=50"),
        "API list, searched": lambda: someone.get(f"{api}?limit=50&q=den+duong"),
        "API report": lambda: someone.get(f"{api}/{done.code}"),
        "Open311 list of 50": lambda: someone.get(f"{AT}/open311/v2/requests.json?page_size=50"),
    }


def calls(commune: Commune) -> dict[str, Call]:
    """Return what is asked of the reports room without a page of its own.

    Whoever adds a query with a promise of its own (milliseconds at 100,000 reports) adds it here
    and its goal to `CALL_GOALS`.
    """
    return {"wall figures": lambda: queries.wall_figures(commune), **_duplicates(commune)}


def _duplicates(commune: Commune) -> dict[str, Call]:
    """Return the search for reports of one thing, for the report with most around it now."""
    kinds = catalogue.of(commune.id)
    rows = Report.objects.filter(commune=commune, lat__isnull=False, visibility="public")
    recent = [alike.of_report(report) for report in rows.order_by("-received_at")[:200]]
    now = [replace(seen, at=clock.now(), key=0) for seen in recent]
    worst = max(now, key=lambda seen: len(alike.candidates(commune.id, seen, is_public=False)))
    report = Report.objects.get(pk=recent[now.index(worst)].key)
    return {
        _OFFICIALS: lambda: alike.for_officials(report, kinds),
        _RESIDENTS: lambda: alike.for_residents(commune.id, worst, kinds),
    }


_OFFICIALS, _RESIDENTS = "duplicates, for officials", "duplicates, for residents"
CALL_GOALS: dict[str, float] = {
    _OFFICIALS: 30,
    _RESIDENTS: 30,
}  # name of a call: CPU milliseconds it may cost at 100,000


def cost(run: Call) -> dict[str, float]:
    """Return statements and CPU milliseconds (ours, the database's) of one call, at best."""
    run()
    backend = connection.connection.info.backend_pid
    with inside.counted() as seen:
        run()
    best: tuple[float, float] | None = None
    for _ in range(TRIES):
        own, theirs = time.thread_time(), processes.thread_seconds(backend)
        run()
        spent = (time.thread_time() - own, processes.thread_seconds(backend) - theirs)
        best = min(best, spent, key=sum) if best else spent
    assert best is not None
    return {"sql": len(seen), "app": best[0] * 1000, "database": best[1] * 1000}


def main() -> None:
    """Measure and print."""
    commune = Commune.objects.get(slug=inside.COMMUNE)
    found = {}
    for name, run in pages(commune).items():
        answer = run()
        if answer.status_code != 200:
            raise SystemExit(f"{name}: {answer.status_code}")
        found[name] = cost(run)
    with tenancy.inside(commune.id):
        for name, run in calls(commune).items():
            found[name] = cost(run)
        found["reports"] = {"count": Report.objects.filter(commune=commune).count()}
    print(json.dumps(found | {"goals": CALL_GOALS}))


if __name__ == "__main__":
    main()
