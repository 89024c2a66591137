"""The administrator connects channels, sees how they do, pauses and tries them."""

import base64
import hashlib
import secrets
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xaso.desk.forms.channels import FORMS, RefreshTokenForm, TestForm
from xaso.kernel.identity.asking import fresh
from xaso.kernel.notifications import actions, queries
from xaso.kernel.notifications.queries import ChannelState
from xaso.kernel.refusals import Refusal
from xaso.kernel.web.http import DeskRequest, may

MANAGE = "notifications.manage"
_ASKED = "zalo_asked"
_PERMISSION_URL = "https://oauth.zaloapp.com/v4/oa/permission"
_MACHINES = {"sms", "zalo", "push", "email"}  # can be paused
_TESTED = {"sms", "zalo", "email"}


@may(MANAGE)
@require_safe
def channels(request: DeskRequest) -> HttpResponse:
    """Show every way to reach people: is it connected, how does it do."""
    context = {"states": queries.states(request.commune.id), "machines": _MACHINES}
    return render(request, "desk/channels/channels.html", context)


@may(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def channel(request: DeskRequest, channel: str) -> HttpResponseBase:
    """Set one channel up; a secret that was kept is never shown."""
    state = _state(request, channel)
    make = FORMS.get(channel)
    form = make(request.POST or None, account=state.account) if make else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            actions.set_up(request.commune, channel, form.new_settings(), by=request.actor)
            messages.success(request, _("Đã lưu. Bác gửi thử một tin để kiểm tra."))
            return redirect("desk:channel", channel)
    return _page(request, state, form)


@may(MANAGE)
@require_POST
def pause_channel(request: DeskRequest, channel: str) -> HttpResponse:
    """Pause a channel, or let it go on."""
    state = _state(request, channel)
    if channel not in _MACHINES:
        raise Http404
    if state.account.paused_at is None:
        actions.pause(request.commune, channel, why=request.POST.get("why", ""), by=request.actor)
        messages.success(request, _("Đã tạm dừng kênh. Tin mới sẽ chờ, không mất."))
    else:
        actions.go_on(request.commune, channel, by=request.actor)
        messages.success(request, _("Kênh chạy tiếp. Tin đang chờ được gửi đi."))
    return redirect("desk:channels")


@may(MANAGE)
@require_POST
@fresh
def test_channel(request: DeskRequest, channel: str) -> HttpResponseBase:
    """Send a test message to an address the administrator typed in."""
    state = _state(request, channel)
    if channel not in _TESTED:
        raise Http404
    form = TestForm(request.POST, channel=channel)
    if not form.is_valid():
        return _page(request, state, None, test=form)
    actions.send_test(request.commune, channel, form.cleaned_data["address"], by=request.actor)
    messages.success(request, _("Tin thử đang đi. Bác xem kết quả ở đây sau vài giây."))
    return redirect(f"{reverse('desk:outbox')}?kenh={channel}")


@may(MANAGE)
@require_POST
@fresh
def zalo_token(request: DeskRequest) -> HttpResponseBase:
    """Take a refresh token that was made on Zalo's own page, and spend it at once for a new one."""
    form = RefreshTokenForm(request.POST)
    if not form.is_valid():
        return _page(request, _state(request, "zalo"), None, token=form)
    grant = {
        "grant_type": "refresh_token",
        "refresh_token": str(form.cleaned_data["refresh_token"]),
    }
    return _connected(request, grant)


@may(MANAGE)
@require_safe
@fresh
def zalo_back(request: DeskRequest) -> HttpResponseBase:
    """Come back from Zalo with a code; only the answer to our own question counts."""
    asked = request.session.pop(_ASKED, None)
    said = request.GET
    state = _state(request, "zalo")
    is_ours = bool(asked) and constant_time_compare(said.get("state", ""), asked["state"])
    is_right = said.get("oa_id", "") == state.account.settings.get("oa_id")
    if not (is_ours and is_right and said.get("code")):
        messages.error(request, str(actions.AccessNotGranted.sentence))
        return redirect("desk:channel", "zalo")
    grant = {
        "grant_type": "authorization_code",
        "code": said["code"][:2_000],
        "code_verifier": asked["verifier"],
    }
    return _connected(request, grant)


def _connected(request: DeskRequest, grant: dict[str, str]) -> HttpResponse:
    try:
        actions.connect(request.commune, "zalo", grant, by=request.actor)
        messages.success(request, _("Zalo đã cấp quyền."))
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    return redirect("desk:channel", "zalo")


def _state(request: DeskRequest, channel: str) -> ChannelState:
    for state in queries.states(request.commune.id):
        if state.kind.name == channel:
            return state
    raise Http404


def _page(
    request: DeskRequest, state: ChannelState, form: Form | None, **forms: Form
) -> HttpResponse:
    channel, account = state.kind.name, state.account
    make = FORMS.get(channel)
    if form is None and make is not None:
        form = make(account=account)
    is_zalo = channel == "zalo" and bool(account.settings.get("app_id")) and state.has_secret
    context = {
        "state": state,
        "form": form,
        "inbound_url": request.build_absolute_uri(
            reverse("reports:zalo_event" if channel == "zalo" else "reports:incoming_text")
        ),
        "takes_texts": bool(account.inbound_secret),
        "browsers": queries.listeners(request.commune.id) if channel == "push" else 0,
        "test": forms.get("test") or (TestForm(channel=channel) if channel in _TESTED else None),
        "token": forms.get("token") or (RefreshTokenForm() if is_zalo else None),
        "permission": _permission(request, state) if is_zalo else "",
        "crumbs": [
            (reverse("desk:administration"), _("Quản trị")),
            (reverse("desk:channels"), _("Kênh báo tin")),
        ],
    }
    is_faulty = any(f is not None and f.is_bound for f in (form, *forms.values()))
    status = 422 if is_faulty else 200
    return render(request, "desk/channels/channel.html", context, status=status)


def _permission(request: DeskRequest, state: ChannelState) -> str:
    """Return Zalo's page where access is granted, with a question only this session can answer."""
    asked = request.session.get(_ASKED)
    if not asked:
        asked = {"state": secrets.token_urlsafe(24), "verifier": secrets.token_urlsafe(32)}
        request.session[_ASKED] = asked
    digest = hashlib.sha256(asked["verifier"].encode()).digest()
    said = {
        "app_id": state.account.settings["app_id"],
        "redirect_uri": request.build_absolute_uri(reverse("desk:zalo_back")),
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "state": asked["state"],
    }
    return f"{_PERMISSION_URL}?{urlencode(said)}"
