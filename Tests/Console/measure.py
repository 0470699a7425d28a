#!/usr/bin/env python3
"""What the console costs a browser: bytes and time of each page's first load, work and memory of live updates.

    Tests/Console/run --measure                    # a minute of live updates
    LIVE_SECONDS=3600 Tests/Console/run --measure  # an hour

Prints tables for docs/console.md. Times are this machine's; bytes, memory and the share of a core travel.
"""

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from conftest import Running

PAGES = sorted(path.stem for path in (Path(__file__).resolve().parents[2] / "web/assets/pages").glob("*.js"))
ROUNDS = 3
#: Notes when the first frame with something of the page itself is drawn: the page's own clock, not the driver's.
NOTE = """new MutationObserver((_, observer) => {
    if (!document.querySelector("main :is(.card, .door-box, h1)")) return;
    observer.disconnect();
    requestAnimationFrame(() => (window.measured = performance.now()));
}).observe(document, { childList: true, subtree: true })"""


def first_loads(browser, running: Running) -> None:
    print("| page | files | bytes, compressed | ready, ms |\n| --- | ---: | ---: | ---: |")
    for name in PAGES:
        rounds = []
        for _ in range(ROUNDS):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            context.add_init_script(NOTE)
            page = context.new_page()
            page.goto(f"{running.address}/{name}", wait_until="commit")
            page.wait_for_selector("main :is(.card, .door-box, h1)")
            page.wait_for_timeout(1_500)
            ready = page.evaluate("window.measured")
            sizes = page.evaluate("""() => performance.getEntriesByType("resource").filter((one) => one.name.includes("/a/"))
                .map((one) => one.transferSize).concat(performance.getEntriesByType("navigation")[0].transferSize)""")
            rounds.append((len(sizes), sum(sizes), ready))
            context.close()
        files, size, ready = sorted(rounds, key=lambda one: one[2])[ROUNDS // 2]
        print(f"| {name} | {files} | {size:,} | {ready:.0f} |", flush=True)


def live_updates(browser, running: Running, seconds: int) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(running.address + "/")
    tools = context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def look() -> dict[str, float]:
        tools.send("HeapProfiler.collectGarbage")
        return {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}

    page.wait_for_timeout(10_000)
    first = look()
    print("\n| after, s | heap, MB | nodes | listeners | share of a core, % |\n| ---: | ---: | ---: | ---: | ---: |")
    before, passed = first, 0
    for part in range(6):
        page.wait_for_timeout(seconds * 1_000 / 6)
        passed += seconds / 6
        now = look()
        share = (now["TaskDuration"] - before["TaskDuration"]) / (seconds / 6)
        print(f"| {passed:.0f} | {now['JSHeapUsedSize'] / 1e6:.1f} | {now['Nodes']:.0f} | {now['JSEventListeners']:.0f} "
              f"| {share * 100:.1f} |", flush=True)
        before = now
    grown = (before["JSHeapUsedSize"] - first["JSHeapUsedSize"]) / 1e6
    print(f"\nThe heap has grown by {grown:.1f} MB since the first look.")
    context.close()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="sira-measure-") as folder, sync_playwright() as driver:
        running = Running(folder)
        try:
            running.world.settle()
            running.begin(running.world.traffic(20))
            browser = driver.chromium.launch(executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"])
            first_loads(browser, running)
            live_updates(browser, running, int(os.environ.get("LIVE_SECONDS", "60")))
            browser.close()
        finally:
            running.stop()


if __name__ == "__main__":
    sys.exit(main())
