"""What people come to the console for, from the first run on."""

import re
import time
from pathlib import Path

from playwright.sync_api import expect


def test_from_the_first_run_to_the_first_call(fresh, visit):
    running = fresh()
    log = Path(running.world.folder, "sira.log").read_text()
    link = re.search(r"/setup#code=[\w-]+", log)
    assert link, log
    watched = visit(running, link[0])
    page = watched.page
    page.get_by_label("Name", exact=True).fill("Ada Lovelace")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill("a difference engine 1842")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Language and time zone")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Next").click()
    # The world's configuration has providers already.
    page.get_by_role("button", name="Go on with these").click()
    expect(page.get_by_role("heading", name="Create a key")).to_be_visible()
    page.locator("form button[type=submit]").click()
    shown = page.get_by_text(re.compile(r"sk-sira-\w{20,}")).first
    expect(shown).to_be_visible()
    key = re.search(r"sk-sira-\w+", shown.inner_text())[0]
    status, _ = running.call(key, model="gpt-5-mini")
    assert status == 200
    expect(page.get_by_text("gpt-5-mini").last).to_be_visible(timeout=10_000)

    # The owner signs out, and nobody gets in without a password from then on.
    stranger = page.context.browser.new_context()
    assert stranger.request.get(running.address + "/api/v1/keys").status == 401
    watched.expected |= {"/api/v1/me", "/api/v1/session", "/api/v1/stream"}
    page.goto(running.address + "/keys")
    page.get_by_role("button", name="Account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill("not this one at all")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible(timeout=20_000)
    page.get_by_label("Password").fill("a difference engine 1842")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="API keys", level=1).or_(page.get_by_role("heading", name="Overview", level=1))).to_be_visible(timeout=20_000)
    stranger.close()


def test_an_invitation_is_accepted_and_a_second_factor_set_up(fresh, visit):
    # With a token this machine alone is nobody, as everybody is who is invited.
    running = fresh(token="the-admin-token")
    grace = {"name": "Grace Hopper", "email": "grace@example.com", "roles": [{"role": "owner"}]}
    user = running.world.admin("POST", "/users", grace)["id"]
    link = running.world.admin("POST", f"/users/{user}/invitation")["link_path"]
    assert "#invite=" in link
    watched = visit(running, link)
    # That nobody is signed in is told by 401.
    watched.expected |= {"/api/v1/me"}
    watched.faults.clear()
    page = watched.page
    expect(page).to_have_url(running.address + "/sign-in")
    page.get_by_label("Choose a password").fill("nanoseconds of copper wire")
    page.get_by_role("button", name="Accept and sign in").click()
    expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible(timeout=20_000)

    # A password that is wrong is told on the form, and ends nothing.
    watched.expected |= {"/api/v1/me/second-factor"}
    page.goto(running.address + "/settings?tab=account")
    form = page.locator("form").filter(has=page.get_by_role("button", name="Set up"))
    form.get_by_label("Current password").fill("not this one at all")
    form.get_by_role("button", name="Set up").click()
    expect(form.get_by_role("alert")).to_be_visible(timeout=20_000)
    form.get_by_label("Current password").fill("nanoseconds of copper wire")
    form.get_by_role("button", name="Set up").click()
    expect(page.get_by_label("Code that it shows")).to_be_visible(timeout=20_000)


def test_who_comes_back_from_a_provider_is_asked_for_the_second_factor(fresh, visit):
    watched = visit(fresh(token="the-admin-token"), "/sign-in?step=second-factor")
    watched.faults.clear()
    page = watched.page
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    expect(page.locator("input[name=code], #field-code")).to_be_visible()


def test_a_new_key_is_used_and_its_request_is_there_with_its_cost(world, visit):
    page = visit(world, "/keys?new=1").page
    page.get_by_label("Name").fill("journey")
    page.get_by_role("button", name="Create key").click()
    key = page.locator(".secret code").inner_text()
    page.get_by_role("button", name="I have copied it").click()
    page.goto(world.address + "/requests?range=15m")
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    status, _ = world.call(key, model="gpt-5")
    asked = time.monotonic()
    assert status == 200
    row = page.get_by_role("row").filter(has_text="journey")
    expect(row).to_be_visible(timeout=2_000)
    expect(row).to_contain_text("$0.0")
    assert time.monotonic() - asked < 3


def test_a_budget_is_set_trips_and_is_seen_to(fresh, visit):
    running = fresh()
    running.world.settle()
    page = visit(running, "/budgets?new=1").page
    page.locator("#field-name").fill("tiny")
    page.locator("#field-kind").select_option("user")
    page.locator("#field-target").fill("spender")
    page.locator("#field-amount").fill("0.0005")
    page.get_by_role("button", name="Make budget").click()
    row = page.get_by_role("row").filter(has_text="tiny")
    expect(row).to_contain_text("On track")
    answers = [running.call(running.world.keys[0], model="gpt-5", user="spender")[0] for _ in range(12)]
    assert answers[0] == 200 and answers[-1] == 402, answers
    assert answers == sorted(answers), "once it is used up, nothing is let through"
    # What is left is less than the next request may cost.
    expect(row).to_contain_text(re.compile("Warned|Blocking"), timeout=8_000)
    page.goto(running.address + "/requests?range=15m&q=status:402")
    expect(page.get_by_role("row").filter(has_text="402").first).to_be_visible()


def test_an_experiment_is_started_and_counts(fresh, visit):
    running = fresh()
    running.world.settle()
    page = visit(running, "/experiments").page
    page.get_by_role("button", name="New experiment").first.click()
    page.get_by_role("radio", name="A/B split").click()
    page.locator("#field-name").fill("newer")
    page.locator("#field-models").fill("gpt-5-mini")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Arm 2").fill("deepseek/deepseek-chat")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("Running").first).to_be_visible(timeout=10_000)
    for number in range(24):
        assert running.call(running.world.keys[0], model="gpt-5-mini", user=f"reader-{number}")[0] == 200
    usage = running.world.admin("GET", "/usage?group_by=model&percentiles=false")["data"]
    asked = {line["model"]: line["requests"] for line in usage}
    assert asked["gpt-5-mini"] > 0 and asked["deepseek-chat"] > 0, asked


def test_a_spike_leads_to_the_requests_behind_it(fresh, visit):
    running = fresh()
    running.world.settle()
    key = running.world.keys[0]
    for _ in range(12):
        running.call(key, model="deepseek-chat")
    running.world.provider.slow["deepseek"] = 9
    for _ in range(3):
        running.call(key, model="deepseek-chat")
    running.world.until_booked(15)
    page = visit(running, "/?range=15m").page
    chart = page.get_by_role("img", name=re.compile(r"Latency.*highest \d"))
    # It is drawn again at each minute at the latest.
    expect(chart).to_be_visible(timeout=65_000)
    # The chart's cursor is on its last point; Enter takes the window around it.
    chart.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"from=\d+"))
    window = page.url.split("?")[1]
    page.goto(f"{running.address}/requests?{window}&sort=-latency")
    slowest = page.get_by_role("row").nth(1)
    expect(slowest).to_contain_text("deepseek-chat")
    slowest.click()
    peek = page.get_by_role("dialog").or_(page.get_by_role("complementary")).filter(has_text="deepseek")
    expect(peek.first).to_be_visible()
    expect(peek.first).to_contain_text("req_")
