"""What the web console shows: requests, their details, sums over time, and all of it as it happens."""

import csv
import io
import json
import threading
import time
import urllib.parse
import urllib.request

import pytest

from gateway import Gateway, provider, wait_until
from http1 import call, chat, get
from tenants import settle, team
from upstream import MODELS

CHAT = "/v1/chat/completions"
API = "/api/v1"
#: Who asks, which model, what its provider does.
ASKED = [
    ("red", "fake", "say 3"), ("red", "fake", "say 4"), ("red", "second", "say 5"), ("red", "fake", "status 429"),
    ("blue", "fake", "say 9"), ("blue", "second", "say 6"), ("blue", "second", "say 6"),
]


class Console:
    """The gateway after some requests, and a person who sees the red team only."""

    def __init__(self, gateway):
        self.gateway = gateway
        self.keys = {name: team(gateway, name) for name in ("red", "blue")}
        settle()
        self.ids = [self.ask(*asked).id for asked in ASKED]
        gateway.rows(self.ids)
        made = self.post(
            "/service-accounts", {"name": "red", "roles": [{"role": "developer", "scope": "team:team_red"}]}
        )
        self.person = self.post(f"/service-accounts/{made['id']}/tokens", {"name": "red"})["token"]

    def ask(self, name, model, text, **more):
        return call(self.gateway.port, CHAT, chat(model, text, user=f"u-{name}", **more), self.keys[name]["key"])

    def post(self, path, body):
        answer = call(self.gateway.admin_port, API + path, body)
        assert answer.status in (200, 201), (answer.status, answer.body)
        return answer.json()

    def raw(self, path, status=200, key=None, **query):
        path = f"{API}{path}?{urllib.parse.urlencode(query)}" if query else API + path
        answer = get(self.gateway.admin_port, path, key)
        assert answer.status == status, (answer.status, answer.body)
        return answer

    def get(self, path, status=200, key=None, **query):
        return self.raw(path, status, key, **query).json()

    def stream(self, key=None, last=None, ticks=True, **query):
        return Stream(self.gateway.admin_port, key, last, query, ticks)


class Stream:
    """Reads a stream of events in the background."""

    def __init__(self, port, key, last, query, ticks):
        self.ticks = ticks
        url = f"http://127.0.0.1:{port}{API}/stream?{urllib.parse.urlencode(query)}"
        headers = {"Host": f"127.0.0.1:{port}"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        self.answer = urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30)
        self.events = []
        self.ended = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        name, data, number = None, None, None
        try:
            for line in self.answer:
                line = line.decode().rstrip("\n")
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("id: "):
                    number = int(line[4:])
                elif line.startswith("data: "):
                    data = json.loads(line[6:])
                elif not line and name:
                    self.events.append((time.time(), name, number, data))
                    name = data = number = None
        except (OSError, ValueError, AttributeError):
            pass
        self.ended.set()

    def named(self, name):
        return [event for event in list(self.events) if event[1] == name]

    def rows(self):
        return [row for event in self.named("rows") for row in event[3]["rows"]]

    def __enter__(self):
        if self.ticks:
            wait_until(lambda: self.named("tick"), "the first tick")
        return self

    def __exit__(self, *_):
        self.answer.close()


@pytest.fixture(scope="module")
def console(tmp_path_factory, upstream):
    config = {
        "providers": {"fake": provider(upstream.port), "other": provider(upstream.port)},
        "routing": {"retry": {"attempts": 1}},
        "models": {**MODELS, "second": {"provider": "other", "price": {"input": 2, "output": 4}}},
    }
    with Gateway(tmp_path_factory.mktemp("sira"), config) as gateway:
        yield Console(gateway)


# MARK: requests

def test_requests_are_told_newest_first_and_page_by_page(console):
    seen, cursor = [], {}
    while True:
        page = console.get("/requests", limit=3, lines="false", **cursor)
        assert "data" not in page
        seen += page["requests"]
        if not page["next"]:
            break
        cursor = {"cursor": page["next"]}
    told = [row["id"] for row in seen if row["id"] in console.ids]
    assert told == list(reversed(console.ids))
    row = next(row for row in seen if row["id"] == console.ids[0])
    booked = console.gateway.row(console.ids[0])
    assert row["cost_nano"] == str(booked["cost"])
    assert (row["outcome"], row["status"], row["attempts"], row["fallback"]) == ("ok", 200, 1, False)
    assert row["key"] == {"id": console.keys["red"]["id"], "name": "red"}
    assert row["latency_ms"] == pytest.approx(booked["duration"] / 1_000)
    assert abs(row["t"] - booked["started_at"] / 1e6) < 0.002


