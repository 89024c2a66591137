"""The whole of one version of a procedure, as plain data: what JSON files and tables hold.

Minutes are working minutes, amounts are whole đồng, days are ISO dates. Codes inside one list are
unique. Nothing legal is assumed here: every figure is the version's own, with its source.
"""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import msgspec
from django.utils.translation import gettext_lazy as _

from xaso.kernel.refusals import Invalid

FORMAT = "xaso-procedure/1"
SAME_DAY_UNTIL = 15 * 60
UnitName = Literal["GIO", "NGAY_LV", "NGAY", "THANG", "TRONG_NGAY_15H"]
SystemName = Literal["XASO", "PROVINCE", "MINISTRY", "DVCQG", "POLICE"]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One part of a version; unknown fields are refused, so that nothing is lost in silence."""


class Identity(Part, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The decision that published it, and how sure we are of what we wrote down."""

    decision_no: str = ""
    decision_date: date | None = None
    publisher: str = ""
    sureness: Literal["law", "source", "unverified"] = "unverified"
    source: str = ""
    note: str = ""


class Verify(Part, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The longer term when conditions must be verified.

    `extend_by` adds to the term (kéo dài thêm); `replace_by` takes its place (không quá).
    """

    kind: Literal["extend_by", "replace_by"]
    unit: UnitName
    n: int
    when: str = ""
    source: str = ""


class Posting(Part, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Public posting inside the term: a sub-clock of its own."""

    days: int
    where: str = ""
    warning: str = ""  # HIV/AIDS information is never posted (NĐ 20/2021 điều 8.1.b)


class Time(Part, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The term by rule, and what the commune promises."""

    unit: UnitName = "NGAY_LV"
    n: int = 1
    same_day_until: int = SAME_DAY_UNTIL  # minutes after midnight
    reduction: int = 0  # so many units fewer are promised than the rule allows
    verify: Verify | None = None
    posting: Posting | None = None
    response_hours: int = 8
    is_paused_for_payment: bool = True
    duty_days: int = 0  # the citizen's own duty, in calendar days; never a reason to refuse
    duty_from: str = ""


class ComponentRule(Part, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One paper of the list."""

    code: str
    name: str
    originals: int = 1
    copies: int = 0
    is_mandatory: bool = True
    condition: str = ""
    is_digitised: bool = True  # has to be scanned at reception
    reusable_from: list[Literal["population", "storage", "earlier"]] = []
    form: str = ""  # number of a printed form


class Question(Part, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One field of the interactive form."""

    code: str
    label: str
    kind: Literal["text", "long", "date", "number", "choice", "yes"] = "text"
    is_mandatory: bool = False
    choices: list[str] = []
    hint: str = ""
    prefill: str = ""  # applicant.name, person.birth_date …


class StepRule(Part, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One step inside the processing; `next` names the steps it may lead to."""

    code: str
    name: str
    kind: Literal[
        "phan_cong", "tham_dinh", "xac_minh", "lay_y_kien", "niem_yet", "trinh_ky", "dong_dau"
    ]
    role: Literal["one_stop_clerk", "officer", "leader"] = "officer"
    unit: str = ""  # code of the unit, where the procedure names one
    minutes: int = 0
    next: list[str] = []


class Tier(Part, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """From the n-th page or copy on, so much each."""

    since: int
    amount: int


class FeeRule(Part, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line of money."""

    code: str
    name: str
    kind: Literal["phi", "le_phi"] = "le_phi"
    basis: Literal["per_case", "per_page", "per_copy", "tiered"] = "per_case"
    amount: int = 0
    tiers: list[Tier] = []
    cap: int = 0  # at most so much a copy; 0 = no cap
    collect_at: Literal[1, 2, 4] = 1
    document_no: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    is_unverified: bool = False


class Exemption(Part, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who pays less; of several rules the single best for the person is taken."""

    code: str
    group: str
    percent: int = 100
    amount: int = 0
    fees: list[str] = []  # codes; none = all lines
    law: str = ""
    evidence: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


class ResultRule(Part, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the person gets."""

    name: str = ""
    type: str = ""
    template: str = ""
    signer_role: Literal["leader", "officer"] = "leader"
    register: str = ""
    is_electronic: bool = True
    is_paper: bool = True
    validity_months: int = 0
    returns_paper: bool = True


class Channels(Part, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How it can be handed in."""

    direct: bool = True
    online: bool = False
    postal: bool = False
    online_level: Literal["none", "partial", "full"] = "none"
    partial_reason: str = ""  # NĐ 224/2026 điều 14
    proactive_level: int = 0


class Systems(Part, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whose record is the original at each stage, and the paper that lets Xã Số be it."""

    submit: SystemName = "DVCQG"
    receive: SystemName = "PROVINCE"
    process: SystemName = "PROVINCE"
    sign: SystemName = "PROVINCE"
    ret: SystemName = msgspec.field(default="PROVINCE", name="return")
    archive: SystemName = "PROVINCE"
    authorisation: str = ""
    external_codes: dict[str, str] = {}

    def at(self, stage: str) -> str:
        """Return the system of record at a stage."""
        return str(getattr(self, "ret" if stage == "return" else stage))


class Text(Part, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What residents read."""

    who: str = ""
    where: str = ""
    how: list[str] = []
    legal_basis: list[str] = []


class Content(Part, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A whole version."""

    identity: Identity = Identity()
    time: Time = Time()
    components: list[ComponentRule] = []
    form: list[Question] = []
    steps: list[StepRule] = []
    fees: list[FeeRule] = []
    exemptions: list[Exemption] = []
    result: ResultRule = ResultRule()
    channels: Channels = Channels()
    systems: Systems = Systems()
    text: Text = Text()

    def step(self, code: str) -> StepRule | None:
        """Return one step by its code."""
        return next((each for each in self.steps if each.code == code), None)

    @property
    def first_step(self) -> StepRule | None:
        """Return where processing begins."""
        return self.steps[0] if self.steps else None


def read(raw: object) -> Content:
    """Return a version from plain JSON values. Refuses with Invalid, naming the place."""
    try:
        return msgspec.convert(raw, Content, strict=True, str_keys=True)
    except msgspec.ValidationError as error:
        what, _at, where = str(error).partition(" - at ")
        place = where.strip("`").removeprefix("$.") or "?"
        said = _("Dữ liệu chưa đúng ở “%(place)s”: %(what)s")
        raise Invalid(said, errors={place: [what]}, place=place, what=what) from error


def write(content: Content) -> dict[str, Any]:
    """Return a version as plain JSON values; defaults are left out."""
    plain: dict[str, Any] = msgspec.to_builtins(content, str_keys=True)
    return plain


def digest(raw: Mapping[str, Any]) -> str:
    """Return the SHA-256 (64 hex) of the canonical JSON of a version."""
    return hashlib.sha256(msgspec.json.encode(raw, order="deterministic")).hexdigest()
