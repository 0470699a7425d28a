"""Where streams begin and where they end: what the client sees of it, and what is in the books."""

import json
import time

import pytest

from gateway import Gateway, provider
from http1 import call, chat, connect, message, request
from upstream import PROMPT_TOKENS, cost

CHAT, MESSAGES, COMPLETIONS = "/v1/chat/completions", "/v1/messages", "/v1/completions"
PRICE = {"input": 1, "output": 2}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, upstream):
    config = {
        "providers": {
            "claude": provider(upstream.port, "anthropic", path="", models=["either"]),
            "fake": provider(upstream.port, models=["either"]),
        },
        "models": {
            "fake": {"provider": "fake", "price": PRICE}, "opus": {"provider": "claude", "price": PRICE},
        },
        "stream": {"keep_alive": "1s"},
    }
    gateway = Gateway(tmp_path_factory.mktemp("sira"), config)
    gateway.text = gateway.key()
    with gateway:
        yield gateway


def ask(gateway, text, model="fake", body=chat, path=CHAT, **more):
    return call(gateway.port, path, body(model, text, stream=True, **more), gateway.text)


def booked(gateway, answer):
    """What the final row says was consumed, and its cost."""
    row = gateway.row(answer.id)
    return row["input"], row["output"], row["cost"]


# MARK: the end

def test_the_protocols_last_event_ends_a_translated_stream(gateway):
    started = time.monotonic()
    # The connection stays open, so the answer's end must be the stream's own.
    answer = ask(gateway, "open-end 3", "opus", stream_options={"include_usage": True})
    assert time.monotonic() - started < 10
    assert answer.events[-1] == "[DONE]"
    assert json.loads(answer.events[-2])["usage"]["completion_tokens"] == 3
    assert booked(gateway, answer) == (PROMPT_TOKENS, 3, cost(3))


def test_a_last_event_without_its_blank_line_stays_apart_from_the_cost(gateway):
    answer = ask(gateway, "unended 2")
    assert answer.events[-1] == "[DONE]", answer.body[-200:]
    assert answer.body.endswith(b"\n\n") and len(answer.comments) == 1


# MARK: providers that ignore that a stream was asked for

@pytest.mark.parametrize("body,path", [(chat, CHAT), (message, MESSAGES)], ids=["same", "translated"])
def test_a_whole_answer_becomes_a_stream(gateway, body, path):
    answer = ask(gateway, "ignore-stream 4", body=body, path=path)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert '"w0 w1 w2 w3"' in answer.body.decode()
    assert answer.events[-1] == ("[DONE]" if path == CHAT else '{"type":"message_stop"}')
    assert booked(gateway, answer) == (PROMPT_TOKENS, 4, cost(4))


def test_where_that_cannot_be_its_cost_is_booked(gateway):
    body = {
        "model": "fake", "prompt": "x", "stream": True, "messages": [{"role": "user", "content": "ignore-stream 4"}],
    }
    answer = call(gateway.port, COMPLETIONS, body, gateway.text)
    assert (answer.status, answer.code) == (502, "upstream_protocol_error")
    assert "ignored" in answer.json()["error"]["message"]
    assert booked(gateway, answer) == (PROMPT_TOKENS, 4, cost(4))


# MARK: before the first content

@pytest.mark.parametrize("body,path", [(chat, CHAT), (message, MESSAGES)], ids=["translated", "same"])
def test_what_a_failed_attempt_has_consumed_is_booked(gateway, body, path):
    answer = ask(gateway, "overloaded 100000", "opus", body, path)
    assert answer.status == 502, answer.body
    assert booked(gateway, answer) == (100_000, 1, 100_000 * 1_000 + 2_000)


def test_so_it_is_where_another_provider_answers(gateway):
    answer = ask(gateway, "overloaded 100000", "either")
    assert answer.events[-1] == "[DONE]" and answer.headers["x-sira-attempts"] == "2"
    gateway.row(answer.id)
    rows = [row for row in gateway.ledger() if row["id"] == answer.id]
    assert [(row["attempt"], row["input"]) for row in rows] == [(1, 100_000), (2, PROMPT_TOKENS)], rows


def test_comments_do_not_pile_up(gateway):
    answer = ask(gateway, "comments 500")
    assert answer.events[-1] == "[DONE]" and booked(gateway, answer)[1] == 1
    assert len(answer.body) < 10_000, "comments were kept for later"


def begun(gateway, text, until, body=chat, path=CHAT):
    """What a client has seen of a stream that does not go on, once `until` is in it."""
    with connect(gateway.port, 10) as connection:
        connection.sendall(request("POST", path, body("fake", text, stream=True), gateway.text))
        seen = b""
        while until not in seen:
            piece = connection.recv(65_536)
            assert piece, seen
            seen += piece
        return seen


@pytest.mark.parametrize("body,path", [(chat, CHAT), (message, MESSAGES)], ids=["same", "translated"])
def test_a_silence_before_the_first_word_is_broken(gateway, body, path):
    seen = begun(gateway, "stall 0", b": keep-alive\n\n", body, path)
    assert seen.startswith(b"HTTP/1.1 200 ")


def test_much_that_says_nothing_is_shown(start):
    """Events without content are the client's too, and may not fill the memory."""
    seen = begun(start(), "frames 100", b'"padding"')
    assert b" 200 " in seen and b"keep-alive" not in seen


#: A prompt of 20 tokens by tiktoken's o200k_base; a message has 4 around it, and the answer's beginning 3.
UNTOLD, UNTOLD_TOKENS = "silent The quick brown fox jumps over the lazy dog. 敏捷的棕色狐狸。", 27


@pytest.mark.parametrize("body,path", [(chat, CHAT), (message, MESSAGES)], ids=["same", "translated"])
# The answer's words, w0 w1 w2, are 6 tokens; its stream has an event for each word.
@pytest.mark.parametrize("stream,words", [(False, 6), (True, 3)], ids=["whole", "stream"])
def test_what_no_provider_tells_is_counted_as_tiktoken_does(gateway, body, path, stream, words):
    answer = call(gateway.port, path, body("fake", UNTOLD, stream=stream), gateway.text)
    assert answer.status == 200, answer.body
    row = gateway.row(answer.id)
    assert (row["input"], row["output"], row["usage_basis"]) == (UNTOLD_TOKENS, words, 2), row
    assert row["cost"] == UNTOLD_TOKENS * 1_000 + words * 2_000


def test_so_are_prompts_that_no_provider_counts(gateway):
    answer = call(gateway.port, "/v1/messages/count_tokens", message("fake", UNTOLD), gateway.text)
    assert (answer.status, answer.json()) == (200, {"input_tokens": UNTOLD_TOKENS})
    assert answer.headers["x-sira-token-count"] == "estimated" and answer.headers["x-sira-attempts"] == "0"
