"""Providers that fail, clients that leave, and the order to stop: one clear end each, and a row in the books."""

import json
import os
import signal
import socket
import threading
import time

import pytest

from gateway import Gateway, free_port, provider, wait_until
from http1 import call, chat, connect, get, message, request
from upstream import MODELS, PROMPT_TOKENS, Upstream, cost, refusal

CHAT = "/v1/chat/completions"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, upstream):
    short = {"connect": "1s", "first_byte": "1s", "idle": "1s", "total": "20s"}
    config = {
        "providers": {
            "fake": provider(upstream.port, timeouts=short),
            "nobody": provider(free_port(), timeouts=short),
        },
        "models": {**MODELS, "gone": {"provider": "nobody", "price": {"input": 1, "output": 2}}},
    }
    gateway = Gateway(tmp_path_factory.mktemp("sira"), config)
    gateway.text = gateway.key()
    with gateway:
        yield gateway


def ask(gateway, text, stream=False, model="fake", body=chat, path=CHAT):
    return call(gateway.port, path, body(model, text, stream=stream), gateway.text)


#: Where figures come from, by their number in the database.
BASES = {"none": 0, "provider": 1, "estimated": 2, "partial": 3, "refused": 4}

either = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


# MARK: before the first content

FAILURES = [
    ("silence", 504, "upstream_timeout"),
    ("reset 0", 502, "upstream_unreachable"),
    ("status 429 retry-after=7", 429, "upstream_rate_limited"),
    ("status 500", 502, "upstream_failed"),
    ("status 503 retry-after=7", 502, "upstream_failed"),
    ("status 529", 502, "upstream_failed"),
    ("status 401", 502, "upstream_authentication_failed"),
    ("status 403", 502, "upstream_authentication_failed"),
    ("status 302 location=http://elsewhere", 502, "upstream_protocol_error"),
    ("html 200", 502, "upstream_protocol_error"),
    ("html 404", 502, "upstream_protocol_error"),
    ("html 502", 502, "upstream_failed"),
]


@either
@pytest.mark.parametrize("behaviour,status,code", FAILURES, ids=[failure[0] for failure in FAILURES])
def test_a_failure_before_the_first_word(gateway, behaviour, status, code, stream):
    answer = ask(gateway, behaviour, stream)
    assert (answer.status, answer.code) == (status, code), answer.body
    assert_refused(gateway, answer, code, behaviour)


# Where client and provider speak the same protocol, the provider's words about the request are worth more than ours.
@either
@pytest.mark.parametrize("status", [400, 404, 413, 422])
def test_a_refusal_that_is_passed_on(gateway, status, stream):
    answer = ask(gateway, f"status {status}", stream)
    assert answer.status == status
    assert answer.body == json.dumps(refusal(status)).encode()
    assert_refused(gateway, answer, "upstream_rejected", f"status {status}")


@either
def test_a_refusal_that_reports_usage_is_booked_with_it(gateway, stream):
    row = gateway.row(ask(gateway, "charged 400 5", stream).id)
    assert (row["output"], row["usage_basis"], row["cost"]) == (5, BASES["provider"], cost(5)), row


def assert_refused(gateway, answer, code, behaviour):
    """The books say why, and that nothing was consumed, where that is known."""
    row = gateway.row(answer.id)
    assert (row["error_code"], row["status"], row["provider"]) == (code, answer.status, "fake"), row
    assert row["outcome"] == ("client_error" if code == "upstream_rejected" else "upstream_error"), row
    was_refused = row["error_code"] not in ("upstream_timeout", "upstream_unreachable") and behaviour != "html 200"
    basis, amount = (BASES["refused"], 0) if was_refused else (BASES["none"], None)
    assert (row["input"], row["output"], row["usage_basis"], row["cost"]) == (0, 0, basis, amount), row


