"""Passwords that everybody tries first, in Vietnamese and English, and the commune's own name."""

import re
from functools import cache
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from xaso.kernel.identity.models import Official
from xaso.kernel.text.folding import fold

_LIST = Path(__file__).parent / "data" / "common_passwords.txt"
# What people write instead of a letter, believing that it helps.
_LOOKALIKE = str.maketrans("013457@$!", "oieastasi")
_LEFT_OVER = 4  # letters that must remain after the common words are taken out


@cache
def common_words() -> tuple[str, ...]:
    """Return the words of our list, folded, longest first."""
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    words = {fold(line).replace(" ", "") for line in lines if line and not line.startswith("#")}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def is_common(password: str, names: tuple[str, ...] = ()) -> bool:
    """Return whether a password is made of common words, given names and digits alone.

    "Binhlu@2026", "matkhau123456" and "m4tkh4u!!" are; four common syllables in a row of one's
    own choice are not, because the list holds whole passwords, not a dictionary.
    """
    plain = fold(password).replace(" ", "")
    swapped = fold(password.lower().translate(_LOOKALIKE)).replace(" ", "")
    known = tuple(fold(name).replace(" ", "") for name in names)
    words = sorted({*common_words(), *filter(None, known)}, key=len, reverse=True)
    return any(_left(text, words) < _LEFT_OVER for text in (plain, swapped))


def _left(text: str, words: list[str]) -> int:
    """Return how many different letters remain when known words and digits are taken out."""
    for word in words:
        text = text.replace(word, " ")
    return len(set(re.sub(r"[^a-z]", "", text)))


class NotCommon:
    """The validator Django calls: nothing that a stranger would try within the first hundred."""

    def validate(self, password: str, user: Official | None = None) -> None:
        """Refuse a common password with ValidationError."""
        if is_common(password, _names(user)):
            raise ValidationError(
                _(
                    "Mật khẩu này dễ đoán quá. Xin chọn bốn, năm từ không liên quan đến nhau, "
                    "dễ nhớ với riêng mình."
                ),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        """Say the rule before it is broken."""
        return _("Không dùng tên xã, tên mình hay những mật khẩu hay gặp.")


class LongEnough:
    """At least `min_length` characters; spaces count."""

    def __init__(self, min_length: int = 12) -> None:
        """Keep the length."""
        self.min_length = min_length

    def validate(self, password: str, user: Official | None = None) -> None:
        """Refuse a short password with ValidationError."""
        if len(password) < self.min_length:
            raise ValidationError(
                _("Mật khẩu cần ít nhất %(n)d ký tự, dấu cách cũng tính."),
                code="password_too_short",
                params={"n": self.min_length},
            )

    def get_help_text(self) -> str:
        """Say the rule before it is broken."""
        return _("Ít nhất %(n)d ký tự. Viết như một câu ngắn thì dễ nhớ nhất.") % {
            "n": self.min_length
        }


def _names(user: Official | None) -> tuple[str, ...]:
    """Return names an outsider knows: of the commune, the province and the person."""
    if user is None:
        return ()
    home = user.home
    around = (home.name, home.province, home.slug) if home else ()
    own = (user.username, user.full_name, *user.full_name.split())
    return tuple(name for name in (*around, *own) if len(name) > 2)
