"""`sira usage` and `sira logs` tell of the requests what the providers said in their answers."""

import json
import subprocess
from datetime import datetime, timezone
from decimal import Decimal

import pytest

from gateway import BINARY, Gateway, provider
from http1 import call, chat
from upstream import MODELS, PROMPT_TOKENS, cost

CHAT = "/v1/chat/completions"

#: What is asked: who asks, which model, what its provider does, whether as a stream.
ASKED = [
    ("ann", "fake", "say 3", False),
    ("ann", "fake", "say 4", True),
    ("ann", "fake", "status 429", False),
    ("ann", "second", "say 5", False),
    ("bob", "fake", "figures completion_tokens=9", False),
    ("bob", "second", "say 6", True),
    ("bob", "unknown-model", "say 7", False),
]
#: Nano-dollars of all of it; the model `second` costs twice as much as `fake`.
SPENT = {"ann": cost(3) + cost(4) + 2 * cost(5), "bob": 2 * cost(6)}


class Books:
    """The gateway after the requests, and what it answered to each."""

    def __init__(self, gateway):
        self.gateway = gateway
        keys = {name: gateway.new_key(name) for name in ("ann", "bob")}
        self.key_ids = {name: key["id"] for name, key in keys.items()}
        self.first = today()
        self.answers = [
            call(gateway.port, CHAT, chat(model, text, stream=stream), keys[name]["key"])
            for name, model, text, stream in ASKED
        ]
        gateway.rows([answer.id for answer in self.answers])
        self.days = {self.first, today()}

    def usage(self, *options):
        return json.loads(self.gateway.command("usage", "--json", *options))

    def logs(self, *options):
        return json.loads(self.gateway.command("logs", "--json", *options))


def today():
    return datetime.now(timezone.utc).strftime("%Y-%m-%d")


def nanos(dollars):
    return int(Decimal(dollars) * 10**9)


@pytest.fixture(scope="module")
def books(tmp_path_factory, upstream):
    config = {
        "providers": {"fake": provider(upstream.port), "other": provider(upstream.port)},
        "routing": {"retry": {"attempts": 1}},
        "models": {**MODELS, "second": {"provider": "other", "price": {"input": 2, "output": 4}}},
    }
    with Gateway(tmp_path_factory.mktemp("sira"), config) as gateway:
        yield Books(gateway)


# MARK: usage

def test_usage_in_all(books):
    total = books.usage()["total"]
    assert (total["requests"], total["errors"]) == (len(ASKED), 2)
    # The unknown model reached no provider.
    assert total["attempts"] == len(ASKED)
    assert (total["input_tokens"], total["output_tokens"]) == (4 * PROMPT_TOKENS, 3 + 4 + 5 + 9 + 6)
    assert nanos(total["cost_usd"]) == SPENT["ann"] + SPENT["bob"]
    # What was refused cost nothing, and that is known; what lacks a figure may have cost anything.
    assert (total["unknown_usage"], total["unpriced"]) == (1, 0)


def test_usage_by_key(books):
    lines = {line["key_name"]: line for line in books.usage("--by", "key")["lines"]}
    assert {name: nanos(line["cost_usd"]) for name, line in lines.items()} == SPENT
    assert {name: line["key"] for name, line in lines.items()} == books.key_ids
    assert [lines[name]["requests"] for name in ("ann", "bob")] == [4, 3]
    assert [lines[name]["errors"] for name in ("ann", "bob")] == [1, 1]
    assert [lines[name]["output_tokens"] for name in ("ann", "bob")] == [12, 15]


def test_usage_by_model_and_provider(books):
    lines = {(line["provider"], line["model"]): line for line in books.usage("--by", "model")["lines"]}
    assert lines.keys() == {("", ""), ("fake", "fake"), ("other", "second")}
    assert [line["requests"] for _, line in sorted(lines.items())] == [1, 4, 2]
    assert nanos(lines["fake", "fake"]["cost_usd"]) == cost(3) + cost(4)
    assert nanos(lines["other", "second"]["cost_usd"]) == 2 * (cost(5) + cost(6))
    providers = {line["provider"]: line["requests"] for line in books.usage("--by", "provider")["lines"]}
    assert providers == {"": 1, "fake": 4, "other": 2}


@pytest.mark.parametrize("dimension", ["day", "hour"])
def test_usage_by_time(books, dimension):
    report = books.usage("--by", dimension)
    assert {line["start"][:10] for line in report["lines"]} <= books.days
    assert sum(line["requests"] for line in report["lines"]) == len(ASKED)
    assert sum(nanos(line["cost_usd"]) for line in report["lines"]) == nanos(report["total"]["cost_usd"])


def test_usage_of_a_stretch_of_time(books):
    assert books.usage("--since", books.first)["total"]["requests"] == len(ASKED)
    assert books.usage("--since", "2020-01-01", "--until", "2020-12-31")["total"]["requests"] == 0
    assert "Nothing was used" in books.gateway.command("usage", "--since", "2020-01-01", "--until", "2020-12-31")


