"""Plain values for every part, as the kit's pages show them."""

from datetime import UTC, datetime, timedelta

from django import forms

from xaso.kernel.web import drawing, menu
from xaso.kernel.web.context import Language, Me
from xaso.kernel.web.deadlines import Chip

NOW = datetime(2026, 11, 25, 1, 40, tzinfo=UTC)  # 8:40 thứ Tư at the commune
DONE = Chip("Xong sau 2 ngày", "xanh", "check")
PICTURE = {
    "src": "/tep/aa/640.jpg",
    "srcset": "/tep/aa/320.webp 320w, /tep/aa/640.webp 640w",
    "width": 640,
    "height": 480,
    "alt": "Đường đã dọn sạch đất đá",
}
ENTRIES = [
    menu.Shown("Trang chủ", "house", "/", is_current=True),
    menu.Shown("Phản ánh", "camera", "/phan-anh/", count=1160),
]
SQUARE = {"type": "Polygon", "coordinates": [[[103, 22], [104, 22], [104, 23], [103, 23]]]}
FRAME = drawing.frame([SQUARE])
LANGUAGES = [Language("en", "English")]


class SampleForm(forms.Form):
    """One of each kind of control."""

    text = forms.CharField(label="Nội dung", help_text="Vài câu là đủ", widget=forms.Textarea)
    phone = forms.CharField(
        label="Số điện thoại", widget=forms.TextInput(attrs={"type": "tel"}), required=False
    )
    village = forms.ChoiceField(label="Bản", choices=[("1", "Nà Đon"), ("2", "Chu Va 12")])
    kind = forms.ChoiceField(
        label="Loại việc", widget=forms.RadioSelect, choices=[("a", "Đường"), ("b", "Điện")]
    )
    hidden_name = forms.BooleanField(label="Không hiện tên tôi", required=False)
    photo = forms.FileField(label="Ảnh", required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)


FORM = SampleForm()
WRONG = SampleForm({"kind": "z"})

