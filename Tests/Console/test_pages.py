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