@pytest.mark.parametrize(("query", "places"), [
    ("is:error", [3]), ("model:second team:team_red", [2]), ("-model:fake team:team_blue", [5, 6]), ("user:u-blue", [4, 5, 6]),
    ("team:red is:ok model:fake", [0, 1]), ("team:BL* model:second", [5, 6]), ("key:blue -model:fake", [5, 6]),
    ("project:red user:u-red model:second", [2]), ("organization:org_1 status:429", [3]),
    ("status:4xx", [3]), ("provider:other", [2, 5, 6]), ("team:team_red is:ok model:fake", [0, 1]), ("latency:>60m", []),
])
def test_a_query_finds_what_it_says(console, query, places):
    found = [row["id"] for row in console.get("/requests", q=query, limit=100)["requests"]]
    assert [id for id in found if id in console.ids] == [console.ids[place] for place in reversed(places)]


@pytest.mark.parametrize("query", ["colour:red", "latency:fast", 'body:"x"', "model:(a OR", "is:happy", "team:evals", "a OR b", "tokens:-9223372036854775808"])
def test_a_query_that_makes_no_sense_is_refused_in_words(console, query):
    error = console.get("/requests", 400, q=query)["error"]
    assert error["code"] == "invalid_query" and error["fields"][0]["field"] == "q"


def test_a_summary_counts_what_the_rows_are(console):
    page = console.get("/requests", summary="true", team="team_red", limit=100)
    assert page["counts"]["all"] == len(page["requests"])
    assert page["counts"]["errors"] == sum(row["outcome"] != "ok" for row in page["requests"])
    histogram = page["histogram"]
    assert sum(histogram["ok"]) + sum(histogram["bad"]) == page["counts"]["all"] and not page["sampled"]
    assert len(histogram["t"]) == len(histogram["ok"]) == len(histogram["bad"])


def test_the_dearest_come_first(console):
    costs = [int(row["cost_nano"] or 0) for row in console.get("/requests", sort="-cost")["requests"]]
    assert costs == sorted(costs, reverse=True) and len(costs) >= len(ASKED)


def test_a_request_is_told_whole(console):
    told = console.get(f"/requests/{console.ids[2]}")
    booked = console.gateway.row(console.ids[2])
    assert told["request"]["id"] == console.ids[2]
    assert sum(int(part["amount_nano"]) for part in told["cost"]) == booked["cost"]
    assert {part["kind"] for part in told["cost"]} == {"input", "output"}
    [attempt] = told["attempts"]
    assert attempt["final"] and attempt["deployment"] == "other/second"
    assert 0 <= attempt["started_ms"] <= attempt["ended_ms"]
    stages = told["stages"]
    assert stages[0]["start_ms"] == 0
    for one, next_one in zip(stages, stages[1:]):
        assert one["start_ms"] + one["duration_ms"] == pytest.approx(next_one["start_ms"])
    end = stages[-1]["start_ms"] + stages[-1]["duration_ms"]
    assert end == pytest.approx(told["request"]["latency_ms"])
    assert told["feedback"] == [] and told["bodies"]["kept"] is False
    console.get("/requests/req_00000000000000000000000000", 404)


def test_what_differs_is_told(console):
    for _ in range(4):
        console.gateway.rows([console.ask("blue", "fake", "status 500").id])
    told = console.get("/requests/differences")
    assert told["window"]["bad"] >= 4
    assert any(lift["dimension"] == "status" for lift in told["lifts"])
    assert all(lift["bad_share"] > lift["baseline_share"] for lift in told["lifts"])


def test_requests_are_given_as_a_file(console):
    answer = console.raw("/requests/export", team="team_red", tz="Asia/Shanghai")
    text = answer.body.decode()
    assert text.startswith("\ufeff") and "attachment" in answer.headers["content-disposition"]
    lines = list(csv.DictReader(io.StringIO(text[1:])))
    assert {line["id"] for line in lines} == {id for id, asked in zip(console.ids, ASKED) if asked[0] == "red"}
    assert all(line["time_Asia/Shanghai"].endswith("+08:00") for line in lines)
    objects = console.raw("/requests/export", team="team_red", format="jsonl").body.decode().splitlines()
    assert {json.loads(line)["id"] for line in objects} == {line["id"] for line in lines}


# MARK: figures

