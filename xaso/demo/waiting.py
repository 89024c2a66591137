"""The waiting room of a demo commune: three groups of services, two counters, times to book."""

from xaso.demo.towns import BY, Town
from xaso.dossiers import actions
from xaso.kernel.tenancy import actions as tenancy

_GROUPS = (("A", "Hộ tịch, chứng thực", 2), ("B", "Đất đai", 1), ("C", "Việc khác", 0))


def furnish(town: Town) -> None:
    """Open the groups and two counters; who sits there takes a seat on the page."""
    with tenancy.inside(town.id):
        for letter, name, places in _GROUPS:
            group = actions.NewGroup(letter, name, slot_minutes=30, places_per_slot=places)
            actions.set_group(group, commune=town.commune, by=BY)
        letters = [letter for letter, _name, _places in _GROUPS]
        for number, served in ((1, letters), (2, letters[:1])):
            counter = actions.NewCounter(number, served, "Tiếp nhận và trả kết quả")
            actions.set_counter(counter, commune=town.commune, by=BY)