MISTAKEN = [
    ("rate_limit_error", 429, "upstream_rate_limited"),
    ("invalid_request_error", 400, "upstream_rejected"),
    ("invalid_api_key", 502, "upstream_authentication_failed"),
    ("1302", 502, "upstream_failed"),
]


@pytest.mark.parametrize("body,path", [(chat, CHAT), (message, "/v1/messages")], ids=["passed", "translated"])
@pytest.mark.parametrize("place,stream", [("body", False), ("body", True), ("first", True), ("later", True)])
@pytest.mark.parametrize("word,status,code", MISTAKEN, ids=[each[0] for each in MISTAKEN])
def test_an_error_with_status_200_is_one(gateway, word, status, code, place, stream, body, path):
    answer = ask(gateway, f"mistaken {place} {word}", stream, body=body, path=path)
    assert (answer.status, answer.code) == (status, code), answer.body
    row = gateway.row(answer.id)
    assert (row["error_code"], row["status"], row["output"]) == (code, status, 0), row
    # Of an answer that had begun nobody knows what it cost.
    expected = (BASES["none"], None) if place == "later" else (BASES["refused"], 0)
    assert (row["usage_basis"], row["cost"]) == expected, row


TRANSLATED = FAILURES + [
    ("status 400", 400, "upstream_rejected"), ("status 404", 404, "upstream_rejected"),
]


@either
@pytest.mark.parametrize("behaviour,status,code", TRANSLATED, ids=[failure[0] for failure in TRANSLATED])
def test_the_same_in_anthropics_protocol(gateway, behaviour, status, code, stream):
    answer = ask(gateway, behaviour, stream, body=message, path="/v1/messages")
    body = answer.json()
    assert (answer.status, body["type"], body["error"]["code"]) == (status, "error", code), body
    assert gateway.row(answer.id)["error_code"] == code


@either
def test_nobody_listens(gateway, stream):
    answer = ask(gateway, "hello", stream, model="gone")
    assert (answer.status, answer.code) == (502, "upstream_unreachable"), answer.body
    row = gateway.row(answer.id)
    assert (row["error_code"], row["cost"]) == ("upstream_unreachable", 0)


def test_retry_after_is_passed_on(gateway):
    assert ask(gateway, "status 429 retry-after=7").headers.get("retry-after") == "7"


# MARK: after the first content

BREAKS = [
    ("reset 2", "upstream_stream_interrupted"),
    ("stall 2", "upstream_timeout"),
]


@pytest.mark.parametrize("behaviour,code", BREAKS, ids=[each[0] for each in BREAKS])
def test_a_stream_that_breaks_ends_with_a_typed_error(gateway, behaviour, code):
    answer = ask(gateway, behaviour, stream=True)
    assert answer.status == 200
    events = answer.events
    assert '"w0 "' in events[0] and '"w1 "' in events[1]
    assert f'"{code}"' in events[-1], events[-2:]
    assert "[DONE]" not in events
    row = gateway.row(answer.id)
    assert (row["outcome"], row["error_code"]) == ("upstream_error", code), row
    assert row["output"] > 0, "what was consumed is not in the books"


def test_an_error_in_a_stream_is_passed_on(gateway):
    answer = ask(gateway, "error-event 2", stream=True)
    assert json.loads(answer.events[-1])["error"]["message"].startswith("out of memory")
    assert "[DONE]" not in answer.events
    row = gateway.row(answer.id)
    assert (row["outcome"], row["error_code"], row["output"]) == ("upstream_error", "upstream_failed", 2), row


@pytest.mark.parametrize("behaviour", ["close 2", "garbage 2"])
def test_a_stream_that_just_ends_is_not_made_to_look_complete(gateway, behaviour):
    answer = ask(gateway, behaviour, stream=True)
    assert b'"w1 "' in answer.body and b"[DONE]" not in answer.body
    last = json.loads(answer.body.rsplit(b"data: ", 1)[1])
    assert last["error"]["code"] == "upstream_stream_interrupted"
    row = gateway.row(answer.id)
    assert (row["outcome"], row["error_code"]) == ("upstream_error", "upstream_stream_interrupted"), row
    assert row["output"] == 2 and row["usage_basis"] == 2, row


