"""Settings of the packages that sign officials in (django-allauth, django-axes)."""

from datetime import timedelta

from xaso.config import environment

_DEMO = environment.flag("XASO_DEMO")
_HTTPS = environment.flag("XASO_HTTPS")

# --- the room's own ---------------------------------------------------------------------------
# Officials need a second factor from their second visit on; a demo lets everyone look around.
XASO_SECOND_FACTOR = environment.text("XASO_SECOND_FACTOR", "no" if _DEMO else "yes") != "no"
# What `xaso demo` noted about its invented accounts; shown on the sign-in page of a demo alone.
XASO_DEMO_NOTE = environment.home() / "demo.json"
# Where links in mails lead; never taken from a request.
XASO_ORIGIN = environment.text("XASO_ORIGIN") or environment.origin()
# Sign-in from outside (OpenID Connect); without an issuer there is none.
XASO_OIDC_ISSUER = environment.text("XASO_OIDC_ISSUER")
XASO_OIDC_CLIENT_ID = environment.text("XASO_OIDC_CLIENT_ID")
XASO_OIDC_CLIENT_SECRET = environment.text("XASO_OIDC_CLIENT_SECRET")
XASO_OIDC_NAME = environment.text("XASO_OIDC_NAME", "VNeID")

PASSWORD_HASHERS = ["xaso.kernel.identity.hashing.Argon2"]
PASSWORD_RESET_TIMEOUT = 30 * 60
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "xaso.kernel.identity.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "xaso.kernel.identity.passwords.NotCommon"},
]
LOGIN_URL = "account_login"

# --- django-allauth ---------------------------------------------------------------------------
ACCOUNT_ADAPTER = "xaso.kernel.identity.sign_in.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # sign-up itself is closed
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_SESSION_REMEMBER = True  # the cookie lives 12 hours; `SignedInForNow` ends it earlier
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Its counters live in the memory of one process; ours (identity.guessing) in the database.
ACCOUNT_RATE_LIMITS: bool | dict[str, str] = False
ACCOUNT_FORMS = {
    "login": "xaso.kernel.identity.forms.SignInForm",
    "reauthenticate": "xaso.kernel.identity.forms.ReauthenticateForm",
    "change_password": "xaso.kernel.identity.forms.ChangePasswordForm",
    "set_password": "xaso.kernel.identity.forms.SetPasswordForm",
    "reset_password": "xaso.kernel.identity.forms.ResetPasswordForm",
    "reset_password_from_key": "xaso.kernel.identity.forms.ResetPasswordKeyForm",
}
MFA_ADAPTER = "xaso.kernel.identity.sign_in.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _HTTPS  # http://localhost counts as secure for browsers
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"
MFA_TOTP_TOLERANCE = 1  # phones here are often half a minute off
MFA_RECOVERY_CODE_COUNT = 10
MFA_RATE_LIMITS: bool | dict[str, str] = False
MFA_FORMS = {
    "authenticate": "xaso.kernel.identity.forms.SecondFactorForm",
    "reauthenticate": "xaso.kernel.identity.forms.SecondFactorAgainForm",
    "activate_totp": "xaso.kernel.identity.forms.ActivateTotpForm",
    "generate_recovery_codes": "xaso.kernel.identity.forms.RecoveryCodesForm",
    "add_webauthn": "xaso.kernel.identity.forms.AddPasskeyForm",
    "edit_webauthn": "xaso.kernel.identity.forms.RenamePasskeyForm",
}
USERSESSIONS_TRACK_ACTIVITY = False  # the session itself notes its last use, once a minute


# --- django-axes ------------------------------------------------------------------------------
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# A whole commune may share one mobile address: an account is locked, never an address.
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_CLIENT_IP_CALLABLE = "xaso.kernel.identity.queries.address"
AXES_LOCKOUT_CALLABLE = "xaso.kernel.identity.views.account.locked"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # coming and going stands in our own sealed log
AXES_VERBOSE = False
# axes asks for the address among the parameters; see the reason above.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
