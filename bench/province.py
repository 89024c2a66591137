"""Opens the province's other communes beside the demo's three: 38 in all, each with its reports.

Run as `python -m bench.province <reports per commune>` in a town's environment; a second run
changes nothing. Land, villages, people and stories come from the demo, under the real communes'
codes and names.
"""

import os
import sys
import time
from dataclasses import replace
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
os.environ["XASO_POOL"] = "0"

import django

django.setup()

from django.db import transaction

from xaso.demo import bulk, load, names, shapes, stories, towns
from xaso.demo.life import Living
from xaso.kernel.places.models import AdminUnitVersion, Commune, Level
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import dates, fold
from xaso.kernel.working_time import clock
from xaso.reports.models import Report

STORIES = 26  # lived in each commune; the others are copies of the finished ones
VILLAGES = 12


def main() -> None:
    """Open what is missing and say how much there is."""
    per_commune, began = int(sys.argv[1]), time.monotonic()
    now = dates.local(clock.now())
    until = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    units = AdminUnitVersion.objects.filter(level=Level.COMMUNE, period__endswith=None)
    for unit in units.order_by("code"):
        if not Commune.objects.filter(code=unit.code).exists():
            with transaction.atomic():
                _open(unit, per_commune, until)
    reports = 0
    for commune in Commune.objects.all():
        with tenancy.inside(commune.id):
            reports += Report.objects.filter(commune=commune).count()
    print(Commune.objects.count(), reports, round(time.monotonic() - began), flush=True)


def _open(unit: AdminUnitVersion, per_commune: int, until) -> None:  # noqa: ANN001
    slug = fold(unit.short_name).replace(" ", "-")
    pattern = shapes.LANDS["ban-bo"]
    seat = (unit.lat, unit.lon)
    shapes.LANDS[slug] = replace(pattern, lat=unit.lat, lon=unit.lon, seats=(seat,))
    names.NAMINGS[slug] = names.Naming("X", VILLAGES, "bản", ())
    stories.SIZES["tiny"][slug] = STORIES
    town = towns.found(slug, unit.code, unit.name, "+84 000 000 135", seed=load.SEED)
    villages = [village.full_name for village in town.villages]
    told = stories.tell(slug, villages, size="tiny", seed=load.SEED, until=until)
    # Photos of one town are enough: developing them is what takes time.
    lived = [replace(story, photos=()) for story in told]
    Living(town, seed=load.SEED, until=until).run(lived, lambda _taken: None)
    bulk.multiply(town.commune, up_to=per_commune, seed=load.SEED, say=print)


if __name__ == "__main__":
    main()