def test_a_stream_that_said_why_it_ends_needs_no_last_event(gateway):
    """Some providers leave out the protocol's last event, so its absence alone is no error."""
    answer = ask(gateway, "unmarked 2", stream=True)
    assert b'"stop"' in answer.body and b'"error"' not in answer.body and b"[DONE]" not in answer.body
    row = gateway.row(answer.id)
    assert (row["outcome"], row["output"], row["usage_basis"], row["cost"]) == ("ok", 2, 1, cost(2)), row


#: A translated stream has been understood event by event, so more is noticed.
NOTICED = BREAKS + [
    ("error-event 2", "upstream_failed"),
    ("close 2", "upstream_stream_interrupted"),
    ("garbage 2", "upstream_protocol_error"),
]


@pytest.mark.parametrize("behaviour,code", NOTICED, ids=[each[0] for each in NOTICED])
def test_the_same_stream_translated(gateway, behaviour, code):
    answer = ask(gateway, behaviour, stream=True, body=message, path="/v1/messages")
    assert answer.status == 200
    assert f'"{code}"' in answer.events[-1], answer.events[-2:]
    assert "event: error" in answer.body.decode()
    assert "message_stop" not in answer.body.decode()
    assert gateway.row(answer.id)["error_code"] == code


def test_an_event_that_never_ends(gateway, upstream):
    before = upstream.cancelled
    answer = ask(gateway, "endless-event", stream=True)
    assert '"error"' in answer.events[-1], answer.events[-1][:200]
    wait_until(lambda: upstream.cancelled > before, "the end of the provider's request")
    assert gateway.row(answer.id)["outcome"] == "upstream_error"
    assert gateway.memory() < 400_000_000


# MARK: clients

@pytest.mark.parametrize("behaviour", ["stall 2", "say 1000 0.02"])
def test_a_client_that_leaves_cancels_the_providers_work(start, behaviour):
    # A provider of its own, so that the gateway's timeouts do not end the stalling answer.
    with Upstream() as upstream:
        config = {"providers": {"fake": provider(upstream.port)}}
        gateway = start(config)
        key = gateway.text
        with connect(gateway.port) as connection:
            connection.sendall(request("POST", CHAT, chat(text=behaviour, stream=True), key))
            seen = b""
            while b"w1" not in seen:
                seen += connection.recv(65_536)
        identifier = seen.split(b"x-sira-request-id: ", 1)[1].split(b"\r\n", 1)[0].decode()
        row = gateway.row(identifier)
        assert (row["outcome"], row["error_code"]) == ("cancelled", "client_closed_request"), row
        assert row["output"] > 0 and row["usage_basis"] == 2, row
        if behaviour.startswith("stall"):
            wait_until(lambda: upstream.cancelled == 1, "the end of the provider's request")


def test_a_slow_reader_holds_the_provider_back(start):
    with Upstream() as upstream:
        gateway = start({"providers": {"fake": provider(upstream.port)}})
        key = gateway.text
        idle = gateway.memory()
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
            connection.settimeout(30)
            connection.connect(("127.0.0.1", gateway.port))
            connection.sendall(request("POST", CHAT, chat(text="flood 200", stream=True), key))
            connection.recv(1_000)
            # The provider stands still once every buffer on the way is full.
            settled = -1
            while settled != upstream.pushed:
                settled = upstream.pushed
                time.sleep(0.4)
            assert settled < 50_000_000, f"{settled} bytes went on their way to a client that reads none"
            assert gateway.memory() - idle < 40_000_000
            # It goes on as the client does.
            received = 0
            while received < 20_000_000:
                received += len(connection.recv(1 << 20))
        wait_until(lambda: upstream.cancelled == 1, "the end of the provider's request")
        assert gateway.memory() - idle < 60_000_000


