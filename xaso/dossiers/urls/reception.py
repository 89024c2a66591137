"""Addresses of the counter."""

from django.urls import path, register_converter

from xaso.dossiers.views import guiding, reception


class Form:
    """The two digits of a form."""

    regex = "0[1-6]"

    def to_python(self, value: str) -> str:
        """Keep the digits."""
        return value

    def to_url(self, value: str) -> str:
        """Keep the digits."""
        return value


class Output(Form):
    """What a form is printed as."""

    regex = "pdf80|pdf|docx"


register_converter(Form, "mau")
register_converter(Output, "dang")

app_name = "dossiers_reception"
urlpatterns = [
    path("can-bo/tiep-nhan/", reception.choose, name="choose"),
    path("can-bo/tiep-nhan/xong/<int:dossier>/", reception.done, name="done"),
    path("can-bo/tiep-nhan/xong/<int:dossier>/nop-tien/", reception.pay, name="pay"),
    path("can-bo/tiep-nhan/so.<dang:dang>", reception.register, name="register"),
    path(
        "can-bo/tiep-nhan/<int:dossier>/mau-<mau:mau>.<dang:dang>",
        reception.paper,
        name="paper",
    ),
    path(
        "can-bo/tiep-nhan/<int:dossier>/phieu-thu/<int:line>.<dang:dang>",
        reception.receipt,
        name="receipt",
    ),
    path("can-bo/huong-dan-nop/<str:code>/to.<dang:dang>", guiding.sheet, name="sheet"),
    path("can-bo/huong-dan-nop/", guiding.choose, name="guide"),
    path("can-bo/tiep-nhan/<str:code>/", reception.receive, name="receive"),
]
