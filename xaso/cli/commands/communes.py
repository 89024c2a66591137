"""commune open, host, villages: what an installation needs before its first page."""

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from xaso.cli import django_side
from xaso.cli.parsing import Commands, option
from xaso.cli.words import Trouble, Words, say

if TYPE_CHECKING:
    from xaso.kernel.places.actions import NewVillage

COLUMNS = ("code", "kind", "name", "lat", "lon")
Row = dict[str | None, str]


def add(commands: Commands) -> None:
    """Add the commands of this group."""
    group = commands.group("commune", "Mở xã, đặt tên miền, thêm bản", "Communes of this machine")
    opening = group.add("open", open_, "Mở một xã", "Open a commune")
    opening.add_argument("code", help=str(Words("mã đơn vị, ví dụ 03390", "national code")))
    opening.add_argument("--slug", required=True, help=str(Words("binh-lu", "binh-lu")))
    option(opening, "--host", "tên miền riêng", "host name of its own")
    option(opening, "--phone", "điện thoại", "telephone")
    option(opening, "--address", "địa chỉ trụ sở", "address of its office")
    host = group.add("host", host_, "Đặt tên miền riêng cho xã", "Give a commune its host name")
    host.add_argument("slug")
    host.add_argument("host", help=str(Words("để trống ('') là bỏ", "empty ('') takes it away")))
    villages = group.add("villages", villages_, "Thêm bản từ tệp CSV", "Add villages from a CSV")
    villages.add_argument("slug")
    villages.add_argument("file", type=Path, help=",".join(COLUMNS))


def open_(options: argparse.Namespace) -> int:
    """Open a commune with the usual categories; twice changes nothing."""
    with django_side.with_database():
        from xaso.kernel.places import queries as places  # noqa: PLC0415
        from xaso.kernel.refusals import Refusal  # noqa: PLC0415

        if places.commune_by_slug(options.slug) is not None:
            say(f"{options.slug} đã mở rồi.", f"{options.slug} is open already.")
            return 0
        try:
            name = _open(options)
        except Refusal as refusal:
            raise Trouble(str(refusal.sentence), str(refusal.sentence)) from None
    say(f"Đã mở {name}: /{options.slug}/", f"{name} is open: /{options.slug}/")
    return 0


def host_(options: argparse.Namespace) -> int:
    """Give a commune its own host name, or take it away."""
    with django_side.with_database():
        from xaso.kernel.places import actions  # noqa: PLC0415
        from xaso.kernel.refusals import Refusal  # noqa: PLC0415

        commune = django_side.commune(options.slug)
        try:
            actions.set_host(commune, options.host, by=django_side.operator())
        except Refusal as refusal:
            raise Trouble(str(refusal.sentence), str(refusal.sentence)) from None
    say("Đã đặt tên miền.", "The host name is set.")
    return 0


def villages_(options: argparse.Namespace) -> int:
    """Add villages; all rows or none. A code that is there already is passed over."""
    rows = list(_rows(options.file))
    with django_side.with_database():
        from django.db import transaction  # noqa: PLC0415

        from xaso.kernel.places import actions  # noqa: PLC0415
        from xaso.kernel.places.models import Village  # noqa: PLC0415
        from xaso.kernel.tenancy import actions as tenancy  # noqa: PLC0415

        commune = django_side.commune(options.slug)
        news = [_village(number, row) for number, row in rows]
        with tenancy.inside(commune.id), transaction.atomic():
            here = set(Village.objects.filter(commune=commune).values_list("code", flat=True))
            fresh = [new for new in news if new.code not in here]
            for new in fresh:
                actions.add_village(commune, new, by=django_side.operator())
    say(f"Đã thêm {len(fresh)} bản.", f"{len(fresh)} villages added.")
    return 0


def _open(options: argparse.Namespace) -> str:
    """Open the commune and furnish it, in one transaction; returns its name."""
    from django.db import transaction  # noqa: PLC0415

    from xaso.dossiers import actions as dossiers  # noqa: PLC0415
    from xaso.kernel.places import actions  # noqa: PLC0415
    from xaso.kernel.tenancy import actions as tenancy  # noqa: PLC0415
    from xaso.kernel.text import dates  # noqa: PLC0415
    from xaso.kernel.working_time import clock  # noqa: PLC0415
    from xaso.reports import actions as reports  # noqa: PLC0415

    by, today = django_side.operator(), dates.local(clock.now()).date()
    facts = {"phone": options.phone, "address": options.address}
    with transaction.atomic():
        commune = actions.open_commune(options.code, options.slug, by=by, on=today, **facts)
        with tenancy.inside(commune.id):
            reports.set_up(commune, by=by, on=today)
            dossiers.set_up(commune, by=by)
        if options.host:
            actions.set_host(commune, options.host, by=by)
    return str(commune)


def _rows(file: Path) -> Iterator[tuple[int, Row]]:
    """Yield the lines of a CSV with their numbers; refuse one without our columns."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            read = csv.DictReader(stream)
            if not set(COLUMNS) <= set(read.fieldnames or ()):
                names = ",".join(COLUMNS)
                raise Trouble(
                    f"Dòng đầu của {file} phải có các cột: {names}",
                    f"The first line of {file} must name the columns {names}",
                )
            yield from enumerate(read, 2)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Trouble(f"Không đọc được {file}: {error}", f"Cannot read {file}: {error}") from None


def _village(number: int, row: Row) -> "NewVillage":
    """Return the village of a line, or refuse with the line's number."""
    from xaso.kernel.places.actions import NewVillage  # noqa: PLC0415

    code, kind, name = ((row.get(column) or "").strip() for column in COLUMNS[:3])
    try:
        lat, lon = (float((row.get(column) or "").replace(",", ".")) for column in COLUMNS[3:])
    except ValueError:
        lat = lon = 0.0
    if not (code and kind and name and 8 <= lat <= 24 and 102 <= lon <= 115):
        raise Trouble(
            f"Dòng {number}: cần mã, loại (bản, thôn, tổ…), tên, vĩ độ và kinh độ trong nước ta.",
            f"Line {number}: code, kind, name, and a latitude and longitude in Vietnam are needed.",
        )
    return NewVillage(code, kind, name, lat, lon)
