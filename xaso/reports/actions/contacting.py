"""How somebody can be reached, stored apart from what they say."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from xaso.kernel.refusals import Invalid
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.text import clean_line, phone
from xaso.kernel.working_time import clock
from xaso.reports.actions.given import Contact
from xaso.reports.models import Reporter

WRONG_PHONE = _("Số điện thoại chưa đúng. Ví dụ: 0912 345 678.")


def contact_of(contact: Contact, commune: UUID) -> Reporter | None:
    """Store how to reach somebody, if they said so: a new row until a phone is verified.

    Refuses with Invalid for a phone number that cannot be one.
    """
    number = number_of(contact.phone)
    if contact.phone.strip() and not number:
        raise Invalid(errors={"phone": [str(WRONG_PHONE)]})
    name = clean_line(contact.name)[:120]
    if not (number or name or contact.email):
        return None
    return Reporter.objects.create(
        commune_id=commune,
        name=name,
        phone=number,
        phone_index=blind(number, context="reports.phone") if number else "",
        phone_tail_index=blind(number[-4:], context="reports.phone_tail") if number else "",
        email=contact.email.strip()[:200],
        preferred=contact.preferred or ("email" if contact.email else "call" if number else "none"),
        is_anonymous=contact.is_anonymous,
        created_at=clock.now(),
    )


def number_of(text: str) -> str:
    """Return a phone number as it is stored, or nothing for what cannot be one."""
    if not text.strip():
        return ""
    try:
        return phone.normalise(text)
    except ValueError:
        return ""