PARTS: dict[str, list[dict[str, object]]] = {
    "_act.html": [{"url": "/", "icon": "camera", "title": "Gửi phản ánh", "text": "Chụp ảnh"}],
    "_alert.html": [{"title": "Một việc quá hạn", "text": "Mương vỡ", "tone": "do"}],
    "_ans.html": [
        {"url": "/1/", "title": "Đất sạt", "picture": PICTURE, "chip": DONE, "place": "Nà Đon"},
        {"url": "/1/", "title": "Đất sạt"},
    ],
    "_bar.html": [{"share": 64, "label": "Đang gửi"}],
    "_brand.html": [{"title": "Xã Bình Lư", "under": "UBND xã · tỉnh Lai Châu", "home": "/b/"}, {}],
    "_chip.html": [{"text": "Đang làm"}],
    "_chip_outbox.html": [
        {"state": "waiting"},
        {"state": "sending", "text": "Đang gửi ảnh 2 trên 3"},
        {"state": "received", "code": "482915709"},
        {"state": "wrong", "text": "thiếu số điện thoại"},
    ],
    "_chip_sla.html": [{"due": NOW + timedelta(hours=2), "now": NOW}, {"due": None, "now": NOW}],
    "_choices.html": [
        {
            "name": "loai",
            "legend": "Loại việc",
            "id": "loai",
            "chosen": "duong",
            "choices": [{"value": "duong", "text": "Đường, cầu", "icon": "construction"}],
            "errors": ["Bác chọn một loại việc."],
            "hint": "Chọn việc gần nhất",
        }
    ],
    "_crumbs.html": [{"items": [("/", "Việc của tôi")]}],
    "_empty.html": [{"title": "Hết việc", "text": "Nghỉ tay.", "url": "/", "action": "Xem"}],
    "_facts.html": [{"items": [("Hộ gia đình", "142"), ("Nhân khẩu", "617")], "two": True}],
    "_field.html": [
        *({"field": FORM[name]} for name in FORM.fields),
        *({"field": WRONG[name]} for name in WRONG.fields),
    ],
    "_field_error.html": [{"id": "x", "errors": ["Sai", "Thiếu"]}, {}],
    "_field_hint.html": [{"id": "x", "text": "Gần cầu"}, {}],
    "_filters.html": [{"label": "Lọc", "picks": [{"url": "/", "text": "Tất cả", "is_on": True}]}],
    "_flow.html": [
        {
            "label": "Các bước",
            "steps": [
                {"title": "Tiếp nhận", "state": "done", "note": "9:10"},
                {"title": "Xác minh", "state": "now"},
                {"title": "Trả kết quả"},
            ],
        }
    ],
    "_foot.html": [
        {
            "office": "UBND xã Bình Lư",
            "address": "Bản Thống Nhất",
            "hours": "thứ Hai – thứ Sáu",
            "phone": "0213 555 0135",
            "phone_href": "tel:02135550135",
            "links": ENTRIES,
            "is_demo": True,
        },
        {},
    ],
    "_form_error.html": [{"errors": ["Chưa gửi được"], "count": 2}, {}],
    "_icon.html": [{"name": "camera"}, {"name": "no-such-icon"}],
    "_job.html": [
        {
            "url": "/1/",
            "title": "Trả lời phản ánh",
            "about": "Bà Mỷ",
            "kind": "Phản ánh",
            "kind_icon": "megaphone",
            "is_late": True,
            "due": NOW - timedelta(hours=3),
            "now": NOW,
        },
        {"url": "/1/", "title": "Duyệt", "about": "", "kind": "Tin", "chip": DONE},
    ],
    "_map_commune.svg": [
        {
            "box": FRAME.box,
            "title": "Bản đồ",
            "outline": FRAME.path(SQUARE),
            "areas": [
                {"path": FRAME.path(SQUARE), "x": 5, "y": 6, "name": "Nà Đon", "count": 4}
                | {"state": "late", "named": True},
                {"path": FRAME.path(SQUARE), "x": 9, "y": 9, "name": "Cò Lá", "count": 0},
            ],
        }
    ],
    "_lock.html": [
        {"lock": "/khoa/", "me": {"name": "Tẩn A Sơn"}, "here": "/can-bo/", "csrf_token": "x"}
    ],
    "_mast.html": [{"title": "Xã Bình Lư", "home": "/", "phone": "0213", "phone_href": "tel:0213"}],
    "_messages.html": [{"messages": []}],
    "_note.html": [{"title": "Nên biết", "text": "Mai xã nghỉ.", "tone": "cam", "role": "status"}],
    "_away.html": [{"outbox": "/phan-anh/da-gui/"}, {}],
    "_offline.html": [{}],
    "_pager.html": [{"newer": "/?a", "older": "/?b", "text": "1–50 trên 214"}, {}],
    "_pair.html": [{"before": PICTURE, "after": PICTURE, "before_text": "Trước, 25/11"}],
    "_record.html": [
        {"name": "tieng", "id": "tieng", "label": "Nói", "hint": "", "most": 120, "kept": ""},
        {
            "name": "thu",
            "id": "thu",
            "label": "Thu",
            "most": 60,
            "kept": "x",
            "errors": ["Dài quá."],
        },
    ],
    "_picture.html": [{"picture": PICTURE, "sizes": "50vw", "lazy": True}],
    "_rail.html": [
        {
            "home": "/can-bo/",
            "commune": "Xã Bình Lư",
            "entries": ENTRIES,
            "me": Me("Tẩn A Sơn", "Công chức"),
            "sign_out": "/dang-xuat/",
            "switch": "/ngon-ngu/",
            "languages": LANGUAGES,
            "here": "/",
        }
    ],
    "_rank.html": [{"rows": [{"name": "Nà Đon", "value": "82 %", "of": "9/11", "share": 82}]}],
    "_reply.html": [{"text": "Xã đã dọn.\n\nĐi được rồi.", "name": "Lò Văn Pâng", "about": "PCT"}],
    "_said.html": [
        {"title": "Không có trang này", "text": "Bác về trang chủ.", "back": "/", "number": "404"}
        | {"phone": "0213", "phone_href": "tel:0213"}
    ],
    "_search.html": [{"action": "/", "label": "Tìm tên", "keep": [("x", "1")], "value": "<đá>"}],
    "_spark.svg": [{"spark": drawing.spark([1, 4, 2.5]), "tone": "xanh"}],
    "_sum.html": [
        {
            "label": "Tóm tắt",
            "items": [
                {"value": "1", "text": "Quá hạn", "icon": "clock", "url": "#a", "tone": "do"},
                {"value": "97,2 %", "text": "Đúng hạn"},
            ],
        }
    ],
    "_tabs.html": [{"entries": ENTRIES}, {}],
    "_tile_kpi.html": [
        {
            "name": "Đúng hẹn",
            "value": "89",
            "unit": "%",
            "of": "41/46 tháng này",
            "as_of": "8:39",
            "trend": {"dir": "up", "text": "+4 điểm"},
        },
        {"name": "Thu ngân sách", "value": None, "as_of": "8:39"},
    ],
    "_timeline.html": [
        {
            "steps": [
                {"icon": "send-horizontal", "title": "Gửi", "time": "8:36", "iso": "2026-11-25"},
                {"icon": "check", "title": "Trả lời", "state": "now", "note": "Sắp xong"},
            ]
        }
    ],
    "_tools.html": [
        {"switch": "/ngon-ngu/", "here": "/x/?a=1", "languages": LANGUAGES, "big_letters": True}
    ],
    "_trend.html": [{"dir": d, "text": "+4"} for d in ("up", "down", "flat")],
    "_verdict.html": [{"title": "Mã hợp lệ", "text": "Quét lần 2", "level": 1}, {"title": "Sai"}],
    "_walk.html": [{"step": 2, "steps": 3}],
    "_who.html": [{"name": "Tẩn A Sơn", "about": "Công chức"}],
    "_why_deadline.html": [
        {
            "title": "Vì sao hạn là 9:10?",
            "chip": DONE,
            "lead": "3 ngày làm việc",
            "rows": [{"day": "Thứ Hai", "what": "Nhận 9:10", "hours": "6 giờ 20", "state": "off"}],
            "law": "Hạn theo luật muộn hơn",
        }
    ],
}
