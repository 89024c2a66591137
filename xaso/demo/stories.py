"""What will become of each invented report: drawn before anything is stored, so that it repeats.

A story says who sees what where and when, and how it goes on. When exactly the commune answers is
drawn as a share of the promised time (1.0 = at the promised moment), because the promise is
computed by the real calendar when the report is received.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from random import Random

from xaso.demo.dice import dice
from xaso.demo.matters import CLOSINGS, LANDMARKS, MATTERS, REFUSED, Matter, Refused
from xaso.demo.photos.scenes import VARIANTS
from xaso.kernel.text import fold
from xaso.kernel.text.dates import ZONE

DAYS = 182  # half a year
SIZES = {  # reports per commune
    "tiny": {"binh-lu": 24, "ban-bo": 5, "tan-phong": 5},
    "small": {"binh-lu": 330, "ban-bo": 110, "tan-phong": 160},
    "full": {"binh-lu": 330, "ban-bo": 110, "tan-phong": 160},
}
# The latest stories of a commune, newest first: one in each state, whatever chance says.
SHOWN = (
    "new", "new", "accepted", "in_progress", "new", "asked", "forwarded", "late", "answered",
    "duplicate", "rejected", "withdrawn", "content", "reopened",
)  # fmt: skip
_AT_A_DESK = ("accepted", "in_progress")  # shown on every day: their ages are Monday to Friday
_AGES = {  # days ago the shown ones were received
    "new": 0.2, "accepted": 0.8, "in_progress": 1.2, "asked": 3, "forwarded": 2, "late": 24,
    "answered": 4, "duplicate": 3, "rejected": 5, "withdrawn": 6, "content": 9, "reopened": 8,
}  # fmt: skip
_FATES = (
    ("content", 46), ("closed", 28), ("asked_back", 5), ("passed_on", 6), ("rejected", 4),
    ("duplicate", 4), ("withdrawn", 2), ("reopened", 3), ("planned", 2),
)  # fmt: skip
_HOURS = (6, 7, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 17, 18, 18, 19, 19, 20, 21)
_CHANNELS = ("pwa",) * 6 + ("web_plain",) * 2 + ("counter", "phone", "helper")


@dataclass(frozen=True)
class Story:
    """One report from its first word to its last."""

    number: int  # within the commune, oldest first
    at: datetime  # received
    fate: str
    matter: Matter
    village: int  # index into the commune's villages
    landmark: str
    text: str
    channel: str
    has_contact: bool
    photos: tuple[int, ...]  # variants
    aside_km: tuple[float, float]  # of the village's middle; the point of the pin
    accuracy_m: int | None  # None: no pin, the village was picked
    pace: float  # share of the promised time after which the answer comes
    count: int
    closing: str
    refusal: Refused
    score: int  # what the sender thinks of the answer

    def words(self, pattern: str, **filled: object) -> str:
        """Fill a sentence of the matter."""
        return pattern.format(where=self.landmark, count=self.count, **filled)


def tell(slug: str, villages: list[str], *, size: str, seed: int, until: datetime) -> list[Story]:
    """Return the stories of a commune up to a moment, oldest first; `villages` are full names.

    The size "tiny" shows each scene in one variant: developing photos is what takes time.
    """
    drafts = sorted(
        (_received(dice(seed, slug, "when", n), n, until), n) for n in range(SIZES[size][slug])
    )
    told = []
    for position, (at, n) in enumerate(drafts, 1):
        fate = _fate(n, dice(seed, slug, "fate", n))
        story = _story(dice(seed, slug, "story", n), position, at, fate, villages)
        told.append(replace(story, photos=story.photos and (0,)) if size == "tiny" else story)
    return told


def _received(chance: Random, number: int, until: datetime) -> datetime:
    """Return when a report is received: more often lately, early and late in the day."""
    if number < len(SHOWN):
        age = timedelta(days=_AGES[SHOWN[number]] + chance.uniform(0, 0.12))
        return week_before(until, age) if SHOWN[number] in _AT_A_DESK else until - age
    day = until.astimezone(ZONE).date() - timedelta(days=1 + int(chance.random() ** 1.15 * DAYS))
    at = time(chance.choice(_HOURS), chance.randrange(60), chance.randrange(60))
    return datetime.combine(day, at, ZONE)


def _fate(number: int, chance: Random) -> str:
    if number < len(SHOWN):
        return SHOWN[number]
    fates, weights = zip(*_FATES, strict=True)
    return str(chance.choices(fates, weights)[0])


def _story(chance: Random, number: int, at: datetime, fate: str, villages: list[str]) -> Story:
    able = [m for m in MATTERS if m.body or fate not in ("forwarded", "passed_on")]
    if fate == "planned":
        able = [m for m in able if m.planned]
    matter = chance.choices(able, [m.share for m in able])[0]
    # Some villages complain more than others.
    village = min(chance.randrange(len(villages)), chance.randrange(len(villages)))
    landmark, count = chance.choice(LANDMARKS), chance.randint(2, 6)
    refusal = chance.choice(REFUSED)
    text = chance.choice(matter.told).format(
        where=landmark, count=count, village=villages[village], unit="", day=""
    )
    if fate == "rejected":
        text = refusal.told
    if chance.random() < 0.06:
        text = fold(text)  # typed without accents, as on an old phone
    if chance.random() < 0.03:
        text += " Gọi tôi số 0000 " + f"{chance.randrange(10**6):06d}"[:3] + " 123 nhé."
    has_pin = chance.random() < 0.7
    return Story(
        number=number,
        at=at,
        fate=fate,
        matter=matter,
        village=village,
        landmark=landmark,
        text=text,
        channel=chance.choice(_CHANNELS),
        has_contact=chance.random() < 0.55,
        photos=_photos(chance, matter),
        aside_km=(chance.gauss(0, 0.35), chance.gauss(0, 0.35)),
        accuracy_m=chance.choice((5, 8, 12, 20, 35)) if has_pin else None,
        pace=_pace(chance, fate),
        count=count,
        closing=chance.choice(CLOSINGS),
        refusal=refusal,
        score=2 if chance.random() < 0.78 else 1,
    )


def _photos(chance: Random, matter: Matter) -> tuple[int, ...]:
    if not matter.scene or chance.random() < 0.08:
        return ()
    return tuple(chance.sample(range(VARIANTS), chance.choice((1, 1, 1, 2))))


def _pace(chance: Random, fate: str) -> float:
    """Return how much of the promised time the answer takes; one in ten comes late."""
    if fate == "late":
        return 99.0
    if fate in ("answered", "content", "reopened"):
        return chance.uniform(0.2, 0.7)
    if chance.random() < 0.1:
        return chance.uniform(1.03, 1.6)
    return chance.triangular(0.12, 0.98, 0.6)


def week_before(until: datetime, age: timedelta) -> datetime:
    """Return so long before a moment, Saturdays and Sundays not counted.

    What desks do within that time was done then, also when somebody looks on a Sunday.
    """
    here = until.astimezone(ZONE)
    while True:
        day = (here - timedelta(microseconds=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        if day.weekday() < 5:
            if here - day >= age:
                return here - age
            age -= here - day
        here = day


def at_the_office(moment: datetime) -> datetime:
    """Return the moment, or the next one at which somebody sits at a desk (Monday to Friday)."""
    here = moment.astimezone(ZONE)
    while True:
        hour = here.hour + here.minute / 60
        if here.weekday() < 5 and (7.5 <= hour < 11.5 or 13 <= hour < 17):
            return here
        if here.weekday() < 5 and hour < 13:
            start = (7, 34) if hour < 7.5 else (13, 4)
            here = here.replace(hour=start[0], minute=start[1] + here.minute % 20)
        else:
            here = (here + timedelta(days=1)).replace(hour=7, minute=32 + here.minute % 25)
