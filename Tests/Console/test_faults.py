"""What went wrong once: each test failed before its fault was mended."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

PASSWORD = "a difference engine 1842"
#: What a page has on https and on this machine alone.
PLAIN_HTTP = "delete Crypto.prototype.randomUUID; Object.defineProperty(Navigator.prototype, 'clipboard', {value: undefined});"


def refuse(page, path: str, status: int, code: str, method: str | None = None) -> None:
    """Answers a path of the API with a refusal, in place of the gateway."""

    def answer(route):
        if method and route.request.method != method:
            return route.fallback()
        body = json.dumps({"error": {"code": code, "message": "No."}})
        route.fulfill(status=status, content_type="application/json", body=body)

    page.route("**/api/v1" + path, answer)


@pytest.fixture(scope="module")
def owned(fresh):
    """A world with an owner, who has to sign in."""
    running = fresh()
    running.world.settle()
    code = re.search(r"/setup#code=([\w-]+)", Path(running.world.folder, "sira.log").read_text())[1]
    running.world.admin("POST", "/setup", {"code": code, "name": "Ada", "email": "ada@example.com", "password": PASSWORD})
    return running


@pytest.fixture(scope="module")
def busy(fresh):
    """A world with more requests than a page of the log has."""
    running = fresh()
    running.world.settle()
    send(running, 260)
    return running


def send(running, count: int) -> None:
    body = {"model": "gpt-5-mini", "max_tokens": 8, "messages": [{"role": "user", "content": "Good morning."}]}

    async def some():
        for _ in range(count // 20):
            await asyncio.gather(*(running.world.call(running.world.keys[0], body) for _ in range(20)))

    running.run(some())


def stranger(visit, running):
    """A reader whom the gateway does not let in yet."""
    watched = visit(running, "/sign-in")
    expect(watched.page.get_by_label("E-mail")).to_be_visible()
    watched.expected |= {"/api/v1/me"}
    watched.faults = [fault for fault in watched.faults if "/api/v1/me" not in fault]
    return watched


def enter(page, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_signing_in_leads_to_the_page_that_was_asked_for(owned, visit):
    watched = stranger(visit, owned)
    page = watched.open("/keys?q=support&sort=name")
    enter(page)
    expect(page).to_have_url(owned.address + "/keys?q=support&sort=name", timeout=20_000)
    expect(page.get_by_role("row")).to_have_count(5)
    # Who is in already is led on too, and not back here.
    page.goto(owned.address + "/sign-in?next=%2Fbudgets%3Ftab%3Dpast")
    expect(page).to_have_url(owned.address + "/budgets?tab=past")


def test_a_wrong_current_password_does_not_end_the_session(owned, visit):
    watched = stranger(visit, owned)
    page = watched.open("/settings?tab=account")
    enter(page)
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible(timeout=20_000)
    refuse(page, "/me/password", 401, "wrong_credentials")
    page.locator("#field-current").fill("not this one at all")
    page.locator("#field-new").fill("an analytical engine 1837")
    page.locator("form").filter(has=page.locator("#field-current")).locator("button[type=submit]").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page).to_have_url(owned.address + "/settings?tab=account")


def test_a_dead_token_is_forgotten_and_a_gateway_in_trouble_is_no_sign_out(world, visit):
    watched = visit(world, "/keys")
    watched.expected |= {"/api/v1/"}
    page = watched.page
    page.evaluate("sessionStorage.setItem('sira.token', 'sira-dead')")
    page.route("**/api/v1/me", lambda route: route.fulfill(status=401, content_type="application/json", body='{"error":{"code":"unauthorized","message":"No."}}')
               if "authorization" in route.request.headers else route.fallback())
    page.goto(world.address + "/keys?q=web")
    # Without it the gateway lets this machine in. The page's policy does not let the driver wait for a function.
    for _ in range(200):
        if page.evaluate("sessionStorage.getItem('sira.token')") is None:
            break
        page.wait_for_timeout(50)
    assert page.evaluate("sessionStorage.getItem('sira.token')") is None
    page.unroute("**/api/v1/me")
    refuse(page, "/me", 503, "unavailable")
    page.goto(world.address + "/keys?q=web")
    expect(page.get_by_text("The gateway does not answer")).to_be_visible()
    expect(page).to_have_url(world.address + "/keys?q=web")
    page.unroute("**/api/v1/me")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="API keys", level=1)).to_be_visible()


def test_roles_and_plans_of_ones_own_are_edited(world, visit):
    admin = world.world.admin
    role = admin("POST", "/roles", {"name": "bookkeeper", "permissions": ["usage:read"]})["id"]
    plan = admin("POST", "/plans", {"name": "Small", "features": ["savings_reports"]})["id"]
    watched = visit(world, "/teams?tab=roles")
    page = watched.page
    page.get_by_role("button", name="Edit: bookkeeper").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Name")).to_have_value("bookkeeper")
    box = dialog.locator(".grants > div").filter(has_text="Billing").get_by_role("checkbox").first
    box.check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    assert sorted(admin("GET", f"/roles/{role}")["permissions"]) == ["billing:read", "usage:read"]
    watched.open("/billing?tab=plans")
    page.get_by_role("button", name="Edit: Small").click()
    expect(dialog.get_by_label("Name")).to_have_value("Small")
    dialog.get_by_label("Name").fill("Smaller")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    assert admin("GET", f"/plans/{plan}")["name"] == "Smaller"


def test_over_plain_http_keys_are_made_and_texts_are_there_to_be_copied(world, visit, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(PLAIN_HTTP)
    page = visit(world, "/keys?new=1", context=context).page
    page.get_by_label("Name").fill("plain")
    page.get_by_role("button", name="Create key").click()
    key = page.locator(".secret code").inner_text()
    page.get_by_role("button", name="Copy").click()
    hand = page.get_by_role("textbox", name="Copy it by hand")
    expect(hand).to_be_focused()
    assert page.evaluate("document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)") == key
    page.keyboard.press("Escape")
    expect(hand).to_be_hidden()
    expect(page.locator(".secret code")).to_be_visible()


def test_what_is_shown_once_is_not_closed_by_the_way(world, visit):
    page = visit(world, "/keys?new=1").page
    page.get_by_label("Name").fill("kept")
    # Beside the form, and Escape in it.
    page.mouse.click(5, 450)
    expect(page.get_by_label("Name")).to_have_value("kept")
    page.keyboard.press("Escape")
    question = page.get_by_role("dialog", name="Throw away what you entered?")
    question.get_by_role("button", name="Cancel").click()
    expect(page.get_by_label("Name")).to_have_value("kept")
    page.get_by_role("button", name="Create key").click()
    secret = page.locator(".secret code")
    expect(secret).to_be_visible()
    page.mouse.click(5, 450)
    question = page.get_by_role("dialog", name="Have you kept it?")
    for is_asked in (True, False, True):
        # Wherever the focus is: the button that had it has gone.
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("Escape")
        expect(question).to_be_visible(visible=is_asked)
    # Faster than the browser tells that a box was closed: that tells nothing of the question asked since.
    page.evaluate("""async () => {
      for (let pressed = 0; pressed < 2; pressed += 1) {
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
        for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      }
      await new Promise((done) => setTimeout(done, 50));
    }""")
    expect(question).to_be_visible()
    question.get_by_role("button", name="Cancel").click()
    expect(secret).to_be_visible()
    page.get_by_role("button", name="I have copied it").click()
    expect(secret).to_be_hidden()
    # What holds nothing closes as ever; a press on its own frame is none beside it.
    page.get_by_role("button", name="Account").click()
    box = page.get_by_role("dialog", name="Account")
    frame = box.bounding_box()
    page.mouse.click(frame["x"] + frame["width"] - 2, frame["y"] + frame["height"] - 2)
    expect(box).to_be_visible()
    page.mouse.click(5, 450)
    expect(box).to_be_hidden()


def test_the_log_goes_on_after_the_first_page(busy, visit):
    page = visit(busy, "/requests?range=1h").page
    table, box = page.get_by_role("table", name="Requests"), page.get_by_role("group", name="Requests")
    expect(table).to_have_attribute("aria-rowcount", "101")
    box.evaluate("(box) => box.scrollTop = 1200")
    page.wait_for_timeout(300)
    for _ in range(6):
        box.evaluate("(box) => box.scrollTop = box.scrollHeight")
        page.wait_for_timeout(300)
    expect(table).to_have_attribute("aria-rowcount", "261")


def test_requests_that_came_while_the_page_was_paused_are_there_again(busy, visit):
    page = visit(busy, "/requests?range=1h").page
    live = page.get_by_role("button", name=re.compile("^(Live|Paused)$"))
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    expect(live).to_have_text("Live")
    page.wait_for_timeout(1_500)
    live.click()
    send(busy, 140)
    page.wait_for_timeout(1_500)
    live.click()
    table, box = page.get_by_role("table", name="Requests"), page.get_by_role("group", name="Requests")
    page.wait_for_timeout(1_500)
    for _ in range(8):
        box.evaluate("(box) => box.scrollTop = box.scrollHeight")
        page.wait_for_timeout(300)
    expect(table).to_have_attribute("aria-rowcount", "401")


def test_a_draft_outlives_what_others_change(world, visit):
    admin = world.world.admin

    def change(patch):
        admin("POST", "/configuration/apply", {"patch": patch, "base_version": admin("GET", "/configuration")["version"], "reason": "test"})

    page = visit(world, "/routing?tab=rules&route=best").page
    first = page.get_by_role("textbox", name="Target 1").or_(page.get_by_role("combobox", name="Target 1"))
    first.fill("openai/gpt-5-mini")
    # Another route is changed; the page hears of it by and by, or when it is asked to.
    change({"routes": {"auto": {"fallbacks": ["best"]}}})
    page.get_by_role("link", name="API keys").first.click()
    expect(page).to_have_url(re.compile("/keys"))
    page.go_back()
    expect(first).to_have_value("openai/gpt-5-mini")
    expect(page.get_by_text("Somebody changed this route meanwhile")).to_be_hidden()
    change({"routes": {"best": {"strategy": "cheapest"}}})
    page.get_by_role("link", name="API keys").first.click()
    expect(page).to_have_url(re.compile("/keys"))
    page.go_back()
    expect(first).to_have_value("openai/gpt-5-mini")
    expect(page.get_by_text("Somebody changed this route meanwhile")).to_be_visible()
    page.locator(".editor").get_by_role("button", name="Close").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(first).to_have_value("openai/gpt-5-mini")
    page.get_by_role("button", name="Begin anew from what is in force").click()
    page.get_by_role("button", name="Throw away").click()
    expect(first).to_have_value("anthropic/claude-sonnet-4-5")


def test_keys_beyond_a_page_are_listed_and_unknown_use_is_not_called_none(fresh, visit):
    running = fresh()
    for number in range(215):
        running.world.admin("POST", "/keys", {"name": f"key-{number:03}"})
    watched = visit(running, "/keys?sort=name")
    page = watched.page
    table = page.get_by_role("table", name="API keys")
    expect(table).to_have_attribute("aria-rowcount", "216")
    expect(page.get_by_role("row").nth(1)).to_contain_text("$0.00")
    watched.expected |= {"/api/v1/usage"}
    refuse(page, "/usage*", 503, "unavailable")
    page.reload()
    expect(page.get_by_text("What keys cost is not known")).to_be_visible()
    expect(page.get_by_role("row").nth(1)).not_to_contain_text("$0.00")


def test_a_report_shows_no_figures_of_another_period(world, visit):
    watched = visit(world, "/keys")
    page = watched.page
    sums = {"requests": 3, "input_tokens": 5, "output_tokens": 7, "cost_usd": "0.500000000"}
    month = json.dumps({"data": [sums | {"model": "gpt-5", "team": "team_1", "key": "key_1"}], "has_more": False, "total": sums})
    page.route("**/api/v1/usage*", lambda route: route.fulfill(status=200, content_type="application/json", body=month))
    watched.open("/cost?tab=reports&period=month")
    save = page.get_by_role("button", name="CSV")
    expect(save).to_be_enabled()
    expect(page.get_by_role("region", name="By model").locator("tbody tr").first).to_be_visible()
    watched.expected |= {"/api/v1/usage"}
    refuse(page, "/usage*", 503, "unavailable")
    page.get_by_role("radio", name="Day").click()
    expect(page.get_by_role("region", name="By model").get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("region", name="By model").locator("tbody tr")).to_have_count(0)
    expect(save).to_be_disabled()
