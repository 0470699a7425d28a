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
        },
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