def test_figures_are_those_of_the_rows(console):
    rows = [row for row in console.gateway.ledger() if row["team"] == "team_red"]
    told = console.get("/figures", team="team_red")
    figures = {figure["id"]: figure for figure in told["figures"]}
    assert figures["requests"]["value"] == len(rows)
    assert figures["spend"]["value"] == pytest.approx(sum(row["cost"] or 0 for row in rows) / 1e9)
    assert sum(figures["tokens"]["parts"].values()) == figures["tokens"]["value"]
    assert figures["p95"]["value"] is None and figures["p95"]["reason"] == "too_few_samples"
    assert figures["requests"]["previous"] == 0
    assert figures["routing_accuracy"] == {**figures["routing_accuracy"], "value": None, "reason": "no_samples"}
    today = console.get("/figures", ids="spend_today,spend_mtd", tz="Asia/Shanghai", team="team_red")["figures"]
    assert today[1]["value"] == pytest.approx(figures["spend"]["value"])
    console.get("/figures", 400, ids="happiness")
    console.get("/figures", 400, tz="Moon/Sea")


@pytest.mark.parametrize("by", ["model", "deployment", "team", "key", "user"])
def test_series_add_up_to_the_whole(console, by):
    whole = console.get("/series", metrics="requests,cost,tokens")
    parts = console.get("/series", metrics="requests,cost,tokens", by=by, limit=1)
    assert parts["t"] == whole["t"] and len(parts["series"]) <= 2
    for metric in ("requests", "cost", "tokens"):
        total = whole["series"][0]["columns"][metric]
        sums = [sum(values) for values in zip(*(series["columns"][metric] for series in parts["series"]))]
        assert sums == pytest.approx(total) and sum(total) > 0


def test_days_begin_at_midnight_of_the_zone(console):
    told = console.get("/series", step=86400, tz="Asia/Shanghai", **{"from": "2026-11-01T00:00:00Z", "to": "2026-11-04T00:00:00Z"})
    assert all((second + 8 * 3600) % 86400 == 0 for second in told["t"]) and len(told["t"]) == 4


# MARK: as it happens

def test_a_call_shows_within_two_seconds_with_its_cost(console):
    with console.stream() as stream:
        begun = time.time()
        answer = console.ask("blue", "second", "say 2")
        row = wait_until(lambda: [row for row in stream.rows() if row["id"] == answer.id], "the row", 3)[0]
        assert time.time() - begun < 2.5
        listed = wait_until(
            lambda: [row for row in console.get("/requests", limit=5)["requests"] if row["id"] == answer.id], "the line", 3
        )[0]
        assert time.time() - begun < 3
        assert row["cost_nano"] == listed["cost_nano"] == str(console.gateway.row(answer.id)["cost"])
        assert row == listed
        ticks = wait_until(lambda: [event for event in stream.named("tick") if event[3]["p"]["ok"]], "the tick", 3)
        assert ticks[0][3]["p"]["output_tokens"] > 0
    pulse = console.get("/pulse", seconds=30)
    assert sum(pulse["columns"]["ok"]) >= 1 and len({len(column) for column in pulse["columns"].values()}) == 1


def test_a_stream_goes_on_where_it_broke_off(console):
    with console.stream() as stream:
        wait_until(lambda: len(stream.named("tick")) >= 3, "three ticks")
        first = stream.named("tick")[0][3]["t"]
    with console.stream(last=first) as stream:
        assert stream.named("tick")[0][3]["t"] == first + 1


def test_requests_alone_go_on_where_they_broke_off(console):
    with console.stream() as whole:
        with console.stream(topics="requests", ticks=False) as stream:
            first = console.ask("blue", "second", "say 2").id
            wait_until(lambda: first in {row["id"] for row in stream.rows()}, "the row", 4)
            last = stream.named("rows")[-1][2]
        missed = console.ask("blue", "second", "say 2").id
        wait_until(lambda: missed in {row["id"] for row in whole.rows()}, "the row", 4)
    with console.stream(last=last, topics="requests", ticks=False) as stream:
        wait_until(lambda: missed in {row["id"] for row in stream.rows()}, "the missed row", 4)
        assert first not in {row["id"] for row in stream.rows()}


def test_a_change_of_the_configuration_is_told(console):
    with console.stream() as stream:
        version = console.get("/configuration")["version"]
        patch = {"routing": {"retry": {"attempts": 2}}}
        console.post("/configuration/apply", {"base_version": version, "reason": "to see it", "patch": patch})
        wait_until(lambda: stream.named("config"), "the change", 4)


