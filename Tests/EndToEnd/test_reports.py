"""What reports say of the books is what the rows of the ledger add up to, and people see their own part only."""

import json
import urllib.parse
from collections import Counter
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from gateway import Gateway, provider
from http1 import call, chat, get
from tenants import insert, settle, team
from upstream import MODELS

CHAT = "/v1/chat/completions"
API = "/api/v1"
#: Who asks, which model, what its provider does.
ASKED = [
    ("red", "fake", "say 3"), ("red", "fake", "say 4"), ("red", "second", "say 5"), ("red", "fake", "status 429"),
    ("blue", "fake", "say 9"), ("blue", "second", "say 6"), ("blue", "second", "say 6"),
]


class Reports:
    """The gateway after the requests, its ledger, and a person who sees the red team only."""

    def __init__(self, gateway):
        self.gateway = gateway
        self.keys = {name: team(gateway, name) for name in ("red", "blue")}
        self.budget = insert(
            gateway, "budget", "bud_00000000001", scope="team:team_red", amount="1", currency="USD", period="total",
        )
        settle()
        answers = [
            call(gateway.port, CHAT, chat(model, text, user=f"u-{name}"), self.keys[name]["key"])
            for name, model, text in ASKED
        ]
        self.ids = [answer.id for answer in answers]
        gateway.rows(self.ids)
        self.person = self.token("usage-of-red", "developer", "team:team_red")

    def token(self, name, role, *scopes):
        roles = [{"role": role, "scope": scope} for scope in scopes]
        made = self.post("/service-accounts", {"name": name, "roles": roles}, 201)
        return self.post(f"/service-accounts/{made['id']}/tokens", {"name": name}, 201)["token"]

    def post(self, path, body, status=200, **more):
        answer = call(self.gateway.admin_port, API + path, body, **more)
        assert answer.status == status, (answer.status, answer.body)
        return answer.json() if answer.body else None

    def get(self, path, status=200, key=None, **query):
        path = f"{API}{path}?{urllib.parse.urlencode(query)}" if query else API + path
        answer = get(self.gateway.admin_port, path, key)
        assert answer.status == status, (answer.status, answer.body)
        return answer.json()

    def command(self, *words):
        return json.loads(self.gateway.command(*words, "--json"))

    def rows(self, **wanted):
        return [row for row in self.gateway.ledger() if all(row[name] == value for name, value in wanted.items())]


def nanos(dollars):
    return int(Decimal(dollars) * 10**9)


def sums(rows):
    """The sums that reports tell, from rows."""
    return {
        "requests": sum(row["is_final"] and not row["is_correction"] for row in rows),
        "errors": sum(row["is_final"] and row["outcome"] != "ok" for row in rows),
        "attempts": sum(not row["is_correction"] for row in rows),
        "input_tokens": sum(row["input"] for row in rows),
        "output_tokens": sum(row["output"] for row in rows),
        "cost": sum(row["cost"] or 0 for row in rows),
        "charge": sum(row["charge"] or 0 for row in rows),
        "duration_us": sum(row["duration"] for row in rows if row["is_final"]),
    }


def told(line):
    plain = {name: line[name] for name in ("requests", "errors", "attempts", "input_tokens", "output_tokens", "duration_us")}
    return {**plain, "cost": nanos(line["cost_usd"]), "charge": nanos(line["charge_usd"])}


@pytest.fixture(scope="module")
def reports(tmp_path_factory, upstream):
    config = {
        "providers": {"fake": provider(upstream.port), "other": provider(upstream.port)},
        "routing": {"retry": {"attempts": 1}},
        "models": {**MODELS, "second": {"provider": "other", "price": {"input": 2, "output": 4}}},
    }
    with Gateway(tmp_path_factory.mktemp("sira"), config) as gateway:
        yield Reports(gateway)


# MARK: usage

def test_the_total_is_that_of_the_rows(reports):
    total = reports.get("/usage")["total"]
    assert told(total) == sums(reports.rows())
    assert told(reports.command("usage")["total"]) == sums(reports.rows())


@pytest.mark.parametrize("names", [["team"], ["team", "model"], ["provider", "model", "key"], ["requested_model"]])
def test_lines_are_those_of_the_rows(reports, names):
    lines = reports.get("/usage", group_by=",".join(names), period="hour")["data"]
    expected = {}
    for row in reports.rows():
        expected.setdefault(tuple(row[name] for name in names), []).append(row)
    assert {tuple(line[name] for name in names): told(line) for line in lines} == {
        group: sums(rows) for group, rows in expected.items()
    }
    typed = reports.command("usage", "--by", ",".join(names))["lines"]
    assert {tuple(line[name] for name in names): told(line) for line in typed} == {
        group: sums(rows) for group, rows in expected.items()
    }


