"""A deadline is a word, an icon and a colour, and red means late."""

from datetime import UTC, datetime, timedelta

import pytest

from xaso.kernel.web.deadlines import chip, span

NOW = datetime(2026, 11, 25, 1, 40, tzinfo=UTC)  # 8:40 thứ Tư 25/11 at the commune


def at(**later):
    return NOW + timedelta(**later)


@pytest.mark.parametrize(
    ("due", "more", "text", "tone"),
    [
        (at(hours=-3), {}, "Quá 3 giờ", "do"),
        (at(days=-2), {}, "Quá 2 ngày", "do"),
        (at(hours=2, minutes=50), {}, "Còn 2 giờ 50", "cam"),
        (at(hours=8), {}, "Còn 8 giờ", "cam"),
        (at(seconds=20), {}, "Còn chưa đến 1 phút", "cam"),
        (at(days=2, minutes=30), {}, "9:10 thứ Sáu", ""),
        (at(days=9), {}, "thứ Sáu 4/12", ""),
        (at(hours=-3), {"paused": at(days=-5)}, "Dừng từ 20/11", "line"),
        (at(hours=2), {"done": NOW}, "Xong đúng hẹn", "xanh"),
        (at(days=2), {"done": NOW}, "Xong sớm 2 ngày", "xanh"),
        (at(hours=-25), {"done": NOW}, "Xong, muộn 1 ngày", "do"),
    ],
)
def test_what_people_read(due, more, text, tone):
    shown = chip(due, NOW, **more)
    assert (str(shown.text), shown.tone) == (text, tone)
    assert shown.icon


def test_without_a_deadline_there_is_no_chip():
    assert chip(None, NOW) is None


def test_every_tone_has_its_own_icon():
    shown = [
        chip(at(hours=-1), NOW),
        chip(at(hours=1), NOW),
        chip(at(days=3), NOW),
        chip(at(days=3), NOW, paused=NOW),
        chip(at(days=3), NOW, done=NOW),
    ]
    assert len({one.icon for one in shown}) == len(shown)


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(minutes=59, seconds=59), "59 phút"),
        (timedelta(hours=1), "1 giờ"),
        (timedelta(hours=1, minutes=5), "1 giờ 05"),
        (timedelta(hours=23, minutes=59), "23 giờ 59"),
        (timedelta(hours=47), "1 ngày"),
    ],
)
def test_lengths_of_time(length, text):
    assert span(length) == text
