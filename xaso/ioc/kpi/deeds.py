"""What could still be done this month, and how many points each would bring.

Only deeds that are work on real cases: sign, scan, reconcile, complete a text. What cannot be
mended (a late dossier, a paper submission) is shown as lost and offers nothing to press.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from xaso.ioc.kpi import scoring
from xaso.ioc.kpi.definition import Definition
from xaso.ioc.kpi.scoring import Given

_CAN_BE_DONE = {
    "PUBLIC_CONTENT_FULL": gettext_noop("Bổ sung nội dung còn thiếu của %(n)s thủ tục"),
    "DOSSIER_SYNC": gettext_noop("Đồng bộ và đối soát %(n)s hồ sơ với cổng quốc gia"),
    "ONLINE_A": gettext_noop("Đưa thêm %(n)s thủ tục lên nộp trực tuyến"),
    "PAY_C": gettext_noop("Nối thanh toán trực tuyến cho %(n)s thủ tục có phí"),
    "ORIGINAL_RESULT_AVAILABLE": gettext_noop("Ký số và gắn đường dẫn cho %(n)s kết quả"),
    "SO_HOA_GIAY_TO_GIAI_QUYET": gettext_noop("Quét đủ giấy tờ và kết quả của %(n)s hồ sơ"),
    "SYNCED_WITH_DVCQG_PERSONAL_STORAGE": gettext_noop(
        "Đưa %(n)s kết quả vào kho dữ liệu của người dân"
    ),
    "CITIZEN_DATA_CONNECTED_FORMALITY": gettext_noop("Nối dữ liệu dân cư cho %(n)s thủ tục"),
    "ELECTRONIC_CERTIFIED_COPY": gettext_noop("Cấp bản điện tử cho %(n)s bản sao chứng thực"),
}


@dataclass(frozen=True, slots=True)
class Deed:
    """Work on `pieces` cases that brings `points`; `each` is what one alone brings."""

    metric: str
    text: str
    pieces: int
    points: Decimal
    each: Fraction


def offered(definition: Definition, given: Given) -> Sequence[Deed]:
    """Return the deeds that bring anything, the most points per piece first."""
    found = []
    for metric in definition.metrics:
        words, ratio = _CAN_BE_DONE.get(metric.code), given.get(metric.code)
        if words is None or ratio is None:
            continue
        wanted = min(ratio.whole, ratio.whole * metric.maximum / metric.factor)
        pieces = math.ceil(wanted - ratio.part)
        gain = scoring.after(definition, given, metric.code, pieces)
        if pieces > 0 and gain > 0:
            text = _(words) % {"n": pieces}
            found.append(Deed(metric.code, text, pieces, scoring.half_up(gain), gain / pieces))
    return sorted(found, key=lambda deed: -deed.each)
