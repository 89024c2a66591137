"""A partner's program retries while its first call is still at work: one report, one answer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db import connections
from django.test import Client

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity import actions as identity
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock
from xaso.reports import actions
from xaso.reports.models import PartnerReport, PartnerWord, Report, ReportEvent

V2 = "/binh-lu/open311/v2"


def test_seven_forms_and_words_sent_four_times_at_once_are_seven(
    committed: str, binh_lu: Commune
) -> None:
    with tenancy.inside(binh_lu.id):
        actions.set_up(binh_lu, by=SYSTEM, on=date(2026, 1, 1))
        scopes = ("open311.read", "open311.write", "open311.updates")
        new = identity.NewKey("Cổng tỉnh", scopes, clock.now() + timedelta(days=9))
        key = identity.create_api_key(binh_lu, new, by=SYSTEM)[1]

    def call(path: str, values: dict[str, str]) -> tuple[int, str]:
        try:
            body, kind = urlencode(values), "application/x-www-form-urlencoded"
            answer = Client().post(f"{V2}/{path}", body, content_type=kind)
            return answer.status_code, answer.content.decode()
        finally:
            connections.close_all()

    def send(number: int) -> tuple[int, str]:
        form = {"service_code": "LIGHT", "description": f"Đèn số {number} hỏng"}
        return call("requests.json", form | {"api_key": key, "address_string": "Chợ"})

    def say(number: int) -> tuple[int, str]:
        with tenancy.inside(binh_lu.id):
            code = Report.objects.order_by("pk")[number].code
        word = {"service_request_id": code, "update_id": f"{number}", "description": "Vẫn hỏng"}
        when = {"updated_datetime": "2026-11-23T14:00:00Z", "api_key": key}
        return call("servicerequestupdates.json", word | when)

    with ThreadPoolExecutor(8) as programs:
        sent = list(programs.map(send, [n for n in range(7) for _ in range(4)]))
        said = list(programs.map(say, [n for n in range(7) for _ in range(4)]))
    assert {status for status, _body in (*sent, *said)} == {200}
    assert len({body for _status, body in sent}) == len({body for _status, body in said}) == 7
    with tenancy.inside(binh_lu.id):
        assert Report.objects.count() == PartnerReport.objects.count() == 7
        assert PartnerWord.objects.count() == 7
        assert ReportEvent.objects.filter(kind="word").count() == 7
