"""Find a dossier: by any code, the last digits of one, a phone, a paper's number, or a name."""

from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from xaso.dossiers import codes
from xaso.dossiers.blinds import NUMBER, PHONE, TAIL
from xaso.dossiers.models import Dossier, DossierCode
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.text import fold, phone

MOST_FOUND = 1_000
_MOST_WORDS = 8
_ABOVE = "\uffff"


def one(commune: Commune | UUID, uuid: UUID) -> Dossier:
    """Return a dossier with its procedure, unit and holder. Refuses with NotFound."""
    rows = Dossier.objects.select_related("procedure", "unit", "holder", "village", "helper")
    found = rows.filter(commune=commune, uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def by_code(commune: Commune | UUID, text: str) -> Dossier:
    """Return a dossier by any of its codes. Refuses with NotACode or NotFound."""
    code = codes.check(text)
    rows = DossierCode.objects.filter(commune=commune, code=code).select_related(
        "dossier__procedure", "dossier__unit", "dossier__holder", "dossier__village"
    )
    found = rows.order_by("-is_primary", "id").first()
    if found is None:
        raise NotFound
    return found.dossier


def matching(
    rows: QuerySet[Dossier], text: str, commune: UUID, *, most: int = MOST_FOUND
) -> QuerySet[Dossier]:
    """Keep what fits what was typed: a code or its last 4 to 7 digits, a number, a name."""
    typed = text.strip()
    if not typed:
        return rows
    code = codes.normalise(typed)
    digits = "".join(typed.split())
    if digits.isascii() and digits.isdigit():
        return _by_digits(rows, digits, commune)
    if "-" in code and any(each.isdigit() for each in code):
        found = _codes(commune).filter(code__gte=code, code__lt=code + _ABOVE)
        return rows.filter(pk__in=found.values("dossier")[:most])
    if number := _phone(typed):
        return rows.filter(phone_index=blind(number, context=PHONE))
    words = fold(typed).split()[:_MOST_WORDS]
    if not words:
        return rows.none()
    keys = RawSQL("SELECT dossiers_search(%s, %s)", [words, most])
    return rows.filter(pk__in=keys)


def _by_digits(rows: QuerySet[Dossier], digits: str, commune: UUID) -> QuerySet[Dossier]:
    """Tell apart the end of a code, the end of a phone, a phone, and a paper's number."""
    if 4 <= len(digits) <= 7:
        end = digits[::-1]
        found = _codes(commune).filter(backwards__gte=end, backwards__lt=end + _ABOVE)
        keys = found.values_list("dossier", flat=True)
        if len(digits) == 4:
            tail = blind(digits, context=TAIL)
            phones = Dossier.objects.filter(commune=commune, phone_tail_index=tail)
            keys = keys.union(phones.values_list("pk", flat=True))
        return rows.filter(pk__in=list(keys[:MOST_FOUND]))
    if number := _phone(digits):
        return rows.filter(phone_index=blind(number, context=PHONE))
    return rows.filter(id_index=blind(digits, context=NUMBER))


def _codes(commune: UUID) -> QuerySet[DossierCode]:
    return DossierCode.objects.filter(commune=commune)


def _phone(text: str) -> str:
    try:
        return phone.normalise(text)
    except ValueError:
        return ""
