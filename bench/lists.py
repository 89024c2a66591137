"""A list of 40,000 people: how long it takes to read, compare and write it, with how much memory.

Run as `python -m bench.lists`, or `python -m bench.lists 4000` for a smaller one. Makes a data home
of its own (`.home-bench-lists`), a workbook of invented people in households of about three, and
does what the worker does, in this process: seconds of each step, then the same list a day later
(all rows the same), then one in which one row in a hundred has changed; then everybody as a file.
CPU of this process, of its database process and of the process that reads the file. Run again in
the same home it opens another commune beside the first.
"""

import io
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".home-bench-lists"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
os.environ["XASO_HOME"], os.environ["XASO_POOL"] = str(HOME), "0"
for _key in ("XASO_SECRET_KEY", "XASO_FIELD_KEY", "XASO_INDEX_KEY"):
    os.environ[_key] = "for measuring only, for measuring only"

ROWS = 40_000
COMMUNE = "03408"
HEAD = (
    "STT", "Mã hộ", "Họ và tên", "Ngày sinh", "Giới tính", "Quan hệ với chủ hộ", "Số CCCD",
    "Dân tộc", "Bản", "Địa chỉ", "Số điện thoại",
)  # fmt: skip
_FAMILY = "Nguyễn Lò Vàng Giàng Sùng Thào Tẩn Chẻo Phàn Lý Lù Vùi Hảng Mùa Cà Tao Quàng Lường Đèo"
_MIDDLE = "A Văn Thị Mỹ Đức Quang Minh Xuân Thanh Ngọc Hồng Thu Láo Seo Chín"
_GIVEN = "Páo Dợ Mỷ Lử Sử Chu Tủa Ín Hoa Đôi Phà Dơ Sa Vảng Pao Chư Dế Lan Hương Bình Sơn Tú"


def workbook(count: int, *, is_changed: bool = False) -> bytes:
    """Return a list of so many people in households of three to five."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Nhân khẩu")
    sheet.append(["DANH SÁCH NHÂN KHẨU THƯỜNG TRÚ (bịa ra để đo)"])
    sheet.append(HEAD)
    for row in _people(count):
        sheet.append((*row[:7], "Tày", *row[8:]) if is_changed and not row[0] % 100 else row)
    sheet.append(["", "", "Tổng cộng", count])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _people(count: int) -> Iterator[tuple[Any, ...]]:
    random = Random(7)
    house, left = 0, 0
    for number in range(1, count + 1):
        if not left:
            house, left = house + 1, random.choice((3, 3, 3, 4))
            village = f"Bản đo {house % 40 + 1}"
            roles = iter(("Chủ hộ", "Vợ", "Con", "Con"))
        left -= 1
        year = random.randint(1940, 2023)
        day = f"{random.randint(1, 28)}/{random.randint(1, 12)}/{year}"
        is_woman = random.random() < 0.5
        sign = (2 if year >= 2000 else 0) + is_woman
        name = " ".join(random.choice(words.split()) for words in (_FAMILY, _MIDDLE, _GIVEN))
        yield (
            number, f"H{house:05}", name, day, "Nữ" if is_woman else "Nam", next(roles),
            f"012{sign}{year % 100:02}{number:06}", random.choice(("Mông", "Thái", "Dao", "Kinh")),
            village, f"Số {house}", f"09{number:08}" if random.random() < 0.4 else None,
        )  # fmt: skip


def main() -> None:
    """Make the list, import it, import it again; print JSON."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    from xaso.cli import postgres

    server = postgres.ensure(HOME)
    try:
        _migrate(server.owner_url)
        os.environ["DATABASE_URL"] = server.app_url
        import django

        django.setup()
        from django.utils.module_loading import autodiscover_modules

        from xaso.kernel import memory

        autodiscover_modules("tasks", "actions")
        memory.settle()
        print(json.dumps(_measured(count), indent=1))
    finally:
        postgres.stop(HOME)


def _migrate(url: str) -> None:
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
    subprocess.run(command, check=True, cwd=ROOT, env=os.environ | {"DATABASE_URL": url})


