"""The administrator changes a number or the classes of spelling: dated rows, never an edit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.text import clean_line, dates, fold
from xaso.kernel.working_time import clock
from xaso.population import rulebook, sounding
from xaso.population.models import Person, PersonName, Rule, SpelledWord, SpellingClass, Sureness

SOUND_AGAIN = "population.sound_again"
MOST_CLASSES, MOST_LETTERS = 60, 6
_LARGEST = 10_000
_BACK = timedelta(days=366)  # a decree found late still holds from its own day
_AT_ONCE = 5_000  # names in one statement


class NoSuchRule(Invalid):
    """A key nobody knows."""

    sentence = gettext_lazy("Không có quy tắc này.")


@dataclass(frozen=True)
class NewRule:
    """A number from a day on, and where it stands written."""

    key: str
    amount: int
    valid_from: date
    sureness: str = Sureness.COMMUNE
    source: str = ""


@transaction.atomic
def set_rule(commune: Commune, new: NewRule, *, by: Actor) -> Rule:
    """Let a number be another from a day on. Refuses with NoSuchRule or Invalid (by field)."""
    known = rulebook.KNOWN.get(new.key)
    if known is None:
        raise NoSuchRule
    errors = _faults(known, new)
    if errors:
        raise Invalid(errors=errors)
    values = {
        "amount": new.amount,
        "sureness": new.sureness,
        "source": clean_line(new.source)[:300],
        "set_by": by.id[:64],
        "set_at": clock.now(),
    }
    row, _new = Rule.objects.update_or_create(
        commune=commune, key=new.key, valid_from=new.valid_from, defaults=values
    )
    changes = {"key": new.key, "valid_from": new.valid_from.isoformat(), "amount": new.amount}
    audit.record("population.rule_set", row, by=by, commune=commune.id, changes=changes)
    return row


def _faults(known: rulebook.Known, new: NewRule) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    is_point = known.key.startswith("points.")
    if known.unit == rulebook.YES and new.amount not in (0, 1):
        errors["amount"] = [_("Bác ghi 1 (có) hoặc 0 (không).")]
    elif known.unit != rulebook.YES and not (-1_000 if is_point else 1) <= new.amount <= _LARGEST:
        errors["amount"] = [_("Số này ngoài khoảng dùng được. Bác xem lại giúp.")]
    elif known.key.startswith("watch.night") and new.amount > 23:
        errors["amount"] = [_("Giờ từ 1 đến 23.")]
    if new.valid_from < dates.local(clock.now()).date() - _BACK:
        errors["valid_from"] = [_("Ngày áp dụng lùi quá một năm.")]
    if new.sureness not in Sureness.values:
        errors["sureness"] = [_("Bác chọn mức chắc chắn.")]
    elif new.sureness in (Sureness.LAW, Sureness.SOURCE) and not new.source.strip():
        errors["source"] = [_("Bác ghi văn bản, điều, khoản.")]
    return errors


@transaction.atomic
def set_classes(commune: Commune, lines: Sequence[str], *, by: Actor) -> sounding.Classes:
    """Take classes of spelling as lines `gi* = z` (`*`: only before a vowel), the first first.

    No line at all goes back to those of the program. What is stored beside names is reckoned again
    in the background; until then a search by sound may miss. Refuses with Invalid.
    """
    found = _read(lines)
    SpellingClass.objects.filter(commune=commune).delete()
    now = clock.now()
    SpellingClass.objects.bulk_create(
        SpellingClass(
            commune=commune, place=place, beginning=beginning, instead=instead,
            is_before_vowel=before, set_by=by.id[:64], set_at=now,
        )
        for place, (beginning, instead, before) in enumerate(found)
    )  # fmt: skip
    audit.record(
        "population.classes_set", commune, by=by, commune=commune.id, changes={"count": len(found)}
    )
    jobs.later(SOUND_AGAIN, commune=commune.id, key=str(commune.id))
    return found


def written(classes: sounding.Classes) -> list[str]:
    """Return classes as the lines `set_classes` reads."""
    return [f"{head}{'*' if before else ''} = {instead}" for head, instead, before in classes]


def _read(lines: Sequence[str]) -> sounding.Classes:
    found: dict[str, tuple[str, str, bool]] = {}
    for number, line in enumerate((text for text in lines if text.strip()), 1):
        head, sign, instead = (part.strip() for part in line.partition("="))
        before, head = head.endswith("*"), fold(head.rstrip("* "))
        is_word = all(0 < len(part) <= MOST_LETTERS and part.isalpha() for part in (head, instead))
        if not sign or not is_word or fold(instead) != instead or head in found:
            said = _("Dòng %(number)s chưa đúng: mỗi dòng một vần, như “gi* = z”, không lặp.")
            raise Invalid(errors={"lines": [said % {"number": number}]})
        found[head] = (head, instead, before)
    if len(found) > MOST_CLASSES:
        raise Invalid(errors={"lines": [_("Nhiều vần quá. Bác gộp bớt lại giúp.")]})
    return tuple(found.values())


@transaction.atomic
def sound_again(commune: UUID) -> int:
    """Reckon the classes of all names of a commune again; return how many spellings there were.

    Twice is once. Nothing a person said changes, so no record counts as changed.
    """
    classes = rulebook.classes(commune)
    folds = set(Person.objects.filter(commune=commune).values_list("fold", flat=True))
    folds |= set(PersonName.objects.filter(commune=commune).values_list("fold", flat=True))
    words = set(SpelledWord.objects.filter(commune=commune).values_list("word", flat=True))
    for table in ("person", "personname", "spelling"):
        _store(table, "fold", sorted(folds), classes, commune)
    _store("spelledword", "word", sorted(words), classes, commune)
    return len(folds)


def _store(
    table: str, column: str, texts: list[str], classes: sounding.Classes, commune: UUID
) -> None:
    given = ", sound_given = split_part(u.sound, ' ', -1)" if table == "person" else ""
    sql = f"""
        UPDATE population_{table} t SET sound = u.sound{given}
        FROM unnest(%s::text[], %s::text[]) AS u (text, sound)
        WHERE t.commune_id = %s AND t.{column} = u.text COLLATE "C" AND t.sound <> u.sound
    """  # noqa: S608  (our own names)
    with connection.cursor() as cursor:
        for at in range(0, len(texts), _AT_ONCE):
            part = texts[at : at + _AT_ONCE]
            sounds = [sounding.of_folded(text, classes) for text in part]
            cursor.execute(sql, [part, sounds, commune])
