"""Personal data never leaves the room: blanked in words, rounded on the map."""

from collections.abc import Callable
from typing import Any

import pytest

from xaso.reports import privacy, wire


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Gọi 0912 345 678 giúp", "Gọi ••• giúp"),
        ("Gọi +84 912.345.678 giúp", "Gọi ••• giúp"),
        ("Gọi 0912  345  678 giúp", "Gọi ••• giúp"),
        ("Gọi 0912 – 345 – 678 giúp", "Gọi ••• giúp"),
        ("Gọi 0912/345/678 hay 0912–345–678", "Gọi ••• hay •••"),
        ("CCCD 012345678901", "CCCD •••"),
        ("số tài khoản 1234567890123", "số tài khoản •••"),
        ("xe 25B1-234.56 và 29A 123.45", "xe ••• và •••"),
        ("thư lan@example.vn", "thư •••"),
        ("km 72+300, 60 m³, 14 dân quân, năm 2026", "km 72+300, 60 m³, 14 dân quân, năm 2026"),
        ("ngày 24/11/2026 lúc 7:30", "ngày 24/11/2026 lúc 7:30"),
        (
            "24/11/2026 – 28/11/2026 lúc 8:09 24/11/2026",
            "24/11/2026 – 28/11/2026 lúc 8:09 24/11/2026",
        ),
        ("11/2026 – 12/2026", "11/2026 – 12/2026"),
        ("0912345678 24/11/2026", "••• 24/11/2026"),
        ("từ 8/11 – 12/11", "từ 8/11 – 12/11"),
        ("trả 12.500.000 đồng", "trả 12.500.000 đồng"),
    ],
)
def test_what_names_a_person_is_blanked_and_the_rest_stays(text: str, masked: str) -> None:
    assert privacy.mask(text) == masked


def test_the_senders_own_name_is_blanked() -> None:
    assert privacy.mask("Tôi là giàng thị mỷ đây", ("Giàng Thị Mỷ",)) == "Tôi là ••• đây"
    assert privacy.mask("Giàng Thị Mỷa", ("Giàng Thị Mỷ",)) == "Giàng Thị Mỷa"


def test_desk_phones_may_stand_in_an_answer() -> None:
    allowed = frozenset({"02135550135"})
    assert privacy.find("Gọi 0213 555 0135", allowed=allowed) == []
    assert [f.kind for f in privacy.find("Gọi 0912 345 678", allowed=allowed)] == ["number"]


def test_public_points_follow_the_shared_examples(shared_data: Callable[[str], Any]) -> None:
    for example in shared_data("report_vectors.json")["public_point"]:
        assert privacy.coarse(*example["exact"]) == tuple(example["public"])


def test_a_retry_has_the_same_fingerprint_other_words_have_not() -> None:
    body = {"text": "Đường sạt", "photos": [{"sha256": "a"}], "sent_at": "1"}
    again = {"sent_at": "2", "photos": [{"sha256": "a"}], "text": "Đường sạt"}
    assert wire.content_hash(body) == wire.content_hash(again)
    assert wire.content_hash(body) != wire.content_hash(body | {"text": "Đường lở"})
