"""Names of a list with what is computed from them: a row's name is asked for at every step."""

from functools import lru_cache

from xaso.population import sounding
from xaso.population.naming import Written
from xaso.population.naming import written as _written


@lru_cache(maxsize=8_192)
def written(text: str, classes: sounding.Classes = sounding.SHIPPED) -> Written:
    """Return a name fit to store. Refuses as `naming.written`."""
    return _written(text, classes)
