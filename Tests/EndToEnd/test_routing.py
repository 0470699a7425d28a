"""Where requests go and why: routes, objectives, auto, experiments, plans that are only told, and their records."""

import json
import time
from collections import Counter

import pytest

from gateway import Gateway, provider, wait_until
from http1 import call, chat, get
from upstream import Upstream

CHAT = "/v1/chat/completions"


@pytest.fixture(scope="module")
def places():
    """Three providers, of which each plays a model."""
    with Upstream() as cheap, Upstream() as dear, Upstream() as best:
        yield {"cheap": cheap, "dear": dear, "best": best}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, places):
    def model(name, price, quality, **more):
        abilities = ["chat", "streaming", "tools", "json_schema", "vision"]
        return {"provider": name, "model": f"{name}-1", "price": {"input": price, "output": 4 * price},
                "quality": quality, "context": 128000, "capabilities": abilities, **more}

    config = {
        "providers": {name: provider(server.port) for name, server in places.items()},
        "models": {
            "cheap-model": model("cheap", 0.2, 0.3),
            "dear-model": model("dear", 2, 0.6, capabilities=["chat", "streaming", "json_mode"]),
            "best-model": model("best", 8, 0.9),
        },
        "routes": {
            "main": {"targets": ["dear-model", "cheap-model"]},
            "economic": {"targets": ["best-model", "dear-model", "cheap-model"], "strategy": "cheapest"},
            "shared": {"targets": [{"model": "cheap-model", "weight": 3}, {"model": "dear-model", "weight": 1}],
                       "strategy": "weighted"},
            "turns": {"targets": ["cheap-model", "dear-model"], "strategy": "round_robin"},
            "ruled": {"targets": ["cheap-model", "best-model"],
                      "rules": [{"if": "language == 'zh' or tokens > 2k", "targets": ["best-model"]}]},
            "sticky": {"targets": ["cheap-model", "dear-model", "best-model"], "strategy": "sticky",
                       "sticky_by": "session"},
            "small": {"targets": ["dear-model"], "degrade": {"requests_per_minute": 3, "models": ["cheap-model"]}},
            "hedged": {"targets": ["dear-model", "cheap-model"],
                       "hedge": {"after": "300ms", "extra_cost": "100%"}},
            "raced": {"targets": ["dear-model", "cheap-model"], "parallel": 2},
        },
        "experiments": {
            "price": {"models": ["tried"], "kind": "split", "arms": ["cheap-model", "best-model"]},
            "mirror": {"models": ["mirrored"], "kind": "shadow", "arms": ["cheap-model", "dear-model"]},
        },
        "aliases": {"tried": "cheap-model", "mirrored": "cheap-model"},
    }
    gateway = Gateway(tmp_path_factory.mktemp("sira"), config)
    gateway.text = gateway.key()
    with gateway:
        yield gateway


def ask(gateway, model, text="say 2", headers=(), key=None, **more):
    return call(gateway.port, CHAT, chat(model, text, **more), key or gateway.text, headers)


def went(gateway, model, text="say 2", headers=(), **more):
    answer = ask(gateway, model, text, headers, **more)
    assert answer.status == 200, answer.body
    return answer.headers["x-sira-provider"]


def plan(gateway, model, text="Hello there", headers=(), **more):
    answer = ask(gateway, model, text, [*headers, ("x-sira-dry-run", "1")], **more)
    assert answer.status == 200, answer.body
    return answer.json()["decision"]


def told(gateway, identifier):
    def read():
        got = get(gateway.port, f"/v1/requests/{identifier}", gateway.text)
        return got.json() if got.status == 200 else None
    return wait_until(read, "the record of the request")


# MARK: routes

def test_strategies_choose(gateway):
    assert went(gateway, "main") == "dear"
    answer = ask(gateway, "economic")
    assert answer.headers["x-sira-provider"] == "cheap", told(gateway, answer.id)["decision"]
    assert Counter(went(gateway, "turns") for _ in range(6)) == {"cheap": 3, "dear": 3}
    shares = Counter(went(gateway, "shared") for _ in range(80))
    assert 40 <= shares["cheap"] <= 75 and shares["dear"] >= 5, shares


