"""What happens to every request before and after its view; order in `xaso/config/settings.py`."""

from xaso.kernel.web.middleware.commune import CommuneOfAddress
from xaso.kernel.web.middleware.full import ReadOnlyWhenFull
from xaso.kernel.web.middleware.headers import SecurityHeaders
from xaso.kernel.web.middleware.language import ChosenLanguage
from xaso.kernel.web.middleware.refusals import SayWhy

__all__ = ["ChosenLanguage", "CommuneOfAddress", "ReadOnlyWhenFull", "SayWhy", "SecurityHeaders"]
