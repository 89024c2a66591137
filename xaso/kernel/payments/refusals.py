"""Why a payment string is not made or not read."""

from django.utils.translation import gettext_lazy as _

from xaso.kernel.refusals import Invalid


class BadTransfer(Invalid):
    """What should be paid, or to whom, cannot be put into a QR."""

    sentence = _("Chưa tạo được mã chuyển khoản. Bác xem lại số tiền, ngân hàng và số tài khoản.")


class NotVietQR(Invalid):
    """The text is no VietQR we take; `reason` is the fact in a word or two."""

    sentence = _("Mã này không phải mã chuyển khoản VietQR, hoặc đã bị sửa (%(reason)s).")
