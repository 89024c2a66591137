"""What the one-stop centre costs with a million dossiers: the list, a create, a step, a deadline.

Run as `python -m bench.dossiers [ROWS]` in the town's environment; prints JSON in its last line.
The rows are copies of one finished dossier under keys, codes, names and moments of their own, of
the last five years, every fiftieth still open; history and papers are not copied, for no figure
here reads them.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
os.environ["XASO_POOL"] = "0"

import django

django.setup()

from django.db import connection

from bench.inside import counted
from xaso.cli import postgres
from xaso.cli.postgres import cluster
from xaso.dossiers import actions, catalogue, queries
from xaso.dossiers.models import Dossier, DossierCode, Procedure, State
from xaso.kernel import memory
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Official, RoleAssignment
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock, engine
from xaso.kernel.working_time import queries as working_time

ROWS = 1_000_000
OPEN_SHARE = 50  # every fiftieth still runs
CODE = "1.004837"
ROUNDS = 40
_OPENED = "now() - n * interval '156 seconds'"
COPIED = {
    "uuid": "gen_random_uuid()",
    "code": f"'B-' || to_char({_OPENED}, 'YYMMDD') || '-' || lpad(n::text, 7, '0')",
    "applicant": "'Nguyễn Văn Số ' || n",
    "fold": "'nguyen van so ' || n",
    "opened_at": _OPENED,
    "submitted_at": _OPENED,
    "accepted_at": _OPENED,
}
OPEN = {
    "state": f"'{State.IN_PROGRESS}'",
    "resolved_at": "NULL",
    "ended_at": "NULL",
    "returned_at": "NULL",
    "promise_at": "now() + n % 9000 * interval '1 minute'",
    "legal_at": "now() + (n % 9000 + 600) * interval '1 minute'",
}


def fill(commune: Commune, wanted: int) -> int:
    """Copy one finished dossier until there are so many; return how many there are."""
    with tenancy.inside(commune.id):
        there = Dossier.objects.filter(commune=commune).count()
        returned = Dossier.objects.filter(commune=commune, state=State.RETURNED)
        done = returned.order_by("id")[:1].get()
    fields = [f for f in Dossier._meta.concrete_fields if not f.primary_key]
    own = {str(f.column): f'd."{f.column}"' for f in fields}
    own |= COPIED | {
        column: f"CASE WHEN n % {OPEN_SHARE} = 0 THEN {still} ELSE d.{column} END"
        for column, still in OPEN.items()
    }
    columns, values = ", ".join(f'"{name}"' for name in own), ", ".join(own.values())
    as_superuser(
        f"INSERT INTO dossiers_dossier ({columns}) SELECT {values} FROM dossiers_dossier d, "
        f"generate_series({there + 1}, {wanted}) n WHERE d.id = {done.pk}",
        "VACUUM ANALYZE dossiers_dossier",
        "INSERT INTO dossiers_dossiercode "
        "(commune_id, dossier_id, system, code, backwards, is_primary, seen_at) "
        "SELECT d.commune_id, d.id, 'XASO', d.code, reverse(d.code), true, now() "
        "FROM dossiers_dossier d WHERE d.code LIKE 'B-%' AND NOT EXISTS "
        "(SELECT FROM dossiers_dossiercode c WHERE c.dossier_id = d.id)",
        "VACUUM ANALYZE dossiers_dossiercode",
    )
    return max(there, wanted)


def as_superuser(*statements: str) -> None:
    """Write rows for a commune from outside of it, which row-level security refuses to the app.

    `BENCH_PG` names the data home whose server runs; the rows are kept at once.
    """
    server = postgres.running(Path(os.environ["BENCH_PG"]))
    if server is None or server.socket is None:
        raise SystemExit("BENCH_PG names no data home with a running server.")
    name = str(connection.settings_dict["NAME"])
    with cluster.connect(server.socket, name=name) as superuser, superuser.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def timed(what: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Return the milliseconds of each round; the first three warm up."""
    found = []
    for _round in range(rounds + 3):
        began = time.perf_counter()
        what()
        found.append((time.perf_counter() - began) * 1_000)
    return sorted(found[3:])


def actor(role: str, commune: Commune) -> tuple[Official, Actor]:
    """Return somebody of a role, and as who they act."""
    held = RoleAssignment.objects.filter(commune=commune, role=role).select_related("official")[0]
    unit = held.unit_id
    return held.official, Actor("official", str(held.official_id), "desk", frozenset({role}), unit)


def measure(rows: int) -> dict[str, object]:
    """Fill, then measure each act; every act is rolled back with the whole."""
    commune = Commune.objects.get(slug="binh-lu")
    memory.settle()
    began = time.perf_counter()
    there = fill(commune, rows)
    took = time.perf_counter() - began
    with tenancy.inside(commune.id):
        return {"rows": there, "filled_s": round(took, 1), **acts(commune), **deadline()}


def acts(commune: Commune) -> dict[str, object]:
    """Return statements and milliseconds of the list, a create and a step."""
    officer, works = actor("officer", commune)
    _clerk, clerk = actor("one_stop_clerk", commune)
    content = catalogue.held(commune.id, CODE, clock.now().date()).content
    papers = tuple(actions.Paper(each.code, sha256="a" * 64) for each in content.components)

    def create() -> Dossier:
        new = actions.NewDossier(
            uuid4(), CODE, actions.Applicant("Lò Thị Mẩy"), papers=papers, fees=()
        )
        return actions.receive(new, by=clerk, commune=commune).dossier

    made = [create() for _ in range(ROUNDS + 4)]
    steps = [actions.hand_over(d, actions.Handing(receiver_id=officer.pk), by=clerk) for d in made]

    def step() -> Dossier:
        return actions.hand_over(steps.pop(), actions.Handing("tham_dinh", officer.pk), by=works)

    def rows(**wanted: object) -> Callable[[], object]:
        asked = queries.DossierFilter(**wanted)  # type: ignore[arg-type]
        return lambda: queries.listed(commune, asked, by=works)

    found: dict[str, object] = {}
    for name, act in (
        ("list", rows()),
        ("list all", rows(group="all")),
        ("list last digits", rows(words="0012345"[-6:])),
        ("counts above it", lambda: queries.counts(commune, clock.now(), by=works)),
        ("create", create),
        ("step", step),
    ):
        act()
        with counted() as seen:
            act()
        times = timed(act, ROUNDS - 2)
        p95 = times[int(len(times) * 0.95)]
        found[name] = {"sql": len(seen), "p50": round(median(times), 2), "p95": round(p95, 2)}
    found["procedures"] = Procedure.objects.filter(commune=commune).count()
    found["codes"] = DossierCode.objects.filter(commune=commune).count()
    return found


def deadline(calls: int = 100_000) -> dict[str, object]:
    """Return the microseconds of one deadline, in the engine."""
    by = working_time.builtin_calendar()
    start = working_time.naive(clock.now())
    moments = [start + timedelta(minutes=37 * n % 100_000) for n in range(1_000)]
    best = min(_round(by, moments, calls) for _ in range(3))
    return {"deadline_us": round(best / calls * 1e6, 2)}


def _round(by: object, moments: list[datetime], calls: int) -> float:
    began = time.perf_counter()
    for n in range(calls):
        engine.due(by, engine.Unit.WORKING_DAYS, 3, moments[n % 1_000])  # type: ignore[arg-type]
    return time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)))
