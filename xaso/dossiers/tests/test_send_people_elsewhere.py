"""What is filed in another system: a sheet says what to bring, with which code, and where."""

from datetime import date

import pypdfium2
import pytest

from xaso.dossiers import actions, catalogue, guiding
from xaso.dossiers.models import ProcedureVersion
from xaso.dossiers.tests.conftest import POLICE, SINCE
from xaso.dossiers.tests.conftest import person as official_named
from xaso.kernel.audit.actors import SYSTEM

pytestmark = pytest.mark.django_db
URL = "/binh-lu/can-bo/huong-dan-nop/"


@pytest.fixture
def elsewhere(centre):
    version = ProcedureVersion.objects.get(procedure__code=POLICE, commune=centre, state="draft")
    actions.publish(version, SINCE, by=SYSTEM)
    return catalogue.held(centre.id, POLICE, date(2026, 11, 23))


@pytest.mark.parametrize("role", ["one_stop_clerk", "community_team", "village_head"])
def test_the_sheet_says_what_to_bring_and_where(centre, elsewhere, client_of, role) -> None:
    page = client_of(official_named(centre, "nguoi-giup", role))
    listed = page.get(URL).content.decode()
    assert elsewhere.procedure.name in listed
    assert "1.004837" not in listed  # that one is filed with us
    assert elsewhere.procedure.name not in page.get(URL, {"tim": "giám hộ"}).content.decode()
    answer = page.get(f"{URL}{POLICE}/to.pdf")
    assert answer["Content-Type"] == "application/pdf"
    pages = pypdfium2.PdfDocument(answer.content)
    said = " ".join("".join(p.get_textpage().get_text_range() for p in pages).split())
    assert POLICE in said
    for each in elsewhere.content.components:
        assert " ".join(each.name.split()[:3]) in said


def test_what_is_filed_here_has_no_sheet(centre, client_of) -> None:
    here = catalogue.held(centre.id, "1.004837", date(2026, 11, 23))
    with pytest.raises(guiding.FiledHere):
        guiding.printed(here, "pdf", commune=centre)
    leader = client_of(official_named(centre, "chu-tich", "leader"))
    assert leader.get(URL).status_code == 403
