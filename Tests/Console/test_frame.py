"""The frame of the console: what is loaded, how fast, in which language and theme, with keyboard and phone."""

import re

import pytest
from playwright.sync_api import expect


def test_first_load_is_small_and_soon_ready(world, visit, browser):
    watched = visit(world, "/keys")
    page = watched.page
    expect(page.get_by_role("heading", name="API keys", level=1)).to_be_visible()
    loaded = page.evaluate("""() => performance.getEntriesByType("resource").filter((one) => one.name.includes("/a/"))
        .map((one) => one.transferSize).concat(performance.getEntriesByType("navigation")[0].transferSize)""")
    assert 10 < len(loaded) and sum(loaded) <= 400_000, sum(loaded)
    # The second visit takes everything but the document from the browser's own store.
    page.reload()
    expect(page.get_by_role("heading", name="API keys", level=1)).to_be_visible()
    again = page.evaluate("""() => performance.getEntriesByType("resource").filter((one) => one.name.includes("/a/"))
        .map((one) => one.transferSize)""")
    assert sum(again) == 0


@pytest.mark.parametrize("name", ["overview", "requests", "keys", "settings"])
def test_scripts_come_in_one_wave(world, visit, name):
    page = visit(world, f"/{name}").page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    named = page.eval_on_selector_all("link[rel=modulepreload], script", "(all) => all.map((one) => one.href ?? one.src)")
    loaded = page.evaluate("() => performance.getEntriesByType('resource').map((one) => one.name).filter((name) => name.endsWith('.js'))")
    assert len(loaded) > 20 and set(loaded) <= set(named), set(loaded) - set(named)


def test_policy_allows_nothing_unsafe(world, visit):
    watched = visit(world, "/")
    answer = watched.page.request.get(world.address + "/")
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy and "require-trusted-types-for 'script'" in policy
    assert answer.headers["x-frame-options"] == "DENY" and answer.headers["referrer-policy"] == "no-referrer"
    # What a page tries all the same is refused by the browser.
    refused = watched.page.evaluate("""() => { try { document.body.innerHTML = "<p>x</p>"; return false } catch { return true } }""")
    assert refused
    watched.faults = [fault for fault in watched.faults if "TrustedHTML" not in fault]


def test_language_and_theme_are_switched_and_kept(world, visit):
    page = visit(world, "/keys").page
    page.get_by_role("button", name="切换到中文").click()
    expect(page.get_by_role("heading", name="API 密钥", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    page.get_by_role("button", name="深色主题").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    expect(page.get_by_role("heading", name="API 密钥", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_palette_finds_pages_and_keys(world, visit):
    page = visit(world, "/keys").page
    expect(page.get_by_role("row")).to_have_count(13)
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox")
    expect(box).to_be_focused()
    box.fill("support-production-web")
    expect(page.get_by_role("option")).to_have_count(1)
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/keys/key_"))
    expect(page.get_by_role("heading", name="support-production-web")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("row")).to_have_count(13)


def test_keyboard_goes_to_pages_but_not_while_typing(world, visit):
    page = visit(world, "/keys").page
    page.keyboard.press("g")
    page.keyboard.press("b")
    expect(page).to_have_url(re.compile("/budgets"))
    page.keyboard.press("g")
    page.keyboard.press("k")
    expect(page).to_have_url(re.compile("/keys"))
    page.get_by_role("searchbox").fill("gbtt?")
    expect(page).to_have_url(re.compile(r"/keys\?q="))
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_address_is_the_view(world, visit):
    page = visit(world, "/keys?q=support&sort=name").page
    expect(page.get_by_role("row")).to_have_count(5)
    names = page.locator("tbody tr td:first-child").all_inner_texts()
    assert names == sorted(names) and all("support" in name for name in names)
    page.get_by_role("button", name="Requests, 30 d").click()
    assert "sort=-requests" in page.url
    page.go_back()
    assert "sort=name" in page.url


def test_phone_has_no_sideways_page(world, visit):
    page = visit(world, "/keys", width=390).page
    expect(page.get_by_role("navigation", name="Main pages")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("complementary").get_by_role("link", name="Budgets").click()
    expect(page).to_have_url(re.compile("/budgets"))


@pytest.mark.parametrize("path", ["/no-such-page", "/keys/../../etc/passwd", "/a/x/../../../etc/passwd", "/a/../index.html",
                                  "/a//etc/passwd", "/assets/app.js", "/a/%2e%2e/%2e%2e/etc/passwd"])
def test_nothing_else_is_served(world, browser, path):
    answer = browser.new_context().request.get(world.address + path)
    assert answer.status in (400, 404) or answer.url.endswith(("/keys", "/", "/etc/passwd")) and "root:" not in answer.text()
    assert "root:x:" not in answer.text()
