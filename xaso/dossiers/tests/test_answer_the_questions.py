"""The questions of a version: drawn by their type, kept with the dossier, shown and filled in."""

from datetime import date
from uuid import uuid4

import msgspec
import pytest

from xaso.dossiers import actions, catalogue
from xaso.dossiers.content import answers, shape
from xaso.dossiers.content.shape import Content, Question
from xaso.dossiers.models import Dossier
from xaso.dossiers.tests.test_receive_at_the_counter import CODE, PAGE, filled, kind_of, papers
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.refusals import Invalid

__all__ = ["papers"]
ASKED = [
    Question("ward", "Họ tên người được giám hộ", is_mandatory=True),
    Question("born", "Ngày sinh", "date"),
    Question("money", "Tài sản, đồng", "number"),
    Question("kin", "Quan hệ", "choice", choices=["Ông bà", "Anh chị"]),
    Question("lives", "Ở cùng nhà", "yes"),
]
SAID = {"ward": "Lò Văn Páo", "born": "2015-03-12", "money": "1250000", "kin": "Ông bà",
        "lives": "True"}  # fmt: skip


@pytest.fixture
def asked(centre):
    """Guardianship asks five questions from today on."""
    held = catalogue.held(centre.id, CODE, date(2026, 11, 23))
    actions.retire(held.version, date(2026, 11, 23), by=SYSTEM)
    draft = actions.open_version(held.procedure, by=SYSTEM)
    content = msgspec.structs.replace(shape.read(draft.content), form=ASKED)
    draft = actions.save_version(draft, shape.write(content), by=SYSTEM)
    return actions.publish(draft, date(2026, 11, 23), by=SYSTEM)


@pytest.fixture
def desk(centre, official, client_of):
    return client_of(official("one_stop_clerk", centre))


def test_the_counter_asks_by_type_and_the_dossier_shows_it(desk, asked, papers) -> None:
    page = desk.get(f"{PAGE}{CODE}/").content.decode()
    assert 'type="date" name="q_born"' in page
    kind = kind_of(desk)
    typed = {f"q_{code}": text for code, text in SAID.items()} | {"q_lives": "on"}
    wrong = typed | {"q_born": "hôm qua", "q_money": "nhiều", "q_kin": "Hàng xóm", "q_ward": ""}
    refused = desk.post(f"{PAGE}{CODE}/", filled(papers, kind=kind) | wrong)
    assert refused.status_code == 422
    assert not Dossier.objects.exists()
    desk.post(f"{PAGE}{CODE}/", filled(papers, kind=kind) | typed)
    row = Dossier.objects.get()
    assert row.form == SAID
    shown = desk.get(f"/binh-lu/can-bo/ho-so/{row.uuid}/").content.decode()
    for words in ("Lò Văn Páo", "12/03/2015", "1.250.000", "Ông bà", "Có"):
        assert words in shown
    draft = desk.get(f"/binh-lu/can-bo/ket-qua/{row.uuid}/")
    assert draft.status_code == 200


def test_the_door_refuses_what_does_not_fit(centre, asked, clerk, new_dossier) -> None:
    wrong = SAID | {"born": "2015-02-30", "kin": "Hàng xóm", "money": "NaN"}
    with pytest.raises(Invalid) as refused:
        actions.receive(new_dossier(CODE, form=wrong), by=clerk, commune=centre)
    assert set(refused.value.errors) == {"q_born", "q_kin", "q_money"}
    with pytest.raises(Invalid) as refused:
        actions.receive(new_dossier(CODE, form={"pin": "1"}), by=clerk, commune=centre)
    assert set(refused.value.errors) == {"form"}
    made = actions.receive(new_dossier(CODE, form=SAID, uuid=uuid4()), by=clerk, commune=centre)
    assert made.dossier.form == SAID


def test_answers_are_read_out_and_what_is_odd_stays_as_it_is() -> None:
    content = Content(form=ASKED)
    assert dict(answers.shown(content, SAID))["Ngày sinh"] == "12/03/2015"
    assert answers.shown(content, {"born": "1950"}) == [("Ngày sinh", "1950")]
    assert answers.shown(content, {}) == []
