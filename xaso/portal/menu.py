"""What the public site offers in the menus."""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.web.menu import Entry

HOME = Entry(_("Trang chủ"), "house", "portal:home")
VILLAGES = Entry(_("Các bản"), "map", "portal:villages")
ABOUT = Entry(_("Về trang này"), "info", "portal:about")
LISTEN = Entry(_("Nghe bằng tiếng mình"), "volume-2", "portal:listen")
