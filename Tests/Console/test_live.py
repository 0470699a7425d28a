"""Live updates: they move the page, stop when they are told to, and leave nothing behind."""

import os

from playwright.sync_api import expect

SECONDS = int(os.environ.get("LIVE_SECONDS", "20"))


def test_live_updates_leave_nothing_behind(world, visit):
    page = visit(world, "/").page
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def look():
        tools.send("HeapProfiler.collectGarbage")
        return {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}

    expect(page.get_by_role("button", name="Live")).to_be_visible()
    page.wait_for_timeout(6_000)
    before = look()
    page.wait_for_timeout(SECONDS * 1_000)
    after = look()
    # A leak of one row's objects a second would be some kilobytes each; the tables hold a fixed number of rows.
    assert after["JSHeapUsedSize"] < 60e6
    assert after["JSHeapUsedSize"] - before["JSHeapUsedSize"] < 4e6
    assert after["Nodes"] - before["Nodes"] < 1_500
    # The processor's own time, whatever else the machine does.
    assert (after["TaskDuration"] - before["TaskDuration"]) / SECONDS < 0.10


def test_a_paused_page_stands_still(world, visit):
    page = visit(world, "/requests?range=15m").page
    page.get_by_role("button", name="Live").click()
    expect(page.get_by_role("button", name="Paused")).to_be_visible()
    seen = page.locator("main").inner_text()
    page.wait_for_timeout(3_000)
    assert page.locator("main").inner_text() == seen
    page.get_by_role("button", name="Paused").click()
    expect(page.get_by_role("button", name="Live")).to_be_visible()


def test_a_hidden_page_asks_for_nothing(world, visit):
    watched = visit(world, "/")
    page = watched.page
    expect(page.get_by_role("button", name="Live")).to_be_visible()
    asked = []
    page.evaluate("""() => { Object.defineProperty(document, "hidden", {value: true, configurable: true});
        document.dispatchEvent(new Event("visibilitychange")) }""")
    page.wait_for_timeout(500)
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(4_000)
    assert not asked
