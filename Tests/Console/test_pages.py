"""The pages of the console by what they say: models that are there, places of readers, budgets, and what leads on."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

PASSWORD = "a difference engine 1842"


def own(running, context, zone="Asia/Shanghai", language="en"):
    log = Path(running.world.folder, "sira.log").read_text()
    answer = context.request.post(running.address + "/api/v1/setup", headers={"x-sira-console": "1"}, data={
        "code": re.search(r"/setup#code=([\w-]+)", log)[1], "name": "Ada Lovelace", "email": "ada@example.com",
        "password": PASSWORD, "language": language, "time_zone": zone})
    assert answer.ok, answer.text()


def fake_provider(running, name="openai"):
    """The address of the world's provider, under which it lists the models of `name`."""
    return json.loads(Path(running.world.folder, "sira.yaml").read_text())["providers"][name]["base_url"]


@pytest.mark.parametrize("language, theme, width", [("en", "light", 1440), ("zh", "dark", 1440), ("zh", "light", 390)])
def test_the_steps_of_the_first_run_are_read(world, visit, language, theme, width):
    page = visit(world, "/setup?step=key", width=width, theme=theme, language=language).page
    now = page.locator(".journey li.now b")
    expect(now).to_have_text({"en": "Key", "zh": "密钥"}[language])
    # In one line, and within its own step.
    box, step = now.bounding_box(), page.locator(".journey li.now").bounding_box()
    assert box["height"] < 24 and box["x"] + box["width"] <= step["x"] + step["width"] + 1
    assert now.evaluate("one => getComputedStyle(one).backgroundColor") == "rgba(0, 0, 0, 0)"


def test_the_first_call_goes_to_a_model_that_the_provider_lists(fresh, visit):
    running = fresh()
    watched = visit(running, "/setup?step=provider&kind=groq")
    page = watched.page
    page.get_by_text("At another address").click()
    page.get_by_label("Address").fill(fake_provider(running))
    page.get_by_label("API key").fill("key-of-openai")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("2 models:")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("gpt-5-mini answered in")).to_be_visible()
    page.get_by_role("button", name="Add and go on").click()
    # A budget that is none leaves nothing behind, and the next attempt makes one tree.
    page.get_by_label("Organization").fill("Wrong")
    page.get_by_label("Budget a month").fill("abc")
    page.get_by_role("button", name="Create key").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label("Organization").fill("Right")
    # What has no known price would be refused by a budget.
    page.get_by_label("Budget a month").fill("")
    page.get_by_role("button", name="Create key").click()
    expect(page.locator("pre.code")).to_contain_text('"groq/gpt-5-mini"')
    assert page.locator(".model-of option").first.inner_text() == "groq/gpt-5-mini"
    assert [one["name"] for one in running.world.admin("GET", "/organizations")["data"]] == ["Right"]
    key = page.locator(".secret code").inner_text()
    assert running.call(key, model="groq/gpt-5-mini")[0] == 200
    expect(page.get_by_text("It works")).to_be_visible(timeout=10_000)
    # Once it came, it has come.
    page.reload()
    expect(page.get_by_text("It works")).to_be_visible()
    expect(page.get_by_text("Waiting for your first request")).to_have_count(0)


@pytest.fixture(scope="module")
def grace(fresh, browser):
    """A world with a token, and the way into it as a developer of one team: (world, browser context → cookie)."""
    running = fresh(token="the-admin-token")
    running.world.settle()
    # Others come in after the owner.
    first = browser.new_context()
    own(running, first)
    first.close()
    teams = {one["name"]: one["id"] for one in running.world.admin("GET", "/teams")["data"]}

    def sign_in(context, *roles):
        number = len(running.world.admin("GET", "/users")["data"])
        user = running.world.admin("POST", "/users", {"name": f"Grace {number}", "email": f"grace{number}@example.com",
            "roles": [{"role": role, "scope": f"team:{teams[team]}"} for role, team in roles]})["id"]
        link = running.world.admin("POST", f"/users/{user}/invitation")["link_path"]
        answer = context.request.post(running.address + "/api/v1/invitation", headers={"x-sira-console": "1"},
            data={"token": link.split("#invite=")[1], "password": "nanoseconds of copper wire"})
        assert answer.ok, answer.text()
        return user

    running.sign_in = sign_in
    return running