def test_usage_as_a_table(books):
    lines = books.gateway.command("usage", "--by", "key").splitlines()
    assert lines[0].split() == ["KEY", "REQUESTS", "ERRORS", "INPUT", "CACHED", "OUTPUT", "COST", "$", "WITHOUT", "COST"]
    found = {line.split()[0]: line.split() for line in lines[1:]}
    assert found["ann"][1] == f"({books.key_ids['ann']})"
    assert found["ann"][2:4] + found["ann"][-3:-2] + found["ann"][-1:] == ["4", "1", "12", "0"]
    assert (found["bob"][-1], found["total"][1], found["total"][-1]) == ("1", str(len(ASKED)), "1")
    assert found["total"][-3:-1] == ["+", "?"] and nanos(found["total"][-4]) == SPENT["ann"] + SPENT["bob"]


# MARK: logs

def test_logs_in_full(books):
    records = books.logs()
    assert [record["request"] for record in records] == [answer.id for answer in reversed(books.answers)]
    for record, answer, (name, model, _, stream) in zip(reversed(records), books.answers, ASKED):
        assert (record["key"], record["requested_model"]) == (books.key_ids[name], model)
        assert (record["status"], record["final"], record["operation"]) == (answer.status, True, "chat")
        assert record["stream"] == stream
    said, streamed, limited, _, partial, _, unknown = reversed(records)
    assert (said["outcome"], said["provider"], said["usage"]["basis"]) == ("ok", "fake", "provider")
    assert (said["usage"]["input_tokens"], said["usage"]["output_tokens"]) == (PROMPT_TOKENS, 3)
    assert nanos(said["cost_usd"]) == cost(3) and said["error"] is None
    assert streamed["time_to_first_token_us"] > 0 and nanos(streamed["cost_usd"]) == cost(4)
    assert (limited["outcome"], limited["error"]) == ("upstream_error", "upstream_rate_limited")
    assert (limited["usage"]["basis"], nanos(limited["cost_usd"])) == ("refused", 0)
    assert (partial["usage"]["basis"], partial["cost_usd"]) == ("partial", None)
    assert (unknown["attempt"], unknown["provider"], unknown["error"]) == (0, None, "model_not_found")


FILTERS = [
    (["--key", "ann"], [0, 1, 2, 3]), (["--key", "bob"], [4, 5, 6]),
    (["--model", "second"], [3, 5]), (["--model", "nobody's"], []),
    (["--provider", "fake"], [0, 1, 2, 4]),
    (["--outcome", "upstream_error"], [2]), (["--outcome", "client_error"], [6]),
    (["--status", "200"], [0, 1, 3, 4, 5]), (["--status", "404"], [6]), (["--status", "404", "--key", "ann"], []),
    (["--limit", "2"], [5, 6]), (["--limit", "1", "--status", "200"], [5]),
    (["--since", "1h"], list(range(7))), (["--since", "2099-01-01"], []),
    (["--key", "ann", "--provider", "other"], [3]),
]


@pytest.mark.parametrize("options,expected", FILTERS, ids=[" ".join(options) for options, _ in FILTERS])
def test_logs_filtered(books, options, expected):
    numbers = {answer.id: number for number, answer in enumerate(books.answers)}
    assert [numbers[record["request"]] for record in books.logs(*options)] == expected[::-1]


def test_logs_of_a_key_by_its_id(books):
    assert books.logs("--key", books.key_ids["ann"]) == books.logs("--key", "ann")


def test_logs_of_one_request(books):
    answer = books.answers[3]
    assert [record["request"] for record in books.logs("--request", answer.id)] == [answer.id]
    assert books.logs("--request", "req_" + "0" * 26) == []


def test_logs_as_a_table(books):
    lines = books.gateway.command("logs").splitlines()
    titles = ["TIME", "REQUEST", "TRY", "MODEL", "PROVIDER", "OUTCOME", "STATUS", "INPUT", "OUTPUT", "COST", "$", "TOOK"]
    assert lines[0].split() == titles
    assert len(lines) == 1 + len(ASKED)
    by_request = {answer.id: next(line for line in lines if answer.id in line) for answer in books.answers}
    said, limited, partial, unknown = (by_request[books.answers[number].id] for number in (0, 2, 4, 6))
    assert " ok " in said and " 0.000017 " in said
    assert " upstream_rate_limited " in limited and " 0.00 " in limited
    # Of what cannot have cost anything there is nothing to miss.
    assert " ? " in partial and " model_not_found " in unknown and " ? " not in unknown
    assert "There are no such requests." in books.gateway.command("logs", "--model", "nobody's")


@pytest.mark.parametrize("options,words", [
    (["usage", "--by", "colour"], "--by"), (["usage", "--since", "soon"], "--since"),
    (["logs", "--outcome", "fine"], "--outcome"), (["logs", "--limit", "0"], "--limit"),
    (["logs", "--request", "5"], "req_"), (["logs", "--key", "stranger"], "stranger"),
])
def test_options_that_mean_nothing_are_named(books, options, words):
    gateway = books.gateway
    done = subprocess.run(
        [BINARY, *options], env=gateway.environment, cwd=gateway.directory, capture_output=True, text=True, timeout=30
    )
    assert done.returncode != 0 and words in done.stderr, (done.stdout, done.stderr)
