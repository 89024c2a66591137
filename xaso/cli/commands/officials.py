"""official add: open the first accounts of a commune."""

import argparse
import getpass
import sys

from xaso.cli import django_side
from xaso.cli.parsing import Commands, flag, option
from xaso.cli.words import Trouble, Words, say

ROLES = (
    "one_stop_clerk",
    "officer",
    "village_head",
    "community_team",
    "leader",
    "administrator",
    "province_viewer",
)


def add(commands: Commands) -> None:
    """Add the commands of this group."""
    group = commands.group("official", "Tài khoản cán bộ", "Accounts of officials")
    parser = group.add("add", open_account, "Mở tài khoản", "Open an account")
    parser.add_argument("username", help=str(Words("tên đăng nhập", "name to sign in with")))
    parser.add_argument("--name", required=True, help=str(Words("họ và tên", "full name")))
    parser.add_argument("--commune", required=True, help=str(Words("xã (binh-lu)", "commune")))
    parser.add_argument("--role", choices=ROLES, action="append", required=True)
    option(parser, "--position", "chức vụ", "position")
    option(parser, "--email", "thư điện tử", "e-mail")
    flag(parser, "--ask-password", "tự đặt mật khẩu", "type the password")


def open_account(options: argparse.Namespace) -> int:
    """Open an account with its roles; print the temporary password once, unless one was typed."""
    password = _typed() if options.ask_password else ""
    with django_side.with_database():
        from django.core.exceptions import ValidationError  # noqa: PLC0415

        from xaso.kernel.refusals import Refusal  # noqa: PLC0415

        try:
            chosen = _open(options, password)
        except Refusal as refusal:
            raise Trouble(_sentence(refusal), _sentence(refusal)) from None
        except ValidationError as error:
            text = " ".join(error.messages)
            raise Trouble(text, text) from None
    say(f"Đã mở tài khoản {options.username}.", f"The account {options.username} is open.")
    if not password:
        say(
            f"Mật khẩu tạm, chỉ hiện một lần: {chosen}", f"Temporary password, shown once: {chosen}"
        )
    return 0


def _open(options: argparse.Namespace, password: str) -> str:
    """Open the account and give its roles in one transaction; returns the password."""
    from xaso.kernel.audit.actors import Actor  # noqa: PLC0415
    from xaso.kernel.identity.actions import officials, roles  # noqa: PLC0415
    from xaso.kernel.identity.models import Role  # noqa: PLC0415
    from xaso.kernel.places import queries as places  # noqa: PLC0415
    from xaso.kernel.tenancy import actions as tenancy  # noqa: PLC0415

    commune = places.commune_by_slug(options.commune)
    if commune is None:
        raise django_side.refuse_unknown_commune(options.commune)
    by = Actor("system", "cli", "cli")
    new = officials.NewOfficial(options.username, options.name, options.position, options.email)
    with tenancy.inside(commune.id):
        province = options.role == [Role.PROVINCE]
        home = None if province else commune
        official, chosen = officials.add_official(new, commune=home, by=by, password=password)
        for role in map(Role, options.role):
            if role is Role.PROVINCE:
                roles.grant_province_view(official, commune=commune, by=by)
            else:
                roles.give_role(official, role, commune=commune, by=by)
    return chosen


def _sentence(refusal: Exception) -> str:
    """Return everything a refusal says, its faults included."""
    errors = getattr(refusal, "errors", {})
    said = [
        str(getattr(refusal, "sentence", refusal)),
        *(str(e) for es in errors.values() for e in es),
    ]
    return " ".join(said)


def _typed() -> str:
    """Read a password twice from the keyboard, or once from a pipe."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    first = getpass.getpass(str(Words("Mật khẩu: ", "Password: ")))
    if first != getpass.getpass(str(Words("Gõ lại: ", "Again: "))):
        raise Trouble("Hai lần gõ không giống nhau.", "The two entries differ.")
    return first
