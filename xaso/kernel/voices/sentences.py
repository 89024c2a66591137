"""What can be spoken: declared by the rooms, put together by the roof."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from xaso.kernel.refusals import Sentence as Text

VIETNAMESE = "vie"
# Languages of Lai Châu (ISO 639-3), as people here name them; Vietnamese is what is left over.
LANGUAGES: Mapping[str, Text] = {
    "vie": _("Tiếng Việt"),
    "mww": _("Tiếng Mông trắng"),
    "hnj": _("Tiếng Mông xanh"),
    "hmv": _("Tiếng Mông"),
    "twh": _("Tiếng Thái trắng"),
    "blt": _("Tiếng Thái đen"),
    "ium": _("Tiếng Dao"),
    "mji": _("Tiếng Dao Kim Mùn"),
    "hni": _("Tiếng Hà Nhì"),
    "lhu": _("Tiếng La Hủ"),
    "slt": _("Tiếng Si La"),
    "pcc": _("Tiếng Giáy"),
    "tyz": _("Tiếng Tày"),
    "khb": _("Tiếng Lự"),
    "zng": _("Tiếng Mảng"),
    "kjg": _("Tiếng Khơ Mú"),
    "cnc": _("Tiếng Cống"),
    "kjm": _("Tiếng Kháng"),
}


@dataclass(frozen=True)
class Sentence:
    """A text of a page that can be spoken: its key, what to say, where it stands."""

    key: str
    text: Text
    where: Text = ""

    @property
    def vietnamese(self) -> str:
        """Return the text as it is read aloud before somebody says it in another language."""
        with override("vi"):
            return str(self.text)


@cache
def known() -> Mapping[str, Sentence]:
    """Return every sentence by its key, in the order the roof lists them."""
    listed: Sequence[Sentence] = import_module(settings.XASO_VOICES).SENTENCES
    return {sentence.key: sentence for sentence in listed}
