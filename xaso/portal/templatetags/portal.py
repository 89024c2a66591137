"""What a line of the home page says about how a report went."""

from django import template
from django.utils.translation import gettext, ngettext

from xaso.kernel.text import dates
from xaso.reports.queries.board import Line

register = template.Library()


@register.simple_tag
def answered_chip(line: Line) -> dict[str, str]:
    """Return the chip of an answered report: after how many days it was answered."""
    answered = dates.local(line.answered_at).date() if line.answered_at else None
    days = (answered - dates.local(line.received_at).date()).days if answered else 0
    text = ngettext("Trả lời sau %(n)s ngày", "Trả lời sau %(n)s ngày", days) % {"n": days}
    if days == 0:
        text = gettext("Trả lời trong ngày")
    return {"text": text, "tone": "xanh", "icon": "check"}
