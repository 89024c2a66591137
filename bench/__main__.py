"""Measure what we promise: a table on the screen, JSON under bench/results.

`python -m bench` opens a small town (600 reports) and a province (38 communes, 134,000 reports,
100,000 of them in one commune), measures both with the load generator on the same processors, and
closes them. `--small` leaves the province out, `--load` runs the mixed load alone, `--only NAME …`
some sections, `--fresh` loads the data anew. XASO_BENCH_PORT (8790) names the first port.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from bench import growth_rows, load, mixed, outside, pages, processes, table, wall, yardstick
from bench.table import Row, best
from bench.town import ROOT, Town, build

PER_COMMUNE = 1_000  # reports of each commune of the province beside the large one


def requests(town: Town) -> list[Row]:
    """Count statements and CPU of the requests of a town."""
    seen = json.loads(town.python("bench.inside"))
    rows = [
        Row("SQL create report", seen["create"], "", 12),
        Row("SQL list of 50", seen["list"], "", 5),
        Row("SQL detail", seen["detail"], "", 8),
        Row(f"SQL categories, ETag {seen['etag']}", seen["categories"], "", 2),
    ]
    goals = {"services": 2, "list of 50": 3, "single": 2, "POST": 12}
    rows += [
        Row(f"SQL Open311 {w}", seen["open311"][f"open311 {w}"], "", g) for w, g in goals.items()
    ]
    listed = outside.get("/binh-lu/can-bo/phan-anh/", seen["cookie"])
    note = f"{seen['reports']} reports"
    return [
        *rows,
        best("app CPU create", outside.cpu_ms(town, outside.create), "ms", 10, note),
        best("app CPU list of 50", outside.cpu_ms(town, listed), "ms", 12, note),
    ]


def public_page(town: Town) -> list[Row]:
    """Load the public report page with eight connections; the first second warms up."""
    path = f"/binh-lu/phan-anh/{town.loaded['published']}/"
    load.run("localhost", town.port, path, seconds=1)
    runs = [load.run("localhost", town.port, path, seconds=6) for _ in range(3)]
    fastest = max(runs, key=lambda run: run.per_second)
    what = "public report page, 8 connections"
    errors = f"{sum(run.errors for run in runs)} errors, p50 {fastest.p50_ms:.1f} ms"
    speeds = tuple(run.per_second for run in runs)
    return [
        Row(what, max(speeds), "/s", 1000, at_least=True, note=errors, rounds=speeds),
        best(f"{what}, p99", [run.p99_ms for run in runs], "ms", 100),
        best(
            f"{what}, p99 with those a stall held back",
            [run.corrected_p99_ms for run in runs],
            "ms",
            100,
            f"worst answer {max(run.worst_ms for run in runs):.0f} ms",
        ),
    ]


def first_visits(town: Town) -> list[Row]:
    """Weigh the citizen pages."""
    code, at = town.loaded["published"], "/binh-lu"
    paths = ["/", f"{at}/", f"{at}/phan-anh/", f"{at}/phan-anh/gui/", f"{at}/phan-anh/{code}/"]
    rows = []
    for visit in pages.measure([*paths, f"/t/{code}"]):
        name = visit.path.replace(code, "MA")
        most = 10 if name.startswith("/t/") else 50
        rows += [
            Row(f"first load {name}, all in", visit.whole_kb, "kB", most, note=_requests(visit)),
            Row(f"first load {name}, without pictures further down", visit.kb, "kB", most),
            best(f"first paint {name}", visit.fcp_rounds, "ms", 1500),
        ]
    return rows


def _requests(visit: pages.Visit) -> str:
    return f"{visit.requests} requests"


def memory(town: Town) -> list[Row]:
    """Add up the proportional memory of everything that runs."""
    sizes = processes.pss_mb(town.pids())
    note = f"{len(sizes)} processes"
    return [Row("idle memory (PSS), all processes", sum(sizes.values()), "MB", 600, note=note)]


def screens(town: Town) -> list[Row]:
    """Time a report's way to two hundred screens, three times."""
    runs = [wall.seconds(town, town.loaded["walls"]["binh-lu"]) for _ in range(3)]
    middles = ", ".join(f"{median:.2f}" for median, _worst in runs)
    note = f"medians {middles} s"
    worst = [worst for _median, worst in runs]
    return [best("wall: report sent → 200 screens, the slowest", worst, "s", 1, note)]


def load_rows(town: Town) -> list[Row]:
    """Run the mixed load over the province."""
    cast = json.loads(town.python("bench.cast"))
    found = mixed.run(town, cast)
    reports = sum(commune["reports"] for commune in cast)
    note = (
        f"{len(cast)} communes, {reports} reports; processors {found.ours:.0f} % ours with the "
        f"generator, {found.others:.0f} % others' (of 200); {found.cpu_ms:.1f} ms CPU a request"
    )
    mixed.tell(found)
    return [
        Row("mixed load, requests a second", found.per_second, "/s", 48, at_least=True, note=note),
        Row("mixed load, reads p95", mixed.at(found.reads, 95), "ms", 300, note=_cuts(found.reads)),
        Row(
            "mixed load, writes p95",
            mixed.at(found.writes, 95),
            "ms",
            600,
            note=_cuts(found.writes),
        ),
        Row("mixed load, errors", sum(found.errors.values()), "", 0, note=str(found.errors or "")),
    ]


