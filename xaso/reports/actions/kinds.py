"""The commune's own list of matters: kinds, how long each may take, what is asked. Dated rows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import clean_line, dates
from xaso.kernel.working_time import clock
from xaso.reports import defaults
from xaso.reports.models import Catalogue, Category, CategoryQuestion, CategoryTerm, Report

_CODE = re.compile(r"[A-Z0-9-]{2,40}", re.ASCII)
_QUESTION_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)
MOST_QUESTIONS = 12
_SLACK = timedelta(minutes=1)


class TermInUse(Refusal):
    """Reports were promised an answer by this term: it stays as it was."""

    sentence = gettext_lazy(
        "Đã có phản ánh được hẹn theo thời hạn ngày này. Bác chọn ngày sau rồi ghi thời hạn mới."
    )


@dataclass(frozen=True)
class KindGiven:
    """What an administrator says about a kind of matter."""

    name: str
    group: str  # code of the first-level category
    also_in: Sequence[str] = ()  # codes of further ones
    hint: str = ""
    keywords: str = ""
    stream: str = "field"
    pin: str = Category.Pin.VILLAGE
    sensitivity: str = "public"
    unit_id: int | None = None
    is_publishable: bool = True
    is_after_photo_required: bool = False
    is_approval_required: bool = False
    is_active: bool = True


@dataclass(frozen=True)
class TermGiven:
    """How long a kind may take, from a day on, and how sure that is."""

    valid_from: date
    ack_minutes: int
    resolve_unit: str
    resolve_amount: int
    reopen_amount: int | None = None
    source: str = CategoryTerm.Source.DESIGN
    note: str = ""


@dataclass(frozen=True)
class QuestionGiven:
    """A question as it is to be asked from a moment on; choices are (key, words)."""

    code: str
    text: str
    datatype: str
    hint: str = ""
    choices: Sequence[tuple[str, str]] = field(default_factory=tuple)
    order: int = 1
    is_asked: bool = True
    is_required: bool = False
    is_public: bool = False
    valid_from: datetime | None = None  # None: from now on


@transaction.atomic
def add_kind(
    commune: Commune, code: str, given: KindGiven, term: TermGiven, *, by: Actor
) -> Category:
    """Add a kind of matter with its first term. Refuses with Invalid."""
    _lock(commune)
    if not _CODE.fullmatch(code):
        said = _("Mã chỉ gồm chữ in không dấu, số và gạch nối. Ví dụ: CAY-DO")
        raise Invalid(errors={"code": [said]})
    if Category.objects.filter(commune=commune, code=code).exists():
        raise Invalid(errors={"code": [_("Mã này đã có. Bác chọn mã khác.")]})
    parent = _group(commune, given.group)
    last = Category.objects.filter(commune=commune, parent=parent).order_by("-order").first()
    row = Category(commune=commune, code=code, icon=parent.icon, parent=parent)
    row.order = (last.order if last else parent.order) + 1
    _fill(row, given, parent)
    row.save()
    _write_term(row, term)
    _changed(commune, "reports.kind_added", row, by, asdict(given))
    return row


@transaction.atomic
def change_kind(category: Category, given: KindGiven, *, by: Actor) -> Category:
    """Change a kind from now on; reports that came before keep what they were promised."""
    commune = category.commune
    _lock(commune)
    row = Category.objects.select_for_update().get(pk=category.pk)
    before = {name: getattr(row, name) for name in _LOGGED}
    _fill(row, given, _group(commune, given.group))
    row.save()
    after = {name: getattr(row, name) for name in _LOGGED}
    changes = {k: [str(before[k]), str(after[k])] for k in _LOGGED if before[k] != after[k]}
    _changed(commune, "reports.kind_changed", row, by, changes)
    return row


@transaction.atomic
def set_term(category: Category, given: TermGiven, *, by: Actor) -> CategoryTerm:
    """Let another term hold from a day on, today at the earliest. Refuses with Invalid, TermInUse.

    Older terms stay, and so do the promises made under them.
    """
    _lock(category.commune)
    if given.valid_from < dates.local(clock.now()).date():
        said = _("Thời hạn mới có hiệu lực từ hôm nay trở đi, không lùi ngày.")
        raise Invalid(errors={"valid_from": [said]})
    row = _write_term(category, given)
    _changed(category.commune, "reports.term_set", category, by, asdict(given))
    return row


@transaction.atomic
def ask(
    category: Category, given: QuestionGiven, *, by: Actor, instead: CategoryQuestion | None = None
) -> CategoryQuestion:
    """Ask something about a kind from a moment on, instead of an earlier question if one is named.

    The earlier one ends at that moment and stays, with its answers. Refuses with Invalid.
    """
    _lock(category.commune)
    start = given.valid_from or clock.now()
    _check_question(category, given, start, instead)
    if instead is not None:
        _end(instead, start)
    row = CategoryQuestion.objects.create(
        commune_id=category.commune_id,
        category=category,
        code=given.code,
        datatype=given.datatype,
        is_asked=given.is_asked,
        is_required=given.is_required and given.is_asked,
        is_public=given.is_public and given.is_asked,
        order=given.order,
        text=clean_line(given.text)[:300],
        hint=clean_line(given.hint)[:200],
        choices=[{"key": key, "name": name} for key, name in given.choices],
        valid_from=start,
    )
    _changed(category.commune, "reports.question_set", category, by, {"code": given.code})
    return row


@transaction.atomic
def stop_asking(question: CategoryQuestion, *, by: Actor) -> CategoryQuestion:
    """Ask no longer, from now on; answers given before stay readable."""
    _lock(question.commune)
    _end(question, clock.now())
    facts = {"code": question.code}
    _changed(question.commune, "reports.question_ended", question.category, by, facts)
    return question


@transaction.atomic
def offer_regulations(commune: Commune, *, is_on: bool, by: Actor) -> Catalogue:
    """Let partners send petitions on regulations too, or no longer."""
    catalogue = _lock(commune)
    catalogue.offers_regulations = is_on
    catalogue.save(update_fields=["offers_regulations"])
    _changed(commune, "reports.regulations_offered", catalogue, by, {"is_on": is_on})
    return catalogue


_FACTS = (
    "name", "hint", "keywords", "stream", "pin", "sensitivity", "unit_id", "parent_id",
    "is_publishable", "is_after_photo_required", "is_approval_required", "is_active",
)  # fmt: skip
_LOGGED = (*_FACTS, "also_in")


def _lock(commune: Commune) -> Catalogue:
    """Let one change of the list at a time pass."""
    found = Catalogue.objects.select_for_update().filter(commune=commune).first()
    if found is None:
        raise NotFound
    return found


def _group(commune: Commune, code: str) -> Category:
    found = Category.objects.filter(commune=commune, code=code, parent__isnull=True).first()
    if found is None:
        raise Invalid(errors={"group": [_("Bác chọn nhóm.")]})
    return found


def _fill(row: Category, given: KindGiven, parent: Category) -> None:
    row.parent = parent
    for name, most in (("name", 80), ("hint", 160), ("keywords", 200)):
        setattr(row, name, clean_line(getattr(given, name))[:most])
    if not row.name:
        raise Invalid(errors={"name": [_("Bác đặt tên loại việc.")]})
    for name in _FACTS[3:6] + _FACTS[8:]:
        setattr(row, name, getattr(given, name))
    groups = Category.objects.filter(commune=row.commune_id, parent__isnull=True)
    known = set(groups.values_list("code", flat=True)) - {parent.code}
    row.also_in = [code for code in dict.fromkeys(given.also_in) if code in known]
    is_ours = Unit.objects.filter(commune=row.commune_id, pk=given.unit_id or 0).exists()
    row.unit_id = given.unit_id if is_ours else None


def _write_term(category: Category, given: TermGiven) -> CategoryTerm:
    if given.resolve_amount < 1:
        raise Invalid(errors={"resolve_amount": [_("Thời hạn phải từ 1 trở lên.")]})
    facts = {name: value for name, value in asdict(given).items() if name != "valid_from"}
    same = CategoryTerm.objects.filter(category=category, valid_from=given.valid_from).first()
    if same is not None and Report.objects.filter(term=same).exists():
        raise TermInUse
    row = same or CategoryTerm(category=category, valid_from=given.valid_from)
    row.commune_id, row.warn = category.commune_id, row.warn or defaults.WARN
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()
    return row


def _check_question(
    category: Category,
    given: QuestionGiven,
    start: datetime,
    instead: CategoryQuestion | None,
) -> None:
    errors: dict[str, list[str]] = {}
    others = CategoryQuestion.objects.filter(category=category, valid_to__isnull=True)
    others = others.exclude(pk=instead.pk) if instead else others
    if not _QUESTION_CODE.fullmatch(given.code):
        errors["code"] = [_("Mã chỉ gồm chữ không dấu, số, gạch nối. Ví dụ: SO-COT")]
    elif others.filter(code=given.code).exists():
        errors["code"] = [_("Mã này đang dùng cho câu hỏi khác.")]
    if others.count() >= MOST_QUESTIONS:
        errors["text"] = [_("Nhiều nhất 12 câu hỏi; hỏi ít thì bà con mới trả lời.")]
    is_list = given.datatype in (CategoryQuestion.Datatype.ONE, CategoryQuestion.Datatype.SEVERAL)
    keys = [key for key, _name in given.choices]
    if is_list and given.is_asked and len(keys) < 2:
        errors["choices"] = [_("Câu chọn cần ít nhất hai ý, mỗi dòng một ý.")]
    elif len(set(keys)) != len(keys) or not all(_QUESTION_CODE.fullmatch(key) for key in keys):
        errors["choices"] = [_("Mỗi ý cần một mã riêng, không dấu, không cách.")]
    if start < clock.now() - _SLACK:
        errors["valid_from"] = [_("Câu hỏi có hiệu lực từ hôm nay trở đi, không lùi ngày.")]
    if errors:
        raise Invalid(errors=errors)


def _end(question: CategoryQuestion, moment: datetime) -> None:
    """End a question; one that had not begun yet is simply never asked."""
    row = CategoryQuestion.objects.select_for_update().get(pk=question.pk)
    if row.valid_to is None:
        row.valid_to = max(moment, row.valid_from)
        row.save(update_fields=["valid_to"])


def _changed(
    commune: Commune,
    action: str,
    subject: Category | Catalogue,
    by: Actor,
    changes: Mapping[str, object],
) -> None:
    """Give the list a new stamp, so that every copy is read anew, and log the change."""
    Catalogue.objects.filter(commune=commune).update(stamp=uuid4(), changed_at=clock.now())
    said = {name: str(value) for name, value in changes.items()}
    audit.record(action, subject, by=by, commune=commune.id, changes=said)
