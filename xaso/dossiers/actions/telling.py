"""Whom a step is told to: the citizen and the holder; code and state, never anybody's words."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import models

from xaso.dossiers.models import Dossier, DossierEvent
from xaso.kernel.identity.models import Official
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.notifications import actions as notifications
from xaso.kernel.notifications import queries as channels
from xaso.kernel.notifications.actions import Recipient
from xaso.kernel.places.models import Commune

TO_CITIZEN = {
    "tiep_nhan": "accepted",
    "tu_choi": "refused",
    "yc_bs_dau_vao": "asked",
    "yc_bo_sung": "asked",
    "nop_bo_sung": "resumed",
    "xac_minh": "moved",
    "gia_han": "extended",
    "dieu_chinh_lich": "moved",
    "yc_nop_phi": "to_pay",
    "dong_y_rut": "stopped",
    "khong_giai_quyet": "stopped",
    "ky_ban_hanh": "ready",
}
_TO_HOLDER = {"chuyen": "handed", "tra_lai_buoc": "handed", "nop_bo_sung": "resumed_office"}


def tell(dossier: Dossier, line: DossierEvent) -> None:
    """Put off telling the citizen and whoever now holds the dossier: a row of this transaction."""
    acted = line.actor_id if line.actor_kind == "official" else ""
    is_elsewhere = dossier.holder_id and str(dossier.holder_id) != acted
    is_told = line.action in TO_CITIZEN and (dossier.phone_index or dossier.email)
    if is_told or (line.action in _TO_HOLDER and is_elsewhere):
        jobs.later(
            "dossiers.tell",
            commune=dossier.commune_id,
            key=f"{dossier.pk}/{line.seq}",
            args={"dossier": dossier.pk, "seq": line.seq},
        )


def tell_now(key: int, seq: int) -> None:
    """Tell everybody concerned of one step, once, however often this runs."""
    line = DossierEvent.objects.select_related("dossier").filter(dossier=key, seq=seq).first()
    if line is None:
        return
    dossier = line.dossier
    if line.action in TO_CITIZEN:
        send(dossier, line, TO_CITIZEN[line.action], list(_citizen(dossier)))
    acted = line.actor_id if line.actor_kind == "official" else ""
    if line.action in _TO_HOLDER and dossier.holder_id and str(dossier.holder_id) != acted:
        people = Official.objects.filter(pk=dossier.holder_id)
        send(dossier, line, _TO_HOLDER[line.action], [to for p in people if (to := official(p))])


def send(dossier: Dossier, line: DossierEvent, what: str, to: list[Recipient]) -> None:
    """Put one message per recipient into the outbox."""
    if not to:
        return
    commune = Commune.objects.get(pk=dossier.commune_id)
    notifications.tell(
        f"dossiers.{what}",
        subject=dossier,
        commune=dossier.commune_id,
        recipients=to,
        context={
            "code": dossier.code or "",
            "due": None if dossier.is_paused else dossier.promise_at,
            "commune": commune.full_name,
            "phone": commune.phone,
            "address": address(commune),
        },
        key=f"{dossier.uuid}/{line.seq}",
    )


def text_people(
    what: str, subject: models.Model, phones: Mapping[str, str], *, key: str, facts: dict[str, Any]
) -> int:
    """Text people who agreed to it, by the first channel for phones that is open; return how many.

    `phones`: number by recipient ("person:…"). Nobody is called by an official instead.
    """
    commune = Commune.objects.get(pk=subject.commune_id)  # type: ignore[attr-defined]
    now_open = channels.open_channels(commune.id)
    channel = next((each for each in ("sms", "zalo") if each in now_open), "")
    if not channel:
        return 0
    told = notifications.tell(
        f"dossiers.{what}",
        subject=subject,
        commune=commune.id,
        recipients=[Recipient(who, channel, number) for who, number in phones.items()],
        context={"commune": commune.full_name, "phone": commune.phone, **facts},
        key=key,
    )
    return len(told)


def address(commune: Commune) -> str:
    """Return where a citizen looks a code up; the code itself is never part of an address."""
    return page(commune, "ho-so/")


def page(commune: Commune, path: str) -> str:
    """Return the whole address of a page for residents."""
    if commune.host:
        return f"https://{commune.host}/{path}"
    return f"{settings.XASO_ORIGIN}/{commune.slug}/{path}"


def official(person: Official) -> Recipient | None:
    """Return how an official can be reached."""
    if person.email and "email" in settings.XASO_CHANNELS:
        return Recipient(f"official:{person.pk}", "email", person.email)
    if "demo" in settings.XASO_CHANNELS:
        return Recipient(f"official:{person.pk}", "demo", person.username)
    return None


def _citizen(dossier: Dossier) -> Iterator[Recipient]:
    """Return how the applicant can be reached: by message, else an official calls."""
    who, now_open = f"dossier:{dossier.pk}", channels.open_channels(dossier.commune_id)
    if dossier.email and "email" in now_open:
        yield Recipient(who, "email", dossier.email, fallback=dossier.phone)
    elif dossier.phone:
        channel = next((each for each in ("sms", "zalo", "call") if each in now_open), "")
        if channel:
            fallback = dossier.phone if channel != "call" else ""
            yield Recipient(who, channel, dossier.phone, fallback=fallback)
