"""Readers of the console: their zone and language, their keyboard, and the clicks they make twice."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def owned(fresh):
    """A world with an owner who lives in Nepal and reads Chinese."""
    return fresh()


def own(running, context):
    log = open(f"{running.world.folder}/sira.log").read()
    code = re.search(r"/setup#code=([\w-]+)", log)[1]
    answer = context.request.post(running.address + "/api/v1/setup", headers={"x-sira-console": "1"}, data={
        "code": code, "name": "Ada Lovelace", "email": "ada@example.com", "password": "a difference engine 1842",
        "language": "zh-CN", "time_zone": "Asia/Kathmandu"})
    assert answer.ok, answer.text()


def test_zone_and_language_are_those_of_the_account(owned, visit, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, timezone_id="America/New_York", locale="en-US")
    own(owned, context)
    page = visit(owned, "/settings?tab=general", context=context).page
    expect(page.get_by_role("heading", name="设置", level=1)).to_be_visible()
    expect(page.get_by_text("Asia/Kathmandu")).to_be_visible()
    page.goto(owned.address + "/requests")
    page.locator(".range-b").click()
    page.get_by_role("button", name="今天").click()
    expect(page).to_have_url(re.compile("from="))
    # Clocks there are five hours and three quarters ahead.
    assert (int(re.search(r"from=(\d+)", page.url)[1]) + 20_700) % 86_400 == 0
    # What is chosen in this browser from then on counts.
    page.get_by_role("button", name="Switch to English").click()
    page.reload()
    expect(page.get_by_role("heading", name="Requests", level=1)).to_be_visible()


def test_what_is_composed_is_no_command(world, visit):
    page = visit(world, "/keys").page
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox")
    expect(box).to_be_focused()
    box.evaluate("one => one.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }))")
    expect(page.locator("dialog.pal")).to_be_visible()
    box.press("Enter")
    expect(page.locator("dialog.pal")).not_to_be_visible()


def test_refusals_are_told_in_chinese(world, visit):
    watched = visit(world, "/keys", language="zh")
    watched.expected |= {"/api/v1/keys/key_none"}
    watched.page.goto(world.address + "/keys/key_none")
    expect(watched.page.get_by_role("alert").first).to_contain_text("找不到")


def test_the_keyboard_reaches_choices_and_comes_back(world, visit):
    page = visit(world, "/requests?from=1760000000&to=1760003600").page
    expect(page.get_by_role("radiogroup", name="Time range").get_by_role("radio").first).to_have_attribute("tabindex", "0")
    page.goto(world.address + "/requests?range=15m")
    row = page.locator("tbody tr.opens").nth(1)
    row.focus()
    page.keyboard.press("Enter")
    panel = page.locator("aside.peek")
    panel.get_by_role("button", name="Close").focus()
    page.keyboard.press("Enter")
    expect(panel).to_have_count(0)
    assert page.evaluate("document.activeElement.matches('tr[data-i]')")
    page.locator("#side").get_by_role("link", name="Budgets").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Budgets", level=1)).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "main"


def test_bars_are_picked_by_keyboard(world, visit):
    page = visit(world, "/cost?range=24h").page
    bars = page.locator(".stack-bars svg[tabindex='0']").first
    bars.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".bar-tip")).to_be_visible()
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert page.url != before


def test_what_a_box_tells_is_within_it(world, visit):
    page = visit(world, "/keys?new=1").page
    page.get_by_label("Name").fill("told")
    page.get_by_role("button", name="Create key").click()
    page.locator(".secret").get_by_role("button", name="Copy").click()
    expect(page.locator("dialog[open] .toast")).to_have_text(re.compile("Copied"))
    page.get_by_role("button", name="I have copied it").click()
    expect(page.locator(".toast")).to_be_visible()
    assert page.locator("dialog .toast").count() == 0


def test_a_usual_rule_is_switched_once(world, visit):
    page = visit(world, "/alerts?tab=rules").page
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" and "/alert-rules" in request.url else None)
    button = page.get_by_role("button", name=re.compile("^(Switch off|Switch on): ")).first
    button.evaluate("one => { one.click(); one.click() }")
    expect(page.locator(".toast")).to_be_visible()
    assert len(sent) == 1 and sent[0].headers.get("idempotency-key")


def test_the_playground_asks_once(world, visit):
    page = visit(world, "/playground?models=gpt-5-mini").page
    sent = []
    page.on("request", lambda request: sent.append(request) if request.url.endswith("/api/v1/playground") else None)
    page.locator("textarea").last.fill("Good morning.")
    page.keyboard.down("Control")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.up("Control")
    expect(page.locator(".play-f").first).to_be_visible()
    assert len(sent) == 1


def test_a_late_verdict_is_not_shown_under_another_provider(world, visit):
    page = visit(world, "/providers?peek=openai").page
    held = []
    page.route("**/providers/openai/test", lambda route: held.append(route))
    page.get_by_role("button", name="Test", exact=False).first.click()
    page.wait_for_timeout(200)
    page.evaluate("history.pushState(null, '', '/providers?peek=anthropic'); dispatchEvent(new PopStateEvent('popstate'))")
    expect(page.locator("dialog[open] .mono").first).to_be_visible()
    held[0].fulfill(json={"ok": True, "latency_ms": 5, "models": ["gpt-of-another"]})
    page.wait_for_timeout(300)
    expect(page.locator("dialog[open] .verdict")).to_have_count(0)
    assert page.get_by_role("button", name="Test", exact=False).first.is_enabled()


def test_a_download_that_fails_says_so(fresh, visit, browser):
    running = fresh(token="a-token-of-the-tests-0123456789")
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script("sessionStorage.setItem('sira.token', 'a-token-of-the-tests-0123456789')")
    watched = visit(running, "/requests", context=context)
    watched.page.route("**/requests/export*", lambda route: route.abort())
    watched.page.get_by_role("link", name="Export CSV").click()
    expect(watched.page.locator(".toast.bad")).to_be_visible()


@pytest.fixture(scope="module")
def teams(fresh):
    """A world where somebody has a role in one team alone; gives it and their token."""
    running = fresh(token="a-token-of-the-tests-0123456789")
    running.world.settle()
    admin = running.world.admin
    team = admin("GET", "/teams")["data"][0]["id"]
    account = admin("POST", "/service-accounts", {"name": "of a team", "roles": [{"role": "developer", "scope": f"team:{team}"}]})["id"]
    return running, admin("POST", f"/service-accounts/{account}/tokens", {"name": "console"})["token"]


def test_a_role_in_a_team_is_offered_what_it_may_see(teams, visit, browser):
    running, token = teams
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(f"sessionStorage.setItem('sira.token', '{token}')")
    watched = visit(running, "/keys", context=context)
    # Sums of all tenants are refused to a role in one; cards say so.
    watched.expected |= {"/api/v1/usage"}
    page = watched.page
    watched.faults.clear()
    menu = page.locator("#side nav")
    for name in ["Overview", "Requests", "Routing", "API keys", "Budgets", "Settings"]:
        expect(menu.get_by_role("link", name=name)).to_be_visible()
    for name in ["Providers & models", "Experiments", "Security", "Alerts"]:
        expect(menu.get_by_role("link", name=name)).to_have_count(0)
    # Nothing else is asked for that is refused: `visit` would tell.
    for path in ["/", "/routing", "/routing?tab=models", "/requests", "/settings"]:
        page.goto(running.address + path)
        expect(page.locator("main section").first).to_be_visible()
        page.wait_for_timeout(800)
    page.keyboard.press("g")
    page.keyboard.press("e")
    page.wait_for_timeout(200)
    assert "/experiments" not in page.url


def test_an_invitation_outlives_a_reload(owned, visit, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    watched = visit(owned, "/sign-in#invite=not-one", context=context)
    watched.expected |= {"/api/v1/me", "/api/v1/invitation"}
    page = watched.page
    password = page.get_by_label("Choose a password")
    expect(password).to_be_visible()
    watched.faults.clear()
    page.reload()
    expect(password).to_be_visible()
    password.fill("a difference engine 1842")
    page.keyboard.press("Enter")
    expect(page.locator(".form-error")).to_be_visible()
    page.reload()
    expect(password).to_have_count(0)


def test_a_refused_password_is_not_called_strong(fresh, visit):
    running = fresh()
    watched = visit(running, "/setup#code=" + re.search(r"/setup#code=([\w-]+)", open(f"{running.world.folder}/sira.log").read())[1])
    watched.expected |= {"/api/v1/setup"}
    page = watched.page
    page.get_by_label("Name").fill("Ada Lovelace")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill("correct horse battery staple")
    expect(page.locator(".strength")).to_have_class(re.compile("strong"))
    page.get_by_role("button", name=re.compile("owner|account", re.I)).first.click()
    expect(page.locator(".strength")).to_have_class(re.compile("weak"))
    # The code is still there after a reload, and the field for it is not asked for.
    page.reload()
    expect(page.get_by_label("Password")).to_be_visible()
    expect(page.get_by_label(re.compile("code", re.I))).to_have_count(0)
