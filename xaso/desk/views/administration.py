"""The administrator's screens: officials and their roles, units, keys of machines."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xaso.desk.forms.officials import HeadForm, KeyForm, OfficialForm, RoleForm, UnitForm
from xaso.kernel.audit import queries as audit
from xaso.kernel.identity import actions, queries
from xaso.kernel.identity.asking import fresh
from xaso.kernel.identity.models import ApiKey, Official, RoleAssignment, Unit, UnitKind
from xaso.kernel.refusals import Invalid, Refusal
from xaso.kernel.text import dates
from xaso.kernel.web.http import DeskRequest, may
from xaso.kernel.working_time import clock

MANAGE = "identity.manage"
_SAID = {
    "identity.official_added": gettext_lazy("Mở tài khoản"),
    "identity.signed_in": gettext_lazy("Đăng nhập"),
    "identity.signed_out": gettext_lazy("Đăng xuất"),
    "identity.password_changed": gettext_lazy("Đổi mật khẩu"),
    "identity.password_reset": gettext_lazy("Được cấp mật khẩu tạm"),
    "identity.second_factor_reset": gettext_lazy("Được gỡ bước xác thực thứ hai"),
    "identity.sessions_ended": gettext_lazy("Được đăng xuất khỏi mọi máy"),
    "identity.shared_desk_set": gettext_lazy("Đặt khóa màn hình sau 10 phút"),
    "identity.shared_desk_ended": gettext_lazy("Bỏ khóa màn hình sau 10 phút"),
    "identity.account_closed": gettext_lazy("Khóa tài khoản"),
    "identity.account_reopened": gettext_lazy("Mở lại tài khoản"),
    "identity.outside_linked": gettext_lazy("Nối tài khoản bên ngoài"),
    "identity.outside_unlinked": gettext_lazy("Gỡ tài khoản bên ngoài"),
}
_LINES = 30  # of the history, newest first
_form_methods = require_http_methods(["GET", "HEAD", "POST"])


@may(MANAGE)
@require_safe
def officials(request: DeskRequest) -> HttpResponse:
    """List everyone who holds, held or will hold a role here."""
    now = clock.now()
    people = [
        {
            "official": each.official,
            "now": [role for role in each.roles if role.is_held_at(now)],
            "later": [role for role in each.roles if role.valid_from > now],
        }
        for each in queries.colleagues(request.commune)
    ]
    context = {
        "working": [p for p in people if p["now"] or p["later"]],
        "former": [p for p in people if not p["now"] and not p["later"]],
    }
    return render(request, "desk/officials/list.html", context)


@may(MANAGE)
@_form_methods
@fresh
def add_official(request: DeskRequest) -> HttpResponseBase:
    """Open an account with a first role; the temporary password is shown this once."""
    form = OfficialForm(request.POST or None, commune=request.commune)
    if form.is_valid():
        try:
            official, password = actions.add_official(
                form.new_official(), commune=request.commune, by=request.actor
            )
            actions.give_role(official, form.new_role(), commune=request.commune, by=request.actor)
        except Refusal as refusal:
            return _refused(request, "desk/officials/add.html", form, refusal)
        return _once(request, official, password)
    return _form_page(request, "desk/officials/add.html", form)


@may(MANAGE)
@require_safe
def one_official(request: DeskRequest, official: int) -> HttpResponse:
    """Show one official: roles past and present, sign-in, what was done to the account."""
    return _official_page(request, _official(request, official))


@may(MANAGE)
@require_POST
@fresh
def give_role(request: DeskRequest, official: int) -> HttpResponseBase:
    """Give an official one more role."""
    person = _official(request, official)
    form = RoleForm(request.POST, commune=request.commune)
    if form.is_valid():
        try:
            actions.give_role(person, form.new_role(), commune=request.commune, by=request.actor)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã giao vai trò."))
            return redirect("desk:official", official)
    return _official_page(request, person, form)


@may(MANAGE)
@require_POST
@fresh
def end_role(request: DeskRequest, official: int, assignment: int) -> HttpResponseBase:
    """End a role from this minute on."""
    held = get_object_or_404(
        RoleAssignment, pk=assignment, official=official, commune=request.commune
    )
    actions.end_role(held, by=request.actor)
    messages.success(request, _("Đã cho thôi vai trò, có hiệu lực ngay."))
    return redirect("desk:official", official)


@may(MANAGE)
@require_POST
@fresh
def reset_password(request: DeskRequest, official: int) -> HttpResponseBase:
    """Give a new temporary password, shown this once; every session ends."""
    person = _official(request, official)
    password = actions.reset_password(person, commune=request.commune, by=request.actor)
    return _once(request, person, password)


@may(MANAGE)
@require_POST
@fresh
def change_account(request: DeskRequest, official: int, what: str) -> HttpResponseBase:
    """Reset the second factor, end sessions, close or reopen an account, set the early lock."""
    person = _official(request, official)
    changes: dict[str, tuple[Callable[..., object], str]] = {
        "buoc-hai": (actions.reset_second_factor, _("Đã gỡ bước xác thực thứ hai.")),
        "phien": (actions.end_sessions, _("Đã đăng xuất khỏi mọi máy.")),
        "khoa": (actions.close_account, _("Đã khóa tài khoản.")),
        "mo": (actions.reopen_account, _("Đã mở lại tài khoản.")),
        "may-chung": (
            partial(actions.set_shared_desk, is_shared=True),
            _("Từ giờ màn hình của người này khóa sau 10 phút không dùng."),
        ),
        "may-rieng": (
            partial(actions.set_shared_desk, is_shared=False),
            _("Đã bỏ khóa màn hình sau 10 phút."),
        ),
    }
    if what not in changes:
        raise Http404
    change, said = changes[what]
    change(person, commune=request.commune, by=request.actor)
    messages.success(request, said)
    return redirect("desk:official", official)


@may(MANAGE)
@_form_methods
@fresh
def units(request: DeskRequest) -> HttpResponseBase:
    """List the units; add one."""
    form = UnitForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        kind = UnitKind(said["kind"])
        actions.add_unit(request.commune, said["code"], said["name"], by=request.actor, kind=kind)
        messages.success(request, _("Đã thêm đơn vị."))
        return redirect("desk:units")
    found = [
        (unit, HeadForm(commune=request.commune, initial={"head": unit.head_id}, prefix=unit.code))
        for unit in queries.units(request.commune)
    ]
    return _form_page(request, "desk/officials/units.html", form, units=found)


@may(MANAGE)
@require_POST
@fresh
def set_head(request: DeskRequest, unit: int) -> HttpResponseBase:
    """Name who leads a unit."""
    led = get_object_or_404(Unit, pk=unit, commune=request.commune)
    form = HeadForm(request.POST, commune=request.commune, prefix=led.code)
    if not form.is_valid():
        raise Http404
    actions.set_head(led, form.people.get(form.cleaned_data["head"]), by=request.actor)
    messages.success(request, _("Đã ghi người phụ trách."))
    return redirect("desk:units")


@may(MANAGE)
@_form_methods
@fresh
def api_keys(request: DeskRequest) -> HttpResponseBase:
    """List the keys of machines; make one, shown this once."""
    form = KeyForm(request.POST or None)
    if form.is_valid():
        try:
            key, text = actions.create_api_key(request.commune, form.new_key(), by=request.actor)
        except Refusal as refusal:
            form.add_error("until", str(refusal))
        else:
            context = {"key": key, "text": text}
            return render(request, "desk/officials/key_once.html", context)
    now = clock.now()
    keys = [(key, key.is_good_at(now)) for key in queries.api_keys(request.commune)]
    return _form_page(request, "desk/officials/keys.html", form, keys=keys)


@may(MANAGE)
@require_POST
@fresh
def revoke_api_key(request: DeskRequest, api_key: int) -> HttpResponseBase:
    """Close a machine's key from this minute on."""
    found = get_object_or_404(ApiKey, pk=api_key, commune=request.commune)
    actions.revoke_api_key(found, by=request.actor)
    messages.success(request, _("Đã thu hồi khóa, có hiệu lực ngay."))
    return redirect("desk:api_keys")


