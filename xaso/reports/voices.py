"""What can be spoken on the pages of reports: every step, and every state of a report."""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.voices.sentences import Sentence
from xaso.reports import states
from xaso.reports.models import State

_SEND, _TRACK = _("Gửi phản ánh"), _("Theo dõi phản ánh")
_PHOTO = _(
    "Bước một. Chụp một ảnh gần, một ảnh xa. Không chụp mặt người khác. Không có ảnh cũng gửi được."
)
_WHERE = _("Bước hai. Chỗ đó ở đâu? Bấm lấy vị trí máy, hoặc chọn tên bản, rồi nói gần cái gì.")
_WHAT = _(
    "Bước ba. Chọn hình đúng với chuyện bà con thấy. Viết thêm, hoặc nói vào máy. "
    "Rồi bấm nút gửi cho xã."
)
_RECEIPT = _("Xã đã nhận. Bà con nhớ mã số chín chữ số để theo dõi. Giữ kín bốn số bí mật.")
_RATE = _(
    "Xã đã trả lời. Bà con thấy hài lòng, tạm được, hay chưa được thì bấm vào mặt giống mình."
)
SENTENCES = (
    Sentence("reports.send.photo", _PHOTO, _SEND),
    Sentence("reports.send.where", _WHERE, _SEND),
    Sentence("reports.send.what", _WHAT, _SEND),
    Sentence("reports.receipt", _RECEIPT, _SEND),
    Sentence("reports.rate", _RATE, _TRACK),
    *(Sentence(f"reports.state.{state}", states.PUBLIC[state], _TRACK) for state in State),
)
