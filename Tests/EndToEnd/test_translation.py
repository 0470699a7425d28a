"""What the provider's protocol or model cannot take: left out of the request, and told to the client."""

import pytest

from gateway import Gateway, provider
from http1 import call, message

MESSAGES = "/v1/messages"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, upstream):
    config = {
        "providers": {"fake": provider(upstream.port)},
        "models": {
            "plain": {"provider": "fake", "capabilities": ["tools"]},
            "thinker": {"provider": "fake", "capabilities": ["tools", "reasoning"]},
            "unknown": {"provider": "fake"},
            "strict": {"provider": "fake", "on_unsupported": "reject"},
        },
        "aliases": {"exacting": "strict"},
    }
    gateway = Gateway(tmp_path_factory.mktemp("sira"), config)
    gateway.text = gateway.key()
    with gateway:
        yield gateway


@pytest.mark.parametrize("model,effort,dropped", [
    ("plain", None, "thinking"), ("thinker", "medium", None), ("unknown", "medium", None),
])
def test_no_model_is_told_to_think_that_cannot(gateway, upstream, model, effort, dropped):
    thinking = {"type": "enabled", "budget_tokens": 4_000}
    answer = call(gateway.port, MESSAGES, message(model, thinking=thinking), gateway.text)
    assert answer.status == 200, answer.body
    assert upstream.requests[-1].get("reasoning_effort") == effort
    assert answer.headers.get("x-sira-dropped") == dropped


def test_what_was_left_out_is_told_in_short(gateway):
    part = {"type": "text", "text": "hello", "cache_control": {"type": "ephemeral"}}
    turns = [{"role": role, "content": [part]} for _ in range(500) for role in ("user", "assistant")]
    body = {**message("unknown"), "messages": turns + [{"role": "user", "content": "hello"}]}
    answer = call(gateway.port, MESSAGES, body, gateway.text)
    assert answer.headers["x-sira-dropped"] == "messages[].content[].cache_control"
    body.update({f"field_{number}": "x" for number in range(1_000)})
    answer = call(gateway.port, MESSAGES, body, gateway.text)
    assert len(answer.headers["x-sira-dropped"]) < 1_100 and "...(+" in answer.headers["x-sira-dropped"]


@pytest.mark.parametrize("budget", [2**63 - 1, 2**31, -1, 0.5])
def test_a_number_that_no_model_takes_is_refused(gateway, budget):
    body = message("thinker", thinking={"type": "enabled", "budget_tokens": budget})
    answer = call(gateway.port, MESSAGES, body, gateway.text)
    assert (answer.status, answer.code) == (400, "invalid_field")


@pytest.mark.parametrize("model,wish,status,dropped", [
    ("unknown", None, 200, "top_k"), ("unknown", "drop", 200, None), ("unknown", "reject", 400, None),
    ("strict", None, 400, None), ("exacting", None, 400, None), ("strict", "warn", 200, "top_k"),
    ("unknown", "perhaps", 400, None),
])
def test_what_cannot_be_carried_is_refused_named_or_left_out(gateway, upstream, model, wish, status, dropped):
    seen = len(upstream.requests)
    headers = [("x-sira-on-unsupported", wish)] if wish else []
    answer = call(gateway.port, MESSAGES, message(model, top_k=5), gateway.text, headers=headers)
    assert answer.status == status, answer.body
    assert answer.headers.get("x-sira-dropped") == dropped
    assert len(upstream.requests) - seen == (1 if status == 200 else 0)
    if wish == "perhaps":
        assert b"reject, warn, drop" in answer.body
    elif status == 400:
        assert answer.code == "unsupported_feature" and b"top_k" in answer.body


def test_what_can_be_carried_is_not_refused(gateway):
    assert call(gateway.port, MESSAGES, message("strict"), gateway.text).status == 200
