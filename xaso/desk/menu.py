"""What the desk offers in the officials' menu."""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.web.menu import Entry

WORK_CALENDAR = Entry(_("Lịch làm việc"), "calendar", "desk:work_calendar", "working_time.close")
HOME = Entry(_("Việc của tôi"), "inbox", "desk:home", "desk.open", "mine")
ADMINISTRATION = Entry(_("Quản trị"), "shield-check", "desk:administration", "desk.open")
SIGN_IN = Entry(_("Cán bộ đăng nhập"), "key-round", "desk:home")
