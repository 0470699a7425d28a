"""Providers that fail on the wire: the answer comes from elsewhere, or one clear error in time; every attempt is told."""

import json
import os
import re
import subprocess
import threading
import time

import pytest

from gateway import ROOT, Gateway, free_port, provider, wait_until
from http1 import call, chat, get
from replay import Replay, pick, raw

CHAT = "/v1/chat/completions"
#: From the request to whatever the client is told, for all attempts together.
DEADLINE = 12
SHORT = {"connect": "1s", "first_byte": "2s", "idle": "2s", "total": "20s"}
MODEL = "gpt-4o"


@pytest.fixture(scope="module")
def pair(shared):
    """Two players of the same recordings: the first is told to fail."""
    with Replay("openai", loose=3) as first, Replay("openai", loose=3) as second:
        yield first, second


@pytest.fixture
def gateway(tmp_path, pair):
    first, second = pair
    first.reset()
    second.reset()
    price = {"input": 2.5, "output": 10}
    config = {
        "providers": {
            "first": provider(first.port, path="/openai/v1", timeouts=SHORT),
            "second": provider(second.port, path="/openai/v1", timeouts=SHORT),
            "nobody": provider(free_port(), timeouts=SHORT),
        },
        "models": {f"{name}-model": {"provider": name, "model": MODEL, "price": price}
                   for name in ("first", "second", "nobody")},
        "routes": {
            "main": {"targets": ["first-model", "second-model"]},
            "alone": {"targets": ["first-model"]},
            "refused": {"targets": ["nobody-model", "second-model"]},
            "quick": {"targets": ["first-model", "second-model"], "first_token": "1s"},
        },
    }
    gateway = Gateway(tmp_path, config)
    gateway.text = gateway.key()
    with gateway:
        yield gateway


def recording(stream):
    return pick("openai", "chat", stream=stream, where=lambda record: '"finish_reason":"stop"' in raw(record).decode()
                .replace(" ", ""))


def ask(gateway, model, stream):
    body = {**json.loads(json.dumps(recording(stream)["request_body"])), "model": model}
    began = time.monotonic()
    answer = call(gateway.port, CHAT, json.dumps(body).encode(), gateway.text, seconds=DEADLINE + 5)
    assert time.monotonic() - began < DEADLINE
    return answer


def fault(server, spec, times=1):
    server._client.post("/__replay/fault", json={"fault": spec, "times": times})


def told(gateway, answer):
    """What the gateway tells of the request, once it is in the books."""
    def read():
        got = get(gateway.port, f"/v1/requests/{answer.id}", gateway.text)
        return got.json() if got.status == 200 else None
    return wait_until(read, "the record of the request")


def assert_record(gateway, answer, outcomes):
    """The attempts in the record are these, and the ledger has a line for each, with what it cost where that is known."""
    record = told(gateway, answer)
    attempts = record["attempts"]
    assert [(each["provider"], each["outcome"]) for each in attempts] == outcomes, attempts
    assert [each["attempt"] for each in attempts] == list(range(1, len(outcomes) + 1)), attempts
    assert all(each["duration_us"] >= 0 for each in attempts), attempts
    decision = record["decision"]
    assert decision["route"] and decision["candidates"], decision
    if outcomes[-1][1] == "ok":
        assert attempts[-1]["cost_usd"] is not None, attempts
    return record


#: Faults before the first content, and what the ledger says of the attempt.
EARLY = [
    ("reset", "upstream_error"),
    ("500", "upstream_error"),
    ("503", "upstream_error"),
    ("529", "upstream_error"),
    ("429:30", "upstream_error"),
    ("429:1", "upstream_error"),
    ("401", "upstream_error"),
    ("html", "upstream_error"),
    ("empty", "upstream_error"),
    ("slow-first:6", "upstream_error"),
]
#: What breaks an answer that has begun.
WHOLE = [("truncate:40", "upstream_error"), ("reset-mid", "upstream_error"), ("stall:6", "upstream_error"),
         ("short-body", "upstream_error")]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("spec,outcome", EARLY, ids=[each[0] for each in EARLY])
def test_the_second_answers_when_the_first_fails(gateway, pair, spec, outcome, stream):
    fault(pair[0], spec)
    answer = ask(gateway, "main", stream)
    assert answer.status == 200, answer.body
    assert answer.headers["x-sira-provider"] == "second" and answer.headers["x-sira-attempts"] == "2"
    if stream:
        assert answer.body.rstrip().endswith(b"[DONE]") or b"data: [DONE]" in answer.body
    else:
        assert answer.json()["choices"][0]["message"]["content"]
    assert_record(gateway, answer, [("first", outcome), ("second", "ok")])


@pytest.mark.parametrize("spec,outcome", WHOLE, ids=[each[0] for each in WHOLE])
def test_a_broken_whole_answer_is_asked_for_again(gateway, pair, spec, outcome):
    fault(pair[0], spec)
    answer = ask(gateway, "main", stream=False)
    assert answer.status == 200 and answer.json()["choices"], answer.body
    assert_record(gateway, answer, [("first", outcome), ("second", "ok")])


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_provider_that_cannot_be_reached(gateway, stream):
    answer = ask(gateway, "refused", stream)
    assert answer.status == 200 and answer.headers["x-sira-provider"] == "second", answer.body
    record = assert_record(gateway, answer, [("nobody", "upstream_error"), ("second", "ok")])
    assert record["attempts"][0]["cost_usd"] == "0.000000000" or float(record["attempts"][0]["cost_usd"]) == 0


