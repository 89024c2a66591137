"""An official opens the list, finds a dossier by anything known of it, and takes steps."""

import base64
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from xaso.dossiers import actions, queries, states, table_words
from xaso.dossiers.content import shape
from xaso.dossiers.forms.content import SECTIONS
from xaso.dossiers.models import OPEN, Dossier, ProcedureVersion, State
from xaso.dossiers.queries.listing import condition
from xaso.dossiers.tests.conftest import person
from xaso.kernel.audit import queries as audit
from xaso.kernel.identity.models import Official
from xaso.kernel.working_time import clock

pytestmark = pytest.mark.django_db
HOME = "/binh-lu/can-bo/ho-so/"
CATALOGUE = "/binh-lu/can-bo/thu-tuc/"
WHY, LAW = "Thiếu văn bản cử người giám hộ", "Luật Hộ tịch 60/2014/QH13, điều 20"
CITIZEN = "/binh-lu/ho-so/"


@pytest.fixture
def browser(office, client_of):
    def signed_in(who: Official) -> Client:
        return client_of(who)

    return signed_in


def official_of(actor) -> Official:
    return Official.objects.get(pk=actor.id)


def test_the_list_and_every_way_to_find_one(office, working, new_dossier, browser) -> None:
    for _number in range(3):
        actions.receive(new_dossier(), by=office.clerk, commune=office.commune)
    page = browser(office.officer)
    body = page.get(HOME).content.decode()
    assert "Lò Thị Mẩy" in body
    for words in (working.code, working.code[-4:], "0912345678", "lo thi may", "012187345901"):
        found = page.post(HOME, {"tim": words}, follow=True).content.decode()
        assert str(working.uuid) in found, words
    nobody = page.post(HOME, {"tim": "khong co ai"}, follow=True).content.decode()
    assert str(working.uuid) not in nobody
    only = page.get(HOME, {"cua_toi": "1"}).content.decode()
    assert only.count('class="job') == 1
    for group in ("new", "paused", "ready", "mirror", "done", "all", "late", "withdrawing"):
        assert page.get(HOME, {"nhom": group}).status_code == 200


def test_what_is_looked_for_stays_out_of_addresses(office, working, browser) -> None:
    page = browser(office.officer)
    sent = page.post(HOME, {"tim": "lo thi may", "nhom": "all", "don_vi": "", "thu_tuc": ""})
    address = sent["Location"]
    found = re.fullmatch(rf"{HOME}\?nhom=all&hoi=([A-Za-z0-9_-]+)", address)
    assert found is not None
    assert b"may" not in base64.urlsafe_b64decode(found[1] + "==")
    body = page.get(address).content.decode()
    assert str(working.uuid) in body
    assert 'value="lo thi may"' in body
    assert f'href="{HOME}?nhom=running"' in body  # another group forgets what was looked for
    kept = page.get(f"{HOME}?tim=lo+thi+may&nhom=all&trang=1")["Location"]  # kept from before
    assert "may" not in kept.partition("hoi=")[0]
    assert str(working.uuid) in page.get(kept).content.decode()
    assert page.post(HOME, {"tim": " ", "nhom": "new"})["Location"] == f"{HOME}?nhom=new"
    other = browser(official_of(office.clerk))
    for client, path in ((other, address), (page, address[:-3] + "AAA"), (page, f"{HOME}?hoi=%")):
        answer = client.get(path)
        assert answer.status_code == 422
        assert "Bác gõ lại điều cần tìm" in answer.content.decode()
    with clock.at(clock.now() + timedelta(hours=25)):
        assert page.get(address).status_code == 422


def test_the_list_costs_the_same_for_many(office, working, new_dossier, browser) -> None:
    page = browser(office.officer)
    page.get(HOME)
    with CaptureQueriesContext(connection) as few:
        page.get(HOME)
    for _number in range(8):
        actions.receive(new_dossier(), by=office.clerk, commune=office.commune)
    with CaptureQueriesContext(connection) as many:
        page.get(HOME)
    assert len(many) == len(few)
    own = [q["sql"] for q in many if "dossiers_" in q["sql"]]
    assert len(own) <= 3, own


