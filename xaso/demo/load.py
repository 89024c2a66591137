"""Fills an empty installation with the three invented communes; a second call changes nothing."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from xaso.demo import (
    afterwards,
    agreeing,
    ahead,
    apart,
    asking,
    bulk,
    calls,
    dossiers,
    drilling,
    duty,
    papers,
    people,
    register,
    rounds,
    rules,
    stories,
    towns,
    waiting,
    wishes,
)
from xaso.demo.life import Living
from xaso.demo.photos import darkroom
from xaso.ioc import actions as ioc
from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.reports.models import Report, State, Visibility

SEED = 20250701
FULL = 100_000  # reports of Bình Lư in the size "full"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Account:
    """Someone who can sign in to the demo."""

    commune: str  # slug
    username: str
    password: str
    role: str
    full_name: str
    position: str
    is_shown: bool  # on the sign-in page and on the console


@dataclass
class Loaded:
    """What is in the installation now; `walls` (slug → path) only right after loading."""

    size: str
    seed: int
    accounts: list[Account] = field(default_factory=list)
    communes: list[str] = field(default_factory=list)
    walls: dict[str, str] = field(default_factory=dict)
    published: str = ""  # code of a published report with an answer, in the first commune
    reports: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return plain values for JSON; each account also says in one line `who` it is."""
        told = asdict(self)
        for account in told["accounts"]:
            account["name"] = account["full_name"]
            account["who"] = f"{account['full_name']}, {account['position']}"
        return told


def load(*, size: str = "small", seed: int = SEED, say: Say = lambda _text: None) -> Loaded:
    """Open the demo communes with everything in them: all of it, or nothing when interrupted.

    `size`: tiny (tests), small (some 600 reports), full (100,000 reports in Bình Lư for benches).
    The same seed in the same hour gives the same rows. Communes that are there stay as they are.
    """
    began = time.monotonic()
    with transaction.atomic():
        loaded = _filled(Loaded(size, seed), say)
    _note(loaded)
    say(f"{loaded.reports} phản ánh, {time.monotonic() - began:.0f} giây")
    return loaded


def _filled(loaded: Loaded, say: Say) -> Loaded:
    size, seed, until = loaded.size, loaded.seed, _this_hour()
    for slug, code, address, phone in towns.COMMUNES:
        known = places.commune_by_slug(slug)
        if known is None:
            say(f"{slug}: bản, cán bộ, lịch làm việc")
            town = towns.found(slug, code, address, phone, seed=seed)
            loaded.walls[slug] = _screen(town.commune)
            duty.roster(town, dates.local(until).date())
            rules.publish(town)
            count = register.settle(town, size=size, seed=seed, until=until)
            say(f"{slug}: {count} nhân khẩu mẫu")
            afterwards.write_templates(town.commune)
            _live(town, loaded, until, say)
        else:
            town = towns.reopen(known, seed)
        loaded.communes.append(slug)
        loaded.accounts += _accounts(town)
        if size == "full" and slug == "binh-lu":
            bulk.multiply(town.commune, up_to=FULL, seed=seed, say=say)
        with tenancy.inside(town.id):
            rows = Report.objects.filter(commune=town.id)
            loaded.reports += rows.count()
            shown = rows.filter(visibility=Visibility.PUBLIC, state=State.CLOSED).exclude(cover="")
            latest = shown.order_by("-answered_at").values_list("code", flat=True).first()
            loaded.published = loaded.published or latest or ""
    reader = towns.province(loaded.communes)
    loaded.accounts.append(
        Account(
            loaded.communes[0],
            reader.account,
            people.PASSWORD,
            reader.role,
            reader.full_name,
            reader.position,
            is_shown=True,
        )
    )
    return loaded


def _note(loaded: Loaded) -> None:
    """Leave a note in the data home, for its owner alone: it opens screens."""
    note = Path(settings.XASO_HOME) / "loaded.json"
    note.parent.mkdir(parents=True, exist_ok=True)
    if loaded.walls or not note.exists():
        note.touch(mode=0o600)
        note.write_text(json.dumps(loaded.as_json(), ensure_ascii=False), encoding="utf-8")


def _dossiers_of(loaded: Loaded, slug: str) -> str:
    """Return how many dossiers a commune gets: most are for the first one."""
    others = {"tiny": "round", "small": "tiny", "full": "tiny"}
    return loaded.size if slug == "binh-lu" else others.get(loaded.size, loaded.size)


def _photos_of(told: list[stories.Story]) -> list[darkroom.Key]:
    """Return the photos the stories begin with, in the order in which they are sent."""
    return [
        (story.matter.scene, variant, False)
        for story in sorted(told, key=lambda story: story.at)
        for variant in story.photos
    ]


def _live(town: towns.Town, loaded: Loaded, until: datetime, say: Say) -> None:
    slug = town.commune.slug
    names = [village.full_name for village in town.villages]
    told = stories.tell(slug, names, size=loaded.size, seed=loaded.seed, until=until)
    say(f"{slug}: {len(told)} phản ánh trong nửa năm")
    darkroom.begin(_photos_of(told))
    living = Living(town, seed=loaded.seed, until=until)
    taken = living.run(told, lambda n: say(f"{slug}: … {n} bước"))
    asking.ask(town, until)
    say(f"{slug}: xong, {taken} bước")
    apart.happen(town, until)
    calls.make(town, until)
    papers.lay_out(town, until)
    waiting.furnish(town)
    n = dossiers.live(town, size=_dossiers_of(loaded, slug), seed=loaded.seed, until=until)
    say(f"{slug}: {n} hồ sơ một cửa")
    ahead.happen(town, until, loaded.seed)
    rounds.travel(town, until)
    wishes.ask(town, until)
    agreeing.agree(town, until)
    drilling.drill(town, until)
    for refusal in living.refused:
        say(f"{slug}: bỏ qua một bước ({refusal})")


def _screen(commune: Commune) -> str:
    with tenancy.inside(commune.id):
        hung = ioc.hang_screen("Màn hình phòng họp (mẫu)", commune=commune, by=towns.BY)
    return f"/{commune.slug}/ioc/man-hinh/{hung.token}/"


def _accounts(town: towns.Town) -> list[Account]:
    slug = town.commune.slug
    return [
        Account(slug, p.account, people.PASSWORD, p.role, p.full_name, p.position, p.is_shown)
        for p in town.people.values()
    ]


def _this_hour() -> datetime:
    """Return the beginning of this hour: loading again within it gives the same stories."""
    now = dates.local(clock.now())
    return now.replace(minute=0, second=0, microsecond=0)
