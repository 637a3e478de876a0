"""Measures the page as a phone gets it: `python scripts/page_figures.py` prints the table of docs/page.md.

Needs the test requirements and Chromium. Starts the app and opens the page cold in a phone-sized window, with Chromium
slowed down four times while times are taken; how often, the first argument says (5). Times are medians. Those by the
clock grow with whatever else the machine does; those of the processor do not.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser")]

from axe_playwright_python.sync_playwright import Axe  # noqa: E402
from browsing import CHROMIUM, FLAGS  # noqa: E402
from looking import expect_text  # noqa: E402
from pens import Finger, draw_text  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from tests.serving import serving  # noqa: E402
from webapp import create_app  # noqa: E402

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SLOWER = 4
LONG = 50  # ms: what a task takes beyond it blocks
CALM = 3000  # ms without anything new to wait for
EXAMPLE = "2048"
LATER = "try { localStorage.setItem('glyphline:/:visited', '1') } catch {}"
WATCH = """
  window.seen = { shift: 0, blocked: 0, paint: 0, first: 0 };
  const watch = (type, note) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  watch("layout-shift", ({ value, hadRecentInput }) => { if (!hadRecentInput) seen.shift += value; });
  watch("longtask", ({ duration }) => { seen.blocked += Math.max(0, duration - LONG); });
  watch("largest-contentful-paint", ({ startTime }) => { seen.paint = startTime; });
  watch("paint", ({ name, startTime }) => { if (name === "first-contentful-paint") seen.first = startTime; });
""".replace("LONG", str(LONG))
FETCHED = "[location.href, ...performance.getEntriesByType('resource').map((one) => one.name)]"


@contextmanager
def opened(browser: Browser, address: str, first: bool, *scripts: str, slower: int = 1, **more: Any) -> Iterator[Page]:
    """The page in a window with nothing in its cache; first: as on a first visit, with the example."""
    context = browser.new_context(**{"service_workers": "block", **PHONE, **more})
    page = context.new_page()
    for script in (*scripts, *([] if first else [LATER])):
        page.add_init_script(script)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(address + "/")
    page.wait_for_selector("#boxes[viewBox]", state="attached")
    if first:
        expect_text(page, EXAMPLE)
    yield page
    context.close()


def timed(browser: Browser, address: str, first: bool, times: int) -> dict[str, float]:
    """Medians of so many cold loads, by the names of WATCH; ms."""
    seen = []
    for _ in range(times):
        with opened(browser, address, first, WATCH, slower=SLOWER) as page:
            page.wait_for_timeout(CALM)
            seen.append(page.evaluate("seen"))
    return {name: statistics.median(one[name] for one in seen) for name in seen[0]}


def worked(browser: Browser, address: str, first: bool) -> tuple[float, float]:
    """The processor's time for one cold load, free of what else the machine does.

    Returns:
        ms of the page's own thread; ms that its tasks block where everything is slowed down.
    """
    browser.start_tracing(categories=["toplevel", "devtools.timeline", "__metadata"])
    with opened(browser, address, first) as page:
        page.wait_for_timeout(CALM)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    (renderer,) = {
        one["pid"] for one in events if one["name"] == "CommitLoad" and address in one["args"]["data"]["url"]
    }
    names = [one for one in events if one["name"] == "thread_name" and one["pid"] == renderer]
    (thread,) = {one["tid"] for one in names if one["args"]["name"] == "CrRendererMain"}
    mine = [
        one for one in events if (one["pid"], one["tid"]) == (renderer, thread) and one["name"].endswith("::RunTask")
    ]
    tasks = [one["tdur"] / 1000 for one in mine if "tdur" in one]
    return sum(tasks), sum(max(0.0, SLOWER * task - LONG) for task in tasks)


def files(page: Page, address: str) -> tuple[set[str], int]:
    """The page's files fetched so far without the questions of the API, and how many came from other hosts."""
    fetched = {name for name in page.evaluate(FETCHED) if not name.startswith("data:")}
    foreign = sum(not name.startswith(address + "/") for name in fetched)
    return {name for name in fetched if "/api/" not in name}, foreign


def weight(page: Page, names: Iterable[str]) -> int:
    """Bytes of the files as the server sends them to a browser: compressed."""
    return sum(int(page.request.get(name).headers["content-length"]) for name in names)


def shell(browser: Browser, address: str) -> list[str]:
    """Every file that the page may ever fetch: what the service worker keeps, and that itself."""
    with opened(browser, address, False, service_workers="allow") as page:
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        kept = "caches.keys().then(([name]) => caches.open(name)).then((cache) => cache.keys())"
        return [*page.evaluate(f"{kept}.then((all) => all.map(({{ url }}) => url))"), f"{address}/sw.js"]


def violations(browser: Browser, address: str, scheme: str) -> int:
    """What axe finds on the page with a reading, and in its sheets."""
    found = 0
    with opened(browser, address, True, color_scheme=scheme, reduced_motion="reduce") as page:
        found += Axe().run(page).violations_count
        for opener in ("#reading .char", "#open-options", "#open-keys", "#type", "#save"):
            page.locator(opener).first.click()
            page.wait_for_selector("dialog[open]")
            found += Axe().run(page).violations_count
            page.keyboard.press("Escape")
    return found


def weights(browser: Browser, address: str) -> Iterator[tuple[str, str]]:
    """What is fetched, and how heavy it is."""
    with opened(browser, address, False) as page:
        page.wait_for_load_state("networkidle")
        eager, foreign = files(page, address)
        yield "files before anything is drawn", f"{len(eager)}, {weight(page, eager) / 1000:.1f} kB"
        draw_text(page, "17", Finger(page))
        expect_text(page, "17")
        page.wait_for_function("'Chart' in window")
        read, more = files(page, address)
        yield "files up to the first reading", f"{len(read)}, {weight(page, read) / 1000:.1f} kB"
        everything = shell(browser, address)
        yield (
            "all files, with every lazy part and the about page",
            f"{len(everything)}, {weight(page, everything) / 1000:.1f} kB",
        )
        yield "requests to other hosts", str(foreign + more)


def main(times: int) -> None:
    """Prints the table."""
    rows: list[tuple[str, str]] = []
    application = create_app({"ACCESS_LOG": False, "RATE_LIMIT": "", "TIME_BUDGET": 300.0})
    with serving(application) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        rows += weights(browser, address)
        for first, title in ((False, "empty page"), (True, "first visit, the example read")):
            seen = timed(browser, address, first, times)
            work, blocked = (
                statistics.median(one)
                for one in zip(*(worked(browser, address, first) for _ in range(times)), strict=True)
            )
            rows += [
                (f"{title}: processor time of its thread, not slowed", f"{work:.0f} ms"),
                (f"{title}: total blocking time, of the processor's time × {SLOWER}", f"{blocked:.0f} ms"),
                (f"{title}: total blocking time, by the clock, slowed {SLOWER} ×", f"{seen['blocked']:.0f} ms"),
                (f"{title}: first contentful paint, slowed {SLOWER} ×", f"{seen['first']:.0f} ms"),
                (f"{title}: largest contentful paint, slowed {SLOWER} ×", f"{seen['paint']:.0f} ms"),
                (f"{title}: layout shift", f"{seen['shift']:.4f}"),
            ]
        for scheme in ("light", "dark"):
            rows.append(
                (f"axe violations, {scheme}: page, reading and sheets", str(violations(browser, address, scheme)))
            )
        browser.close()
    print("| what | measured |\n|---|---|", *(f"| {what} | {measured} |" for what, measured in rows), sep="\n")
    print(f"\n{times} loads, load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
