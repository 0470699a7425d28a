"""Every page after traffic that is real: recorded calls of seven providers played again, and a small model that answers.

Both come from ../shared; where it is absent the tests are skipped.
"""

import gzip
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from conftest import free_port
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
MODEL = "smollm2-135m"
#: Dollars a million tokens, such that a few tokens cost something that can be read.
PRICE = {"input": 150, "output": 600}
#: Provider of the recordings, its protocol, and the path of its base URL on the server that plays them.
RECORDED = {
    "openai": ("openai", "/openai/v1"), "anthropic": ("anthropic", "/anthropic"), "groq": ("openai", "/groq/openai/v1"),
    "mistral": ("openai", "/mistral/v1"), "deepseek": ("openai", "/deepseek"), "xai": ("openai", "/xai/v1"),
    "openrouter": ("openai", "/openrouter/api/v1"),
}
PATHS = {"chat": "/v1/chat/completions", "messages": "/v1/messages"}
#: Of each provider so many recorded calls.
CALLS = 12
PAGES = ["", "requests", "routing", "cost", "budgets", "security", "alerts", "playground", "experiments", "providers", "keys",
         "teams", "billing", "settings"]


def recorded(name: str) -> list[dict]:
    """Conversations as they were sent, those among them that a provider refused too."""
    with gzip.open(SHARED / f"recordings/{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        records = map(json.loads, file)
        fit = [one for one in records if one["api"] in PATHS and one["method"] == "POST" and one.get("request_recorded", True)
               and isinstance(one["request_body"], dict) and one["status"] in (200, 400)
               and bool(one["request_body"].get("stream")) == bool(one["stream"])]
    return fit[:CALLS]


@pytest.fixture(scope="module")
def model_port():
    script = SHARED / "tools/local-llm/local-llm.sh"
    if not script.exists():
        pytest.skip(f"{script} is absent")
    port, environment = free_port(), {**os.environ, "DIR": str(ROOT / ".cache/local-llm")}
    started = subprocess.run([script, "start", str(port)], env=environment, stdout=subprocess.PIPE, timeout=180)
    assert started.returncode == 0, started.stdout
    yield port
    subprocess.run([script, "stop"], env=environment, timeout=20)


@pytest.fixture(scope="module")
def replay_port():
    script, port = SHARED / "tools/replay/replay_server.py", free_port()
    files = [SHARED / f"recordings/{name}.jsonl.gz" for name in RECORDED]
    server = subprocess.Popen([sys.executable, script, "--port", str(port), "--loose", "1", *files], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/__replay/stats", timeout=2).close()
            break
        except OSError:
            assert server.poll() is None and time.monotonic() < deadline, "the server of recordings did not start"
            time.sleep(0.1)
    yield port
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="module")
def world(fresh, model_port, replay_port):
    played = {name: {"protocol": protocol, "base_url": f"http://127.0.0.1:{replay_port}{path}", "api_key": "sk-replay"}
              for name, (protocol, path) in RECORDED.items()}
    local = {"protocol": "openai", "base_url": f"http://127.0.0.1:{model_port}/v1", "models": [MODEL]}
    running = fresh(more={
        "providers": played | {"local": local},
        "models": {"small": {"provider": "local", "model": MODEL, "price": PRICE}},
    })
    running.world.settle()
    key, answered = running.world.keys[0], 0
    for name in RECORDED:
        for record in recorded(name):
            body = record["request_body"] | {"model": f"{name}/{record['request_body']['model']}"}
            status, _ = running.run(running.world.call(key, body, path=PATHS[record["api"]]))
            answered += status == 200
    assert answered > 4 * len(RECORDED), "recorded calls are answered"
    for number in range(4):
        status, _ = running.call(key, model="small", max_tokens=12, user=f"reader-{number}",
                                 messages=[{"role": "user", "content": "Name a colour."}])
        assert status == 200
    return running


@pytest.mark.parametrize("name", PAGES)
def test_page(world, visit, name):
    page = visit(world, f"/{name}?range=1h").page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("main .sk")).to_have_count(0, timeout=10_000)
    assert not page.locator("main .state.bad").count()
    assert not page.get_by_text(re.compile(r"\bNaN\b|undefined|\[object|Invalid Date")).count()


def test_a_call_to_the_model_is_told_whole(world, visit):
    newest = world.world.until_booked(4, f"model:{MODEL}")[0]
    # Dollars a million tokens are nano-dollars a token, times a thousand.
    cost = (newest["input_tokens"] * PRICE["input"] + newest["output_tokens"] * PRICE["output"]) * 1_000
    assert newest["cost_nano"] == str(cost)
    page = visit(world, "/requests?range=1h&q=model:smollm2-135m").page
    rows = page.get_by_role("row").filter(has_text=MODEL)
    expect(rows).to_have_count(4)
    rows.first.click()
    told = page.get_by_role("dialog").or_(page.get_by_role("complementary")).filter(has_text=newest["id"])
    expect(told.first).to_contain_text("local")
    expect(told.first).to_contain_text(f"{cost / 1e9:.6f}".rstrip("0"))


def test_the_model_answers_in_the_playground(world, visit):
    page = visit(world, "/playground?models=small").page
    page.locator(".messages textarea").last.fill("Name a colour.")
    page.get_by_role("button", name="Parameters").click()
    page.locator(".tune label").filter(has_text="max_completion_tokens").locator("input").fill("12")
    page.locator(".composer").get_by_role("button", name=re.compile("^Run")).click()
    column = page.get_by_role("region", name=re.compile("Answer"))
    expect(page.locator(".play-c")).to_have_attribute("aria-busy", "false", timeout=30_000)
    expect(column).to_have_text(re.compile(r"\w{2,}"))
    expect(page.locator(".play-f")).to_contain_text(re.compile(r"\$0\.0\d+"))
