"""How deployments do can be seen, and changed, while the gateway runs."""

import json
import subprocess

import pytest

from gateway import BINARY, Gateway, provider, wait_until
from http1 import call, chat, get, request, send
from upstream import Upstream

CHAT = "/v1/chat/completions"


class Switched(Upstream):
    """Fails as long as it is told to, whatever it is asked; lists its models otherwise."""

    failing = False

    async def _answer(self, reader, writer, body):
        from upstream import Out
        if self.failing:
            return await self.do_status(Out(writer, reader, body), "503")
        if "messages" not in body:
            return await Out(writer, reader, body).plain(200, "application/json", b'{"object":"list","data":[]}')
        await super()._answer(reader, writer, body)


@pytest.fixture(scope="module")
def pair():
    with Switched() as one, Switched() as two:
        yield one, two


@pytest.fixture
def gateway(tmp_path, pair):
    for server in pair:
        server.failing = False
        server.requests.clear()
    config = {
        "providers": {name: provider(server.port, models=["m"]) for name, server in zip(("one", "two"), pair)},
        "models": {f"{name}-model": {"provider": name, "model": "m", "price": {"input": 1, "output": 2}}
                   for name in ("one", "two")},
        "routes": {"both": {"targets": ["one-model", "two-model"]}},
        "routing": {"health": {"consecutive_failures": 2, "cooldown": "1m", "probe_interval": "1s"}},
    }
    gateway = Gateway(tmp_path, config, environment={"SIRA_ADMIN_TOKEN": "the-admin-token"})
    gateway.text = gateway.key()
    with gateway:
        yield gateway


def ask(gateway, model="both"):
    answer = call(gateway.port, CHAT, chat(model, "say 2"), gateway.text)
    return answer.headers.get("x-sira-provider") if answer.status == 200 else answer.code


def sira(gateway, *arguments, **environment):
    return subprocess.run([BINARY, *arguments], env={**gateway.environment, **environment}, cwd=gateway.directory,
                          capture_output=True, text=True, timeout=30)


def health(gateway, path="/api/health"):
    answer = get(gateway.admin_port, path, "the-admin-token")
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def standing(gateway, identifier):
    return {each["id"]: each for each in health(gateway)["deployments"]}.get(identifier)


def metric(gateway, line):
    text = get(gateway.admin_port, "/metrics", "the-admin-token").body.decode()
    values = [each.rsplit(" ", 1)[1] for each in text.split("\n") if each.rsplit(" ", 1)[0] == line]
    return float(values[0]) if values else None


def test_an_ill_deployment_is_seen_and_comes_back(gateway, pair):
    assert ask(gateway) == "one"
    well = sira(gateway, "health")
    assert well.returncode == 0, well
    assert "one/m" in well.stdout and "two/m" not in well.stdout, "only what has been used is shown"
    assert metric(gateway, 'sira_deployment_state{deployment="one/m"}') == 0

    pair[0].failing = True
    assert [ask(gateway) for _ in range(4)] == ["two"] * 4
    ill = standing(gateway, "one/m")
    assert ill["state"] == "open" and not ill["available"] and ill["ill"], ill
    assert ill["reason"] == "2 failures in a row, the last one: server error", ill
    assert 0 < ill["until_seconds"] <= 60 and ill["failures"] == 2 and ill["attempts"] == 3, ill
    assert standing(gateway, "two/m")["state"] == "closed"
    assert health(gateway)["healthy"] is False
    shown = sira(gateway, "health")
    assert shown.returncode == 1, shown
    (line,) = [line for line in shown.stdout.splitlines() if line.startswith("one/m")]
    assert "open" in line and "2 failures in a row" in line and "67 % of 3" in line, line
    assert sira(gateway, "health", "--json").returncode == 1
    assert metric(gateway, 'sira_deployment_state{deployment="one/m"}') == 2
    assert metric(gateway, 'sira_deployment_available{deployment="one/m"}') == 0
    assert metric(gateway, 'sira_deployment_available{deployment="two/m"}') == 1
    assert metric(gateway, 'sira_attempts_total{kind="first",outcome="server_error"}') == 2
    assert metric(gateway, 'sira_attempts_total{kind="fallback",outcome="ok"}') == 2
    assert metric(gateway, 'sira_attempts_total{kind="first",outcome="ok"}') == 3
    status = json.loads(get(gateway.admin_port, "/api/status", "the-admin-token").body)
    assert [each["ailments"] for each in status["providers"]][0] == [f"m: {ill['reason']}"], status["providers"]

    wait_until(lambda: metric(gateway, 'sira_probes_total{outcome="failed"}'), "a probe that fails")
    pair[0].failing = False
    wait_until(lambda: standing(gateway, "one/m")["state"] == "closed", "the recovery by probes")
    assert metric(gateway, 'sira_probes_total{outcome="ok"}') >= 1
    assert ask(gateway) == "one"
    assert sira(gateway, "health").returncode == 0


