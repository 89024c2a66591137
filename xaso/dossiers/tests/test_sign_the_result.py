"""From a draft to a signed paper the holder of the code fetches: number, seal, end, rating."""

from uuid import uuid4

import pytest
from django.test import Client

from xaso.documents import actions as documents
from xaso.documents import queries as papers
from xaso.documents.models import Document
from xaso.dossiers import actions, catalogue
from xaso.dossiers.models import Delivery, Dossier, DossierRating, State
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.places.models import Commune

CLERK = Actor("official", "7", "desk", frozenset({"one_stop_clerk"}))


@pytest.fixture
def leader(centre: Commune, official, settings, tmp_path):
    """A leader with invented keys, kept apart from other tests'."""
    settings.XASO_HOME = tmp_path
    person = official("leader", centre, full_name="Giàng A Mẫu")
    documents.set_up_demo([person], commune=centre, by=SYSTEM)
    return person


@pytest.fixture
def at_signing(working: Dossier, office) -> Dossier:
    """The dossier at its step of signing, in the officer's hands."""
    row, by = working, office.officer_actor
    content = catalogue.kept(row.commune_id, row.frozen_id)
    while (step := content.step(row.step)) is not None and step.kind != "trinh_ky":
        following = content.step(step.next[0])
        assert following is not None
        to = office.leader if following.role == "leader" else office.officer
        handing = actions.Handing(to_step=following.code, receiver_id=to.pk)
        row = actions.hand_over(row, handing, by=by)
    return row


def submit(row: Dossier, leader, office, **facts) -> Document:
    usual = {
        "uuid": uuid4(), "signer": leader, "position": "CHỦ TỊCH",
        "text": "Đã ghi vào sổ đăng ký giám hộ.", "lines": [("Người giám hộ", "Lò Thị Mẩy")],
        "check_root": "http://testserver/binh-lu/",
    }  # fmt: skip
    new = actions.NewResult(**usual | facts)
    return actions.submit_result(row, new, commune=office.commune, by=office.officer_actor)


def issue(paper: Document, leader, commune: Commune) -> Document:
    by = Actor("official", str(leader.pk), "desk", frozenset({"leader"}))
    documents.approve(paper.uuid, commune=commune, by=by)
    documents.freeze(paper.uuid, commune=commune)
    documents.sign(paper.uuid, commune=commune, by=by)
    return documents.seal(paper.uuid, commune=commune, by=CLERK)


def test_a_result_is_submitted_once_and_only_at_signing(
    dossier: Dossier, at_signing: Dossier, leader, office
) -> None:
    key = uuid4()
    paper = submit(at_signing, leader, office, uuid=key)
    assert submit(at_signing, leader, office, uuid=key).pk == paper.pk
    with pytest.raises(actions.AlreadySubmitted):
        submit(at_signing, leader, office)
    assert paper.origin == f"dossiers:{at_signing.uuid}"


def test_before_the_step_of_signing_nothing_is_submitted(dossier: Dossier, leader, office) -> None:
    with pytest.raises(actions.NotAtSigning):
        submit(dossier, leader, office)


def test_a_returned_paper_leaves_the_dossier_and_says_why(
    at_signing: Dossier, leader, office
) -> None:
    paper = submit(at_signing, leader, office)
    by = Actor("official", str(leader.pk), "desk", frozenset({"leader"}))
    documents.send_back(paper.uuid, "Sai tên người giám hộ", commune=office.commune, by=by)
    jobs.do_now()
    at_signing.refresh_from_db()
    assert at_signing.state == State.IN_PROGRESS
    assert "Sai tên người giám hộ" in at_signing.events.last().internal_text
    submit(at_signing, leader, office)  # a corrected one may follow


def test_an_issued_paper_ends_the_dossier_and_is_fetched_by_its_holder(
    at_signing: Dossier, leader, office, client_of, official
) -> None:
    paper = submit(at_signing, leader, office)
    issue(paper, leader, office.commune)
    jobs.do_now()
    row = Dossier.objects.get(pk=at_signing.pk)
    assert (row.state, row.delivery) == (State.RESOLVED, Delivery.READY)
    result = row.results.get()
    status = papers.signature_status(paper.uuid, commune=office.commune)
    assert status is not None
    assert (result.sha256, result.signer_id) == (status.sha256, leader.pk)
    assert result.is_electronic
    assert result.link.endswith(f"/kiem-tra/van-ban/{status.code}/")
    actions.result_moved(paper.uuid, commune=office.commune)  # told twice
    assert row.results.count() == 1

    phone = Client(raise_request_exception=False)
    assert phone.get("/binh-lu/ho-so/ket-qua/").status_code == 302  # nobody without the code
    opened = phone.post(
        "/binh-lu/ho-so/", {"code": row.code, "factor": "5678"}, follow=True
    ).content.decode()
    assert "Tải kết quả có chữ ký số" in opened
    file = phone.get("/binh-lu/ho-so/ket-qua/")
    assert file.content[:5] == b"%PDF-"
    assert papers.verify(file.content, commune=office.commune).is_valid
    row.refresh_from_db()
    assert (row.state, row.delivery) == (State.RETURNED, Delivery.ELECTRONIC)
    assert phone.get("/binh-lu/ho-so/ket-qua/").status_code == 200  # again, as often as wanted
    page = phone.post("/binh-lu/ho-so/cham/", {"mat": "2", "loi": "Nhanh"}, follow=True)
    assert "Xã đã ghi ý kiến" in page.content.decode()
    assert phone.post("/binh-lu/ho-so/cham/", {"mat": "9"}).status_code == 422
    assert DossierRating.objects.get().score == 2


def test_an_officer_submits_on_the_page(at_signing: Dossier, leader, office, client_of) -> None:
    desk = client_of(office.officer)
    page = f"/binh-lu/can-bo/ket-qua/{at_signing.uuid}/"
    assert "Trình ký kết quả" in desk.get(page).content.decode()
    show = desk.get(f"/binh-lu/can-bo/ho-so/{at_signing.uuid}/").content.decode()
    assert page in show
    said = {"key": str(uuid4()), "title": "Trích lục", "text": "", "signer": str(leader.pk),
            "position": "CHỦ TỊCH", "lines": "Người giám hộ: Lò Thị Mẩy"}  # fmt: skip
    assert desk.post(page, said).status_code == 422
    done = desk.post(page, said | {"text": "Đã ghi vào sổ."}, follow=True).content.decode()
    assert "Đã trình ký" in done
    assert Document.objects.get().data["lines"] == [
        {"name": "Người giám hộ", "value": "Lò Thị Mẩy"}
    ]