def test_rules_look_at_the_prompt(gateway):
    assert plan(gateway, "ruled")["candidates"][0]["id"] == "cheap/cheap-1"
    chinese = plan(gateway, "ruled", "请把下面这段话翻译成英文：今天天气很好，我们去公园散步吧。")
    assert [each["id"] for each in chinese["candidates"]] == ["best/best-1"], chinese
    assert "language" in chinese["rule"]


def test_a_session_stays_where_it_is(gateway):
    for session in range(8):
        headers = [("x-sira-session", f"s{session}")]
        assert len({went(gateway, "sticky", headers=headers) for _ in range(3)}) == 1


# MARK: objectives

def test_objectives_choose_among_what_a_name_leads_to(gateway):
    assert went(gateway, "main:cheapest") == "cheap"
    assert went(gateway, "economic:best") == "best"
    assert went(gateway, "economic:cheapest&quality>=0.5") == "dear"
    assert went(gateway, "economic", headers=[("x-sira-provider-only", "best")]) == "best"
    assert went(gateway, "economic", headers=[("x-sira-provider-ignore", "cheap")]) == "dear"
    tools = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]
    assert plan(gateway, "main", tools=tools)["candidates"][0]["id"] == "cheap/cheap-1", "the other one has no tools"


@pytest.mark.parametrize("model,words", [
    ("main:cheepest", ["cheapest"]),
    ("main:quality>=7", ["quality"]),
    ("main:cheapest&ttft<800", ["ttft", "ms"]),
])
def test_a_bad_objective_is_told_what_is_allowed(gateway, model, words):
    answer = ask(gateway, model)
    assert answer.status in (400, 404), answer.body
    assert all(word in answer.json()["error"]["message"] for word in words), answer.body


def test_what_nobody_can_meet_is_told_with_reasons(gateway):
    answer = ask(gateway, "main:quality>=0.95")
    assert (answer.status, answer.code) == (400, "no_candidate"), answer.body
    assert "cheap/cheap-1" in answer.json()["error"]["message"]


# MARK: auto

@pytest.mark.parametrize("text,tier", [
    ("Hi!", "economy"),
    ("证明根号二是无理数，并给出严格的推理步骤。", "quality"),
])
def test_auto_goes_by_what_is_asked(gateway, text, tier):
    decision = plan(gateway, "auto", text)
    assert decision["tier"] in (tier, "balanced") and decision["tier_reasons"], decision
    assert decision["candidates"], decision


def test_auto_needs_no_configuration_and_answers(gateway):
    answer = ask(gateway, "auto")
    assert answer.status == 200 and answer.headers["x-sira-provider"] in ("cheap", "dear", "best")
    record = told(gateway, answer.id)
    assert record["requested_model"] == "auto" and record["decision"]["tier"], record


def test_auto_chooses_among_what_the_key_may_use(gateway):
    narrow = gateway.key("narrow", "--models", "best/best-1")
    assert went(gateway, "auto", key=narrow) == "best"
    assert ask(gateway, "main", key=narrow).status == 403


# MARK: degradation, hedges, races

def test_a_route_over_its_limit_goes_to_its_cheaper_model_and_says_so(gateway):
    answers = [ask(gateway, "small") for _ in range(5)]
    assert [each.headers["x-sira-provider"] for each in answers] == ["dear"] * 3 + ["cheap"] * 2
    assert "x-sira-degraded" not in answers[0].headers and answers[-1].headers["x-sira-degraded"]
    assert told(gateway, answers[-1].id)["decision"]["degraded"] is True


def test_a_slow_attempt_gets_company_and_the_loser_is_metered(gateway, places):
    for _ in range(12):
        went(gateway, "hedged", stream=True)
    places["dear"].slow = True
    began = time.monotonic()
    answer = ask(gateway, "hedged", "say 2 0 slow", stream=True)
    places["dear"].slow = False
    assert answer.status == 200 and answer.headers["x-sira-provider"] == "cheap", answer.headers
    assert time.monotonic() - began < 2
    record = told(gateway, answer.id)
    kinds = {each["kind"]: each["outcome"] for each in record["decision"]["attempts"]}
    assert kinds == {"first": "client_closed_request", "hedge": "ok"}, record["decision"]
    lost = next(each for each in record["attempts"] if each["provider"] == "dear")
    assert lost["outcome"] == "cancelled" and lost["final"] is False


