"""What the room offers in the menus."""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.web.menu import Entry

SEND = Entry(_("Phản ánh"), "camera", "reports:send")
BOARD = Entry(_("Theo dõi"), "folder-search", "reports:board")
SEALED = Entry(_("Đơn giữ kín"), "lock", "reports_desk:sealed_index", "reports.view_sealed")
RULEBOOK = Entry(
    _("Quy tắc xử lý phản ánh"), "file-text", "reports_desk:rulebook", "reports.manage"
)
RIGHTS = Entry(_("Đề nghị về dữ liệu"), "user-check", "reports_desk:rights", "reports.data_rights")
RETENTION = Entry(_("Xóa dữ liệu đến hạn"), "trash-2", "reports_desk:retention", "reports.retain")
LOOKS = Entry(_("Duyệt đăng"), "eye", "reports_desk:looks", "reports.work", "look")
DESK = Entry(
    _("Phản ánh"),
    "megaphone",
    "reports_desk:inbox",
    "reports.read",
    "reports",
    holds=("reports_desk:hazards",),
)
OPEN_DATA = Entry(_("Dữ liệu mở"), "download", "reports:open_data")
KINDS = Entry(_("Loại việc, thời hạn, câu hỏi"), "layers", "reports_kinds:list", "reports.manage")
RULES = Entry(_("Luật chuyển việc"), "route", "reports_rules:list", "reports.manage")
ROSTER = Entry(_("Lịch trực"), "phone", "reports_rules:roster", "reports.manage")
TEMPLATES = Entry(_("Mẫu trả lời"), "pencil", "reports_desk:templates", "reports.manage")
SENT = Entry(_("Đã gửi"), "inbox", "reports:sent")
SEND_NOW = Entry(_("Gửi phản ánh"), "camera", "reports:send")
HAZARD = Entry(_("Báo nguy hiểm"), "siren", "reports:hazard")
PHONES = Entry(_("Máy gửi hộ"), "phone", "reports_desk:every_phone", "reports.manage")
BODIES = Entry(_("Cơ quan phối hợp"), "external-link", "reports_bodies:list", "reports.manage")
