"""What is spoken in the waiting room: a call is put together from these, in any language."""

from string import ascii_uppercase

from django.utils.translation import gettext_lazy as _

from xaso.kernel.voices.sentences import Sentence

_ROOM = _("Gọi số ở quầy")
_DIGITS = (
    _("không"), _("một"), _("hai"), _("ba"), _("bốn"),
    _("năm"), _("sáu"), _("bảy"), _("tám"), _("chín"),
)  # fmt: skip
SENTENCES = (
    Sentence("queue.invite", _("Mời số"), _ROOM),
    *(Sentence(f"queue.letter.{each}", each, _ROOM) for each in ascii_uppercase[:8]),
    *(Sentence(f"queue.digit.{n}", said, _ROOM) for n, said in enumerate(_DIGITS)),
    Sentence("queue.counter", _("đến quầy số"), _ROOM),
)
