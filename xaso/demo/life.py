"""Lets the stories happen: every step through the rooms' own doors, at the moment it is told for.

Steps of all stories of a commune run in the order of their moments, so that keys, codes and the
log book look as if people had worked there for half a year. What is still ahead does not happen:
so some reports stand open today, and a few are late.
"""

import hashlib
import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from uuid import uuid5

from shapely.geometry import Point, shape

from xaso.demo import afterwards, bodies
from xaso.demo.dice import dice
from xaso.demo.matters import CLOSINGS, Matter
from xaso.demo.names import person
from xaso.demo.photos import darkroom, scenes
from xaso.demo.shapes import KM_PER_DEGREE
from xaso.demo.stories import Story, at_the_office
from xaso.demo.towns import BY, Town
from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.places.models import Village
from xaso.kernel.refusals import Refusal
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import dates, spoken_code
from xaso.kernel.working_time import clock
from xaso.reports import actions as reports
from xaso.reports import catalogue
from xaso.reports.models import Body, Photo, PointSource, Report, State, Visibility

RESIDENT = Actor("resident", "", "web")
BATCH = 150  # steps per transaction
_MERGEABLE = (State.NEW, State.ACCEPTED, State.IN_PROGRESS)
_BACK = timedelta(days=20)  # how far a duplicate looks for the report it repeats

Step = Callable[["Life"], None]


@dataclass
class Life:
    """One report on its way: its story, its present row, and what was done."""

    story: Story
    town: "Living"
    report: Report | None = None
    answers: int = 0
    parent: "Life | None" = None  # the earlier report this one repeats

    @property
    def row(self) -> Report:
        """Return the report, which exists once it was received."""
        assert self.report is not None  # noqa: S101  (stories begin with receiving)
        return self.report

    @property
    def matter(self) -> Matter:
        """Return what it is about."""
        return self.story.matter


class Living:
    """A commune in which the stories happen."""

    def __init__(self, town: Town, *, seed: int, until: datetime) -> None:
        """Prepare the stage; nothing happens before `run`."""
        self.town = town
        self.seed = seed
        self.until = until
        self.refused: list[str] = []
        self.open: dict[int, Life] = {}  # by story number, for duplicates
        self._ahead: list[tuple[datetime, int, Life, Step]] = []
        self._order = count()
        self._photos: dict[tuple[str, int, bool], Attachment] = {}
        self._chance = dice(seed, town.commune.slug, "codes")

    def run(self, stories: list[Story], each: Callable[[int], None]) -> int:
        """Let the stories happen; `each` hears how many steps were taken. Returns how many."""
        for story in stories:
            self.later(story.at, Life(story, self), _receive)
        taken = 0
        with spoken_code.drawn_by(self._chance):
            while self._ahead:
                with tenancy.inside(self.town.id):
                    taken += sum(1 for _ in self._batch())
                each(taken)
        return taken

    def later(self, at: datetime, life: Life, step: Step) -> None:
        """Put a step on the way; what lies ahead of today never happens."""
        if at <= self.until:
            heapq.heappush(self._ahead, (at, next(self._order), life, step))

    def _batch(self) -> Iterator[None]:
        for _ in range(BATCH):
            if not self._ahead:
                return
            at, _n, life, step = heapq.heappop(self._ahead)
            with clock.at(at):
                try:
                    step(life)
                except Refusal as refusal:
                    why = getattr(refusal, "errors", "") or refusal.sentence
                    self.refused.append(f"{life.story.fate} {step.__name__}: {why}")
            yield

    def photo(self, scene: str, variant: int, *, after: bool = False) -> Attachment:
        """Return a drawn photo of this commune, stored and developed once."""
        key = (scene, variant, after)
        if key not in self._photos:
            drawn = scenes.photo(scene, variant, after=after)
            name = f"{scene}-{variant}{'-sau' if after else ''}.jpg"
            stored = attachments.store_photo(drawn, name=name, commune=self.town.id, by=BY)
            self._photos[key] = attachments.process(stored, darkroom.work(key))
        return self._photos[key]