def test_the_counts_are_those_of_the_lists(office, working, new_dossier) -> None:
    made = [
        actions.receive(new_dossier(), by=office.clerk, commune=office.commune).dossier
        for _number in range(12)
    ]
    now = clock.now()
    promised = [now - timedelta(days=1), now + timedelta(hours=2), now + timedelta(days=3)]
    changes: list[dict[str, object]] = [{"promise_at": at} for at in promised]
    changes += [{"state": state} for state in (State.WAITING, State.INTAKE_SUPPLEMENT)]
    changes += [{"state": State.SUPPLEMENT, "paused_at": now}, {"state": State.PAYMENT}]
    changes += [{"state": state} for state in (State.WITHDRAWING, State.RESOLVED, State.RETURNED)]
    changes += [{"is_mirror": True}, {"is_mirror": True, "state": State.WAITING}]
    for dossier, change in zip(made, changes, strict=True):
        Dossier.objects.filter(pk=dossier.pk).update(legal_at=None, **change)
    with CaptureQueriesContext(connection) as asked:
        counts = queries.counts(office.commune, now, by=office.officer_actor)
    assert len(asked) == 1
    rows = Dossier.objects.filter(commune=office.commune)
    held = rows.filter(holder=office.officer, state__in=OPEN).count()
    assert counts.pop("mine") == held >= 1
    assert counts == {name: rows.filter(condition(name, now)).count() for name in counts}
    assert min(counts.values()) >= 1, counts


def test_what_is_near_due_is_a_list_of_its_own(office, working, browser) -> None:
    page = browser(office.officer)
    assert str(working.uuid) not in page.get(HOME, {"nhom": "near"}).content.decode()
    assert working.promise_at is not None
    with clock.at(working.promise_at - timedelta(hours=3)):
        assert str(working.uuid) in page.get(HOME, {"nhom": "near"}).content.decode()
    with clock.at(working.promise_at + timedelta(minutes=1)):
        assert str(working.uuid) not in page.get(HOME, {"nhom": "near"}).content.decode()


def test_a_rare_name_beside_one_that_everybody_has(office, new_dossier) -> None:
    for _number in range(4):
        actions.receive(new_dossier(), by=office.clerk, commune=office.commune)
    copy = Dossier.objects.filter(commune=office.commune).latest("id")
    rare = copy.pk
    Dossier.objects.filter(pk=rare).update(fold="lo thi xuan", opened_at=clock.now() - timedelta(9))
    for number in range(150):
        copy.pk, copy.uuid, copy.fold = None, uuid4(), f"lo van {number}"
        copy.save(force_insert=True)
    found = queries.matching(
        Dossier.objects.filter(commune=office.commune), "lo xuan", office.commune.id
    )
    assert [row.pk for row in found] == [rare]
    everybody = Dossier.objects.filter(commune=office.commune)
    newest = list(everybody.order_by("-opened_at", "-id").values_list("pk", flat=True)[:5])
    few = queries.matching(everybody, "lo", office.commune.id, most=5)
    assert sorted(row.pk for row in few) == sorted(newest)


def test_a_step_is_a_page_and_an_old_page_is_told_so(office, working, browser) -> None:
    page = browser(office.officer)
    shown = page.get(f"{HOME}{working.uuid}/").content.decode()
    assert "Vì sao là" in shown
    assert "Hệ thống gốc" in shown
    step = f"{HOME}{working.uuid}/chuyen/"
    form = {"to_step": "tham_dinh", "receiver": office.officer.pk, "version": working.version}
    assert page.post(step, form).status_code == 302
    late = page.post(step, form)
    assert late.status_code == 409
    assert "vừa làm một bước" in late.content.decode()
    wrong = page.post(f"{HOME}{working.uuid}/ghi-chu/", {"text": "", "version": "4"})
    assert wrong.status_code == 422
    assert page.get(f"{HOME}{working.uuid}/ky/").status_code == 302  # a leader's step
    assert page.get(f"{HOME}{working.uuid}/la-gi/").status_code == 404


def test_every_open_step_has_a_page(office, working, browser) -> None:
    for who in (office.officer, office.leader):
        page = browser(who)
        shown = page.get(f"{HOME}{working.uuid}/").content.decode()
        slugs = {part.split("/")[0] for part in shown.split(f"{working.uuid}/")[1:]}
        for slug in {each for each in slugs if each and '"' not in each}:
            answer = page.get(f"{HOME}{working.uuid}/{slug}/")
            assert answer.status_code == 200, slug


def test_numbers_are_shown_when_asked_and_the_log_knows(office, working, browser) -> None:
    page = browser(office.officer)
    assert "+84912345678" not in page.get(f"{HOME}{working.uuid}/").content.decode()
    assert "+84912345678" in page.get(f"{HOME}{working.uuid}/", {"lien-he": "1"}).content.decode()
    assert audit.viewers(working, commune=office.commune.id)[0].purpose == working.code


