"""The set shipped with the program: what holds until an administrator publishes another version.

Maxima and codes: captures of the national portal. Formulas: the ministry's note "Mô tả công thức
tính chỉ số 766", checked against observations of the portal within 0.015. Names are msgids.
"""

from datetime import date
from fractions import Fraction

from django.utils.translation import gettext_noop as _

from xaso.ioc.kpi.definition import Definition, Group, Metric

_NOT_SEEN = _("Trần của chỉ số này chưa thấy trong số liệu của cổng.")
_NOT_FIT = _("Công thức chưa kiểm chứng được: mọi số liệu thấy trên cổng đều bằng 0.")

_GROUPS = (
    Group("transparency", _("Công khai, minh bạch"), Fraction(18)),
    Group("progress", _("Tiến độ giải quyết"), Fraction(20)),
    Group("online", _("Dịch vụ công trực tuyến"), Fraction(12)),
    Group("payment", _("Thanh toán trực tuyến"), Fraction(10)),
    Group("digitised", _("Số hóa hồ sơ"), Fraction(22)),
    Group("satisfaction", _("Mức độ hài lòng"), Fraction(18)),
)


def _m(  # noqa: PLR0913, PLR0917 - one row of a table
    code: str,
    group: str,
    name: str,
    maximum: int,
    factor: Fraction | int,
    part: str,
    whole: str,
    on_zero: str = "zero",
    unsure: str = "",
) -> Metric:
    return Metric(
        code, group, name, Fraction(maximum), Fraction(factor), on_zero, part, whole, unsure
    )


_PUBLISHED = _("thủ tục đã công bố")
_WITH_FEE = _("thủ tục có thu phí")
_ALL = _("hồ sơ đã nhận")
_RESULTS = _("hồ sơ đã có kết quả")

SHIPPED = Definition(
    code="766",
    version=1,
    valid_from=date(2022, 6, 23),
    law_ref="Quyết định 766/QĐ-TTg ngày 23/06/2022",
    sureness="source",
    note=_("Điểm tối đa và mã theo Cổng Dịch vụ công quốc gia; công thức theo ghi chú của Bộ."),
    groups=_GROUPS,
    metrics=(
        _m("PUBLISH_ON_TIME", "transparency", _("Công bố thủ tục đúng hạn"), 6, 6,
           _("thủ tục công bố đúng hạn"), _PUBLISHED),
        _m("PUBLIC_UPDATE_ON_TIME", "transparency", _("Cập nhật thủ tục đúng hạn"), 4, 4,
           _("thủ tục cập nhật đúng hạn"), _PUBLISHED),
        _m("PUBLIC_CONTENT_FULL", "transparency", _("Công khai đủ nội dung"), 2, 2,
           _("thủ tục đủ nội dung"), _PUBLISHED),
        _m("DOSSIER_SYNC", "transparency", _("Đồng bộ hồ sơ lên cổng quốc gia"), 6, 6,
           _("hồ sơ cổng đã xác nhận"), _ALL),
        _m("PROGRESS", "progress", _("Hồ sơ giải quyết đúng hạn"), 20, 20,
           _("hồ sơ đúng hạn"), _ALL),
        _m("ONLINE_A", "online", _("Cung cấp dịch vụ công trực tuyến"), 2, Fraction(5, 2),
           _("dịch vụ trực tuyến một phần và toàn trình"), _("thủ tục thuộc thẩm quyền")),
        _m("ONLINE_B", "online", _("Dịch vụ trực tuyến có phát sinh hồ sơ"), 4, 4,
           _("dịch vụ trực tuyến có hồ sơ"), _("dịch vụ trực tuyến")),
        _m("ONLINE_C", "online", _("Hồ sơ nộp trực tuyến"), 6, 12,
           _("hồ sơ trực tuyến"), _ALL),
        _m("PAY_A", "payment", _("Hồ sơ thanh toán trực tuyến"), 6, 6,
           _("hồ sơ nộp tiền trực tuyến"), _("hồ sơ phải nộp tiền")),
        _m("PAY_B", "payment", _("Thủ tục có hồ sơ thanh toán trực tuyến"), 2, Fraction(5, 2),
           _("thủ tục có hồ sơ nộp tiền trực tuyến"), _WITH_FEE),
        _m("PAY_C", "payment", _("Thủ tục đã nối thanh toán trực tuyến"), 2, Fraction(5, 2),
           _("thủ tục đã nối thanh toán"), _WITH_FEE, unsure=_NOT_SEEN),
        _m("ORIGINAL_RESULT_AVAILABLE", "digitised", _("Cấp kết quả điện tử"), 6, 6,
           _("hồ sơ có kết quả điện tử"), _RESULTS),
        _m("SO_HOA_GIAY_TO_GIAI_QUYET", "digitised", _("Hồ sơ được số hóa"), 4, 4,
           _("hồ sơ số hóa cả giấy tờ và kết quả"), _RESULTS),
        _m("REUSED_DIGITIZED_DATA", "digitised", _("Dùng lại dữ liệu đã số hóa"), 2, Fraction(5, 2),
           _("hồ sơ dùng lại giấy tờ đã có"), _ALL),
        _m("SYNCED_WITH_DVCQG_PERSONAL_STORAGE", "digitised",
           _("Kết quả vào kho dữ liệu cá nhân"), 4, 4,
           _("kết quả đã vào kho của người dân"), _RESULTS, unsure=_NOT_FIT),
        _m("CITIZEN_DATA_CONNECTED_DOSSIER", "digitised",
           _("Hồ sơ dùng dữ liệu dân cư"), 2, 2, _("hồ sơ dùng dữ liệu dân cư"), _ALL),
        _m("CITIZEN_DATA_CONNECTED_FORMALITY", "digitised",
           _("Thủ tục dùng dữ liệu dân cư"), 2, 2, _("thủ tục dùng dữ liệu dân cư"), _PUBLISHED),
        _m("ELECTRONIC_CERTIFIED_COPY", "digitised", _("Chứng thực bản sao điện tử"), 2, 2,
           _("bản sao chứng thực điện tử"), _("bản sao chứng thực")),
        _m("PETITION_PROCESSING_ON_TIME", "satisfaction",
           _("Phản ánh, kiến nghị xử lý đúng hạn"), 6, 6,
           _("phản ánh đúng hạn"), _("phản ánh qua kênh quốc gia"), "full"),
        _m("PETITION_HANDLING_SATISFACTION", "satisfaction",
           _("Hài lòng về xử lý phản ánh, kiến nghị"), 6, 6,
           _("phản ánh được hài lòng"), _("phản ánh qua kênh quốc gia"), "full"),
        _m("DOSSIER_RECEIVING_SATISFACTION", "satisfaction",
           _("Hài lòng về tiếp nhận, giải quyết hồ sơ"), 6, Fraction(20, 3),
           _("hồ sơ đúng hạn và không bị chê"), _("hồ sơ đã có ý kiến")),
    ),
)  # fmt: skip