def test_memory_stays_bounded_while_much_passes(start, upstream):
    gateway = start()
    key = gateway.text
    idle = gateway.memory()
    with connect(gateway.port) as connection:
        connection.sendall(request("POST", CHAT, chat(text="flood 100", stream=True), key))
        received, tail = 0, b""
        while b"data: [DONE]" not in tail:
            piece = connection.recv(1 << 20)
            assert piece, "the answer ended early"
            received, tail = received + len(piece), (tail + piece)[-200:]
    assert received > 100_000_000 * 0.95
    assert gateway.memory() - idle < 60_000_000


# MARK: the order to stop

def test_stopping_lets_a_running_stream_finish(start):
    with Upstream() as upstream:
        gateway = start({"providers": {"fake": provider(upstream.port)}})
        key = gateway.text
        with connect(gateway.port) as connection:
            connection.sendall(request("POST", CHAT, chat(text="hold 4", stream=True), key))
            seen = b""
            while b"w0" not in seen:
                seen += connection.recv(65_536)
            gateway.signal(signal.SIGTERM)
            wait_until(lambda: refuses(gateway.port), "the end of the listener")
            assert gateway.process.poll() is None
            assert get(gateway.admin_port, "/health/ready").status == 503, "the admin listener says so too"
            upstream.gate.set()
            while piece := connection.recv(65_536):
                seen += piece
        assert b"w3" in seen and b"data: [DONE]" in seen
        assert gateway.process.wait(15) == 0
        identifier = seen.split(b"x-sira-request-id: ", 1)[1].split(b"\r\n", 1)[0].decode()
        row = gateway.row(identifier)
        assert (row["outcome"], row["output"], row["cost"]) == ("ok", 4, cost(4)), row