def _official(request: DeskRequest, key: int) -> Official:
    found = queries.official(key, request.commune)
    if found is None:
        raise Http404
    return found


def _official_page(
    request: DeskRequest, person: Official, form: RoleForm | None = None
) -> HttpResponse:
    sessions = queries.sessions(person)
    context = {
        "person": person,
        "roles": [(role, _standing(role)) for role in queries.assignments(person, request.commune)],
        "form": form or RoleForm(commune=request.commune),
        "is_ours": queries.is_managed_by(person, request.commune),
        "has_second_factor": queries.has_second_factor(person),
        "sessions": sessions,
        "session_count": ngettext("%(n)d phiên đang mở", "%(n)d phiên đang mở", len(sessions))
        % {"n": len(sessions)},
        "history": _history(request, person),
    }
    status = 422 if form is not None else 200
    return render(request, "desk/officials/official.html", context, status=status)


def _history(request: DeskRequest, person: Official) -> list[dict[str, object]]:
    """Return what happened to an account, in words, newest first."""
    names = {
        str(each.official.pk): str(each.official) for each in queries.colleagues(request.commune)
    }
    lines = audit.history(person, commune=request.commune.id)
    newest = sorted(lines, key=lambda line: line.at, reverse=True)[:_LINES]
    return [
        {
            "icon": "check-check" if line.sealed else "check",
            "title": _SAID.get(line.action, line.action),
            "time": dates.moment(line.at),
            "iso": line.at.isoformat(),
            "note": names.get(line.actor_id) or _("Máy chủ"),
        }
        for line in newest
    ]


def _standing(role: RoleAssignment) -> str:
    """Return whether a role is held now, later, or no more."""
    now = clock.now()
    if role.is_held_at(now):
        return "now"
    return "later" if role.valid_from > now else "past"


def _once(request: DeskRequest, person: Official, password: str) -> HttpResponse:
    context = {"person": person, "password": password}
    return render(request, "desk/officials/password_once.html", context)


def _refused(
    request: DeskRequest, template: str, form: forms.Form, refusal: Refusal
) -> HttpResponse:
    """Draw the form again with what was wrong, and undo what was begun."""
    if isinstance(refusal, Invalid):
        for name, faults in refusal.errors.items():
            for fault in faults:
                form.add_error(name if name in form.fields else None, fault)
    else:
        taken = isinstance(refusal, actions.UsernameTaken)
        form.add_error("username" if taken else None, str(refusal))
    response = _form_page(request, template, form)
    response.refused = True  # type: ignore[attr-defined]
    return response


def _form_page(
    request: DeskRequest,
    template: str,
    form: forms.Form,
    **context: Any,  # noqa: ANN401
) -> HttpResponse:
    """Draw a form page; a form that came back with faults answers 422."""
    status = 422 if form.is_bound else 200
    return render(request, template, {"form": form, **context}, status=status)
