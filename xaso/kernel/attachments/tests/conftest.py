"""A folder of files of its own for each test, and people who send and look."""

from collections.abc import Callable

import pytest
from django.test import Client

from xaso.kernel.attachments import actions, queries
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.attachments.tests import honest
from xaso.kernel.audit.actors import SYSTEM, Actor

RESIDENT = Actor("resident", "", "web")


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.XASO_HOME = tmp_path
    return tmp_path / "files"


@pytest.fixture
def sent(inside_binh_lu) -> Callable[..., Attachment]:
    """Return a function that sends a photo to Bình Lư."""

    def send(data: bytes | None = None, name: str = "anh.jpg") -> Attachment:
        return actions.store_photo(
            data or honest.photo(), name=name, commune=inside_binh_lu, by=RESIDENT
        )

    return send


@pytest.fixture
def developed(sent, django_capture_on_commit_callbacks) -> Callable[..., Attachment]:
    """Return a function that sends a photo and has it developed, as the job does."""

    def develop(data: bytes | None = None, name: str = "anh.jpg", **options: bool) -> Attachment:
        photo = sent(data, name)
        if options.get("keep_original"):
            photo = actions.keep_original(photo, by=SYSTEM)
        with django_capture_on_commit_callbacks(execute=True):
            return actions.process(photo)

    return develop


@pytest.fixture
def official(binh_lu) -> Callable[..., Client]:
    """Return a function that gives a browser signed in as an official of Bình Lư."""
    from xaso.kernel.identity import actions as identity
    from xaso.kernel.identity.models import Role
    from xaso.kernel.tenancy import actions as tenancy

    def signed_in(role: str = Role.OFFICER, commune: object = binh_lu) -> Client:
        new = identity.NewOfficial(f"{role}.{commune.slug}", "Lò Văn Pơm")
        with tenancy.inside(commune.id):
            person, _ = identity.add_official(
                new, commune=commune, by=SYSTEM, password="nuong ngo suon nui"
            )
            identity.give_role(person, role, commune=commune, by=SYSTEM)
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


def every_file(photo: Attachment) -> list[bytes]:
    """Return the bytes of every clean picture of a photo."""
    return [queries.clean_content(made) for made in photo.renditions.all()]