def refuses(port):
    """Whether a new connection gets no answer any more."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.settimeout(1)
            connection.sendall(b"GET /health/ready HTTP/1.1\r\nHost: gateway\r\n\r\n")
            return b" 200 " not in connection.recv(100)
    except OSError:
        return True


def test_stopping_does_not_wait_beyond_the_drain_timeout(start):
    with Upstream() as upstream:
        gateway = start({"providers": {"fake": provider(upstream.port)}, "server": {"drain_timeout": "1s"}})
        key = gateway.text
        with connect(gateway.port) as connection:
            connection.sendall(request("POST", CHAT, chat(text="stall 1", stream=True), key))
            seen = b""
            while b"w0" not in seen:
                seen += connection.recv(65_536)
            started = time.monotonic()
            assert gateway.stop() == 0
            assert time.monotonic() - started < 10
        identifier = seen.split(b"x-sira-request-id: ", 1)[1].split(b"\r\n", 1)[0].decode()
        rows = [row for row in gateway.ledger() if row["id"] == identifier and row["is_final"]]
        assert [row["outcome"] for row in rows] == ["cancelled"], "booked and shipped before the end"


def test_a_second_order_to_stop_ends_the_waiting(start):
    with Upstream() as upstream:
        gateway = start({"providers": {"fake": provider(upstream.port)}, "server": {"drain_timeout": "60s"}})
        with connect(gateway.port) as connection:
            connection.sendall(request("POST", CHAT, chat(text="stall 1", stream=True), gateway.text))
            seen = b""
            while b"w0" not in seen:
                seen += connection.recv(65_536)
            gateway.signal(signal.SIGTERM)
            wait_until(lambda: refuses(gateway.port), "the end of the listener")
            assert gateway.process.poll() is None
            assert gateway.stop() == 0


def test_stopping_an_idle_gateway_is_quick(start):
    gateway = start()
    assert call(gateway.port, CHAT, chat(), gateway.text).status == 200
    with connect(gateway.port):  # an idle connection does not keep it
        started = time.monotonic()
        assert gateway.stop() == 0
        assert time.monotonic() - started < 5


def test_many_failures_leave_nothing_behind(gateway):
    """Descriptors are given back, whatever the end of a request."""
    descriptors = f"/proc/{gateway.process.pid}/fd"
    ask(gateway, "reset 1", stream=True)
    before = len(os.listdir(descriptors))
    behaviours = ("reset 1", "close 1", "status 500", "html 200", "garbage 1")
    for _ in range(3):
        threads = [threading.Thread(target=ask, args=(gateway, behaviours[number % 5], True)) for number in range(60)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    # Two of the five end well for the connection, which is kept: 24 at most, since later rounds use them again.
    # Three do not, 108 requests in all.
    wait_until(lambda: len(os.listdir(descriptors)) <= before + 24 + 10, "the closing of connections")


def test_usage_of_whole_answers_is_settled_exactly(gateway):
    answer = ask(gateway, "say 7")
    row = gateway.row(answer.id)
    assert (row["input"], row["output"], row["cost"]) == (PROMPT_TOKENS, 7, cost(7))
    assert answer.headers["x-sira-cost-usd"] == "0.000025000"


@either
@pytest.mark.parametrize("body,path", [(chat, CHAT), (message, "/v1/messages")], ids=["passed", "translated"])
@pytest.mark.parametrize("given", ["prompt_tokens", "completion_tokens", "total_tokens"])
def test_figures_that_a_provider_leaves_out_are_not_taken_for_0(gateway, given, body, path, stream):
    answer = ask(gateway, f"figures {given}=9", stream, body=body, path=path)
    row = gateway.row(answer.id)
    assert (row["outcome"], row["usage_basis"], row["cost"]) == ("ok", BASES["partial"], None), row
    if not stream:
        assert answer.headers["x-sira-cost-usd"] == "unknown"


@either
def test_a_figure_that_the_total_tells_is_known(gateway, stream):
    row = gateway.row(ask(gateway, f"figures prompt_tokens={PROMPT_TOKENS} total_tokens={PROMPT_TOKENS + 1}", stream).id)
    assert (row["output"], row["usage_basis"], row["cost"]) == (1, BASES["provider"], cost(1)), row


@either
@pytest.mark.parametrize("body,path", [(chat, CHAT), (message, "/v1/messages")], ids=["passed", "translated"])
def test_what_a_provider_says_it_charges_is_booked_where_there_is_no_price(start, upstream, body, path, stream):
    config = {
        "providers": {"fake": provider(upstream.port, quirks={"cost_field": "cost"})},
        "models": {**MODELS, "unpriced": {"provider": "fake"}},
    }
    gateway = start(config)
    text = f"figures prompt_tokens={PROMPT_TOKENS} completion_tokens=1 cost=0.00012"
    rows = [gateway.row(ask(gateway, text, stream, model, body, path).id) for model in ("unpriced", "fake")]
    assert [row["cost"] for row in rows] == [120_000, cost(1)], rows
    assert [row["usage_basis"] for row in rows] == [BASES["provider"]] * 2


@either
@pytest.mark.parametrize("body,path", [(chat, CHAT), (message, "/v1/messages")], ids=["translated", "passed"])
def test_searches_of_the_web_are_booked(start, upstream, body, path, stream):
    price = {"input": 1, "output": 2}
    config = {
        "providers": {"fake": provider(upstream.port), "claude": provider(upstream.port, "anthropic", "")},
        "models": {
            "priced": {"provider": "claude", "price": {**price, "per_search": 0.01}},
            "unpriced": {"provider": "claude", "price": price},
        },
    }
    gateway = start(config)
    rows = [gateway.row(ask(gateway, "claude 3", stream, model, body, path).id) for model in ("priced", "unpriced")]
    assert [row["web_searches"] for row in rows] == [3, 3], rows
    assert [row["cost"] for row in rows] == [cost(2) + 30_000_000, None], rows
    assert gateway.query("SELECT SUM(web_searches) AS count FROM rollups WHERE period = 1 AND view = 0")[0]["count"] == 6