def people() -> list[Row]:
    """Find people among a million of one commune, by ten kinds of question."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.register"]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    seen = json.loads(done.stdout.splitlines()[-1])
    return [
        Row(
            f"1,000,000 persons, {name}, p95",
            found["ms_p95"],
            "ms",
            50,
            note=f"p50 {found['ms_p50']:.0f} ms; CPU p50 {found['cpu_p50']:.0f}, "
            f"p95 {found['cpu_p95']:.0f} ms",
        )
        for name, found in seen["asked"].items()
    ]


def office(town: Town) -> list[Row]:
    """List, receive and hand over dossiers where a commune has a million of them."""
    seen = json.loads(town.python("bench.dossiers"))
    goals: dict[str, int | None] = {
        "list": 5,
        "list all": 5,
        "list last digits": 5,
        "counts above it": None,
        "create": 15,
        "step": 12,
    }
    rows = []
    for name, most in goals.items():
        found = seen[name]
        what = f"{seen['rows']:,} dossiers, {name}"
        rows += [
            Row(f"SQL {what}", found["sql"], "", most),
            Row(f"{what}, p50", found["p50"], "ms", most and 20, note=f"p95 {found['p95']:.1f} ms"),
        ]
    return [*rows, Row("one deadline", seen["deadline_us"], "µs", 5)]


def lists() -> list[Row]:
    """Import a list of 40,000 residents and the same list again; processor time beside the wall."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.lists"]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    seen = json.loads(done.stdout)

    def row(what: str, *steps: str, goal: float | None = None) -> Row:
        spent = [seen[f"{step}_cpu_s"] for step in steps]
        note = ", ".join(
            f"CPU {who} {sum(each[who] for each in spent):.1f} s" for who in ("ours", "database")
        )
        return Row(what, sum(seen[f"{step}_s"] for step in steps), "s", goal, note=note)

    return [
        row("40,000 residents, read, compare and write", "read", "compare", "write", goal=60),
        row("the same list again, compare", "again_compare"),
        Row("40,000 residents, peak memory", seen["peak_mb"], "MB", 300),
    ]


def _cuts(times: list[float]) -> str:
    p50, p99 = mixed.at(times, 50), mixed.at(times, 99)
    return f"{len(times)} requests, p50 {p50:.0f}, p99 {p99:.0f}, worst {max(times):.0f} ms"


def retention(town: Town) -> list[Row]:
    """Tell how many rows a second the steps of retention erase, the slowest first."""
    told = json.loads(town.python("bench.forgetting"))
    told.pop("tombstones")
    paces = {key: each["rows"] / each["seconds"] for key, each in told.items()}
    goals = {"retain.closed": 50.0, "retain.contact": 200.0}
    return [
        Row(
            f"erasing, {key}",
            pace,
            "rows/s",
            goals.get(key),
            at_least=True,
            note=f"{told[key]['rows']} rows in {told[key]['seconds']:.2f} s",
        )
        for key, pace in sorted(paces.items(), key=lambda item: item[1])
    ]


SMALL: dict[str, Callable[[Town], list[Row]]] = {
    "memory": memory,
    "requests": requests,
    "public": public_page,
    "visits": first_visits,
    "wall": screens,
    "retention": retention,
}
LARGE = ("growth", "load", "people", "lists", "dossiers")


@contextmanager
def opened(size: str, *, fresh: bool) -> Iterator[Town]:
    """Open a town for a while; the large one becomes a province first."""
    town = build(size, fresh=fresh)
    try:
        if size == "full":
            communes, reports, took = town.python("bench.province", str(PER_COMMUNE)).split()
            print(f"{communes} communes, {reports} reports; opened in {town.took:.0f} + {took} s")
        yield town
    finally:
        town.stop()


def main() -> None:
    """Measure, print, keep."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--small", action="store_true", help="leave the province out")
    words.add_argument("--load", action="store_true", help="the mixed load alone")
    words.add_argument("--only", nargs="+", choices=(*SMALL, *LARGE), default=(*SMALL, *LARGE))
    words.add_argument("--fresh", action="store_true", help="load the data anew")
    told = words.parse_args()
    chosen = ("load",) if told.load else tuple(told.only)
    if told.small:
        chosen = tuple(name for name in chosen if name not in LARGE)
    rows = [yardstick.row()]
    if set(chosen) - {"load", "people", "lists", "dossiers"}:
        with opened("small", fresh=told.fresh) as town:
            rows += _measured(town, chosen, fresh=told.fresh)
    if "people" in chosen:
        rows += _section("people", people)
    if "lists" in chosen:
        rows += _section("lists", lists)
    if "dossiers" in chosen:
        with opened("tiny", fresh=told.fresh) as town:
            rows += _section("dossiers", partial(office, town))
    if "load" in chosen:
        with opened("full", fresh=False) as province:
            rows += _section("load", partial(load_rows, province))
    table.show(rows)
    print(f"\nkept in {table.keep(rows).relative_to(ROOT)}")


def _measured(town: Town, chosen: tuple[str, ...], *, fresh: bool) -> list[Row]:
    """Measure a small town, beside the province where they are compared."""
    rows: list[Row] = []
    for name, measure in SMALL.items():
        if name in chosen:
            rows += _section(name, partial(measure, town))
    if "growth" in chosen:
        with opened("full", fresh=fresh) as province:
            rows += _section("growth", partial(growth_rows.compared, town, province))
    return rows


def _section(name: str, measure: Callable[[], list[Row]]) -> list[Row]:
    """Measure one section and say how long that took."""
    began = time.monotonic()
    rows = measure()
    print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
    return rows


if __name__ == "__main__":
    main()