def test_who_may_not(office, working, browser) -> None:
    assert Client().get(HOME).status_code == 302
    villager = browser(person(office.commune, "truong-ban", "village_head"))
    assert villager.get(HOME).status_code == 403
    clerk = browser(official_of(office.clerk))
    assert clerk.get("/binh-lu/can-bo/thu-tuc/").status_code == 403


def test_a_resident_follows_with_code_and_four_digits(office, working) -> None:
    page = Client()
    assert page.get(CITIZEN).status_code == 200
    wrong = page.post(CITIZEN, {"code": working.code, "factor": "0000"})
    assert wrong.status_code == 422
    right = page.post(CITIZEN, {"code": working.code.lower(), "factor": "5678"})
    assert right.status_code == 302
    shown = page.get(f"{CITIZEN}xem/")
    body = shown.content.decode()
    assert "Xã đang xử lý" in body
    assert "Vì sao là ngày này?" in body
    assert "Lò Thị Mẩy" not in body
    assert "0912" not in body
    assert len(shown.content) <= 10 * 1024
    other = Client()
    assert other.get(f"{CITIZEN}xem/").status_code == 302
    for _try in range(6):
        last = other.post(CITIZEN, {"code": working.code, "factor": "1111"})
    assert last.status_code == 429


def test_a_resident_reads_a_procedure(office) -> None:
    page = Client()
    listed = page.get("/binh-lu/thu-tuc/").content.decode()
    assert "Đăng ký giám hộ" in listed
    assert "Đăng ký khai sinh" not in page.get("/binh-lu/thu-tuc/?tim=giam ho").content.decode()
    one = page.get("/binh-lu/thu-tuc/1.004837/").content.decode()
    for words in ("3 ngày làm việc", "Đọc trong văn bản gốc", "điều 20", "Không thu"):
        assert words in one, words
    assert page.get("/binh-lu/thu-tuc/9.999999/").status_code == 404


def _sheets(client: Client, dossier: Dossier) -> set[str]:
    """Return the forms a dossier's page offers to print, after printing each."""
    page = client.get(f"{HOME}{dossier.uuid}/").content.decode()
    found = set(re.findall(r'href="([^"]*/mau-(?:\d\d)\.pdf)"', page))
    for address in found:
        assert client.get(address).content[:5] == b"%PDF-", address
    return {address[-6:-4] for address in found}


def test_every_form_that_fits_is_printed_from_the_page_of_the_dossier(
    office, working, new_dossier, browser
) -> None:
    officer = browser(office.officer)
    assert _sheets(officer, working) == {"01", "06"}
    slip = actions.Slip([{"code": "", "name": "Văn bản cử người giám hộ"}], WHY, LAW)
    asked = actions.propose_supplement(working, slip, by=office.officer_actor)
    assert "02" in _sheets(officer, asked)
    later = clock.now() + timedelta(days=20)
    extended = actions.extend(
        asked, actions.Extending(later, WHY, "Xã xin lỗi bà con"), by=office.leader_actor
    )
    assert "04" in _sheets(officer, extended)
    other = actions.submit_new(new_dossier(), by=office.clerk, commune=office.commune).dossier
    assert _sheets(officer, other) == set()
    refused = actions.refuse(other, WHY, LAW, by=office.clerk)
    assert _sheets(officer, refused) == {"03"}


