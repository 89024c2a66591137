"""What the room offers in the menus."""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.web.menu import Entry

TEMPLATES = Entry(_("Mẫu giấy tờ"), "file-text", "documents:templates", "documents.manage")
DESK = Entry(_("Văn bản"), "file-pen-line", "documents:documents", "documents.read", "documents")
CERTIFICATES = Entry(
    _("Sổ chứng thư số"), "badge-check", "documents:certificates", "documents.manage"
)
CHECK = Entry(_("Kiểm tra giấy"), "shield-check", "documents:check")
