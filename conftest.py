"""Our database setup in place of pytest-django's (a conftest outranks plugins)."""

from xaso.testing import django_db_setup as django_db_setup