def test_an_administrator_keeps_the_catalogue(office, browser) -> None:
    admin = browser(person(office.commune, "quan-tri", "administrator"))
    root = "/binh-lu/can-bo/thu-tuc/"
    assert "Đăng ký giám hộ" in admin.get(root).content.decode()
    assert "Điều kiện" in admin.get(f"{HOME}bang-buoc/").content.decode()
    old = ProcedureVersion.objects.get(procedure__code="1.004837", state="published")
    made = admin.post(f"{root}{old.procedure_id}/soan/")
    draft = ProcedureVersion.objects.get(procedure=old.procedure_id, state="draft")
    assert made.url.endswith(f"/ban/{draft.pk}/")
    for part in ("identity", "time", "components", "steps", "fees", "exemptions", "form",
                 "result", "channels", "systems", "text"):  # fmt: skip
        assert admin.get(f"{root}ban/{draft.pk}/sua/{part}/").status_code == 200, part
    time = {"unit": "NGAY_LV", "n": "2", "same_day_until": "900", "response_hours": "8",
            "verify__kind": "", "verify__unit": "NGAY_LV", "is_paused_for_payment": "on",
            "edits": draft.edits}  # fmt: skip
    assert admin.post(f"{root}ban/{draft.pk}/sua/time/", time).status_code == 302
    stale = admin.post(f"{root}ban/{draft.pk}/sua/time/", time)
    assert stale.status_code == 422
    shown = admin.get(f"{root}ban/{draft.pk}/").content.decode()
    assert "Thời hạn › Bao nhiêu" in shown  # the difference
    assert "nhiều hơn thời hạn" in shown  # steps of three days in a term of two
    refused = admin.post(f"{root}ban/{draft.pk}/cong-bo/", {"day": "2026-12-01"}, follow=True)
    assert "Chưa công bố được" in refused.content.decode()
    draft.refresh_from_db()
    rows = {"dong-TOTAL_FORMS": "2", "dong-INITIAL_FORMS": "0", "dong-MIN_NUM_FORMS": "0",
            "dong-MAX_NUM_FORMS": "60", "edits": draft.edits,
            "dong-0-code": "lam", "dong-0-name": "Làm", "dong-0-kind": "tham_dinh",
            "dong-0-role": "officer", "dong-0-minutes": "400", "dong-0-next": "ky",
            "dong-1-code": "ky", "dong-1-name": "Ký", "dong-1-kind": "trinh_ky",
            "dong-1-role": "leader", "dong-1-minutes": "60", "dong-1-next": ""}  # fmt: skip
    assert admin.post(f"{root}ban/{draft.pk}/sua/steps/", rows).status_code == 302
    done = admin.post(f"{root}ban/{draft.pk}/cong-bo/", {"day": "2026-12-01"}, follow=True)
    assert "Đã công bố" in done.content.decode()
    old.refresh_from_db()
    assert f"{old.valid_to}" == "2026-12-01"
    told = admin.get(f"{root}ban/{draft.pk}/tai-ve/")
    assert told.json()["version"]["time"]["n"] == 2
    for address in ("cai-dat/", "vang-mat/", f"{old.procedure_id}/"):
        assert admin.get(f"{root}{address}").status_code == 200
    away = {"official": office.officer.pk, "since": "2026-11-23", "until": "2026-11-25",
            "stand_in": office.leader.pk}  # fmt: skip
    assert admin.post(f"{root}vang-mat/", away).status_code == 302
    wrong = admin.post(f"{root}cai-dat/", {"code_prefix": "sai", "response_hours": 8,
                                           "near_due_hours": 8})  # fmt: skip
    assert wrong.status_code == 422


def _drafted(admin: Client, code: str) -> ProcedureVersion:
    old = ProcedureVersion.objects.get(procedure__code=code, state="published")
    admin.post(f"{CATALOGUE}{old.procedure_id}/soan/")
    return ProcedureVersion.objects.get(procedure=old.procedure_id, state="draft")


def test_a_draft_is_read_as_residents_will_read_it(office, browser, client) -> None:
    admin = browser(person(office.commune, "quan-tri", "administrator"))
    draft = _drafted(admin, "1.004837")
    seen = admin.get(f"{CATALOGUE}ban/{draft.pk}/xem-thu/").content.decode()
    assert "chưa công bố" in seen
    assert "Giấy tờ cần mang" in seen
    assert client.get(f"{CATALOGUE}ban/{draft.pk}/xem-thu/").status_code == 302


def test_a_gap_is_asked_about_on_screen_and_the_day_stays(office, browser) -> None:
    admin = browser(person(office.commune, "quan-tri", "administrator"))
    draft = _drafted(admin, "1.004837")
    held = ProcedureVersion.objects.get(procedure=draft.procedure_id, state="published")
    admin.post(f"{CATALOGUE}ban/{held.pk}/ngung/", {"day": "2026-12-01"})
    address = f"{CATALOGUE}ban/{draft.pk}/cong-bo/"
    asked = admin.post(address, {"day": "2026-12-20"}, follow=True).content.decode()
    assert "Từ 01/12/2026 đến hết 19/12/2026" in asked
    assert 'value="2026-12-20"' in asked
    assert 'name="leaves_gap"' in asked
    admin.post(address, {"day": "2026-12-20", "leaves_gap": "on"})
    draft.refresh_from_db()
    assert draft.state == "published"


