"""Coming and going, written into the log; the way back for someone who forgot the password."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity.actions import tries
from xaso.kernel.identity.models import Official
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock


def note_sign_in(official: Official, *, by: Actor) -> None:
    """Log that someone signed in."""
    tell("identity.signed_in", official, by=by)


def note_sign_out(official: Official, *, by: Actor) -> None:
    """Log that someone signed out."""
    tell("identity.signed_out", official, by=by)


def tell(action: str, official: Official, *, by: Actor) -> None:
    """Log something about an account, in the log of the commune the account belongs to."""
    if official.home_id is None:
        audit.record(action, official, by=by, commune=None)
        return
    with tenancy.inside(official.home_id):
        audit.record(action, official, by=by, commune=official.home_id)


def send_reset_link(official: Official) -> None:
    """Send the link that sets a new password, from the background."""
    jobs.later("identity.reset_link", commune=None, args={"official": official.pk})


def write_reset_link(official: int) -> None:
    """Write the mail; the link holds for 30 minutes and for one use.

    The host comes from the settings: a forged Host header must not end up in a mail.
    """
    person = Official.objects.filter(pk=official, is_active=True).exclude(email="").first()
    if person is None:
        return
    key = default_token_generator.make_token(person)
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(person), "key": key},
        urlconf=settings.SHARED_URLCONF,
    )
    text = render_to_string(
        "account/email/reset.txt", {"official": person, "link": f"{settings.XASO_ORIGIN}{path}"}
    )
    subject, _, body = text.strip().partition("\n")
    EmailMessage(subject, body.strip(), to=[person.email]).send()


def tidy_sign_ins() -> None:
    """Forget ended sessions and old tries."""
    now = clock.now()
    Session.objects.filter(expire_date__lt=now).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - tries.LIFE).delete()
    tries.tidy()