def _commune() -> Any:  # noqa: ANN401
    """Open a commune nobody has used in this home, with forty villages."""
    from django.db import transaction

    from xaso.kernel.audit.actors import SYSTEM
    from xaso.kernel.places import actions as places
    from xaso.kernel.places.models import AdminUnitVersion, Commune
    from xaso.kernel.tenancy import actions as tenancy

    used = set(Commune.objects.values_list("code", flat=True))
    codes = AdminUnitVersion.objects.filter(level="commune", period__upper_inf=True)
    code = next(c for c in codes.order_by("code").values_list("code", flat=True) if c not in used)
    with transaction.atomic():
        commune = places.open_commune(
            code, f"do-{code}", by=SYSTEM, on=date(2026, 11, 1), is_demo=True
        )
        with tenancy.inside(commune.id):
            for number in range(1, 41):
                new = places.NewVillage(f"D-{number:03d}", "bản", f"Bản đo {number}", 22.3, 103.4)
                places.add_village(commune, new, by=SYSTEM)
    return commune


def _measured(count: int) -> dict[str, Any]:
    commune = _commune()
    body = workbook(count)
    found: dict[str, Any] = {"rows": count, "file_mb": round(len(body) / 1e6, 2)}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    today = date.today()  # noqa: DTZ011
    found |= _imported(body, commune, today - timedelta(days=2))
    again = _imported(workbook(count), commune, today - timedelta(days=1))
    changed = _imported(workbook(count, is_changed=True), commune, today)
    found |= {f"again_{k}": v for k, v in again.items()}
    found |= {f"changed_{k}": v for k, v in changed.items()}
    found |= _exported(commune)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    reader = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return found | {
        "peak_before_mb": round(before), "peak_mb": round(own), "peak_reader_mb": round(reader)
    }  # fmt: skip


def _database_cpu() -> float:
    """Return the CPU seconds of the database process that serves us."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        words = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _exported(commune: Any) -> dict[str, Any]:  # noqa: ANN401
    """Make the file of everybody that an officer takes along, in both forms."""
    from xaso.kernel.tenancy import actions as tenancy
    from xaso.population.lists import files
    from xaso.population.queries import exporting

    found: dict[str, Any] = {}
    for form in (files.CSV, files.XLSX):
        wall, own, theirs = time.monotonic(), time.process_time(), _database_cpu()
        with tenancy.inside(commune.id):
            rows = list(exporting.residents(commune))
        head = [str(text) for text in exporting.COLUMNS.values()]
        body = files.written(form, head, ([row[n] for n in exporting.COLUMNS] for row in rows))
        found[f"export_{form}"] = {
            "rows": len(rows), "mb": round(len(body) / 1e6, 1),
            "s": round(time.monotonic() - wall, 1),
            "ours": round(time.process_time() - own, 1),
            "database": round(_database_cpu() - theirs, 1),
        }  # fmt: skip
    return found


def _imported(body: bytes, commune: Any, as_of: date) -> dict[str, Any]:  # noqa: ANN401
    """Import a list as an official and the worker do; return wall and CPU seconds of each step."""
    from xaso.kernel.audit.actors import Actor
    from xaso.kernel.jobs import actions as jobs
    from xaso.kernel.tenancy import actions as tenancy
    from xaso.population.actions import importing, importing_deciding
    from xaso.population.models import ImportBatch

    by = Actor("official", "1", "desk")
    found: dict[str, Any] = {}

    def step(name: str, act: Callable[[], object]) -> None:
        wall, own, theirs = time.monotonic(), time.process_time(), _database_cpu()
        reader = resource.getrusage(resource.RUSAGE_CHILDREN)
        with tenancy.inside(commune.id):
            act()
        jobs.do_now()
        found[f"{name}_s"] = round(time.monotonic() - wall, 1)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found[f"{name}_cpu_s"] = {
            "ours": round(time.process_time() - own, 1),
            "database": round(_database_cpu() - theirs, 1),
            "reader": round(after.ru_utime + after.ru_stime - reader.ru_utime - reader.ru_stime, 1),
        }

    new = importing.NewList("ds.xlsx", body, "Công an xã", "police_export", as_of)
    kept: list[ImportBatch] = []

    def batch() -> ImportBatch:
        return ImportBatch.objects.get(pk=kept[0].pk)

    step("read", lambda: kept.append(importing.take_list(new, commune=commune, by=by)))
    step("compare", lambda: importing.map_columns(
        batch(), importing.Plan({int(c): f for c, f in batch().mapping.items()}), by=by
    ))  # fmt: skip
    with tenancy.inside(commune.id):
        found["counts"] = {k: n for k, n in batch().counts.items() if n}
        for kind in ("new", "changed"):
            importing_deciding.decide_kind(batch(), kind, "take", by=by)
    if set(found["counts"]) & {"new", "changed"}:
        step("write", lambda: importing.approve(batch(), by=by))
        with tenancy.inside(commune.id):
            found["outcomes"] = {k: n for k, n in batch().outcomes.items() if n}
    return found


if __name__ == "__main__":
    main()
