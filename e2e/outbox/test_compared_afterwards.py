"""What waited could not be compared while it was written: it is once the commune has it."""

import pytest

from e2e.outbox.resident import send, until
from e2e.test_say_me_too import known as known  # noqa: PLC0414  (a fixture)
from e2e.test_say_me_too import write

pytestmark = pytest.mark.browser


def test_me_too_is_offered_beside_the_receipt_and_nothing_goes(phone, known, axe) -> None:
    one = phone()
    one.page.goto("/binh-lu/phan-anh/gui/")
    one.context.set_offline(True)
    write(one.page, known)
    send(one.page)
    until(one.page, lambda a: a and a[0]["last_error"] == "net")
    one.page.evaluate(  # it waited for a while
        "async () => { const [i] = await self.xasoOutbox.all();"
        " await self.xasoOutbox.change(i.id, i => { i.queued_at -= 60000 }) }"
    )
    one.context.set_offline(False)
    one.page.set_viewport_size({"width": 390, "height": 3000})
    one.page.goto("/binh-lu/phan-anh/da-gui/")
    until(one.page, lambda a: a[0]["state"] == "sent" and a[0].get("alike"), 60)
    part = one.page.locator("#hop-thu [data-giong]")
    part.get_by_text("Đã có người báo việc gần giống").wait_for()
    assert axe(one.page) == []
    part.get_by_role("link", name="Tôi cũng gặp").click()
    one.page.wait_for_url(f"**/{known['code']}/cung-gap/")