def test_end_users_stand_by_their_names(reports):
    lines = reports.get("/usage", group_by="user")["data"]
    assert {line["user"]: line["requests"] for line in lines} == {"u-red": 4, "u-blue": 3}
    assert reports.get("/usage", user="u-red")["total"]["requests"] == 4


def test_percentiles_are_within_two_percent(reports):
    # Of the requests that ended well: how soon others fail says nothing of how long an answer takes.
    durations = sorted(row["duration"] for row in reports.rows() if row["is_final"] and row["outcome"] == "ok")
    for line in (reports.get("/usage")["total"], reports.command("usage")["total"]):
        assert line["latency_us"]["p50"] == pytest.approx(durations[(len(durations) - 1) // 2], rel=0.021)
        assert line["latency_us"]["p99"] == pytest.approx(durations[int(0.99 * (len(durations) - 1))], rel=0.021)
    assert "P95" in reports.gateway.command("usage", "--by", "team", "--wide")


def test_pages_follow_each_other_by_the_order_asked_for(reports):
    seen, after = [], 0
    while True:
        page = reports.get("/usage", group_by="team,model", order_by="cost", limit=1, after=after)
        seen += page["data"]
        if not page["has_more"]:
            break
        after = page["next"]
    assert len(seen) == 4
    assert [nanos(line["cost_usd"]) for line in seen] == sorted((nanos(line["cost_usd"]) for line in seen), reverse=True)


@pytest.mark.parametrize("query", [{"group_by": "colour"}, {"tag": "a", "user": "b"}, {"since": "2030-01-01", "until": "2029-01-01"}])
def test_questions_that_make_no_sense_are_refused(reports, query):
    reports.get("/usage", 400, **query)


def test_requests_are_told_page_by_page(reports):
    seen, after = [], {}
    while True:
        page = reports.get("/requests", limit=3, team="team_red", **after)
        seen += page["data"]
        if not page["has_more"]:
            break
        after = {"after": page["next"]}
    rows = reports.rows(team="team_red")
    assert Counter(line["request"] for line in seen) == Counter(row["id"] for row in rows)
    assert sum(nanos(line["cost_usd"]) for line in seen if line["cost_usd"]) == sum(row["cost"] or 0 for row in rows)


# MARK: who may see what

def test_a_part_is_seen_by_those_who_ask_for_it(reports):
    mine = reports.get("/usage", key=reports.person, team="team_red")["total"]
    assert told(mine) == sums(reports.rows(team="team_red"))
    for query in ({"team": "team_blue"}, {"project": "proj_blue"}, {"organization": "org_1"}):
        for path in ("/usage", "/requests"):
            reports.get(path, 403, reports.person, **query)
    # Who may see one place alone need not name it.
    own = reports.get("/requests", key=reports.person, model="fake")
    assert own["scope"] == "team:team_red" and {line["team"] for line in own["data"]} == {"team_red"}
    own = reports.get("/usage", key=reports.person)
    assert own["scope"] == "team:team_red" and told(own["total"]) == told(mine)
    # Who may see two has to say which.
    both = reports.token("usage-of-both", "developer", "team:team_red", "team:team_blue")
    message = reports.get("/usage", 403, both)["error"]["message"]
    assert "team:team_red" in message and "team:team_blue" in message
    assert told(reports.get("/usage", key=both, team="team_blue")["total"]) == sums(reports.rows(team="team_blue"))
    assert told(reports.get("/usage", key=reports.person, project="proj_red")["total"]) == told(mine)


def test_a_part_is_all_that_other_reports_tell(reports):
    for path in ("/forecast", "/anomalies"):
        assert reports.get(path, key=reports.person)["scope"] == "team:team_red"
        reports.get(path, 403, reports.person, scope="team:team_blue")
        reports.get(path, 200, reports.person, scope="team:team_red")
    for path in ("/advice", "/queue"):
        reports.get(path, 403, reports.person)
    reports.post("/replay", {}, 403, key=reports.person)
    reports.post("/replay", {"scope": "team:team_red"}, 200, key=reports.person)
    reports.post("/corrections", {"request": reports.ids[0], "reason": "no", "cost_usd": "1"}, 403, key=reports.person)


# MARK: what follows from it

def test_the_forecast_begins_with_what_was_spent(reports):
    spent = sum(row["cost"] or 0 for row in reports.rows(team="team_red"))
    for forecast in (reports.get("/forecast", scope="team:team_red"), reports.command("forecast", "--scope", "team:team_red")):
        assert nanos(forecast["month"]["spent_usd"]) == spent
        assert nanos(forecast["month"]["expected_usd"]) >= spent
        low, high = (nanos(forecast["month"]["likely_usd"][end]) for end in ("low", "high"))
        assert low <= nanos(forecast["month"]["expected_usd"]) <= high
        assert [budget["id"] for budget in forecast["budgets"]] == [reports.budget]
    assert reports.get("/forecast", budget=reports.budget)["scope"] == "team:team_red"


def test_a_first_hour_is_not_odd(reports):
    for anomalies in (reports.get("/anomalies", least_change="0.000001"), reports.command("anomalies")):
        assert anomalies["data"] == []
        until = datetime.fromisoformat(anomalies["until"])
        assert until == datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
        assert until - datetime.fromisoformat(anomalies["since"]) == timedelta(days=7)


def test_replay_prices_the_same_tokens(reports):
    rows = [row for row in reports.rows(model="second") if row["cost"]]
    old = sum(row["cost"] for row in rows)
    new = sum(row["input"] * 1_000 + row["output"] * 2_000 for row in rows)
    for replay in (
        reports.post("/replay", {"substitutions": {"other/second": "fake/fake"}}),
        reports.command("replay", "--map", "other/second=fake/fake"),
    ):
        line = next(line for line in replay["lines"] if line["model"] == "other/second")
        assert (nanos(line["old_cost_usd"]), nanos(line["new_cost_usd"])) == (old, new)
    priced = reports.post("/replay", {"substitutions": {"other/second": {"input": 4, "output": "8"}}})
    line = next(line for line in priced["lines"] if line["model"] == "other/second")
    assert nanos(line["new_cost_usd"]) == 2 * old


def test_replay_by_a_route_takes_the_shares_that_its_models_had(reports):
    # Whoever asks for "fake" reaches fake/fake alone: as a route it has one model.
    rows = [row for row in reports.rows(model="second") if row["cost"]]
    new = sum(row["input"] * 1_000 + row["output"] * 2_000 for row in rows)
    for replay in (
        reports.post("/replay", {"substitutions": {"other/second": "route:fake"}}),
        reports.command("replay", "--map", "other/second=route:fake"),
    ):
        line = next(line for line in replay["lines"] if line["model"] == "other/second")
        assert (line["target"], nanos(line["new_cost_usd"])) == ("route:fake", new)
    refused = reports.post("/replay", {"substitutions": {"other/second": "route:nobody"}}, 422)
    assert "nobody" in refused["error"]["message"]


def test_returns_are_arithmetic(reports):
    body = {"n_raw": 1_000_000, "hr": 0.3, "br": 0.2, "c_unit_usd": "0.001", "o_cost_usd": 100, "batch_discount": 0.5}
    answer = reports.post("/roi", body)
    typed = reports.command(
        "roi", "--requests", "1000000", "--hit-rate", "30%", "--batch-rate", "0.2", "--cost", "0.001", "--overhead", "100"
    )
    for told_of in (answer, typed):
        # 1000 without; 1000 · 0.7 · 0.9 + 100 with.
        assert nanos(told_of["cost_without_usd"]) == 1_000 * 10**9
        assert nanos(told_of["cost_with_usd"]) == 730 * 10**9
        assert told_of["roi"] == pytest.approx(2.7)
        assert len(told_of["sensitivity"]) == 5 * 7
    measured = reports.post("/roi", {"measured": True, "scope": "team:team_red"})
    rows = reports.rows(team="team_red")
    assert measured["requests"] == 4
    assert nanos(measured["measured"]["cost_usd"]) == sum(row["cost"] or 0 for row in rows)
    reports.post("/roi", {"hr": 2}, 422)


def test_a_providers_export_is_compared(reports, tmp_path):
    rows = reports.rows(provider="other")
    day = datetime.fromtimestamp(rows[0]["started_at"] / 1e6, timezone.utc).strftime("%Y-%m-%d")
    own = sum(row["cost"] for row in rows)
    text = f"date,model,requests,input_tokens,output_tokens,cost\n{day},second,{len(rows)},{sum(r['input'] for r in rows)}," \
        f"{sum(r['output'] for r in rows)},{Decimal(own) / 10**9 + 1}\n"
    file = tmp_path / "export.csv"
    file.write_text(text)
    for report in (
        reports.post("/reconciliation", {"provider": "other", "format": "csv", "content": text}),
        reports.command("reconcile", str(file), "--provider", "other", "--format", "csv"),
    ):
        group = next(group for group in report["groups"] if group["model"] == "second")
        assert nanos(group["ours"]["cost_usd"]) == own
        assert nanos(group["drift"]["cost_usd"]) in (10**9, -(10**9))
        assert group["verdict"] != "same"
    reports.post("/reconciliation", {"provider": "other", "format": "csv", "content": "a,b\n1\n"}, 422)


def test_advice_is_heard_until_it_is_dismissed(reports):
    gateway = reports.gateway
    old = gateway.new_key("forgotten")
    past = int((datetime.now(timezone.utc) - timedelta(days=60)).timestamp() * 1e6)
    gateway.change("UPDATE keys SET created_at = ? WHERE id = ?", past, old["id"])
    other = gateway.new_key("left")
    gateway.change("UPDATE keys SET created_at = ? WHERE id = ?", past, other["id"])
    advice = {entry["change"]["key"]: entry for entry in reports.get("/advice")["data"] if entry["rule"] == "idle-key"}
    assert set(advice) == {old["id"], other["id"]}
    assert {entry["id"] for entry in reports.command("advice")} == {entry["id"] for entry in advice.values()}

    applied = reports.post(f"/advice/{advice[old['id']]['id']}/apply", {})
    assert applied["applied"]
    # A week from when it is asked for.
    ends = datetime.fromisoformat(reports.get(f"/keys/{old['id']}")["expires_at"])
    assert abs(ends - datetime.fromisoformat(advice[old["id"]]["change"]["at"])) < timedelta(minutes=5)
    assert reports.get("/audit", action="key.update")["data"][0]["subject"] == old["id"]

    assert reports.post(f"/advice/{advice[other['id']]['id']}/dismiss", {}, 204) is None
    assert [entry["rule"] for entry in reports.get("/advice")["data"]] == []
    assert reports.command("advice") == []
    assert len(reports.command("advice", "--all")) == 1
    reports.post("/advice/idle-key-0000000000000000/dismiss", {}, 404)


# MARK: limits

def test_budgets_tell_how_they_stand(reports):
    spent = sum(row["charge"] or 0 for row in reports.rows(team="team_red") if not row["is_correction"])
    for key in (None, reports.person):
        status = reports.get("/budgets/status", key=key)["data"]
        assert [line["budget"] for line in status] == [reports.budget]
        assert (nanos(status[0]["spent_usd"]), nanos(status[0]["reserved_usd"])) == (spent, 0)
        assert nanos(status[0]["left_usd"]) == 10**9 - spent
    assert reports.get("/limits/status")["data"] == []
    assert reports.get("/queue") == {"waiting": 0}


# MARK: corrections (last: they change the sums)

def test_a_correction_is_one_more_line(reports):
    before = sums(reports.rows())
    request = reports.ids[0]
    row = reports.gateway.row(request)
    line = reports.post(
        "/corrections",
        {"request": request, "reason": "the provider billed more", "right_cost_usd": "0.5", "usage": {"output_tokens": 7}},
        201,
    )
    assert line["correction"] and nanos(line["cost_usd"]) == 5 * 10**8 - row["cost"]
    after = sums(reports.rows())
    assert after["cost"] == before["cost"] + 5 * 10**8 - row["cost"]
    assert after["output_tokens"] == before["output_tokens"] + 7
    assert (after["requests"], after["attempts"]) == (before["requests"], before["attempts"])
    assert told(reports.get("/usage")["total"]) == after
    lines = {line["team"]: line for line in reports.get("/usage", group_by="team")["data"]}
    assert told(lines["team_red"]) == sums(reports.rows(team="team_red"))
    entry = reports.get("/audit", action="usage.correct")["data"][0]
    assert (entry["subject"], entry["reason"]) == (request, "the provider billed more")
    assert nanos(entry["changes"]["cost_usd"][1]) == 5 * 10**8
    reports.post("/corrections", {"request": request, "reason": "back", "cost_usd": "-0.25"}, 201)
    assert sums(reports.rows())["cost"] == after["cost"] - 25 * 10**7
    reports.post("/corrections", {"request": "req_00000000000000000000000000", "reason": "x", "cost_usd": "1"}, 404)
    reports.post("/corrections", {"request": request, "reason": "nothing"}, 422)
