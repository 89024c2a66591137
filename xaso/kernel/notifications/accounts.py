"""A commune's account at a channel: its own row, else what the installation's settings say."""

from uuid import UUID

from django.conf import settings

from xaso.kernel.notifications.models import Account


def of(commune: UUID, channel: str) -> Account:
    """Return the account; a row that is not there yet comes back unsaved."""
    row = Account.objects.filter(commune=commune, channel=channel).first()
    found = row or Account(commune_id=commune, channel=channel)
    shared = settings.XASO_CHANNEL_ACCOUNTS.get(channel)
    if not found.settings and shared:
        found.settings = {name: value for name, value in shared.items() if name != "secret"}
        found.secret = str(shared.get("secret", ""))
    return found


def of_all(commune: UUID, channels: tuple[str, ...]) -> dict[str, Account]:
    """Return the accounts of several channels, in one statement."""
    rows = {row.channel: row for row in Account.objects.filter(commune=commune)}
    found = {}
    for channel in channels:
        shared = settings.XASO_CHANNEL_ACCOUNTS.get(channel)
        account = rows.get(channel) or Account(commune_id=commune, channel=channel)
        if not account.settings and shared:
            account.settings = {name: value for name, value in shared.items() if name != "secret"}
            account.secret = str(shared.get("secret", ""))
        found[channel] = account
    return found
