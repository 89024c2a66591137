"""What a demo commune asks consent for, who agreed, and who took it back; all invented."""

from datetime import datetime, timedelta

from xaso.demo.towns import Town
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock
from xaso.population.actions import consents
from xaso.population.models import ConsentRecord, Person, ProcessingPurpose, Sureness

_PURPOSES = (  # code, what for, until when, what of somebody is used
    (
        "mau-anh-ban",
        "Đăng ảnh ngày hội của bản lên trang của xã (việc bịa để chạy thử)",
        "Đến khi rút lại đồng ý",
        ["name"],
    ),
    (
        "mau-nhan-tin",
        "Nhắn tin về lớp nghề, ngày hội ở bản (việc bịa để chạy thử)",
        "Hết năm, hoặc đến khi rút lại đồng ý",
        ["name", "contact"],
    ),
)
_HEARD = ("Người Chứng Mẫu Một", "Người Chứng Mẫu Hai")
_GIVEN = (  # which head of household, which purpose, how, read in, is taken back
    (0, 0, ConsentRecord.Channel.PAPER, "Việt", False),
    (0, 1, ConsentRecord.Channel.SCREEN, "Việt", True),
    (1, 0, ConsentRecord.Channel.VOICE, "Mông", False),
    (2, 1, ConsentRecord.Channel.PAPER, "Việt", False),
)


def agree(town: Town, until: datetime) -> int:
    """Ask heads of the first households for their consent; return how many consents were given."""
    with tenancy.inside(town.id):
        asked = [
            ProcessingPurpose.objects.create(
                commune=town.commune,
                code=code,
                text=text,
                basis=ProcessingPurpose.Basis.CONSENT,
                sureness=Sureness.COMMUNE,
                retention=kept,
                fields=fields,
            )
            for code, text, kept, fields in _PURPOSES
        ]
        heads = Person.objects.filter(
            memberships__role="head", memberships__period__upper_inf=True, merged_into=None
        )
        people = list(heads.order_by("memberships__household__code")[:3])
        by = town.actor("vanhoa")
        for who, what, channel, language, is_taken_back in _GIVEN:
            heard = _HEARD if channel == ConsentRecord.Channel.VOICE else ()
            agreed = consents.Agreement(asked[what], "mẫu 1", language, channel, heard)
            with clock.at(until - timedelta(days=30 - who)):
                given = consents.give_consent(people[who], agreed, by=by)
            if is_taken_back:
                with clock.at(until - timedelta(days=5)):
                    consents.withdraw_consent(given, by=by)
        return len(_GIVEN)
