"""A better position for a hazard that was sent already (JSON)."""

from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from xaso.kernel.web.http import CommuneRequest
from xaso.reports import actions, queries
from xaso.reports.views import senders

position = Router(tags=["Phản ánh"])


class PositionIn(Schema):
    """Chỗ nguy hiểm, tìm được sau khi đã báo; độ theo WGS 84, sai số theo mét."""

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    accuracy: int | None = Field(default=None, ge=0, le=1_000_000)


class PositionOut(Schema):
    """Đã ghi."""

    code: str


@position.post(
    "/{uuid:key}/position",
    response=PositionOut,
    summary="Thêm vị trí cho một báo nguy hiểm",
    url_name="add_position",
)
def add_position(request: HttpRequest, key: UUID, given: PositionIn) -> dict[str, Any]:
    """Chỉ máy đã gửi biết mã này; mỗi lần là một dòng trong quá trình."""
    here = cast("CommuneRequest", request)
    report = queries.by_uuid(here.commune, key)
    place = actions.Place(lat=given.lat, lon=given.lon, accuracy_m=given.accuracy, source="gps")
    by = replace(senders.resident(here), channel="pwa")
    return {"code": actions.add_position(report, place, by=by).code}
