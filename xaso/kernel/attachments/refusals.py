"""Why a file is not taken; each sentence says what the person can do."""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.refusals import Refusal


class EmptyFile(Refusal):
    """There is nothing in the file."""

    sentence = _("Tệp này trống. Bác chọn lại tệp rồi gửi giúp.")
    status = 422


class TooBig(Refusal):
    """The file is larger than its kind may be; `megabytes` is the limit."""

    sentence = _("Tệp này lớn quá. Xin gửi tệp không quá %(megabytes)s MB.")
    status = 413


class TooManyPixels(Refusal):
    """The picture would fill the memory when opened (more than 50 million pixels)."""

    sentence = _(
        "Ảnh này có kích thước lớn quá. Xin chụp lại ở cỡ thường (không quá 50 megapixel)."
    )
    status = 413


class NotAPicture(Refusal):
    """The content is no photo of a kind we take, whatever its name says."""

    sentence = _("Tệp này không phải ảnh. Xin gửi ảnh JPEG, PNG, WebP hoặc HEIC.")
    status = 415


class WrongType(Refusal):
    """The content is of a kind we do not take, or the name says something else."""

    sentence = _(
        "Loại tệp này chưa nhận được, hoặc tên tệp không đúng với nội dung. "
        "Xin gửi tệp PDF, DOCX, XLSX, ODT, ODS hoặc CSV."
    )
    status = 415


class NotARecording(Refusal):
    """The content is no sound of a kind we take."""

    sentence = _("Tệp này không phải ghi âm. Xin gửi tệp MP3, M4A, OGG, WAV hoặc WebM.")
    status = 415


class BrokenFile(Refusal):
    """The file cannot be read to its end."""

    sentence = _(
        "Không đọc được tệp này, có thể tệp bị hỏng hoặc gửi dở. Bác chọn lại hoặc chụp lại giúp."
    )
    status = 422


class NoBoxes(Refusal):
    """Nothing to blur was marked, or a mark lies outside the picture."""

    sentence = _("Bác khoanh ít nhất một chỗ cần làm mờ trong ảnh, nhiều nhất 40 chỗ.")
    status = 422


class LockedFile(Refusal):
    """The document asks for a password."""

    sentence = _("Tệp này có đặt mật khẩu. Xin bỏ mật khẩu rồi gửi lại.")
    status = 422


class TooManyPages(Refusal):
    """The document has more than 2,000 pages."""

    sentence = _("Tài liệu này dài quá 2.000 trang. Xin chia nhỏ rồi gửi từng phần.")
    status = 422


class DangerousDocument(Refusal):
    """The document holds a program, another file, or reaches out to other places."""

    sentence = _(
        "Tài liệu này có kèm chương trình, tệp khác hoặc liên kết tự chạy nên không nhận được. "
        "Xin lưu lại thành PDF thường rồi gửi."
    )
    status = 422


class HashMismatch(Refusal):
    """The bytes that arrived are not those that were announced."""

    sentence = _("Tệp gửi lên không trọn vẹn. Bác gửi lại giúp.")
    status = 422


class NoSpace(Refusal):
    """The disk is full: nothing of the file was kept."""

    sentence = _("Máy chủ tạm hết chỗ lưu tệp, tệp chưa được nhận. Xin thử lại sau ít phút.")
    status = 507


class NotReady(Refusal):
    """Only a file that could be read can be published."""

    sentence = _("Tệp này không dùng được nên không đăng được.")


class OriginalGone(Refusal):
    """The upload was already replaced by its clean picture."""

    sentence = _("Ảnh gốc không còn, chỉ còn ảnh đã xử lý.")


BY_CODE: dict[str, type[Refusal]] = {
    fact.code: fact
    for fact in (
        TooManyPixels,
        NotAPicture,
        WrongType,
        BrokenFile,
        LockedFile,
        TooManyPages,
        DangerousDocument,
    )
}
