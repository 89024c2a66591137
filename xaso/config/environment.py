"""What the environment tells the platform: variables, files with secrets, addresses."""

import json
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict


def text(name: str, default: str = "") -> str:
    """Return a variable, or the content of the file that `<name>_FILE` points at."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def json_object(name: str) -> dict[str, object]:
    """Return a variable, or the file `<name>_FILE` points at, that holds a JSON object."""
    try:
        found = json.loads(text(name) or "{}")
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise ImproperlyConfigured(f"{name} must be a JSON object, in braces.")
    return found


def flag(name: str) -> bool:
    """Return whether a variable says yes (1, true, yes)."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes"}


def home() -> Path:
    """Return the data home: XASO_HOME, else the system's or the user's own place."""
    chosen = os.environ.get("XASO_HOME")
    if chosen:
        return Path(chosen).expanduser().resolve()
    if os.geteuid() == 0:
        return Path("/var/lib/xaso")
    return Path.home() / ".local/share/xaso"


def origin() -> str:
    """Return the address of this installation: its first host, over https behind a proxy."""
    host = text("XASO_HOSTS", "localhost").split(",")[0].lstrip(".")
    if flag("XASO_HTTPS"):
        return f"https://{host}"
    return f"http://{host}:{text('XASO_PORT', '8000')}"


def optional_secret(name: str, where: Path) -> str:
    """Return a secret from the same places, or nothing where there is none."""
    file = where / "secrets" / name.lower()
    value = text(name)
    if not value and file.is_file():
        value = file.read_text(encoding="utf-8").strip()
    return value


def secret(name: str, where: Path) -> str:
    """Return a secret from the environment, its file, or the data home's `secrets` folder.

    Refuses to invent one: a key that changes with every start would make sealed data unreadable.
    """
    value = optional_secret(name, where)
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set: start with `xaso serve` or `xaso demo`, which make one, "
            f"or set {name} or {name}_FILE."
        )
    return value


def database(url: str) -> dict[str, object]:
    """Return Django's database settings for a libpq address (`postgresql://role@/name?host=…`)."""
    parts = conninfo_to_dict(url)
    known = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    settings: dict[str, object] = {
        ours: str(parts.pop(theirs)) for theirs, ours in known.items() if parts.get(theirs)
    }
    settings["ENGINE"] = "django.db.backends.postgresql"
    settings["OPTIONS"] = dict(parts)
    return settings


def email(url: str) -> dict[str, object]:
    """Return the mail server of an address `smtp://user:password@host:port` (`smtps` for TLS)."""
    parts = urlsplit(url)
    return {
        "HOST": parts.hostname or "localhost",
        "PORT": parts.port or 25,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "TLS": parts.scheme == "smtp+tls",
        "SSL": parts.scheme == "smtps",
    }