def test_a_procedure_of_the_communes_own_is_added(office, browser) -> None:
    admin = browser(person(office.commune, "quan-tri", "administrator"))
    said = {"code": "xa-01", "name": "Mượn nhà văn hóa", "field_name": "Văn hóa", "is_own": "on"}
    page = admin.post(f"{CATALOGUE}them/", said, follow=True).content.decode()
    assert "Mượn nhà văn hóa" in page
    assert "Cần ít nhất một bước xử lý" in page
    again = admin.post(f"{CATALOGUE}them/", said)
    assert again.status_code == 422
    assert "Đã có thủ tục mang mã này" in again.content.decode()


def _as_shown(page) -> dict[str, object]:
    """Return what a browser would send back of a page of rows that nobody touched."""
    sent: dict[str, object] = {"edits": page.context["version"].edits}
    filled = page.context["form"]
    management = filled.management_form
    sent |= {management.add_prefix(n): management[n].value() for n in management.fields}
    for form in filled.forms:
        for box in form:
            value = box.value()
            if value not in (None, False):
                sent[box.html_name] = "on" if value is True else value
    return sent


@pytest.mark.parametrize("part", [name for name, each in SECTIONS.items() if each.is_list])
def test_saving_a_list_untouched_changes_nothing(office, browser, part) -> None:
    admin = browser(person(office.commune, "quan-tri", "administrator"))
    draft = _drafted(admin, "1.001193")
    rich = draft.content | {
        "exemptions": [{"code": "ngheo", "group": "Hộ nghèo", "fees": ["ban-sao"]}],
        "fees": [{"code": "ban-sao", "name": "Bản sao", "basis": "tiered",
                  "tiers": [{"since": 1, "amount": 2000}, {"since": 3, "amount": 1000}]}],
    }  # fmt: skip
    rich["steps"] = [rich["steps"][0] | {"unit": "tu-phap"}, *rich["steps"][1:]]
    first = rich["components"][0]
    rich["components"] = [first | {"reusable_from": ["earlier"]}, *rich["components"][1:]]
    draft = actions.save_version(draft, rich, by=office.leader_actor)
    before = shape.write(shape.read(draft.content))
    assert any(each.get("choices") for each in before["form"])
    address = f"{CATALOGUE}ban/{draft.pk}/sua/{part}/"
    assert admin.post(address, _as_shown(admin.get(address))).status_code == 302
    draft.refresh_from_db()
    assert shape.write(shape.read(draft.content)) == before


def test_every_field_of_a_version_has_a_box() -> None:
    beside = {"systems": {"external_codes"}}  # kept as they came, from other systems
    for name, section in SECTIONS.items():
        part = shape.Content.__struct_fields__.index(name)
        kind = shape.Content.__annotations__[shape.Content.__struct_fields__[part]]
        kind = getattr(kind, "__args__", (kind,))[0]
        drawn = {box.name.partition(".")[0].replace("return", "ret", 1) for box in section.boxes}
        drawn |= {box.name for box in section.boxes}
        assert set(kind.__struct_fields__) - drawn == beside.get(name, set()), name


def test_what_cannot_be_read_in_a_row_is_said(office, browser) -> None:
    admin = browser(person(office.commune, "quan-tri", "administrator"))
    draft = _drafted(admin, "1.004837")
    rows = {"dong-TOTAL_FORMS": "2", "dong-INITIAL_FORMS": "0", "edits": draft.edits,
            "dong-0-code": "bac", "dong-0-name": "Bản sao", "dong-0-tiers": "1: hai nghìn",
            "dong-1-name": "Khoản chưa có mã", "dong-1-amount": "5000"}  # fmt: skip
    page = admin.post(f"{CATALOGUE}ban/{draft.pk}/sua/fees/", rows)
    body = page.content.decode()
    assert page.status_code == 422
    for words in ("Không đọc được “1: hai nghìn”", "Dòng này chưa có mã", "Khoản chưa có mã"):
        assert words in body


def test_the_table_reads_like_a_law(office, browser) -> None:
    page = browser(office.officer).get(f"{HOME}bang-buoc/").content.decode()
    for words in ("CHO_BO_SUNG_DAU_VAO", "Có lý do bằng lời dễ hiểu", "Trả kết quả", "Lãnh đạo"):
        assert words in page
    assert "Need " not in page


def test_every_hat_clock_and_condition_of_the_table_has_words() -> None:
    rows = states.TABLE.transitions
    assert {guard for row in rows for guard in row.guards} == set(table_words.GUARDS)
    assert {row.clock for row in rows} == set(table_words.CLOCKS)
    assert {hat for row in rows for hat in row.who} == set(table_words.HATS)
