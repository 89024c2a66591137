"""The web process: refuses to serve with a database role that could see past its commune."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from xaso.config import orphans

orphans.end_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
application = get_wsgi_application()

from xaso.kernel import memory  # noqa: E402  (needs the apps to be ready)
from xaso.kernel.tenancy import queries as tenancy  # noqa: E402
from xaso.kernel.web import warming  # noqa: E402

tenancy.refuse_wrong_role()
warming.warm()
# A request asks the database a dozen times and after each answer waits for its turn to go on:
# at the usual five milliseconds a turn, a few pages being drawn hold up everybody.
sys.setswitchinterval(0.001)
memory.settle()
