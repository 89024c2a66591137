"""What a resident's first visit costs: bytes over the wire and time to the first paint."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.town import PORT

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
LINK = {  # a weak line: 400 kbit/s each way, 400 ms there and back
    "offline": False,
    "latency": 400,
    "downloadThroughput": 51_200,
    "uploadThroughput": 51_200,
}
TRIES = 5  # machines are noisy: the best of five


@dataclass(frozen=True)
class Visit:
    """One page's first visit, cache empty."""

    path: str
    kb: float  # 1,024 bytes
    fcp_ms: float
    requests: int
    further_kb: float  # pictures further down, which this browser fetched as well
    fcp_rounds: tuple[float, ...] = ()

    @property
    def whole_kb(self) -> float:
        """Return everything that came over the wire."""
        return self.kb + self.further_kb


def measure(paths: list[str]) -> list[Visit]:
    """Visit each page as a cheap phone on a weak line would; empty without Chromium."""
    if not Path(CHROMIUM).exists():
        return []
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        visits = [_best([_visit(browser, path) for _ in range(TRIES)]) for path in paths]
        browser.close()
    return visits


def _best(tries: list[Visit]) -> Visit:
    """Return the visit that painted first, with when the others did."""
    first = min(tries, key=lambda visit: visit.fcp_ms)
    return replace(first, fcp_rounds=tuple(visit.fcp_ms for visit in tries))


def _visit(browser: Any, path: str) -> Visit:  # noqa: ANN401  (playwright's browser)
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        service_workers="block",
    )
    page = context.new_page()
    received: dict[str, float] = {}
    urls: dict[str, str] = {}
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.on(
        "Network.loadingFinished",
        lambda e: received.update({e["requestId"]: e["encodedDataLength"]}),
    )
    devtools.on(
        "Network.requestWillBeSent", lambda e: urls.update({e["requestId"]: e["request"]["url"]})
    )
    devtools.send("Network.emulateNetworkConditions", LINK)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(f"http://localhost:{PORT}{path}", wait_until="load")
    page.wait_for_timeout(500)
    fcp = page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity"
    )
    lazy = set(
        page.evaluate("[...document.querySelectorAll('img[loading=lazy]')].map(i => i.currentSrc)")
    )
    context.close()
    further = sum(size for key, size in received.items() if urls.get(key) in lazy)
    first = sum(received.values()) - further
    return Visit(path, first / 1024, fcp, len(received), further / 1024)
