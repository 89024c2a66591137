"""The pages of the score: read by those who lead, worked by those who manage."""

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from xaso.ioc.kpi import definition
from xaso.ioc.kpi.shipped import SHIPPED
from xaso.ioc.models import Baseline, KpiRun, KpiSet
from xaso.kernel.text.dates import ZONE
from xaso.kernel.working_time import clock

SCORE = "/binh-lu/can-bo/dieu-hanh/diem-766/"
PORTAL, CLOSE = f"{SCORE}cong/", f"{SCORE}chot/"
DEFINITION = "/binh-lu/can-bo/quan-tri/bo-chi-so/"
BASELINES = "/binh-lu/can-bo/quan-tri/moc-so-sanh/"


@pytest.fixture
def leader(town, official, client_of):
    return client_of(official("leader", town))


def test_a_leader_sees_what_is_counted_and_what_is_not(
    leader, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(46):
        page = leader.get(SCORE).content.decode()
    assert "Điểm 766 tháng 11/2026" in page
    assert "Tạm tính" in page
    assert "điểm quy ước" in page
    assert "Chưa có số liệu" in page
    assert "Quyết định 766/QĐ-TTg" in page
    assert leader.get(SCORE, {"thang": "nonsense"}).status_code == 200
    assert "tháng 11/2026" in leader.get(SCORE, {"thang": "2031-01"}).content.decode()


def test_what_a_metric_misses_is_listed(leader) -> None:
    page = leader.get(f"{SCORE}thieu/PROGRESS/").content.decode()
    assert "Không thiếu hồ sơ nào" in page
    assert leader.get(f"{SCORE}thieu/NOBODY/").status_code == 404


def test_the_portals_file_shows_the_difference(leader) -> None:
    rows = (
        "period,department,metric_code,numerator,denominator,score\n"
        "2026-11,x,PETITION_PROCESSING_ON_TIME,1,2,3\n"
    )
    file = SimpleUploadedFile("cong.csv", rows.encode())
    page = leader.post(PORTAL, {"thang": "2026-11", "file": file}, follow=True).content.decode()
    assert "Đã nhận điểm cổng tháng 11/2026" in page
    assert "t-cam" in page  # ours says 6, theirs 3
    wrong = SimpleUploadedFile("cong.csv", b"period\n")
    page = leader.post(PORTAL, {"thang": "2026-11", "file": wrong}, follow=True).content.decode()
    assert "thiếu cột" in page
    page = leader.post(PORTAL, {"thang": "2026-11"}, follow=True).content.decode()
    assert "Bác chọn tệp bảng điểm trước khi gửi." in page
    assert KpiRun.objects.count() == 1


def test_a_month_is_closed_by_a_button_and_corrected_with_a_reason(
    town, official, client_of
) -> None:
    with clock.at(datetime(2026, 12, 3, 9, 0, tzinfo=ZONE)):
        leader = client_of(official("leader", town))
        page = leader.get(SCORE, {"thang": "2026-11"}).content.decode()
        assert "Chốt điểm tháng" in page
        page = leader.post(CLOSE, {"thang": "2026-11"}, follow=True).content.decode()
        assert "Đã chốt điểm tháng 11/2026" in page
        page = leader.post(CLOSE, {"thang": "2026-11"}, follow=True).content.decode()
        assert "Bác ghi vì sao phải tính lại." in page
        said = {"thang": "2026-11", "reason": "Nhập sót"}
        assert "Nhập sót" in leader.post(CLOSE, said, follow=True).content.decode()
    assert KpiRun.objects.filter(revision__gte=1).count() == 2


def test_another_version_of_the_set_is_published(leader) -> None:
    assert "Công bố phiên bản mới" in leader.get(DEFINITION).content.decode()
    import json

    body = json.dumps(definition.as_json(SHIPPED.groups, SHIPPED.metrics))
    said = {"valid_from": "2027-01-01", "law_ref": "Quyết định thử", "body": body}
    broken = leader.post(DEFINITION, said | {"body": '{"groups": []}'})
    assert broken.status_code == 422
    assert "Tệp thiếu một mục" in broken.content.decode()
    assert leader.post(DEFINITION, said | {"body": "{"}).status_code == 422
    assert leader.post(DEFINITION, said).status_code == 302
    assert KpiSet.objects.get().version == 2


def test_a_baseline_is_recorded_and_taken_back(leader) -> None:
    said = {
        "meter": "hours", "key": "1.001193", "value": "16", "cases": "120",
        "first": "2026-01-01", "last": "2026-06-30",
        "method": "Đếm tay", "evidence": "Báo cáo",
    }  # fmt: skip
    late = leader.post(BASELINES, said | {"last": "2030-01-01"})
    assert late.status_code == 422
    assert "không thể ở tương lai" in late.content.decode()
    page = leader.post(BASELINES, said, follow=True).content.decode()
    assert "Đếm tay" in page
    row = Baseline.objects.get()
    page = leader.post(f"{BASELINES}{row.pk}/thoi/", follow=True).content.decode()
    assert "Chưa có mốc nào." in page
    assert leader.post(f"{BASELINES}{row.pk}/thoi/").status_code == 404


@pytest.mark.parametrize("role", ["officer", "one_stop_clerk", "village_head"])
def test_others_do_not_see_it(town, official, client_of, role) -> None:
    desk = client_of(official(role, town))
    assert desk.get(SCORE).status_code == 403
    assert desk.post(CLOSE, {"thang": "2026-11"}).status_code == 403
    assert desk.get(BASELINES).status_code == 403
