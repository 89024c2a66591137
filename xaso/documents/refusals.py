"""Why this room says no, each with a sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.refusals import Invalid, NotFound, Refusal


class EarlierDate(Refusal):
    """Numbers and dates of one book follow the order of issue."""

    sentence = _("Sổ này đã có số ghi ngày %(last)s. Ngày của số mới không được sớm hơn ngày đó.")


class FutureDate(Refusal):
    """A number is given on the day it is given, never ahead."""

    sentence = _("Chưa lấy được số cho ngày %(day)s vì ngày đó chưa đến.")


class KeyTaken(Refusal):
    """The same key asked for another number before."""

    sentence = _("Yêu cầu này đã lấy số ở sổ khác. Bác tải lại trang rồi làm lại giúp.")


class NumberTaken(Refusal):
    """The same number and sign stand in another book of this year."""

    sentence = _("Số %(shown)s đã có ở một sổ khác trong năm. Bác kiểm tra ký hiệu giúp.")


class BookClosed(Refusal):
    """The book takes no more numbers."""

    sentence = _("Sổ này đã khoá, không lấy số được nữa.")


class AlreadyVoid(Refusal):
    """The number was given up before."""

    sentence = _("Số này đã huỷ rồi.")


class NoTemplate(NotFound):
    """No template of this code is in force on that day."""

    sentence = _("Chưa có mẫu “%(code)s” áp dụng cho ngày này.")


class NoSuchLayout(NotFound):
    """The template has no layout for this kind of paper."""

    sentence = _("Mẫu “%(code)s” không có bản in cho loại giấy này.")


class BadTemplate(Invalid):
    """The file of a template cannot be used; the sentence names the line or block."""

    sentence = _("Tệp mẫu chưa dùng được: %(reason)s")


class MissingData(Invalid):
    """The form lacks what it must say."""

    sentence = _("Mẫu còn thiếu: %(fields)s.")


class PressFailed(Refusal):
    """The press gave up: too long, too large, or broken."""

    sentence = _("Chưa tạo được bản in. Bác thử lại sau ít phút; nếu vẫn lỗi, báo quản trị.")
    status = 503


class AlreadyPublished(Refusal):
    """A template in force is never edited."""

    sentence = _("Bản mẫu này đã áp dụng, không sửa được. Bác tải lên bản mới giúp.")


class BadCode(Invalid):
    """The text is no code of ours, or not whole."""

    sentence = _("Mã này không đọc được. Bác quét lại, hoặc gõ mã số in trên giấy.")


class UnknownDevice(Refusal):
    """No counter machine of this commune has that key."""

    sentence = _("Máy này chưa đăng ký làm máy quầy của xã. Bác đăng ký máy rồi gửi lại.")
    status = 403


class WrongSignature(Invalid):
    """The words were not signed by that machine, or were changed afterwards."""

    sentence = _("Chữ ký của máy quầy không khớp với nội dung. Bác giữ giấy tờ, báo quản trị.")


class KeyKnown(Refusal):
    """The key was registered before."""

    sentence = _("Máy này đã đăng ký rồi.")


class KeyAway(Refusal):
    """Device, service or owner did not give a signature."""

    sentence = _("Chưa ký được: thiết bị ký chưa kết nối hoặc người ký chưa xác nhận.")


class StampAway(Refusal):
    """The time stamping service did not answer."""

    sentence = _("Chưa lấy được dấu thời gian. Máy sẽ tự thử lại.")


class NoCertificate(Refusal):
    """Nobody registered a certificate that counts for this signature today."""

    sentence = _(
        "Chưa có chứng thư số còn hạn cho chữ ký này. Bác nhờ quản trị ghi vào sổ chứng thư."
    )


class AlreadyAsked(Refusal):
    """The signature is on its way."""

    sentence = _("Đang ký. Bác chờ vài giây rồi tải lại trang.")


class NotACertificate(Invalid):
    """The file is no certificate we can read."""

    sentence = _("Tệp này không phải chứng thư số đọc được (.cer, .crt, .pem).")


class OnlyInDemo(Refusal):
    """Keys in files are for invented communes."""

    sentence = _("Khoá trong tệp chỉ dùng cho xã thử nghiệm.")
