"""Measure what we promise: a table on the screen, JSON under bench/results.

`python -m bench` opens a small town (600 reports) and a large one (100,000), measures both with
the load generator on the same processors, and closes them. `--small` leaves the large one out;
`--fresh` loads the data anew.
"""

import argparse
import json
import subprocess
import sys
from typing import Any

from bench import load, outside, pages, processes, table, wall
from bench.table import Row
from bench.town import PORT, ROOT, Town, build


def inside(town: Town) -> dict[str, Any]:
    """Return the statements of the four requests, counted in the town's own database."""
    command = [sys.executable, "-m", "bench.inside"]
    done = subprocess.run(
        command,
        env=town.env | {"BENCH_OFFICER": town.officer()},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def requests(town: Town, seen: dict[str, Any], size: str) -> list[Row]:
    """Count statements and CPU of the four requests of a town."""
    rows = [
        Row(f"SQL create report ({size})", seen["create"], "", 12),
        Row(f"SQL list of 50 ({size})", seen["list"], "", 5),
        Row(f"SQL detail ({size})", seen["detail"], "", 8),
        Row(f"SQL categories, ETag {seen['etag']} ({size})", seen["categories"], "", 2),
    ]
    listed = outside.get("/binh-lu/can-bo/phan-anh/", seen["cookie"])
    note = f"{seen['reports']} reports"
    rows += [
        Row(
            f"app CPU create ({size})",
            outside.cpu_ms(town, outside.create, 100),
            "ms",
            10,
            note=note,
        ),
        Row(f"app CPU list of 50 ({size})", outside.cpu_ms(town, listed, 100), "ms", 12, note=note),
    ]
    return rows


def public_page(code: str) -> list[Row]:
    """Load the public report page with eight connections."""
    speed = load.run("localhost", PORT, f"/binh-lu/phan-anh/{code}/")
    note = f"p50 {speed.p50_ms:.1f} ms, {speed.errors} errors, by {speed.by}"
    return [
        Row(
            "public report page, 8 connections",
            speed.per_second,
            "/s",
            1000,
            at_least=True,
            note=note,
        ),
        Row("public report page, p99", speed.p99_ms, "ms", 100),
    ]


def first_visits(code: str) -> list[Row]:
    """Weigh the citizen pages."""
    at = "/binh-lu"
    paths = ["/", f"{at}/", f"{at}/phan-anh/", f"{at}/phan-anh/gui/", f"{at}/phan-anh/{code}/"]
    rows = []
    for visit in pages.measure([*paths, f"/t/{code}"]):
        name = visit.path.replace(code, "MA")
        rows += [
            Row(
                f"first load {name}",
                visit.kb,
                "kB",
                50,
                note=f"{visit.requests} requests, pictures further down {visit.further_kb:.1f} kB",
            ),
            Row(f"first paint {name}", visit.fcp_ms, "ms", 1500),
        ]
    return rows


def memory(town: Town) -> list[Row]:
    """Add up the proportional memory of everything that runs."""
    sizes = processes.pss_mb(town.pids())
    return [
        Row(
            "idle memory (PSS), all processes", sum(sizes.values()), "MB", 600, note=f"{len(sizes)}"
        )
    ]


def screens(town: Town) -> list[Row]:
    """Time a report's way to two hundred screens."""
    path = town.loaded["walls"]["binh-lu"]
    median, worst = wall.seconds(town, path)
    return [
        Row(
            "wall: report sent → 200 screens, slowest", worst, "s", 1, note=f"median {median:.3f} s"
        )
    ]


def main() -> None:
    """Measure, print, keep."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--small", action="store_true", help="leave the 100,000 reports out")
    words.add_argument("--fresh", action="store_true", help="load the data anew")
    told = words.parse_args()
    rows: list[Row] = []
    for size in ("small",) if told.small else ("small", "full"):
        town = build(size, fresh=told.fresh)
        try:
            if size == "small":
                rows += memory(town)
            seen = inside(town)
            rows += requests(town, seen, size)
            if size == "small":
                code = seen["published"]
                rows += public_page(code) + first_visits(code) + screens(town)
        finally:
            town.stop()
    table.show(rows)
    print(f"\nkept in {table.keep(rows).relative_to(ROOT)}")


if __name__ == "__main__":
    main()
