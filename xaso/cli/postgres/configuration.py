"""The private cluster's own settings: durable, on a socket only, opened by the system's users."""

import os
from pathlib import Path

from xaso.cli import whole
from xaso.cli.postgres import accounts
from xaso.cli.postgres.layout import Layout

ROLES = ("postgres", "xaso_owner", "xaso_app", "xaso_readonly", "xaso_backup")
INCLUDE = "include = 'xaso.conf'"
MEGABYTE = 1024 * 1024

SETTINGS = """\
# Written at every start of the server; changes belong in postgresql.auto.conf (ALTER SYSTEM).
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
fsync = on
full_page_writes = on
synchronous_commit = on
max_connections = 100
shared_buffers = {buffers}MB
autovacuum_analyze_scale_factor = 0.02  # a commune that opens beside others is soon known
password_encryption = 'scram-sha-256'
idle_in_transaction_session_timeout = '60s'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
# Short queries under row-level security never earn back the compiler's start.
jit = off
random_page_cost = 1.1
log_destination = 'stderr'
logging_collector = off
log_line_prefix = '%m [%p] %u@%d '
# Details and parameters can quote what residents wrote; the log must not.
log_error_verbosity = 'terse'
log_min_error_statement = 'panic'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""

ARCHIVE = """\
archive_mode = on
archive_timeout = 300
archive_command = 'test ! -f "{folder}/%f.gz" && gzip < "%p" > "{folder}/%f.part" \
&& mv "{folder}/%f.part" "{folder}/%f.gz"'
"""


def write(layout: Layout, socket: Path) -> None:
    """Write settings and access rules; they hold from the next start or reload."""
    text = SETTINGS.format(socket=_in_list(socket), buffers=_shared_buffers())
    archive = os.environ.get("XASO_WAL_ARCHIVE")
    if archive:
        text += ARCHIVE.format(folder=archive)
    _put(layout, "xaso.conf", text)
    main = layout.data / "postgresql.conf"
    if INCLUDE not in main.read_text():
        with main.open("a") as stream:
            stream.write(f"\n{INCLUDE}\n")
    _put(layout, "pg_hba.conf", _access())
    _put(layout, "pg_ident.conf", _people(layout))


def _access() -> str:
    """Rules of pg_hba.conf: sockets only ("all" does not include replication)."""
    return (
        "local all all peer map=xaso\n"  # whoever the system says it is, by the map below
        "local replication xaso_backup peer map=xaso\n"
    )


def _people(layout: Layout) -> str:
    """Rules of pg_ident.conf: the system's users that may be any of our roles."""
    users = sorted({"root", layout.server.name, accounts.myself().name})
    return "".join(f'xaso "{user}" {role}\n' for user in users for role in ROLES)


def _put(layout: Layout, name: str, text: str) -> None:
    """Write a file of the cluster, readable by the server's user alone."""
    if whole.write(layout.data / name, text):
        accounts.give(layout.data / name, layout.server)


def _in_list(socket: Path) -> str:
    """Quote a path as one item of a list setting."""
    item = str(socket).replace('"', '""')
    return f'"{item}"'.replace("'", "''")


def _shared_buffers() -> int:
    """Return a quarter of the memory in MB, between 32 and 512."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(32, min(512, memory // 4 // MEGABYTE))