@pytest.mark.parametrize("spec", ["reset-mid:4", "stall:6:4", "close-mid:4", "error-event:4"])
def test_a_stream_that_breaks_ends_in_a_typed_error(gateway, pair, spec):
    fault(pair[0], spec)
    answer = ask(gateway, "main", stream=True)
    assert answer.status == 200
    assert b'"error"' in answer.body and b"data: [DONE]" not in answer.body.split(b'"error"')[1], answer.body[-300:]
    record = told(gateway, answer)
    (attempt,) = record["attempts"]
    assert attempt["outcome"] == "upstream_error" and attempt["usage"]["output_tokens"] > 0, attempt
    assert attempt["cost_usd"] is not None, "what came was consumed"


def test_who_is_late_is_passed_over(gateway, pair):
    fault(pair[0], "slow-first:6")
    began = time.monotonic()
    answer = ask(gateway, "quick", stream=True)
    assert answer.headers["x-sira-provider"] == "second"
    assert time.monotonic() - began < 3
    assert_record(gateway, answer, [("first", "upstream_error"), ("second", "ok")])


ALONE = [
    ("500", 502, "upstream_failed", 2),
    ("503", 502, "upstream_failed", 2),
    ("429:30", 429, "upstream_rate_limited", 1),
    ("401", 502, "upstream_authentication_failed", 1),
    ("reset", 502, "upstream_unreachable", 2),
    ("slow-first:6", 504, "upstream_timeout", 1),
    ("html", 502, "upstream_protocol_error", 1),
]


@pytest.mark.parametrize("spec,status,code,attempts", ALONE, ids=[each[0] for each in ALONE])
def test_with_nobody_else_there_is_one_clear_error(gateway, pair, spec, status, code, attempts):
    fault(pair[0], spec, times=10)
    answer = ask(gateway, "alone", stream=True)
    assert (answer.status, answer.code) == (status, code), answer.body
    assert answer.headers["x-sira-attempts"] == str(attempts)
    assert_record(gateway, answer, [("first", "upstream_error")] * attempts)


def test_a_short_failure_is_waited_out(gateway, pair):
    fault(pair[0], "503", times=1)
    answer = ask(gateway, "alone", stream=False)
    assert answer.status == 200, answer.body
    assert_record(gateway, answer, [("first", "upstream_error"), ("first", "ok")])


def test_retry_after_is_honoured(gateway, pair):
    fault(pair[0], "429:1", times=1)
    began = time.monotonic()
    answer = ask(gateway, "alone", stream=False)
    assert answer.status == 200, answer.body
    assert time.monotonic() - began >= 1
    assert_record(gateway, answer, [("first", "upstream_error"), ("first", "ok")])


# MARK: a real kill

LOCAL = "smollm2-135m"


def start_model(shared, port, folder):
    """The small model's server, as its script starts it, but two at once."""
    script = shared / "tools/local-llm/local-llm.sh"
    if not script.exists():
        pytest.skip(f"{script} is absent")
    environment = {**os.environ, "DIR": str(ROOT / ".cache/local-llm")}
    subprocess.run([script, "install"], env=environment, check=True, timeout=180, stdout=subprocess.DEVNULL)
    folder = ROOT / ".cache/local-llm"
    command = [folder / "venv/bin/python", shared / "tools/local-llm/serve.py",
               folder / "SmolLM2-135M-Instruct.Q4_1.gguf", str(port), LOCAL, "chat"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def healthy():
        assert process.poll() is None, "the model's server has ended"
        try:
            return get(port, "/health").status == 200
        except OSError:
            return False
    wait_until(healthy, "the start of the model's server", 90)
    return process


def test_a_killed_model_server_is_not_noticed_and_gets_its_requests_back(tmp_path, shared):
    ports = free_port(), free_port()
    servers = [start_model(shared, port, tmp_path) for port in ports]
    timeouts = {"connect": "2s", "first_byte": "120s", "idle": "120s", "total": "300s"}
    config = {
        "providers": {name: provider(port, models=[LOCAL], timeouts=timeouts)
                      for name, port in zip(("one", "two"), ports)},
        "models": {"one-model": {"provider": "one", "model": LOCAL, "price": {"input": 0.1, "output": 0.4}},
                   "two-model": {"provider": "two", "model": LOCAL, "price": {"input": 0.1, "output": 0.4}}},
        "routes": {"pair": {"targets": ["one-model", "two-model"], "strategy": "least_in_flight"}},
        "routing": {"health": {"probe_interval": "10s", "cooldown": "2s"}},
    }
    gateway = Gateway(tmp_path, config)
    gateway.text = gateway.key()
    answers, errors = [], []

    def asks():
        try:
            answer = call(gateway.port, CHAT, chat("pair", "Say hello.", max_tokens=8, temperature=0), gateway.text,
                          seconds=240)
            (answers if answer.status == 200 and answer.json()["choices"] else errors).append(answer)
        except Exception as error:  # noqa: BLE001: whatever a client sees
            errors.append(error)

    try:
        with gateway:
            threads = [threading.Thread(target=asks) for _ in range(100)]
            for thread in threads:
                thread.start()
            wait_until(lambda: len(answers) >= 10, "the first answers", 120)
            servers[0].kill()
            servers[0].wait(10)
            for thread in threads:
                thread.join(240)
            assert not errors, [getattr(each, "body", each) for each in errors[:3]]
            assert len(answers) == 100
            assert {each.headers["x-sira-provider"] for each in answers} == {"one", "two"}
            # The other one serves alone, until the first is back.
            asks()
            assert answers[-1].headers["x-sira-provider"] == "two", errors
            servers[0] = start_model(shared, ports[0], tmp_path)
            back = time.monotonic()

            def first_serves():
                asks()
                return not errors and answers[-1].headers["x-sira-provider"] == "one"
            wait_until(first_serves, "the first server's return", 30)
            assert time.monotonic() - back < 10, "longer than a probe interval"
            assert not errors
    finally:
        for server in servers:
            server.kill()
            server.wait(10)