# --- the steps ------------------------------------------------------------------------------------
def _receive(life: Life) -> None:
    """Send; what follows depends on the story's fate."""
    if life.story.fate == "duplicate":
        _repeat(life)
    story, town = life.story, life.town.town
    new = reports.NewReport(
        uuid=uuid5(town.id, f"demo {life.town.seed} {story.number}"),
        content_hash=hashlib.sha256(f"{story.number} {story.text}".encode()).hexdigest(),
        category=story.matter.code,
        channel=story.channel,
        text=story.text,
        place=_place(story, town.villages[story.village], life.parent),
        contact=_contact(life),
        photos=[life.town.photo(story.matter.scene, v) for v in story.photos],
        captured_at=story.at - timedelta(minutes=3),
        sent_at=story.at,
    )
    life.report = reports.receive(new, by=_sender(life), commune=town.commune).report
    afterwards.give_phone(life.row, f"{town.commune.slug} {story.number}")
    life.town.open[story.number] = life
    if story.fate == "withdrawn":
        _next(life, timedelta(hours=3), _withdraw)
    elif story.fate != "new":
        _at_desk(life, timedelta(minutes=dice(story.number, "accept").randint(6, 140)), _decide)


def _decide(life: Life) -> None:
    """Read it at the counter: refuse, merge, or take it in and publish it."""
    fate, clerk = life.story.fate, life.town.town.actor("motcua")
    if fate == "rejected":
        refusal = life.story.refusal
        by = clerk if refusal.reason == "test" else life.town.town.actor("chutich")
        life.report = reports.reject(life.row, refusal.reason, refusal.said, by=by)
        return
    earlier = life.parent and Report.objects.get(pk=life.parent.row.pk)
    if earlier and earlier.state in _MERGEABLE:
        life.report = reports.mark_duplicate(life.row, earlier, by=clerk)
        life.town.open.pop(life.story.number, None)
        return
    town, unit = life.town.town, life.matter.unit
    worker = town.officials[town.worker(unit, life.matter.code)]
    order = reports.Accepting(unit_id=town.units[unit].pk, assignee_id=worker.pk)
    life.report = reports.accept(life.row, order, by=clerk)
    _publish(life, clerk)
    if fate != "accepted":
        _at_desk(life, timedelta(minutes=dice(life.story.number, "start").randint(20, 300)), _start)


def _publish(life: Life, by: Actor) -> None:
    """Look at words and photos and let everybody see them."""
    kind = catalogue.of(life.town.town.id).by_id[life.row.category_id]
    if kind.is_publishable and life.row.visibility == Visibility.PENDING:
        photos = list(Photo.objects.filter(report=life.row).values_list("pk", flat=True))
        life.report = reports.publish(life.row, life.row.text or "", photos, by=by)
        _next(life, timedelta(hours=2), _join)


def _start(life: Life) -> None:
    """Begin the work: ask, pass on, or go straight to the answer."""
    fate = life.story.fate
    life.report = reports.start(life.row, by=_worker(life))
    chance = dice(life.story.number, "start")
    if fate == "in_progress" or chance.random() < 0.3:
        life.report = reports.note(life.row, chance.choice(life.matter.notes), by=_worker(life))
    if fate in ("asked", "asked_back"):
        _at_desk(life, timedelta(minutes=chance.randint(30, 200)), _ask)
    elif fate in ("forwarded", "passed_on"):
        _at_desk(life, timedelta(minutes=chance.randint(30, 200)), _forward)
    elif fate != "in_progress":
        _answer_in_time(life)


def _ask(life: Life) -> None:
    life.report = reports.ask_info(
        life.row, life.matter.question, by=_worker(life), reason="where_exactly"
    )
    if life.story.fate == "asked_back":
        hours = dice(life.story.number, "reply").randint(3, 50)
        _next(life, timedelta(hours=hours), _reply)


