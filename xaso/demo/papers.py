"""Invented keys and documents: one waits to be approved, one has its number and waits to be signed.

Every certificate says THỬ NGHIỆM, and so does every page.
"""

from datetime import datetime
from uuid import UUID, uuid5

from xaso.demo.towns import BY, Town
from xaso.documents import actions, builtin
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock


def lay_out(town: Town, until: datetime) -> None:
    """Register invented certificates and put two documents before the first leader."""
    with tenancy.inside(town.id), clock.at(until):
        leaders = list(identity.members(town.commune, permission="documents.sign"))
        if not leaders:
            return
        actions.set_up_demo(leaders, commune=town.commune, by=BY)
        _apology(town, leaders[0])
        stop = _document(town, leaders[0], "mau-05", "thong-bao", "Dừng giải quyết hồ sơ mẫu")
        actions.submit_for_signature(stop, commune=town.commune, by=BY)
        me = Actor("official", str(leaders[0].pk), "demo", frozenset({"leader"}))
        actions.approve(stop.uuid, commune=town.commune, by=me)


def _apology(town: Town, leader: Official) -> None:
    new = _document(town, leader, "mau-04", "cong-van", "Xin lỗi và gia hạn hồ sơ mẫu")
    actions.submit_for_signature(new, commune=town.commune, by=BY)


def _document(
    town: Town, leader: Official, form: str, kind: str, subject: str
) -> actions.NewDocument:
    ours = {"number", "dated", "qr", "check_address"}
    sample = {k: v for k, v in builtin.sheets()[form].sample.items() if k not in ours}
    name = f"{town.commune.kind} {town.commune.name}"
    agency = {**sample["agency"], "name": f"UBND {name}", "place": town.commune.name}
    return actions.NewDocument(
        uuid=uuid5(UUID(str(town.id)), form),
        kind=kind,
        form_code=form,
        subject=subject,
        signer=leader,
        signer_position=leader.position or "Chủ tịch",
        unit="VP",
        data={**sample, "agency": agency},
    )
