"""Addresses of the console: those that are none, those that lead on, and those of an older console."""

import re

import pytest
from playwright.sync_api import expect


def go(page, address: str) -> None:
    """Goes there within the console, as its links do."""
    page.evaluate("address => { history.pushState(null, '', address); dispatchEvent(new PopStateEvent('popstate')) }", address)


@pytest.mark.parametrize("address, part", [
    ("/requests/%", ".rq-page"), ("/requests?range=constructor", ".rq-main tbody tr"),
    ("/requests?from=1&to=99999999999999999", ".rq-main tbody tr"),
    ("/cost?tab=reports&period=day&at=2026-13-40", ".sheet-meta"), ("/teams?tab=nonsense", "#tab-structure[aria-selected=true]")])
def test_what_is_no_address_shows_the_page(world, visit, address, part):
    watched = visit(world, "/keys")
    # What is not there is asked for by its own page alone.
    watched.expected |= {"/api/v1/requests/%25"}
    go(watched.page, address)
    expect(watched.page.locator(part).first).to_be_visible(timeout=10_000)
    expect(watched.page.get_by_role("heading", level=1)).not_to_have_text("API keys")


def test_a_deployment_is_a_filter_everywhere(world, visit):
    world.call(world.world.keys[0], model="gpt-5-mini")
    page = visit(world, "/?deployment=openai/gpt-5-mini&range=1h").page
    expect(page.get_by_role("region", name="Spend by model").get_by_role("button", name="gpt-5-mini")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("region", name="Spend by model").get_by_role("listitem")).to_have_count(1)
    page.goto(world.address + "/requests?deployment=openai/gpt-5-mini&range=1h")
    page.get_by_role("combobox").fill("model:")
    expect(page.get_by_role("option", name=re.compile("gpt-5-mini"))).to_be_visible()


def test_what_was_asked_for_is_left_out(world, visit):
    page = visit(world, "/requests?range=15m&q=asked:auto").page
    page.locator("tbody tr.opens").first.click()
    page.get_by_role("link", name="Leave out auto").or_(page.locator("a[href*='-asked']")).first.click()
    expect(page).to_have_url(re.compile("-asked%3Aauto"))
    expect(page.locator("#query-error")).to_have_count(0)


def test_a_request_in_the_playground_is_no_time_range(world, visit):
    page = visit(world, "/requests?range=15m").page
    page.locator("tbody tr.opens").first.click()
    page.get_by_role("link", name=re.compile("playground", re.I)).last.click()
    expect(page).to_have_url(re.compile(r"/playground\?.*request=req_"))
    expect(page.locator("#side").get_by_role("link", name="Requests")).not_to_have_attribute("href", re.compile("from="))


def test_windows_keep_their_length(world, visit):
    page = visit(world, "/requests?range=1h").page
    expect(page.locator("tbody tr.opens").first).to_be_visible()
    page.locator("#main").focus()
    page.keyboard.press("]")
    expect(page).to_have_url(re.compile(r"range=1h$"))
    page.keyboard.press("[")
    expect(page).to_have_url(re.compile("from="))
    page.keyboard.press("]")
    page.keyboard.press("]")
    page.wait_for_timeout(100)
    start, end = (int(re.search(name + r"=(\d+)", page.url)[1]) for name in ("from", "to"))
    assert abs(end - start - 3_600) <= 1


def test_an_older_console_is_loaded_anew(world, visit):
    watched = visit(world, "/keys")
    page = watched.page
    watched.expected |= {"/assets/pages/budgets.js"}
    page.route("**/assets/pages/budgets.js", lambda route: route.fulfill(status=404), times=1)
    page.route(world.address + "/", lambda route: route.fulfill(body='<script src="/a/newer/assets/app.js">'), times=1)
    page.evaluate("window.older = true")
    page.locator("#side").get_by_role("link", name="Budgets").click()
    expect(page.get_by_role("heading", name="Budgets", level=1)).to_be_visible()
    expect(page.locator("main section").first).to_be_visible()
    expect(page.get_by_text("There is no such page")).to_have_count(0)
    assert page.evaluate("window.older") is None
    # A page that never was is no reason to do so.
    page.evaluate("window.older = true")
    watched.expected |= {"no-such-page.js"}
    go(page, "/no-such-page")
    expect(page.get_by_text("There is no such page")).to_be_visible()
    assert page.evaluate("window.older") is True
