"""A register of a million persons in one commune, and how long finding one of them takes.

Run as `python -m bench.register`: makes a data home of its own (`.home-bench-register`) once and
prints JSON: for each kind of question its p50 and p95 in milliseconds, as `xaso_app`, through the
query the page uses. Two hundred thousand different names, some common, most rare; every tenth of
the questions is of a name nobody has.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".home-bench-register"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
os.environ["XASO_HOME"], os.environ["XASO_POOL"] = str(HOME), "0"
for _key in ("XASO_SECRET_KEY", "XASO_FIELD_KEY", "XASO_INDEX_KEY"):
    os.environ[_key] = "for measuring only, for measuring only"  # the rows were made with them

PERSONS, NAMES, VILLAGES, PER_HOUSE = 1_000_000, 200_000, 400, 4
ASKED, ROUNDS = 200, 4  # questions of each kind, and how often each is asked
COMMUNE = "03408"
_FAMILY = (
    "Nguyễn Trần Lê Phạm Hoàng Lò Vàng Giàng Sùng Thào Tẩn Chẻo Phàn Lý Lù Vùi Hảng Mùa Cà Tao "
    "Quàng Lường Hà Đèo Điêu Cứ Hờ Và Tráng Ma Lầu Ly Chang Pờ Lỳ Vừ Mào Thùng Sần Bùi Đỗ Vũ "
    "Đặng Ngô "
)
_MIDDLE = (
    "A Văn Thị Mỹ Đức Quang Minh Xuân Thanh Ngọc Hồng Thu Hữu Công Bá Láo Lở Mý Seo Chín Phúc "
    "Kim Gia Bảo Tuấn Trung Việt Hải Phương Lan "
)
_HEAD = "B C CH D Đ G H KH L M N NG NH P PH Qu R S T TH TR V X"
_RIME = (
    "a à á ả ao áo ai ái an àn ang áng ăn âu ây e en én ề ênh i ía in ính iu o ò ói on òng ô ôi "
    "ồn ông ơ ơi ơn u úa ui ung ư ứa ừng ương ươi uyên uân ỷ "
)


def main() -> None:
    """Fill once, measure, print."""
    made = _filled()[1]
    import django

    django.setup()
    found: dict[str, Any] = {name: _times(ask) for name, ask in _questions()}
    print(json.dumps({"filled_s": round(made), "asked": found}))


def _filled() -> tuple[Any, float]:
    """Return the server of the home, filled with people, and the seconds that took."""
    import subprocess

    from xaso.cli import postgres

    server, began = postgres.ensure(HOME), time.monotonic()
    os.environ["DATABASE_URL"] = server.app_url
    done = HOME / "filled.done"
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "django",
        "migrate",
        "--skip-checks",
        "-v",
        "0",
    ]
    subprocess.run(
        command, check=True, cwd=ROOT, env=os.environ | {"DATABASE_URL": server.owner_url}
    )
    if done.exists():
        return server, float(done.read_text())
    subprocess.run([sys.executable, "-W", "ignore", "-m", "bench.register", "open"], check=True,
                   cwd=ROOT, env=os.environ | {"DATABASE_URL": server.app_url})  # fmt: skip
    _people(server)
    took = time.monotonic() - began
    done.write_text(str(took))
    return server, took


def _open() -> None:
    """Open the commune with its villages."""
    import django

    django.setup()
    from datetime import date

    from django.db import transaction

    from xaso.kernel.audit.actors import SYSTEM
    from xaso.kernel.places import actions as places
    from xaso.kernel.places.models import Commune
    from xaso.kernel.tenancy import actions as tenancy

    if Commune.objects.filter(code=COMMUNE).exists():
        return
    with transaction.atomic():
        commune = places.open_commune(
            COMMUNE, "tan-phong", by=SYSTEM, on=date(2026, 11, 1), is_demo=True
        )
        with tenancy.inside(commune.id):
            for number in range(VILLAGES):
                new = places.NewVillage(f"TP-{number:03d}", "bản", f"Số {number}", 22.3, 103.4)
                places.add_village(commune, new, by=SYSTEM)


def _names() -> list[str]:
    chance = Random(7)
    found: dict[str, None] = {}
    families, middles, heads, rimes = (each.split() for each in (_FAMILY, _MIDDLE, _HEAD, _RIME))
    while len(found) < NAMES:
        family = families[min(int(chance.expovariate(0.12)), len(families) - 1)]
        given = (chance.choice(heads).capitalize() + chance.choice(rimes)).strip()
        middle = chance.choice(middles)
        if chance.random() < 0.3:
            middle += " " + chance.choice(heads).capitalize() + chance.choice(rimes)
        found[f"{family} {middle} {given}"] = None
    return list(found)


def _people(server: Any) -> None:  # noqa: ANN401
    """Make people, households, memberships and numbers in SQL, as the superuser who may COPY."""
    import django
    import psycopg

    django.setup()
    from xaso.kernel.sealing import rows
    from xaso.population import naming

    with psycopg.connect(server.superuser_url) as wire:
        wire.execute("SET session_replication_role = replica")
        wire.execute("SET maintenance_work_mem = '256MB'")
        wire.execute(
            "CREATE TEMP TABLE pool (n serial, display_name text, exact text, fold text, "
            "fold_tight text, sound text, sound_given text, sort_key text)"
        )
        columns = "display_name, exact, fold, fold_tight, sound, sound_given, sort_key"
        with wire.cursor().copy(f"COPY pool ({columns}) FROM STDIN") as copy:
            for name in _names():
                written = naming.written(name).for_person()
                copy.write_row([written[c] for c in columns.split(", ")])
        wire.execute("ANALYZE pool")
        wire.execute(_SQL.format(columns=columns, persons=PERSONS, names=NAMES, house=PER_HOUSE))
        wire.execute("CREATE TEMP TABLE numbers (n int, blind bytea)")
        with wire.cursor().copy("COPY numbers FROM STDIN") as copy:
            for n in range(1, PERSONS + 1):
                copy.write_row([n, rows.index(_number(n), purpose="national_id")])
        wire.execute(_NUMBERS)
        wire.commit()
        wire.autocommit = True
        wire.execute("VACUUM ANALYZE")


def _number(n: int) -> str:
    return f"0120{n % 100:02d}{n:06d}"[-12:] if n < PERSONS else "012099999999"


_SQL = """
    SET LOCAL row_security = off;
    INSERT INTO population_person (id, commune_id, display_name, is_unnamed, exact, fold,
        fold_tight, sound, sound_given, sort_key, sex, birth_date, birth_precision, birth_year,
        birth_note,
        death_precision, ethnic_code, local_group, spoken_languages, needs_interpreter, village_id,
        status, is_invented, version, created_at, updated_at)
    SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(g), 12, '0'))::uuid, c.id, p.display_name,
        false, p.exact, p.fold, p.fold_tight, p.sound, p.sound_given, p.sort_key,
        CASE g % 2 WHEN 0 THEN 'male' ELSE 'female' END,
        make_date(1930 + ((g::bigint * 7919) % 96)::int, 1, 1),
        'year', 1930 + ((g::bigint * 7919) % 96)::int, '', 'unknown', '', '', '{{}}', false,
        v.first + (g / {house}) % v.count, 'active', true, 0, now(), now()
    FROM generate_series(1, {persons}) g
    CROSS JOIN (SELECT id FROM places_commune WHERE code = '03408') c
    CROSS JOIN (SELECT min(id) AS first, count(*)::int AS count FROM places_village) v
    JOIN pool p ON p.n = 1
        + floor({names} * power(((g::bigint * 48271) % 2147483647) / 2147483647.0, 1.7))::int;
    INSERT INTO population_spelling (commune_id, fold, fold_tight, sound, words)
        SELECT DISTINCT ON (p.fold) p.commune_id, p.fold, p.fold_tight, p.sound,
               string_to_array(p.fold, ' ') FROM population_person p;
    INSERT INTO population_spelledword (commune_id, word, sound)
        SELECT DISTINCT ON (w.word) s.commune_id, w.word, w.sound FROM population_spelling s,
            unnest(s.words, string_to_array(s.sound, ' ')) AS w (word, sound);
    INSERT INTO population_household (id, commune_id, code, kind, village_id, opened, state,
        version, created_at, updated_at)
    SELECT ('00000000-0000-4000-9000-' || lpad(to_hex(h), 12, '0'))::uuid, c.id,
        'TP-' || lpad(h::text, 6, '0'), 'family', v.first + h % v.count, '2025-07-01', 'normal', 0,
        now(), now()
    FROM generate_series(0, {persons} / {house}) h
    CROSS JOIN (SELECT id FROM places_commune WHERE code = '03408') c
    CROSS JOIN (SELECT min(id) AS first, count(*)::int AS count FROM places_village) v;
    INSERT INTO population_membership (id, commune_id, person_id, household_id, role,
        residence_kind, period, evidence, source, created_at)
    SELECT ('00000000-0000-4000-a000-' || lpad(to_hex(g), 12, '0'))::uuid, c.id,
        ('00000000-0000-4000-8000-' || lpad(to_hex(g), 12, '0'))::uuid,
        ('00000000-0000-4000-9000-' || lpad(to_hex(g / {house}), 12, '0'))::uuid,
        CASE g % {house} WHEN 0 THEN 'head' ELSE 'child' END, 'permanent', '[2025-07-01,)', '',
        'paper', now()
    FROM generate_series(1, {persons}) g
    CROSS JOIN (SELECT id FROM places_commune WHERE code = '03408') c;
