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


def test_a_phone_leads_to_the_account_and_out(fresh, visit, browser):
    running = fresh(token="a-token-of-the-tests-0123456789")
    context = browser.new_context(viewport={"width": 390, "height": 800})
    context.add_init_script("if (!sessionStorage.tried) { sessionStorage.tried = 1; "
                            "sessionStorage.setItem('sira.token', 'a-token-of-the-tests-0123456789') }")
    watched = visit(running, "/keys", context=context)
    watched.expected |= {"/api/v1/me"}
    page = watched.page
    page.get_by_role("button", name="Menu").click()
    menu = page.get_by_role("complementary")
    expect(menu.get_by_role("link", name="Account", exact=True)).to_be_visible()
    menu.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in"))


def found(page, words: str):
    page.keyboard.press("Control+k")
    box = page.locator("dialog.pal")
    box.get_by_role("combobox").fill(words)
    return box.get_by_role("option")


@pytest.mark.parametrize("words, name", [
    ("gpt-5", "gpt-5"), ("openai", "OpenAI"), ("dark", "Switch between light and dark theme"), ("language", "Switch language (中文)"),
    ("invite", "Invite somebody"), ("create budget", "Create a budget"), ("create key", "Create a key"), ("add provider", "Add a provider"),
    ("payments, m", "payments, monthly")])
def test_the_palette_finds(world, visit, words, name):
    page = visit(world, "/keys").page
    expect(found(page, words).locator("span").get_by_text(name, exact=True)).to_be_visible()


def test_the_palette_opens_a_request_by_its_id(world, visit):
    world.call(world.world.keys[0], model="gpt-5")
    one = world.world.until_booked(1)[0]["id"]
    page = visit(world, "/keys").page
    expect(found(page, one)).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/requests/" + one))


def test_rows_are_walked_from_anywhere(world, visit):
    page = visit(world, "/keys").page
    rows = page.locator("tbody tr.opens")
    expect(rows.first).to_be_visible()
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.locator("#main").focus()
    # The row that had it last has it again.
    page.keyboard.press("k")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/keys/key_"))


def test_a_range_that_is_none_is_told_once(world, visit):
    page = visit(world, "/requests?range=banana").page
    expect(page.locator(".toast")).to_contain_text("banana")
    expect(page.locator(".toast")).to_have_count(1)
    page.goto(world.address + "/requests?range=15m")
    expect(page.locator("tbody tr.opens").first).to_be_visible()
    expect(page.locator(".toast")).to_have_count(0)


def test_the_keyboard_help_names_pages(world, visit):
    page = visit(world, "/keys").page
    page.keyboard.press("?")
    box = page.get_by_role("dialog", name="Keyboard")
    expect(box.locator(".pages > div").filter(has_text="Budgets").locator("kbd")).to_have_text(["g", "b"])
    assert "⌘" not in box.inner_text()


@pytest.mark.parametrize("width", [1440, 390])
def test_status_is_on_its_line(world, visit, width):
    world.call(world.world.keys[0], model="gpt-5")
    page = visit(world, "/requests?range=15m", width=width).page
    line = page.locator("tbody tr.opens, .rows .l2").first
    expect(line).to_be_visible()
    off = line.evaluate("""line => {
        const middle = (one) => { const { top, height } = one.getBoundingClientRect(); return top + height / 2; };
        return Math.abs(middle(line.querySelector(".status")) - middle(line));
    }""")
    assert off < 2, off


def test_what_is_not_known_is_not_told(fresh, visit):
    running = fresh()
    watched = visit(running, "/keys")
    watched.expected |= {"/api/"}
    health = watched.page.locator("#side .health")
    expect(health).to_contain_text("providers up")
    running.world.gateway.kill()
    expect(health).to_contain_text("not connected", timeout=10_000)
    expect(health).not_to_contain_text("All systems normal")
