"""The ways to a person, as data: what each is called, whether it wakes somebody, how it is told."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """A way to a person.

    `wakes` waits for the morning, `merges` keeps to one message about a record in two hours,
    `is_short` carries only what happened and where to look.
    """

    name: str
    label: str | Promise
    icon: str
    wakes: bool = False
    merges: bool = False
    is_short: bool = False
    has_account: bool = False  # set up by the administrator on a page
    is_human: bool = False  # an official does it, no machine


INBOUND_HEADER = "X-Xaso-Secret"  # where a gateway shows its secret, unless told otherwise
_SOUNDS = {"wakes": True, "merges": True}
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "sms", _("Tin nhắn SMS"), "message-square", **_SOUNDS, is_short=True, has_account=True
        ),
        Kind("zalo", "Zalo OA", "message-square", **_SOUNDS, is_short=True, has_account=True),
        Kind("push", _("Thông báo trên điện thoại"), "bell", **_SOUNDS, is_short=True),
        Kind("email", _("Thư điện tử"), "mail", merges=True),
        Kind("call", _("Gọi điện báo"), "phone", **_SOUNDS, is_human=True),
        Kind("demo", _("Hộp tin mẫu"), "inbox"),
    )
}


def kind(name: str) -> Kind:
    """Return a way by its name; an unknown one is a mistake in the program."""
    return KINDS[name]