def test_a_race_has_one_winner(gateway, places):
    answer = ask(gateway, "raced", stream=True)
    assert answer.status == 200
    record = told(gateway, answer.id)
    wait_until(lambda: len(told(gateway, answer.id)["attempts"]) == 2, "the loser's line")
    attempts = told(gateway, answer.id)["attempts"]
    assert sorted(each["outcome"] for each in attempts) == ["cancelled", "ok"], record


# MARK: experiments

def test_an_experiment_shares_requests_out_and_users_stay(gateway):
    def arm(user):
        answer = ask(gateway, "tried", headers=[("x-sira-user", user)])
        assert answer.status == 200 and answer.headers["x-sira-experiment"].startswith("price/")
        return answer
    arms = Counter(arm(f"u{number}").headers["x-sira-provider"] for number in range(40))
    assert arms["cheap"] >= 8 and arms["best"] >= 8, arms
    assert len({arm("anna").headers["x-sira-provider"] for _ in range(4)}) == 1


def test_feedback_is_taken_for_ones_own_requests(gateway):
    answer = ask(gateway, "tried", headers=[("x-sira-user", "bert")])
    told(gateway, answer.id)
    body = json.dumps({"request_id": answer.id, "score": 0.8, "comment": "good"}).encode()
    taken = call(gateway.port, "/v1/feedback", body, gateway.text)
    assert taken.status == 200 and taken.json()["score"] == 0.8, taken.body
    assert told(gateway, answer.id)["feedback"]["score"] == 0.8
    stranger = call(gateway.port, "/v1/feedback", body, gateway.key("stranger"))
    assert stranger.status == 404, stranger.body
    wrong = call(gateway.port, "/v1/feedback", b'{"request_id": "x", "score": 7}', gateway.text)
    assert wrong.status == 400, wrong.body


def test_a_shadow_gets_a_copy_that_is_booked_apart(gateway, places):
    before = len(places["dear"].requests)
    answer = ask(gateway, "mirrored")
    assert answer.headers["x-sira-provider"] == "cheap"
    wait_until(lambda: len(places["dear"].requests) == before + 1, "the copy")

    def shadow():
        rows = gateway.query("SELECT provider, tags, cost FROM requests WHERE tags LIKE '%shadow%'")
        return rows if any(row["provider"] == "dear" for row in rows) else None
    rows = wait_until(shadow, "the copy's line")
    assert all(row["cost"] is not None for row in rows)


# MARK: why

def test_explain_says_why(gateway):
    answer = ask(gateway, "economic:quality>=0.5")
    told(gateway, answer.id)
    text = gateway.command("explain", answer.id)
    for word in ("economic", "dear/dear-1", "cheap/cheap-1", "quality", "0.5"):
        assert word in text, text
    assert json.loads(gateway.command("explain", answer.id, "--json"))


def test_a_plan_is_told_without_a_request(gateway, places):
    before = {name: len(server.requests) for name, server in places.items()}
    decision = plan(gateway, "economic")
    assert [each["id"] for each in decision["candidates"]] == ["cheap/cheap-1", "dear/dear-1", "best/best-1"]
    assert all(each["nano_usd"] > 0 for each in decision["candidates"])
    assert before == {name: len(server.requests) for name, server in places.items()}


def test_the_command_tells_the_plan_of_a_body(gateway, tmp_path):
    body = tmp_path / "body.json"
    body.write_text(json.dumps(chat("economic", "Hello")))
    text = gateway.command("route", "--dry-run", str(body))
    assert "cheap/cheap-1" in text and "cheapest" in text, text
    told_json = json.loads(gateway.command("route", "--dry-run", str(body), "--json"))
    assert told_json["candidates"][0]["id"] == "cheap/cheap-1"