def test_a_drained_deployment_gets_no_request_until_it_is_resumed(gateway, pair):
    done = sira(gateway, "health", "drain", "one/m", "--reason", "a new disk")
    assert done.returncode == 0, done
    before = len(pair[0].requests)
    assert [ask(gateway) for _ in range(3)] == ["two"] * 3
    assert ask(gateway, "one-model") == "model_drained"
    assert len(pair[0].requests) == before, "nothing is sent to who is drained, not even as a last resort"
    shown = sira(gateway, "health")
    assert shown.returncode == 0, "who is drained is not ill"
    (line,) = [line for line in shown.stdout.splitlines() if line.startswith("one/m")]
    assert "drained: a new disk" in line, line
    drained = standing(gateway, "one/m")
    assert drained["drained"] == {"reason": "a new disk", "whole_provider": False}, drained
    (audit,) = [line for line in gateway.log().splitlines() if "taken out of use" in line]
    for part in ("one/m", "a new disk", "127.0.0.1", "sira/"):
        assert part in audit, audit

    assert sira(gateway, "health", "resume", "one/m").returncode == 0
    assert ask(gateway) == "one"


def test_a_whole_provider_is_drained_with_models_nobody_has_asked_for(gateway, pair):
    assert sira(gateway, "health", "drain", "--provider", "one").returncode == 0
    assert ask(gateway) == "two"
    assert ask(gateway, "one/never-heard-of") == "model_drained"
    refused = sira(gateway, "health", "resume", "one/m")
    assert refused.returncode == 1 and "resume the provider" in refused.stderr, refused
    gateway.configure({**json.loads(gateway.config_path.read_text()), "aliases": {"later": "two-model"}})
    wait_until(lambda: ask(gateway, "later") == "two", "the reload")
    assert ask(gateway) == "two", "a reload takes nobody into use"
    assert sira(gateway, "health", "resume", "--provider", "one").returncode == 0
    assert ask(gateway) == "one"


def test_a_provider_that_is_gone_is_not_shown_any_more(gateway):
    assert ask(gateway) == "one" and ask(gateway, "two-model") == "two"
    settings = json.loads(gateway.config_path.read_text())
    del settings["providers"]["two"], settings["models"]["two-model"]
    settings["routes"]["both"]["targets"] = ["one-model"]
    gateway.configure(settings)
    wait_until(lambda: {each["provider"] for each in health(gateway)["deployments"]} == {"one"}, "the reload")


def test_who_is_not_there_is_said_with_names_that_are_near(gateway):
    wrong = sira(gateway, "health", "drain", "one/n")
    assert wrong.returncode == 1 and "one/m" in wrong.stderr, wrong
    wrong = sira(gateway, "health", "drain", "--provider", "ones")
    assert wrong.returncode == 1 and "Did you mean one" in wrong.stderr, wrong


def test_orders_need_the_token_and_no_foreign_page_gives_them(gateway):
    body = {"deployment": "one/m"}
    drain = "/api/health/drain"

    def status(key, headers=(), method="POST"):
        return send(gateway.admin_port, request(method, drain, body, key, headers)).status

    assert status(None) == 401 and status("wrong") == 401
    assert status("the-admin-token", {"Origin": "http://evil.example"}) == 403
    assert status("the-admin-token", {"Sec-Fetch-Site": "cross-site"}) == 403
    assert status("the-admin-token", method="GET") == 405
    plain = request("POST", drain, body, "the-admin-token").replace(b"application/json", b"text/plain")
    assert send(gateway.admin_port, plain).status == 415
    assert standing(gateway, "one/m") is None
    assert status("the-admin-token", {"Origin": "http://127.0.0.1"}) == 200
    assert standing(gateway, "one/m")["drained"]


def test_no_gateway_and_no_token_are_told_apart_from_ill_health(gateway):
    absent = sira(gateway, "health", "--url", "http://127.0.0.1:1")
    assert absent.returncode == 2 and "No gateway answers at http://127.0.0.1:1" in absent.stderr, absent
    refused = sira(gateway, "health", SIRA_ADMIN_TOKEN="wrong")
    assert refused.returncode == 2 and "SIRA_ADMIN_TOKEN" in refused.stderr, refused
    api = sira(gateway, "health", "--url", gateway.url)
    assert api.returncode == 1, api


def test_experiments_are_shown(gateway):
    assert sira(gateway, "experiments").stdout.strip() == "There are no experiments."
    settings = json.loads(gateway.config_path.read_text())
    settings["experiments"] = {"which": {"kind": "split", "models": ["both"], "arms": ["one-model", "two-model"]}}
    gateway.configure(settings)
    wait_until(lambda: json.loads(get(gateway.admin_port, "/api/experiments", "the-admin-token").body)["experiments"],
               "the experiment", 10)
    shown = sira(gateway, "experiments")
    assert shown.returncode == 0 and "one-model" in shown.stdout and "Not enough requests yet" in shown.stdout, shown
