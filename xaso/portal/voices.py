"""What can be spoken on the public site's own pages."""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.voices.sentences import Sentence

SENTENCES = (
    Sentence("portal.listen", _("Bà con muốn nghe tiếng này thì bấm vào đây."), _("Chọn tiếng")),
    Sentence(
        "portal.home",
        _("Trang của xã. Bấm nút máy ảnh để gửi phản ánh. Bấm Theo dõi để xem xã trả lời."),
        _("Trang chủ"),
    ),
)
