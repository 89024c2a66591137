"""Outside bodies: the administrator's list, a link made for one report, and the body's own page."""

from typing import BinaryIO, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.refusals import Invalid, NotFound, Refusal, Sentence
from xaso.kernel.web import caching
from xaso.kernel.web.http import CommuneRequest, DeskRequest, citizen_page, may
from xaso.reports import actions, queries, readers, turns
from xaso.reports.actions.bodies import MOST_FILES
from xaso.reports.models import Body, Forward
from xaso.reports.queries import forwards

MANAGE = "reports.manage"
_PHOTOS = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif")
_SENT = gettext_lazy("Đã gửi trả lời cho xã. Xin cảm ơn.")
_form_methods = require_http_methods(["GET", "HEAD", "POST"])


class BodyForm(forms.Form):
    """One outside body."""

    name = forms.CharField(label=gettext_lazy("Tên cơ quan"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("Loại"), choices=Body.Kind.choices)
    phone = forms.CharField(
        label=gettext_lazy("Điện thoại"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Thư điện tử"),
        help_text=gettext_lazy("Có thư thì máy tự gửi đường dẫn và tự nhắc."),
        required=False,
        max_length=200,
    )
    usual_days = forms.IntegerField(
        label=gettext_lazy("Thường trả lời trong mấy ngày làm việc"), min_value=1, max_value=90
    )
    is_active = forms.BooleanField(label=gettext_lazy("Đang dùng"), required=False, initial=True)


class ReplyForm(forms.Form):
    """What a body answers on its own page."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Kết quả"),
        choices=[
            ("answered", gettext_lazy("Đã làm xong hoặc đã có hướng")),
            ("declined", gettext_lazy("Việc này không thuộc cơ quan chúng tôi")),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("Trả lời xã"),
        help_text=gettext_lazy("Đã làm gì, ngày nào; hoặc vì sao không nhận và nên chuyển ai."),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


# --- the administrator ----------------------------------------------------------------------------
@may(MANAGE)
@_form_methods
def bodies(request: DeskRequest, body: int | None = None) -> HttpResponse:
    """List the outside bodies; add one, or change the one named."""
    listed = forwards.bodies_of(request.commune)
    row = next((each for each in listed if each.pk == body), None)
    if body is not None and row is None:
        raise NotFound
    initial = {"usual_days": 5, "is_active": True}
    if row is not None:
        initial = {name: getattr(row, name) for name in BodyForm.base_fields}
    form = BodyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = actions.BodyGiven(**form.cleaned_data)
        try:
            actions.save_body(given, commune=request.commune, by=request.actor, key=body)
        except Invalid as refusal:
            for name, sentences in refusal.errors.items():
                form.add_error(name if name in form.fields else None, sentences)
        else:
            messages.success(request, _("Đã ghi."))
            return redirect("reports_bodies:list")
    context = {"bodies": listed, "row": row, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "reports/bodies/list.html", context, status=status)


# --- a link for one report ------------------------------------------------------------------------
@may("reports.work")
@require_POST
def make_link(request: DeskRequest, code: str) -> HttpResponse:
    """Make a new link for the body a report is with; it is shown this once."""
    report = queries.by_code(request.commune, queries.check_code(code))
    readers.refuse_named(report, request.actor)
    forward = report.forwards.select_related("body").order_by("-id").first()
    if forward is None:
        raise NotFound
    secret = actions.make_link(forward, by=request.actor)
    address = request.build_absolute_uri(reverse("reports_bodies:link", args=[secret]))
    forward.refresh_from_db(fields=["link_expires_at"])
    context = {
        "report": report,
        "forward": forward,
        "address": address,
        "crumbs": [
            (reverse("reports_desk:inbox"), _("Phản ánh")),
            (reverse("reports_desk:show", args=[report.code]), report.spoken),
        ],
    }
    return render(request, "reports/bodies/link_once.html", context)


# --- the body itself ------------------------------------------------------------------------------
@citizen_page
@caching.personal
@_form_methods
def link(request: CommuneRequest, secret: str) -> HttpResponse:
    """Show a body what it is asked, and take its answer."""
    turns.try_link(identity.address(request), request.commune.id)
    forward = forwards.by_link(request.commune, secret)
    by = actions.as_body(forward)
    form = ReplyForm(request.POST or None) if "text" in request.POST else ReplyForm()
    faults: list[str] = []
    if request.method == "POST":
        done = _act(request, forward, form, by, faults)
        if done:
            messages.success(request, str(done))
            return redirect("reports_bodies:link", secret)
    else:
        actions.body_opened(forward)
    context = {"asked": forwards.asked(forward), "form": form, "faults": faults}
    status = 422 if form.is_bound or faults else 200
    return render(request, "reports/bodies/link.html", context, status=status)


def _act(
    request: CommuneRequest, forward: Forward, form: ReplyForm, by: Actor, faults: list[str]
) -> Sentence:
    """Take what the body said; return what to show, or nothing after noting the faults."""
    if forward.replied_at is not None:  # a double tap, or a page left open
        return _SENT
    try:
        if "nhan" in request.POST:
            actions.body_agrees(forward, by=by)
            return _("Đã báo cho xã là cơ quan nhận việc. Xin cảm ơn.")
        if not form.is_valid():
            return ""
        files = _files(request, by, faults)
        if faults:
            return ""
        said = form.cleaned_data
        reply = actions.BodyReply(said["text"], said["outcome"] == "declined", files)
        actions.body_replies(forward, reply, by=by)
    except Refusal as refusal:
        faults.append(str(refusal.sentence))
        return ""
    return _SENT


def _files(request: CommuneRequest, by: Actor, faults: list[str]) -> list[Attachment]:
    """Store the files that came, privately; note what was wrong with the others."""
    uploads = request.FILES.getlist("tep")
    if len(uploads) > MOST_FILES:
        faults.append(_("Nhiều nhất 6 tệp."))
        return []
    kept = []
    for upload in uploads:
        name = upload.name or "tep"
        is_photo = name.lower().endswith(_PHOTOS)
        store = attachments.store_photo if is_photo else attachments.store_document
        file = cast("BinaryIO", upload.file)
        try:
            kept.append(store(file, name=name, commune=request.commune, by=by))
        except Refusal as refusal:
            faults.append(f"{name}: {refusal.sentence}")
    return kept
