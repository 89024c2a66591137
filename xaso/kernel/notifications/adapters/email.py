"""E-mail over SMTP (RFC 5321), with the mail server of the settings."""

from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage

from xaso.kernel.notifications.letters import Letter, Undeliverable


def send(letter: Letter) -> None:
    """Hand a letter to the mail server; a final refusal of the address is Undeliverable.

    The Message-ID is the letter's own: should it be sent twice by a crash between sending and
    noting it, mail programs see one letter.
    """
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    headers = {"Message-ID": f"<{letter.id}@{domain}>", "Auto-Submitted": "auto-generated"}
    mail = EmailMessage(letter.title, letter.body, None, [letter.address], headers=headers)
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        codes = [code for code, _said in error.recipients.values()]
        if all(code >= 500 for code in codes):
            raise Undeliverable(f"SMTP {codes[0]}") from error
        raise
    except SMTPResponseException as error:
        if error.smtp_code >= 550:
            raise Undeliverable(f"SMTP {error.smtp_code}") from error
        raise