def _reply(life: Life) -> None:
    text = f"Chỗ này {life.story.landmark}, đi từ đường lớn vào khoảng 200 mét, bên tay trái."
    life.report = reports.give_info(life.row, reports.Reply(text), by=RESIDENT)
    _answer_in_time(life)


def _forward(life: Life) -> None:
    town = life.town.town
    body = Body.objects.filter(commune=town.commune, name=life.matter.body).first()
    order = reports.Forwarding(body_id=body.pk if body else None, asked=life.matter.asked)
    by = town.actor(town.head(life.matter.unit))
    life.report = reports.forward(life.row, order, by=by)
    if life.story.fate == "passed_on":
        _answer_in_time(life)


def _answer_in_time(life: Life) -> None:
    """Put the answer on the way: a share of the promised time after receiving."""
    row = life.row
    begun = row.state_since if life.answers else row.received_at
    at = begun + (row.due_at - begun) * life.story.pace
    soonest = clock.now() + timedelta(minutes=25)
    life.town.later(at_the_office(max(at, soonest)), life, _answer)


def _answer(life: Life) -> None:
    town, story = life.town.town, life.story
    life.answers += 1
    is_again = life.answers > 1
    bodies.say(life.row, life.matter)
    is_heads = is_again or life.row.state == State.FORWARDED or story.fate == "planned"
    by = town.actor(town.head(life.matter.unit)) if is_heads else _worker(life)
    life.report = reports.answer(life.row, _answering(life, is_again=is_again), by=by)
    chance = dice(story.number, "feedback", life.answers)
    if story.fate == "reopened" and not is_again:
        _next(life, timedelta(hours=chance.randint(4, 40)), _reopen)
    elif story.fate != "answered" and chance.random() < 0.62:
        _next(life, timedelta(hours=chance.uniform(1, 60)), _rate)
    if story.fate == "planned":
        _at_desk(life, timedelta(days=6), _look_again)
    if life.row.objection_until:
        life.town.later(life.row.objection_until + timedelta(minutes=10), life, _close)


def _answering(life: Life, *, is_again: bool) -> reports.Answering:
    town, story, matter = life.town.town, life.story, life.matter
    today = dates.local(clock.now()).date()
    chance = dice(story.number, "words", life.answers)
    unit = town.units[matter.unit].name
    is_planned = story.fate == "planned" and bool(matter.planned)
    words = chance.choice(matter.planned if is_planned else matter.fixed)
    closing_words = chance.choice(CLOSINGS) if is_again else story.closing
    village = town.villages[story.village].full_name
    text = story.words(words, village=village, unit=unit, day=f"{today.day}/{today.month}")
    photos = []
    if matter.scene and not is_planned:
        variant = (story.photos[0] if story.photos else 0) + (1 if is_again else 0)
        photos = [life.town.photo(matter.scene, variant % scenes.VARIANTS, after=True)]
    return reports.Answering(
        text=f"{text} {closing_words}",
        kind="planned" if is_planned else "fixed",
        done_by=unit,
        done_on=None if is_planned else today,
        planned_on=today + timedelta(days=6) if is_planned else None,
        contact=afterwards.contact(life.row),
        photos=photos,
        waiver="Việc chưa làm xong nên chưa có ảnh sau khi làm, sẽ chụp đúng ngày hẹn."
        if is_planned
        else "",
        is_repeat_confirmed=True,
    )


def _reopen(life: Life) -> None:
    text = "Làm xong được một hôm lại hỏng như cũ, nhờ xã xem lại giúp."
    life.report = reports.reopen(life.row, text, by=RESIDENT)
    by = life.town.town.actor(life.town.town.head(life.matter.unit))
    life.report = reports.note(life.row, "Trưởng đơn vị trực tiếp xem lại.", by=by)
    _at_desk(life, afterwards.patience(life.story.number), _look_again)
    _answer_in_time(life)


def _rate(life: Life) -> None:
    if life.row.state == State.ANSWERED:
        life.report = afterwards.rate(life.row, life.story.score, life.story.number)
        _at_desk(life, afterwards.patience(life.story.number), _look_again)


