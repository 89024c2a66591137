"""Which version of a procedure holds on a day, and the frozen copies, kept in the process."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.content import shape
from xaso.dossiers.content.shape import Content
from xaso.dossiers.models import CentreSettings, FrozenVersion, Procedure, ProcedureVersion
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound


class NoVersionToday(Invalid):
    """The procedure has no published version on that day."""

    sentence = _("Thủ tục này chưa có bản công bố cho ngày %(day)s nên chưa nhận hồ sơ được.")


@dataclass(frozen=True)
class Held:
    """A procedure with the version that holds on a day."""

    procedure: Procedure
    version: ProcedureVersion
    content: Content

    @property
    def frozen_id(self) -> int:
        """Return the key of the frozen copy."""
        return int(self.version.frozen_id or 0)


_KEPT: dict[tuple[UUID, int], Content] = {}
_MOST_KEPT = 4_096


def kept(commune: UUID, frozen: int) -> Content:
    """Return the content of a frozen copy; it never changes, so it is read once per process."""
    return kept_all(commune, {frozen})[frozen]


def forget() -> None:
    """Forget every copy: another database has other rows under the same numbers (tests)."""
    _KEPT.clear()


def kept_all(commune: UUID, frozen: Collection[int]) -> dict[int, Content]:
    """Return several frozen copies by key; those not known yet are read in one statement."""
    missing = [key for key in frozen if (commune, key) not in _KEPT]
    if missing:
        if len(_KEPT) + len(missing) > _MOST_KEPT:
            _KEPT.clear()
            missing = list(frozen)
        rows = FrozenVersion.objects.filter(commune=commune, pk__in=missing)
        for key, content in rows.values_list("pk", "content"):
            _KEPT[commune, key] = shape.read(content)
    return {key: _KEPT[commune, key] for key in frozen}


def held(commune: UUID, code: str, day: date) -> Held:
    """Return a procedure with what holds on a day. Refuses with NotFound, NoVersionToday."""
    rows = published(commune, day).filter(procedure__code=code)
    version = rows.select_related("procedure").defer("content").first()
    if version is None:
        if not Procedure.objects.filter(commune=commune, code=code).exists():
            raise NotFound
        raise NoVersionToday(day=f"{day:%d/%m/%Y}")
    return Held(version.procedure, version, kept(commune, version.frozen_id or 0))


def published(commune: Commune | UUID, day: date) -> QuerySet[ProcedureVersion]:
    """Return the versions that hold on a day."""
    ends = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    rows = ProcedureVersion.objects.filter(commune=commune, valid_from__lte=day)
    return rows.filter(ends).exclude(state=ProcedureVersion.State.DRAFT)


def listed(commune: Commune | UUID, day: date) -> Sequence[Held]:
    """Return every procedure that has a version on a day, by field and name."""
    rows = published(commune, day).select_related("procedure", "frozen").defer("content")
    found = rows.order_by("procedure__field_name", "procedure__name")
    return [
        Held(v.procedure, v, shape.read(v.frozen.content)) for v in found if v.frozen is not None
    ]


def settings_of(commune: UUID) -> CentreSettings:
    """Return what the commune decided about its centre; the usual where it decided nothing."""
    found = CentreSettings.objects.filter(commune=commune).first()
    return found or CentreSettings(commune_id=commune)