"""
_NUMBERS = """
    INSERT INTO population_personidentifier (id, commune_id, person_id, kind, cipher, blind_index,
        tail3, source, warnings, answer, created_at)
    SELECT gen_random_uuid(), c.id,
        ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'national_id',
        decode(repeat('00', 42), 'hex'), blind, '000', 'paper', '{}', '', now()
    FROM numbers CROSS JOIN (SELECT id FROM places_commune WHERE code = '03408') c
"""


def _questions() -> Iterator[tuple[str, Callable[[], list[tuple[str, int | None]]]]]:
    """Yield each kind of question and a function that makes the questions."""
    from xaso.kernel.text import fold
    from xaso.population.models import Person

    def some(seed: int) -> list[Person]:
        chance = Random(seed)
        keys = [UUID(f"00000000-0000-4000-8000-{chance.randrange(1, PERSONS):012x}")
                for _ in range(ASKED)]  # fmt: skip
        return list(Person.objects.filter(pk__in=keys))

    def typo(name: str) -> str:
        words = fold(name).split()
        return " ".join([*words[:-1], words[-1] + "h"])

    yield "full name, with accents", lambda: [(p.display_name, None) for p in some(1)]
    yield "full name, without accents", lambda: [(p.fold, None) for p in some(2)]
    yield "another spelling", lambda: [(p.sound, None) for p in some(3)]
    yield "a letter wrong", lambda: [(typo(p.display_name), None) for p in some(4)]
    yield "name and birth year", lambda: [(f"{p.fold} {p.birth_year}", None) for p in some(5)]
    yield "family and middle name", lambda: [(" ".join(p.fold.split()[:2]), None) for p in some(6)]
    yield "one word in a village", lambda: [(p.fold.split()[-1], p.village_id) for p in some(7)]
    yield "a name nobody has", lambda: [(f"{p.fold[::-1]} zq", None) for p in some(8)]
    yield "personal number", lambda: [(_number(n), None) for n in range(1, ASKED * 31, 31)]
    yield "household code", lambda: [(f"TP-{n:06d}", None) for n in range(1, ASKED * 31, 31)]


def _times(ask: Callable[[], list[tuple[str, int | None]]]) -> dict[str, float]:
    """Return p50, p95 and the worst of one kind of question in milliseconds.

    `ms` is wall time, `cpu` what our thread and its database process used. Each question counts
    with the best of its rounds: other work on the machine only ever adds.
    """
    from django.db import connection

    from bench import processes
    from xaso.kernel.places.models import Commune
    from xaso.kernel.tenancy import actions as tenancy
    from xaso.population import queries

    commune = Commune.objects.get(code=COMMUNE)
    walls, cpus = [], []
    with tenancy.inside(commune.id):
        backend = connection.connection.info.backend_pid
        for asked in [queries.read(text, [], village) for text, village in ask()]:
            rounds = []
            for _ in range(ROUNDS):
                began, own = time.perf_counter(), time.thread_time()
                theirs = processes.thread_seconds(backend)
                queries.find_persons(commune, asked)
                spent = time.thread_time() - own + processes.thread_seconds(backend) - theirs
                rounds.append((time.perf_counter() - began, spent))
            walls.append(min(r[0] for r in rounds) * 1000)
            cpus.append(min(r[1] for r in rounds) * 1000)
    found = {}
    for name, times in (("ms", sorted(walls)), ("cpu", sorted(cpus))):
        found |= {
            f"{name}_p50": times[len(times) // 2],
            f"{name}_p95": times[int(len(times) * 0.95)],
            f"{name}_worst": times[-1],
        }
    return found


if __name__ == "__main__":
    _open() if sys.argv[1:] == ["open"] else main()