def _look_again(life: Life) -> None:
    afterwards.finish_tasks(life.row, life.town.town, life.matter.unit)
    life.report = Report.objects.get(pk=life.row.pk)


def _join(life: Life) -> None:
    afterwards.join(Report.objects.get(pk=life.row.pk), life.story.number)
    life.report = Report.objects.get(pk=life.row.pk)


def _close(life: Life) -> None:
    fresh = Report.objects.get(pk=life.row.pk)
    if fresh.state == State.ANSWERED and (fresh.objection_until or clock.now()) <= clock.now():
        life.report = reports.close(fresh, by=SYSTEM)
    life.town.open.pop(life.story.number, None)


def _withdraw(life: Life) -> None:
    life.report = reports.withdraw(life.row, by=RESIDENT)
    life.town.open.pop(life.story.number, None)


# --- what the steps need --------------------------------------------------------------------------
def _next(life: Life, after: timedelta, step: Step) -> None:
    life.town.later(clock.now() + after, life, step)


def _at_desk(life: Life, after: timedelta, step: Step) -> None:
    life.town.later(at_the_office(clock.now() + after), life, step)


def _worker(life: Life) -> Actor:
    town = life.town.town
    return town.actor(town.worker(life.matter.unit, life.matter.code))


def _sender(life: Life) -> Actor:
    """Return who sends: the resident, or who writes it down for them."""
    if life.story.channel in ("counter", "phone"):
        return life.town.town.actor("motcua")
    if life.story.channel == "helper":
        return life.town.town.actor("truongban1")
    return Actor("resident", "", "pwa" if life.story.channel == "pwa" else "web")


def _contact(life: Life) -> reports.Contact:
    if not life.story.has_contact:
        return reports.Contact()
    slug, number = life.town.town.commune.slug, life.story.number
    preferred = ("", "call", "sms", "sms")[number % 4]
    return reports.Contact(name=person(slug, number), preferred=preferred)


def _place(story: Story, village: Village, parent: Life | None) -> reports.Place:
    """Return where it is: beside the village's middle, or where the repeated report lies."""
    if parent is not None:
        earlier = parent.row
        return reports.Place(
            village_id=earlier.village_id,
            landmark=earlier.landmark,
            lat=earlier.lat,
            lon=earlier.lon,
            accuracy_m=20,
            source=PointSource.GPS,
        )
    if story.accuracy_m is None:
        return reports.Place(
            village_id=village.pk, landmark=story.landmark, source=PointSource.VILLAGE
        )
    lat = village.lat + story.aside_km[1] / KM_PER_DEGREE
    lon = village.lon + story.aside_km[0] / (KM_PER_DEGREE * 0.925)
    if village.polygon and not shape(village.polygon).contains(Point(lon, lat)):
        lat, lon = village.lat, village.lon
    return reports.Place(
        village_id=village.pk,
        landmark=story.landmark,
        lat=round(lat, 6),
        lon=round(lon, 6),
        accuracy_m=story.accuracy_m,
        source=PointSource.GPS,
    )


def _repeat(life: Life) -> None:
    """Let a story tell of a matter that somebody else reported shortly before."""
    since = clock.now() - _BACK
    known = [one for one in life.town.open.values() if one.row.received_at > since]
    open_ones = set(
        Report.objects.filter(
            pk__in=[one.row.pk for one in known], state__in=_MERGEABLE
        ).values_list("pk", flat=True)
    )
    earlier = next((one for one in reversed(known) if one.row.pk in open_ones), None)
    if earlier is None:
        return
    told = earlier.story
    words = told.matter.told[life.story.number % len(told.matter.told)]
    village = life.town.town.villages[told.village].full_name
    life.parent = earlier
    life.story = replace(
        life.story,
        matter=told.matter,
        village=told.village,
        landmark=told.landmark,
        text=told.words(words, village=village, unit="", day=""),
        photos=life.story.photos if told.matter.scene else (),
    )
