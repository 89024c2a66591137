"""Texts to start answers from: written and retired by whoever manages the room."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.text import clean_line, clean_text, fold
from xaso.reports import privacy
from xaso.reports.models import AnswerTemplate, Category

LEAST = 20  # letters


@dataclass(frozen=True)
class Wording:
    """A template as somebody writes it; without a category it serves all of them."""

    name: str
    text: str
    category_id: int | None = None


@transaction.atomic
def write_template(
    commune: Commune, given: Wording, *, by: Actor, template: int | None = None
) -> AnswerTemplate:
    """Add a template, or change one. Refuses with Invalid (errors by field) or NotFound."""
    row = _row(commune, template) if template else AnswerTemplate(commune=commune)
    row.name, row.text = clean_line(given.name)[:80], clean_text(given.text)[:2_000]
    row.category = _category(commune, given.category_id)
    _check(row)
    row.save()
    audit.record("reports.template_written", row, by=by, commune=commune.id)
    return row


@transaction.atomic
def retire_template(commune: Commune, template: int, *, by: Actor) -> AnswerTemplate:
    """Offer a template no longer; answers that began with it stay as they are."""
    row = _row(commune, template)
    row.is_active = False
    row.save(update_fields=["is_active"])
    audit.record("reports.template_retired", row, by=by, commune=commune.id)
    return row


def _row(commune: Commune, template: int) -> AnswerTemplate:
    rows = AnswerTemplate.objects.select_for_update().filter(commune=commune, pk=template)
    found = rows.filter(is_active=True).first()
    if found is None:
        raise NotFound
    return found


def _category(commune: Commune, key: int | None) -> Category | None:
    if key is None:
        return None
    found = Category.objects.filter(commune=commune, pk=key).first()
    if found is None:
        raise Invalid(errors={"category": [str(_("Bác chọn loại việc."))]})
    return found


def _check(row: AnswerTemplate) -> None:
    errors: dict[str, list[str]] = {}
    same = AnswerTemplate.objects.filter(commune=row.commune, is_active=True).exclude(pk=row.pk)
    if fold(row.name) in {fold(name) for name in same.values_list("name", flat=True)}:
        errors["name"] = [str(_("Đã có mẫu mang tên này. Bác đặt tên khác."))]
    if len(fold(row.text)) < LEAST:
        errors["text"] = [str(_("Câu mẫu còn ngắn quá. Bác viết ít nhất 20 chữ cái."))]
    elif privacy.find(row.text):
        errors["text"] = [str(_("Câu mẫu ai cũng đọc được. Bác bỏ số điện thoại, số giấy tờ."))]
    if errors:
        raise Invalid(errors=errors)
