"""What the desk offers in the officials' menu."""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.web.menu import Entry

WORK_CALENDAR = Entry(_("Lịch làm việc"), "calendar", "desk:work_calendar", "working_time.close")
