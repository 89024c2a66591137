"""Why an action says no: a fact that a person can read.

An action that refuses has changed nothing. Its exception is named as a fact (`AlreadyAnswered`)
and carries a sentence in the reader's language; `kernel/web` shows the sentence with the status,
the APIs put sentence and code into their own error shape.
"""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.functional import lazy as later
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def _fill(sentence: Sentence, params: Mapping[str, object]) -> str:
    """Return the sentence in the active language with its parameters put in."""
    return str(sentence) % params


_filled_later = later(_fill, str)


class Refusal(Exception):
    """An action kept the rules and changed nothing; `sentence` tells the person why.

    Subclasses set `sentence` (it may hold `%(name)s` places, filled from the keyword arguments)
    and, rarely, `code`, the stable name machines read: the class name in snake_case by default.
    """

    sentence: Sentence = _("Việc này chưa làm được. Xin xem lại rồi thử lần nữa.")
    code: str = "refusal"
    status: int = 409

    def __init_subclass__(cls) -> None:
        """Name the refusal for machines after its class, unless it names itself."""
        super().__init_subclass__()
        if "code" not in cls.__dict__:
            cls.code = _WORD_START.sub("_", cls.__name__).lower()

    def __init__(self, sentence: Sentence | None = None, **params: object) -> None:
        """Take a sentence for this one case, or parameters for the class's own sentence."""
        if sentence is not None:
            self.sentence = sentence
        self.params = params
        if params:
            self.sentence = _filled_later(self.sentence, params)
        super().__init__(self.sentence)

    def __str__(self) -> str:
        """Return the sentence as the active language reads it."""
        return str(self.sentence)


class NotFound(Refusal):
    """There is no such record, or this person may not know that there is one."""

    sentence = _("Không tìm thấy. Xin kiểm tra lại địa chỉ hoặc mã.")
    status = 404


class TooMany(Refusal):
    """Too many tries in too short a time; `retry_after` says how many seconds to wait."""

    sentence = _("Thao tác hơi nhanh quá. Xin chờ một lát rồi thử lại.")
    status = 429

    def __init__(
        self, sentence: Sentence | None = None, *, retry_after: int = 60, **params: object
    ) -> None:
        """Keep the waiting time, in whole seconds and never less than one."""
        self.retry_after = max(1, retry_after)
        super().__init__(sentence, **params)


class Invalid(Refusal):
    """What was sent cannot be used as it is; `errors` names each field and what is wrong."""

    sentence = _("Có chỗ chưa đúng. Xin xem các ô được đánh dấu rồi gửi lại.")
    status = 422

    def __init__(
        self,
        sentence: Sentence | None = None,
        *,
        errors: Mapping[str, list[str]] | None = None,
        **params: object,
    ) -> None:
        """Keep the faults by field name; the key `""` holds those of the whole form."""
        self.errors: dict[str, list[str]] = dict(errors or {})
        super().__init__(sentence, **params)