def test_a_teams_developer_sees_nothing_of_another_team(console):
    with console.stream(console.person) as own, console.stream() as whole:
        answers = [console.ask(name, "fake", "say 1").id for name in ("blue", "red")]
        wait_until(lambda: set(answers) <= {row["id"] for row in whole.rows()}, "both rows", 4)
        wait_until(lambda: answers[1] in {row["id"] for row in own.rows()}, "the own row", 4)
        assert answers[0] not in {row["id"] for row in own.rows()}
        assert all(row["team"] == "team_red" for row in own.rows())
        console.gateway.rows(answers)
    page = console.get("/requests", key=console.person)
    assert page["scope"] == "team:team_red" and page["requests"]
    assert {row["team"] for row in page["requests"]} == {"team_red"}
    assert {line["team"] for line in page["data"]} == {"team_red"}
    assert console.get("/requests", key=console.person, q=f"id:{answers[0]}")["requests"] == []
    assert console.get("/requests", key=console.person, q="team:team_blue")["requests"] == []
    console.get("/requests", 400, console.person, q="team:blue")
    assert console.get("/requests", key=console.person, q="team:red key:red")["requests"]
    console.get(f"/requests/{answers[0]}", 404, console.person)
    console.get(f"/requests/{answers[1]}", 200, console.person)
    for path in ("/requests", "/requests/differences", "/requests/export", "/figures", "/series", "/pulse", "/stream"):
        console.raw(path, 403, console.person, team="team_blue")
    mine = console.get("/figures", key=console.person, ids="requests")["figures"][0]["value"]
    assert mine == len([row for row in console.gateway.ledger() if row["team"] == "team_red"])
    for path in ("/deployments", "/scores", "/decisions", "/experiments"):
        console.get(path, 403, console.person)


def test_a_place_of_ones_own_opens_no_other(console):
    team(console.gateway, "green", "org_2")
    settle()
    made = console.post("/service-accounts", {"name": "own", "roles": [{"role": "developer", "scope": "organization:org_1"}]})
    token = console.post(f"/service-accounts/{made['id']}/tokens", {"name": "own"})["token"]
    for path in ("/pulse", "/stream"):
        for other in ({"team": "team_green"}, {"project": "proj_green"}, {"team": "team_red", "project": "proj_green"}):
            console.raw(path, 403, token, organization="org_1", **other)
    assert console.get("/pulse", key=token, organization="org_1", team="team_red")["scope"] == ["team:team_red"]
    with console.stream(token, organization="org_1", team="team_red") as own:
        answers = [console.ask(name, "fake", "say 1").id for name in ("blue", "red")]
        wait_until(lambda: answers[1] in {row["id"] for row in own.rows()}, "the own row", 4)
        assert answers[0] not in {row["id"] for row in own.rows()}
        console.gateway.rows(answers)


def test_a_stream_ends_when_its_reader_may_no_longer_read(console):
    made = console.post(
        "/service-accounts", {"name": "gone", "roles": [{"role": "developer", "scope": "team:team_red"}]}
    )
    token = console.post(f"/service-accounts/{made['id']}/tokens", {"name": "gone"})
    with console.stream(token["token"]) as stream:
        answer = get(
            console.gateway.admin_port, f"{API}/service-accounts/{made['id']}/tokens/{token['id']}", method="DELETE"
        )
        assert answer.status in (200, 204), answer.body
        wait_until(lambda: stream.named("end"), "the end", 20)
        assert stream.ended.wait(3)


# MARK: routing

def test_deployments_tell_what_they_had_to_do(console):
    told = {line["id"]: line for line in console.get("/deployments")["deployments"]}
    assert told["fake/fake"]["requests"] > 0 and told["fake/fake"]["state"] in ("up", "degraded", "down")
    assert sum(line["share"] for line in told.values()) == pytest.approx(1)
    assert told["other/second"]["health"]["provider"] == "other"


def test_scores_and_kinds_are_told(console):
    models = {model["id"]: model for model in console.get("/scores")["models"]}
    assert {model["price"]["value"] for model in models.values()} >= {100}
    assert models["fake/fake"]["quality"] == {"value": None, "n": 0}
    summary = console.get("/routing/summary")
    assert summary["types"][0]["type"] == "chat" and summary["types"][0]["share"] == pytest.approx(1)
    assert summary["accuracy"]["reason"] == "no_samples"
    assert console.get("/experiments") == {"experiments": []}
    decisions = console.get("/decisions", limit=2)["decisions"]
    assert all(line["decision"]["candidates"] is not None for line in decisions)
