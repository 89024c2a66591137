"""Accounts of officials: opened, closed, reset."""

from collections.abc import Callable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as now_in_words
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import keys, queries
from xaso.kernel.identity.actions import sessions
from xaso.kernel.identity.models import Official
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.text.folding import clean_line


class UsernameTaken(Refusal):
    """Sign-in names are unique on the installation."""

    sentence = _("Tên đăng nhập này đã có người dùng. Xin chọn tên khác.")


class NotManagedHere(Refusal):
    """Another commune made this account: its sign-in is reset there."""

    sentence = _("Tài khoản này do đơn vị khác quản lý. Xin nhờ quản trị viên của đơn vị đó.")
    status = 403


@dataclass(frozen=True)
class NewOfficial:
    """Someone who is to sign in; the username is kept in lower case."""

    username: str
    full_name: str
    position: str = ""
    email: str = ""


@transaction.atomic
def add_official(
    new: NewOfficial, *, commune: Commune | None, by: Actor, password: str = ""
) -> tuple[Official, str]:
    """Open an account that belongs to a commune (None: the province); it holds no role yet.

    Returns the official and the password. Without `password` a temporary one is made, to be
    printed once and changed at the first sign-in. Refuses with UsernameTaken and Invalid.
    """
    official = Official(
        username=clean_line(new.username).lower(),
        full_name=clean_line(new.full_name),
        position=clean_line(new.position),
        email=clean_line(new.email).lower(),
        home=commune,
        must_change_password=not password,
    )
    _check(official, password)
    if Official.objects.filter(username=official.username).exists():
        raise UsernameTaken
    chosen = password or keys.temporary_password()
    official.set_password(chosen)
    official.save()
    sessions.tell("identity.official_added", official, by=by)
    return official, chosen


@transaction.atomic
def change_password(official: Official, password: str, *, by: Actor) -> Official:
    """Set the password an official chose; all their other sessions end with the old one."""
    official.set_password(password)
    official.must_change_password = False
    official.save(update_fields=["password", "must_change_password"])
    sessions.tell("identity.password_changed", official, by=by)
    return official


@transaction.atomic
def reset_password(official: Official, *, commune: Commune, by: Actor) -> str:
    """Give a new temporary password, end every session and return it to be printed once.

    Refuses with NotManagedHere.
    """
    official = _managed(official, commune)
    password = keys.temporary_password()
    official.set_password(password)
    official.must_change_password = True
    official.save(update_fields=["password", "must_change_password"])
    _end_sessions(official)
    sessions.tell("identity.password_reset", official, by=by)
    return password


@transaction.atomic
def reset_second_factor(official: Official, *, commune: Commune, by: Actor) -> int:
    """Remove codes, passkeys and recovery codes of someone who lost them; return how many.

    Every session ends too, so that a thief of the phone does not stay in. Refuses with
    NotManagedHere.
    """
    official = _managed(official, commune)
    removed, _by_table = Authenticator.objects.filter(user=official).delete()
    _end_sessions(official)
    sessions.tell("identity.second_factor_reset", official, by=by)
    return int(removed)


@transaction.atomic
def close_account(official: Official, *, commune: Commune, by: Actor) -> Official:
    """Close an account and end its sessions; roles keep their own dates. Refuses NotManagedHere."""
    official = _managed(official, commune)
    official.is_active = False
    official.save(update_fields=["is_active"])
    _end_sessions(official)
    sessions.tell("identity.account_closed", official, by=by)
    return official


@transaction.atomic
def reopen_account(official: Official, *, commune: Commune, by: Actor) -> Official:
    """Open a closed account again. Refuses with NotManagedHere."""
    official = _managed(official, commune)
    official.is_active = True
    official.save(update_fields=["is_active"])
    sessions.tell("identity.account_reopened", official, by=by)
    return official


@transaction.atomic
def set_shared_desk(
    official: Official, *, is_shared: bool, commune: Commune, by: Actor
) -> Official:
    """Say whether an official sits at a desk that others use too. Refuses with NotManagedHere."""
    official = _managed(official, commune)
    official.is_at_shared_desk = is_shared
    official.save(update_fields=["is_at_shared_desk"])
    said = "identity.shared_desk_set" if is_shared else "identity.shared_desk_ended"
    sessions.tell(said, official, by=by)
    return official


@transaction.atomic
def end_sessions(official: Official, *, commune: Commune, by: Actor) -> int:
    """Sign an official out everywhere; return how many sessions ended. Refuses NotManagedHere."""
    official = _managed(official, commune)
    ended = _end_sessions(official)
    sessions.tell("identity.sessions_ended", official, by=by)
    return ended


def _managed(official: Official, commune: Commune) -> Official:
    official = Official.objects.select_for_update().get(pk=official.pk)
    if not queries.is_managed_by(official, commune):
        raise NotManagedHere
    return official


def _check(official: Official, password: str) -> None:
    """Refuse what cannot be an account, each fault under its field's name."""
    faults: dict[str, list[str]] = {}
    if not official.full_name:
        faults["full_name"] = [now_in_words("Xin ghi họ và tên.")]
    try:
        official.clean_fields(exclude={"password", "email", "home", "full_name"})
    except ValidationError as error:
        faults |= error.message_dict
    if official.email:
        _note("email", faults, lambda: validate_email(official.email))
    if password:
        _note("password", faults, lambda: validate_password(password, official))
    if faults:
        raise Invalid(errors=faults)


def _note(name: str, faults: dict[str, list[str]], check: Callable[[], None]) -> None:
    try:
        check()
    except ValidationError as error:
        faults[name] = list(error.messages)


def _end_sessions(official: Official) -> int:
    open_now = list(UserSession.objects.filter(user=official))
    for session in open_now:
        session.end()
    return len(open_now)