def test_a_developer_of_a_team_sees_and_uses_her_part(grace, visit, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    grace.sign_in(context, ("developer", "support"))
    watched = visit(grace, "/settings?tab=appearance", context=context)
    # What is about the whole gateway is refused.
    watched.expected |= {"/api/v1/"}
    watched.faults.clear()
    page = watched.page
    page.goto(grace.address + "/keys?new=1")
    project = page.get_by_label("Project")
    expect(project.locator("option")).to_have_text(["support-evaluation", "support-production"])
    page.get_by_label("Name").fill("mine")
    page.get_by_role("button", name="Create key").click()
    expect(page.get_by_text(re.compile(r"sk-sira-\w{20,}")).first).to_be_visible()
    page.get_by_role("button", name="I have copied it").click()
    expect(page.get_by_role("row").filter(has_text="mine")).not_to_contain_text("……")
    page.goto(grace.address + "/teams")
    expect(page.get_by_role("row").filter(has_text="support-production")).to_be_visible()
    expect(page.get_by_role("heading", name="Teams", level=2)).to_be_visible()
    expect(page.get_by_text("You see the part of this gateway")).to_be_visible()


def test_who_is_in_several_teams_chooses_one_for_costs(grace, visit, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    grace.sign_in(context, ("developer", "support"), ("developer", "research"))
    watched = visit(grace, "/settings?tab=appearance", context=context)
    watched.expected |= {"/api/v1/"}
    watched.faults.clear()
    page = watched.page
    page.goto(grace.address + "/cost")
    page.get_by_role("link", name="Team: support").click()
    expect(page.get_by_role("heading", name="Spend over time")).to_be_visible()


def test_permissions_say_where_they_hold(grace, visit, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, extra_http_headers={})
    user = grace.sign_in(context, ("developer", "support"))
    context.add_init_script("sessionStorage.setItem('sira.token', 'the-admin-token')")
    page = visit(grace, f"/teams/{user}", context=context).page
    expect(page.get_by_role("row", name="API keys")).to_contain_text("Developer · support")
    expect(page.get_by_role("row", name="Providers and routing")).to_contain_text("only in support")


def test_budgets_have_the_days_of_the_account_and_ask_before_nothing(fresh, visit, browser):
    running = fresh()
    running.world.settle()
    context = browser.new_context(viewport={"width": 1440, "height": 900}, timezone_id="America/New_York")
    own(running, context)
    watched = visit(running, "/budgets?new=1", context=context)
    page = watched.page
    expect(page.locator("#field-offset option:checked")).to_have_text("UTC+08:00")
    page.locator("#field-amount").fill("0")
    page.locator("#field-warn").fill("50, eighty, 200")
    page.get_by_role("button", name="Make budget").click()
    expect(page.locator("#field-warn")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="New budget").click()
    expect(page.locator("#field-warn")).not_to_have_attribute("aria-invalid", "true")
    page.locator("#field-amount").fill("0")
    page.locator("#field-hard").select_option("freeze")
    page.get_by_role("button", name="Make budget").click()
    page.get_by_role("button", name="Refuse them").click()
    expect(page.get_by_role("row").filter(has_text="Each team")).not_to_have_count(0)
    made = context.request.get(running.address + "/api/v1/budgets?limit=1").json()["data"][0]
    assert (made["utc_offset_minutes"], float(made["amount"])) == (480, 0)
    # So has the budget that is made with a key.
    page.goto(running.address + "/keys?new=1")
    page.get_by_label("Name").fill("web")
    page.get_by_label("Budget a month").fill("20")
    page.get_by_role("button", name="Create key").click()
    expect(page.locator(".secret code")).to_be_visible()
    made = context.request.get(running.address + "/api/v1/budgets?limit=1").json()["data"][0]
    assert (made["scope"].split(":")[0], made["utc_offset_minutes"]) == ("key", 480)


def test_counts_are_not_told_before_they_are_known(world, visit):
    watched = visit(world, "/budgets")
    watched.page.route("**/api/v1/budgets**", lambda route: route.abort())
    watched.expected |= {"/budgets"}
    watched.page.reload()
    expect(watched.page.get_by_text("This could not be loaded")).to_be_visible(timeout=10_000)
    expect(watched.page.get_by_role("radio", name="All")).to_have_text("All")
    watched.faults.clear()
    watched.page.goto(world.address + "/teams")
    expect(watched.page.locator(".card-h .sub").first).to_have_text("1")


def test_what_is_explored_leads_on(world, visit):
    page = visit(world, "/cost?tab=explore&range=24h").page
    page.get_by_role("button", name="payments", exact=True).click()
    expect(page.locator("#explore-rows")).to_have_value("project")
    expect(page).to_have_url(re.compile("team=team_"))
    page.locator("tbody td.num a").first.click()
    expect(page.get_by_role("heading", name="Requests", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile("/requests.*team=team_"))
    expect(page).to_have_url(re.compile("project=proj_"))


def test_a_query_that_cannot_be_read_leaves_nothing_shimmering(world, visit):
    watched = visit(world, "/requests?range=15m")
    watched.expected |= {"/requests"}
    watched.page.goto(world.address + "/requests?range=15m&q=foo:bar")
    expect(watched.page.get_by_role("alert").first).to_be_visible()
    expect(watched.page.locator(".histo-sk")).to_have_count(0)


def test_chinese_pages_say_it_in_chinese(world, visit):
    page = visit(world, "/providers?tab=models", language="zh").page
    expect(page.locator(".kind", has_text="对话").first).to_be_visible()
    assert not page.locator(".kind").evaluate_all("all => all.filter(one => one.offsetWidth > one.closest('td').clientWidth - 20).length")
    page.goto(world.address + "/routing?tab=log")
    page.goto(world.address + "/settings?tab=account")
    expect(page.get_by_text(re.compile("整个网关: "))).to_be_visible()
    page.goto(world.address + "/settings?tab=configuration&show=locked")
    expect(page.get_by_text("需要重启").first).to_be_visible()
