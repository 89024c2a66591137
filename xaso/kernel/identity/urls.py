"""Addresses of signing in. They carry django-allauth's names, which its own pages look up.

The same list serves a commune's address (/binh-lu/dang-nhap/) and the shared host (/dang-nhap/).
"""

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as sessions
from django.urls import path, re_path
from django.views.decorators.cache import never_cache

from xaso.kernel.identity.asking import then_go_on
from xaso.kernel.identity.views import account as own
from xaso.kernel.identity.views import locking, outside

_SECURITY = "tai-khoan/bao-mat/"

urlpatterns = [
    # coming and going
    path("dang-nhap/", account.login, name="account_login"),
    path("dang-nhap/buoc-hai/", never_cache(second.authenticate), name="mfa_authenticate"),
    path("dang-nhap/khoa/", never_cache(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("dang-nhap/ngoai/", outside.go, name="identity_outside"),
    path("dang-nhap/ngoai/ve/", outside.back, name="identity_outside_back"),
    path("dang-xuat/", never_cache(account.logout), name="account_logout"),
    path("dang-ky/", never_cache(account.signup), name="account_signup"),
    # a forgotten password
    path("quen-mat-khau/", own.forgotten, name="account_reset_password"),
    path(
        "quen-mat-khau/da-gui/",
        never_cache(account.password_reset_done),
        name="account_reset_password_done",
    ),
    path(
        "quen-mat-khau/xong/",
        never_cache(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^quen-mat-khau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        never_cache(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    # one's own account
    path("tai-khoan/", own.mine, name="mfa_index"),
    path("tai-khoan/chua-cap-quyen/", own.not_granted, name="identity_not_granted"),
    path("tai-khoan/tam-khoa/", never_cache(account.account_inactive), name="account_inactive"),
    path(
        "tai-khoan/hoi-lai/",
        never_cache(then_go_on(account.reauthenticate)),
        name="account_reauthenticate",
    ),
    path(
        "tai-khoan/hoi-lai/ma/",
        never_cache(then_go_on(second.reauthenticate)),
        name="mfa_reauthenticate",
    ),
    path(
        "tai-khoan/hoi-lai/khoa/",
        never_cache(then_go_on(passkeys.reauthenticate_webauthn)),
        name="mfa_reauthenticate_webauthn",
    ),
    path("tai-khoan/khoa-man-hinh/", locking.lock, name="identity_lock"),
    path("tai-khoan/may-chung/", locking.shared_computer, name="identity_shared_computer"),
    path(
        "tai-khoan/mat-khau/", never_cache(account.password_change), name="account_change_password"
    ),
    path("tai-khoan/mat-khau/dat/", never_cache(account.password_set), name="account_set_password"),
    path("tai-khoan/phien/", never_cache(sessions.list_usersessions), name="usersessions_list"),
    path("tai-khoan/ngoai/noi/", outside.link, name="identity_outside_link"),
    path("tai-khoan/ngoai/<int:key>/go/", outside.unlink, name="identity_outside_unlink"),
    # second factor
    path(f"{_SECURITY}ung-dung/", never_cache(totp.activate_totp), name="mfa_activate_totp"),
    path(
        f"{_SECURITY}ung-dung/tat/", never_cache(totp.deactivate_totp), name="mfa_deactivate_totp"
    ),
    path(
        f"{_SECURITY}ma-du-phong/",
        never_cache(recovery.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        f"{_SECURITY}ma-du-phong/moi/",
        never_cache(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(f"{_SECURITY}khoa/", never_cache(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path(f"{_SECURITY}khoa/them/", never_cache(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(
        f"{_SECURITY}khoa/<int:pk>/ten/",
        never_cache(passkeys.edit_webauthn),
        name="mfa_edit_webauthn",
    ),
    path(
        f"{_SECURITY}khoa/<int:pk>/go/",
        never_cache(passkeys.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
]
