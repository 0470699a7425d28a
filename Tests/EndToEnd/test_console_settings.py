"""What the web console changes: settings, providers, routes, experiments, while the gateway runs."""

import json
import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from gateway import BINARY, Gateway, free_port, provider, wait_until
from http1 import call, chat, get
from test_admin_api import TOKEN, Admin
from upstream import MODELS, Upstream

CHAT = "/v1/chat/completions"
ENVIRONMENT = {"SIRA_ADMIN_TOKEN": TOKEN}


def settings(upstream, **more):
    """A file with providers, by which providers of the console may be on this machine."""
    return {
        # With one provider alone, any name of a model would be its.
        "providers": {"fake": provider(upstream.port), "other": provider(free_port())}, "models": MODELS, "admin": {"private_providers": True}, **more,
    }


@pytest.fixture
def gateway(tmp_path, upstream):
    gateway = Gateway(tmp_path, settings(upstream), environment=ENVIRONMENT)
    gateway.text = gateway.key()
    with gateway:
        yield gateway


def apply(admin, patch, **more):
    version = admin.ask("GET", "/configuration").json["version"]
    return admin.ask("POST", "/configuration/apply", {"patch": patch, "base_version": version, **more})


def answers(gateway, model):
    return call(gateway.port, CHAT, chat(model), gateway.text).status == 200


def test_a_change_is_in_force_at_once_and_after_a_restart(gateway):
    admin = Admin(gateway)
    before = admin.ask("GET", "/configuration").json
    assert before["version"] == 0 and before["origins"]["models.fake.provider"] == "file"
    assert not answers(gateway, "quick")

    patch = {"aliases": {"quick": "fake"}}
    checked = admin.ask("POST", "/configuration/check", {"patch": patch}).json
    assert checked["errors"] == []
    assert checked["changes"] == [{"path": "aliases.quick", "before": None, "after": "fake"}]
    assert not answers(gateway, "quick"), "a check changes nothing"

    made = apply(admin, patch, reason="for the quick ones")
    assert made.status == 200 and made.json == {"version": 1}, made.text
    wait_until(lambda: answers(gateway, "quick"), "the change")
    after = admin.ask("GET", "/configuration").json
    assert after["origins"]["aliases.quick"] == "console" and after["settings"]["aliases"]["quick"] == "fake"

    line = admin.ask("GET", "/audit?action=configuration.apply").json["data"][0]
    assert line["reason"] == "for the quick ones" and line["actor"] == "token:admin"
    assert line["changes"] == {"aliases.quick": [None, "fake"]}

    assert gateway.stop() == 0
    gateway.start()
    assert answers(gateway, "quick")


def test_a_bad_patch_is_refused_with_all_that_is_wrong_and_changes_nothing(gateway):
    admin = Admin(gateway)
    patch = {"aliases": {"quick": "fake", "loop": "loop"}, "routes": {"r": {"targets": []}}, "nonsense": 1}
    refused = apply(admin, patch)
    assert refused.status == 422 and refused.code == "invalid_configuration"
    assert {"nonsense", "aliases.loop"} <= refused.fields
    errors = admin.ask("POST", "/configuration/check", {"patch": patch}).json["errors"]
    assert {error["path"] for error in errors} >= {"nonsense", "aliases.loop"}
    assert admin.ask("GET", "/configuration").json["version"] == 0
    assert not answers(gateway, "quick")


def test_what_is_the_files_alone_is_refused(gateway):
    admin = Admin(gateway)
    for path, patch in [
        ("server.address", {"server": {"address": ":1"}}),
        ("server.lanes", {"server": {"lanes": 1}}),
        ("admin.private_providers", {"admin": {"private_providers": False}}),
        ("admin.token", {"admin": {"token": "mine"}}),
        ("alerts.allow_loopback", {"alerts": {"allow_loopback": True}}),
        ("providers.new.proxy", {"providers": {"new": {"proxy": "http://127.0.0.1:1"}}}),
        ("providers.fake.base_url", {"providers": {"fake": {"base_url": "http://127.0.0.1:1"}}}),
        ("providers.fake.headers.x-a", {"providers": {"fake": {"headers": {"x-a": "file:/etc/passwd"}}}}),
        ("models.fake.model", {"models": {"fake": {"model": "${PATH}"}}}),
        ("server.address", {"server": None}),
        ("storage.directory", {"storage": None}),
        ("billing.stripe.base_url", {"billing": {"stripe": {"base_url": "https://elsewhere.example"}}}),
    ]:
        refused = apply(admin, patch)
        assert refused.status == 422 and path in refused.fields, (path, refused.text)
    locked = admin.ask("GET", "/configuration").json["locked"]
    assert {"server.address", "server.lanes", "admin.token"} <= set(locked)


def test_of_two_changes_to_the_same_version_the_second_is_refused(gateway):
    admin = Admin(gateway)
    assert admin.ask("POST", "/configuration/apply", {"patch": {"aliases": {"a": "fake"}}, "base_version": 0}).status == 200
    late = admin.ask("POST", "/configuration/apply", {"patch": {"aliases": {"b": "fake"}}, "base_version": 0})
    assert late.status == 412 and late.code == "version_conflict"
    unsaid = admin.ask("POST", "/configuration/apply", {"patch": {"aliases": {"b": "fake"}}})
    assert unsaid.status == 422 and unsaid.fields == {"base_version"}


def test_a_version_is_restored(gateway):
    admin = Admin(gateway)
    apply(admin, {"aliases": {"one": "fake"}})
    apply(admin, {"aliases": {"one": None, "two": "fake"}})
    wait_until(lambda: answers(gateway, "two") and not answers(gateway, "one"), "the second version")
    restored = admin.ask("POST", "/configuration/versions/1/restore", {"reason": "back"})
    assert restored.json == {"version": 3}, restored.text
    wait_until(lambda: answers(gateway, "one") and not answers(gateway, "two"), "the first version")
    versions = admin.ask("GET", "/configuration/versions?limit=2").json
    assert [version["version"] for version in versions["versions"]] == [3, 2] and versions["next"] == 2
    assert {change["path"] for change in versions["versions"][0]["changes"]} == {"aliases.one", "aliases.two"}
    assert admin.ask("POST", "/configuration/versions/0/restore", {}).json == {"version": 4}
    wait_until(lambda: not answers(gateway, "one"), "no changes at all")
    assert admin.ask("POST", "/configuration/versions/77/restore", {}).status == 404


def test_the_files_word_is_overlaid_and_can_hold_again(gateway):
    admin = Admin(gateway)
    assert apply(admin, {"models": {"fake": {"price": {"output": 4}}}}).status == 200

    def cost():
        return call(gateway.port, CHAT, chat("fake", "say 1"), gateway.text).headers["x-sira-cost-usd"]

    wait_until(lambda: cost() == "0.000015000", "the new price")
    assert apply(admin, {}, reset=["models.fake.price.output"]).status == 200
    wait_until(lambda: cost() == "0.000013000", "the file's price")
    assert apply(admin, {"models": {"fake": None}}).status == 200
    wait_until(lambda: not answers(gateway, "fake"), "it is gone")
    assert "models.fake.provider" not in admin.ask("GET", "/configuration").json["origins"]


def test_the_environment_goes_before_the_console(tmp_path, upstream):
    other = {"SIRA_LOG_LEVEL": "warning"}
    gateway = Gateway(tmp_path, settings(upstream), environment={**ENVIRONMENT, **other})
    with gateway:
        admin = Admin(gateway)
        refused = apply(admin, {"logging": {"level": "debug"}})
        assert refused.status == 422 and refused.fields == {"logging.level"} and "SIRA_LOG_LEVEL" in refused.text
        shown = admin.ask("GET", "/configuration").json
        assert shown["settings"]["logging"]["level"] == "warning"
        assert shown["origins"]["logging.level"] == "environment" and "logging.level" in shown["locked"]


def test_secrets_are_sealed_and_never_shown(gateway, upstream):
    admin, secret = Admin(gateway), "sk-very-secret-1234"
    new = {"protocol": "openai", "base_url": f"http://127.0.0.1:{upstream.port}/v1", "api_key": secret,
           "models": ["fresh"]}
    assert apply(admin, {"providers": {"new": new}}).status == 200
    wait_until(lambda: answers(gateway, "new/fresh"), "the new provider")
    assert f"bearer {secret}" in upstream.heads[-1].lower()
    told = [admin.ask("GET", path).text for path in ("/configuration", "/configuration/versions", "/audit")]
    assert not any(secret in text for text in told)
    assert "•••" in json.dumps(json.loads(told[0])["settings"]["providers"]["new"]["api_key"], ensure_ascii=False)
    with sqlite3.connect(gateway.data / "sira.db") as books:
        kept = books.execute("SELECT layer FROM configuration").fetchall()
    assert all(secret not in layer for layer, in kept) and any("sealed:" in layer for layer, in kept)

    moved = apply(admin, {"providers": {"new": {"base_url": "https://elsewhere.example/v1"}}})
    assert moved.status == 422 and moved.fields == {"providers.new.base_url"}
    masked = apply(admin, {"providers": {"new": {"api_key": "•••"}}})
    assert masked.status == 422 and masked.fields == {"providers.new.api_key"}
    gateway.stop()
    gateway.start()
    assert answers(gateway, "new/fresh")


def test_a_layer_that_does_not_fit_any_more_keeps_nobody_out(gateway, upstream):
    admin = Admin(gateway)
    assert apply(admin, {"aliases": {"quick": "fake"}}).status == 200
    gateway.stop()
    with sqlite3.connect(gateway.data / "sira.db") as books:
        books.execute("""UPDATE configuration SET layer = '{"aliases":{"quick":"fake"},"of_later_days":1}'""")
    gateway.start()
    assert answers(gateway, "fake") and not answers(gateway, "quick")
    status = get(gateway.admin_port, "/api/status", TOKEN).json()
    assert any("of_later_days" in problem for problem in status["problems"]), status
    assert "of_later_days" in admin.ask("GET", "/configuration").json["problem"]
    assert apply(admin, {}, reset=["of_later_days"]).status == 200
    wait_until(lambda: answers(gateway, "quick"), "the mended layer")
    assert admin.ask("GET", "/configuration").json["problem"] is None


def status_problems(gateway):
    return get(gateway.admin_port, "/api/status", TOKEN).json()["problems"]


def reconfigure(gateway, **more):
    """Changes the file, which counts once a new alias of its answers."""
    file = json.loads(gateway.config_path.read_text())
    name = f"by_file_{len(file.get('aliases', {}))}"
    file |= {"aliases": {**file.get("aliases", {}), name: "fake"}, **more}
    gateway.configure(file)
    wait_until(lambda: answers(gateway, name), "the changed file")


def test_a_layer_that_is_wrong_only_as_a_whole_keeps_no_file_out(gateway, upstream):
    admin = Admin(gateway)
    new = {"protocol": "openai", "base_url": f"http://127.0.0.1:{upstream.port}/v1", "api_key": "k", "models": ["x"]}
    assert apply(admin, {"providers": {"new": new}}).status == 200
    gateway.stop()
    file = json.loads(gateway.config_path.read_text())
    gateway.configure({**file, "admin": {"private_providers": False}})
    gateway.start()
    for _ in range(2):
        # Field by field the layer is right, so it must not count as mended.
        reconfigure(gateway)
        assert any("not in force" in problem for problem in status_problems(gateway))
    reconfigure(gateway, admin={"private_providers": True})
    wait_until(lambda: answers(gateway, "new/x"), "the layer, which fits again")
    assert not status_problems(gateway)


def test_a_layer_that_cannot_be_read_is_told_of_and_can_be_taken_back(gateway):
    admin = Admin(gateway)
    assert apply(admin, {"aliases": {"quick": "fake"}}).status == 200
    gateway.stop()
    with sqlite3.connect(gateway.data / "sira.db") as books:
        books.execute("UPDATE configuration SET layer = 'no JSON'")
    gateway.start()
    reconfigure(gateway)
    assert any("not in force" in problem for problem in status_problems(gateway))
    refused = apply(admin, {"aliases": {"other": "fake"}})
    assert refused.status == 409 and refused.code == "unreadable", "what cannot be read is not written over unasked"
    assert admin.ask("POST", "/configuration/versions/0/restore", {}).json == {"version": 2}
    assert not status_problems(gateway) and admin.ask("GET", "/configuration").json["problem"] is None
    assert apply(admin, {"aliases": {"other": "fake"}}).status == 200
    assert answers(gateway, "other")


def test_a_file_may_lean_on_what_the_console_made(gateway, upstream):
    admin = Admin(gateway)
    new = {"protocol": "openai", "base_url": f"http://127.0.0.1:{upstream.port}/v1", "api_key": "k"}
    assert apply(admin, {"providers": {"acme": new}}).status == 200
    file = json.loads(gateway.config_path.read_text())
    gateway.configure({**file, "models": {**file["models"], "house": {"provider": "acme"}}})
    wait_until(lambda: answers(gateway, "house"), "the file's model of the console's provider")
    gateway.stop()
    gateway.start()
    assert answers(gateway, "house")
    assert not status_problems(gateway)


def test_what_is_too_much_together_is_refused_before_it_is_kept(gateway):
    admin = Admin(gateway)
    names = [f"x-{number}" for number in range(30_000)]
    assert apply(admin, {"server": {"forward_headers": names}}).status == 200
    refused = apply(admin, {"providers": {"fake": {"forward_headers": names}}})
    assert refused.status == 413 and refused.code == "too_large", refused.text
    assert apply(admin, {"server": {"forward_headers": []}}).status == 200


def test_what_took_the_place_of_something_has_nothing_of_it(gateway, upstream):
    admin = Admin(gateway)
    file = json.loads(gateway.config_path.read_text())
    gateway.configure({**file, "routes": {"support": {"targets": ["fake"], "fallbacks": ["fake"], "strategy": "latency"}}})
    wait_until(lambda: answers(gateway, "support"), "the file's route")
    assert apply(admin, {"routes": {"support": None}}).status == 200
    assert apply(admin, {"routes": {"support": {"targets": ["fake"]}}}).status == 200
    told = admin.ask("GET", "/configuration").json["settings"]["routes"]["support"]
    assert told["targets"] == ["fake"] and told["fallbacks"] == [] and told["strategy"] is None
    assert apply(admin, {}, reset=["routes.support"]).status == 200
    assert admin.ask("GET", "/configuration").json["settings"]["routes"]["support"]["strategy"] == "latency"


def test_only_who_may_change_settings_does(gateway):
    admin = Admin(gateway)
    user = admin.ask("POST", "/users", {"name": "D", "email": "d@example.com",
                                        "roles": [{"role": "developer", "scope": "gateway"}]}).json
    text = admin.ask("POST", f"/users/{user['id']}/tokens", {"name": "t"}).json["token"]
    developer = Admin(gateway, text)
    assert developer.ask("GET", "/configuration").status == 403
    assert developer.ask("POST", "/configuration/apply", {"patch": {}, "base_version": 0}).status == 403
    assert developer.ask("POST", "/configuration/check", {"patch": {}}).status == 403


def test_a_provider_is_made_and_its_models_answer_at_once(gateway, upstream):
    admin = Admin(gateway)
    upstream.listed = ["fresh", "stale"]
    try:
        new = {"id": "mine", "kind": "openai", "base_url": f"http://127.0.0.1:{upstream.port}/v1",
               "api_key": "sk-a-key-of-some-length-9876", "models": ["fresh"]}
        tried = admin.ask("POST", "/providers/test", new).json
        assert tried["ok"] and tried["models"] == ["fresh", "stale"] and tried["call"]["ok"], tried
        assert not answers(gateway, "mine/fresh"), "a trial makes nothing"

        made = admin.ask("POST", "/providers", new)
        assert made.status == 201, made.text
        assert made.json["credential"] == {"state": "present", "tail": "9876"} and made.json["origin"] == "console"
        assert made.json["changeable"] and "sk-a-key" not in made.text
        assert answers(gateway, "mine/fresh")
        assert admin.ask("POST", "/providers", new).status == 409
        assert admin.ask("GET", "/audit?action=provider.create").json["data"][0]["subject"] == "mine"

        told = {one["id"]: one for one in admin.ask("GET", "/providers").json["providers"]}
        assert told["fake"]["origin"] == "file" and not told["fake"]["changeable"]
        assert admin.ask("POST", "/providers/mine/test", {"call": False}).json["call"] is None

        assert admin.ask("PATCH", "/providers/mine", {"models": ["stale"]}).status == 200
        assert answers(gateway, "mine/stale")
        bad = admin.ask("PATCH", "/providers/mine", {"api_kee": "x"})
        assert bad.status == 422 and bad.fields == {"providers.mine.api_kee"}
        for verb, body in (("PATCH", {"enabled": False}), ("DELETE", None)):
            assert admin.ask(verb, "/providers/fake", body).status == 409
            assert admin.ask(verb, "/providers/nobody", body).status == 404
        assert admin.ask("DELETE", "/providers/mine").json == {"id": "mine", "deleted": True}
        assert not answers(gateway, "mine/fresh")
    finally:
        upstream.listed = None


def test_a_trial_says_what_is_wrong(gateway, upstream):
    admin = Admin(gateway)
    draft = {"id": "mine", "kind": "openai", "base_url": f"http://127.0.0.1:{free_port()}/v1", "api_key": "k"}
    tried = admin.ask("POST", "/providers/test", draft).json
    assert not tried["ok"] and "could not be reached" in tried["error"], tried
    assert admin.ask("POST", "/providers/nobody/test", {}).status == 404
    assert admin.ask("POST", "/providers/test", {"id": "mine"}).fields == {"providers.mine"}


def test_a_provider_of_the_console_reaches_no_address_of_ones_own(tmp_path, upstream):
    file = settings(upstream)
    del file["admin"]
    gateway = Gateway(tmp_path, file, environment=ENVIRONMENT)
    with gateway:
        admin = Admin(gateway)
        for url in (f"http://127.0.0.1:{upstream.port}/v1", "https://10.0.0.1/v1", "https://[::1]/v1",
                    "https://169.254.169.254/v1", "http://localhost/v1", "http://example.com/v1", "https://0x7f.1/v1"):
            new = {"id": "mine", "kind": "openai", "base_url": url, "api_key": "k"}
            for path in ("/providers", "/providers/test"):
                refused = admin.ask("POST", path, new)
                assert refused.status == 422 and refused.fields == {"providers.mine.base_url"}, (url, refused.text)
        # A name says nothing of where it leads until it is looked up.
        tried = admin.ask("POST", "/providers/test",
                          {"id": "mine", "kind": "openai", "base_url": "https://ip6-localhost/v1", "api_key": "k"}).json
        assert not tried["ok"]


def test_models_and_routes_are_told_with_where_they_lead(gateway):
    admin = Admin(gateway)
    patch = {"aliases": {"quick": "fake"}, "routes": {"support": {"targets": ["fake"], "strategy": "cheapest"}}}
    assert apply(admin, patch).status == 200
    models = {one["id"]: one for one in admin.ask("GET", "/models").json["models"]}
    fake = models["fake/fake"] if "fake/fake" in models else models["fake"]
    assert fake["provider"] == "fake" and fake["modalities"]["output"] == ["text"]
    assert fake["prices"]["nano_per_million"] == {"input": "1000000000", "output": "2000000000"}
    assert fake["used_in"] == {"aliases": ["quick"], "routes": ["support"], "experiments": []}
    assert {one["id"] for one in admin.ask("GET", "/models?q=quick").json["models"]} == {"quick"}

    told = admin.ask("GET", "/routes").json
    support = told["routes"][0]
    assert support["name"] == "support" and support["settings"]["strategy"] == "cheapest"
    assert support["origin"] == "console" and support["targets"][0]["deployments"] == ["fake/fake"]
    assert told["aliases"] == [
        {"name": "quick", "target": "fake", "origin": "console", "deployments": ["fake/fake"]}
    ]

    body = {"messages": [{"role": "user", "content": "hello"}]}
    plan = admin.ask("POST", "/routes/support/dry-run", {"body": body})
    assert plan.status == 200 and "fake/fake" in json.dumps(plan.json["decision"]), plan.text
    assert admin.ask("POST", "/routes/nowhere/dry-run", {"body": body}).code == "model_not_found"
    assert admin.ask("POST", "/routes/support/dry-run", {"body": {"messages": 3}}).status == 422


def test_an_experiment_is_begun_promoted_and_stopped(gateway, upstream):
    admin = Admin(gateway)
    file = json.loads(gateway.config_path.read_text())
    file["models"]["newer"] = {"provider": "fake"}
    gateway.configure(file)
    wait_until(lambda: answers(gateway, "newer"), "the file's other model")
    assert apply(admin, {"aliases": {"house": "fake"}}).status == 200

    def reached(model):
        assert answers(gateway, model)
        return upstream.requests[-1]["model"]

    trial = {"name": "try", "kind": "split", "models": ["house"],
             "arms": [{"model": "fake", "weight": 0}, {"model": "newer", "weight": 1}]}
    made = admin.ask("POST", "/experiments", {**trial, "reason": "is it better?"})
    assert made.status == 201, made.text
    assert reached("house") == "newer"
    assert admin.ask("POST", "/experiments", trial).status == 409
    assert admin.ask("POST", "/experiments/try/stop", {}).status == 200
    assert reached("house") == "fake"
    assert admin.ask("POST", "/experiments/try/stop", {}).status == 404

    bad = admin.ask("POST", "/experiments", {**trial, "kind": "canary"})
    assert bad.status == 422 and bad.fields == {"experiments.try.arms"}
    assert admin.ask("POST", "/experiments", trial).status == 201
    assert admin.ask("POST", "/experiments/try/promote", {"arm": 9}).fields == {"arm"}
    promoted = admin.ask("POST", "/experiments/try/promote", {"reason": "it is"})
    assert promoted.json["model"] == "newer", promoted.text
    assert reached("house") == "newer"
    assert admin.ask("GET", "/configuration").json["settings"]["aliases"] == {"house": "newer"}
    actions = [line["action"] for line in admin.ask("GET", "/audit?limit=4").json["data"]]
    assert actions == ["experiment.promote", "experiment.create", "experiment.stop", "experiment.create"]


def test_whatever_chose_before_a_promoted_model_is_all_of_its_route(gateway):
    admin = Admin(gateway)
    file = json.loads(gateway.config_path.read_text())
    file["models"]["newer"] = {"provider": "fake"}
    gateway.configure(file)
    wait_until(lambda: answers(gateway, "newer"), "the file's other model")
    routes = {
        "sticky": {"targets": ["fake", "newer"], "strategy": "sticky", "sticky_by": "prefix"},
        "blended": {"targets": ["fake", "newer"], "rules": [{"if": "tokens > 10", "strategy": "blend"}],
                    "blend": {"cost": 1}},
        "weighted": {"targets": ["fake", {"model": "newer", "weight": 3}], "strategy": "weighted"},
    }
    assert apply(admin, {"routes": routes}).status == 200
    trial = {"kind": "split", "arms": [{"model": "fake", "weight": 1}, {"model": "newer", "weight": 1}]}
    assert admin.ask("POST", "/experiments", {**trial, "name": "try", "models": list(routes)}).status == 201
    promoted = admin.ask("POST", "/experiments/try/promote", {})
    assert promoted.status == 200, promoted.text
    told = admin.ask("GET", "/configuration").json["settings"]["routes"]
    assert all(told[name]["targets"] == ["newer"] and told[name]["rules"] == [] for name in routes), told

    # A name of models is a model, and not another name of one.
    assert admin.ask("POST", "/experiments", {**trial, "name": "own", "models": ["fake"],
                                              "arms": ["newer", "fake/fake"], "kind": "canary"}).status == 201
    refused = admin.ask("POST", "/experiments/own/promote", {"arm": 0})
    assert refused.status == 409 and "models.fake" in refused.text, refused.text


def test_of_two_who_make_the_same_at_the_same_time_one_is_refused(gateway, upstream):
    admin = Admin(gateway)
    provider_ = {"id": "mine", "kind": "openai", "base_url": f"http://127.0.0.1:{upstream.port}/v1", "api_key": "k"}
    trial = {"name": "try", "kind": "split", "models": ["house"],
             "arms": [{"model": "fake", "weight": 1}, {"model": "mine/x", "weight": 1}]}
    assert apply(admin, {"aliases": {"house": "fake"}}).status == 200
    for path, body in (("/providers", provider_), ("/experiments", trial)):
        with ThreadPoolExecutor(4) as pool:
            statuses = sorted(pool.map(lambda _: Admin(gateway).ask("POST", path, body).status, range(4)))
        assert statuses == [201, 409, 409, 409], (path, statuses)


def test_what_was_written_into_the_file_is_nobodys_change_here(gateway):
    admin = Admin(gateway)
    file = json.loads(gateway.config_path.read_text())
    gateway.configure({**file, "aliases": {"by_file": "fake"}})
    assert apply(admin, {"aliases": {"by_console": "fake"}}).status == 200
    newest = admin.ask("GET", "/configuration/versions?limit=1").json["versions"][0]
    assert [change["path"] for change in newest["changes"]] == ["aliases.by_console"]


def play(gateway, body, token=TOKEN):
    """Asks the playground; the named events, the chunks, and the status."""
    answer = call(gateway.admin_port, "/api/v1/playground", body, token)
    named, chunks = {}, []
    for block in answer.body.decode().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line and not line.startswith(":"))
        if "event" in lines:
            named[lines["event"]] = json.loads(lines["data"])
        elif lines.get("data", "[DONE]") != "[DONE]":
            chunks.append(json.loads(lines["data"]))
    return answer, named, chunks


def test_the_playground_streams_an_answer_that_is_booked(gateway):
    admin = Admin(gateway)
    body = {"model": "fake", "messages": [{"role": "user", "content": "say 4"}], "parameters": {"temperature": 0.5}}
    answer, named, chunks = play(gateway, body)
    assert answer.status == 200, answer.body
    assert answer.headers["content-type"].startswith("text/event-stream")
    text = "".join(choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"])
    assert text.split() == ["w0", "w1", "w2", "w3"]
    assert named["start"]["provider"] == "fake" and named["start"]["request_id"] == named["end"]["request_id"]
    assert named["end"]["usage"] == {"input_tokens": 11, "output_tokens": 4, "cached_tokens": 0, "reasoning_tokens": 0}
    assert named["end"]["cost_nano"] == "19000" and named["end"]["attempts"] == 1

    keys = [key for key in admin.ask("GET", "/keys").json["data"] if key["name"] == "Console playground"]
    assert len(keys) == 1 and keys[0]["tags"] == ["playground"] and keys[0]["expires_at"]
    play(gateway, body)
    again = [key for key in admin.ask("GET", "/keys").json["data"] if key["name"] == "Console playground"]
    assert again == keys, "one key is enough for an hour"


def test_the_playground_refuses_as_the_data_plane_does(gateway):
    body = {"messages": [{"role": "user", "content": "say 4"}]}
    assert play(gateway, {**body, "model": "nobody"})[0].code == "model_not_found"
    assert play(gateway, body)[0].status == 422
    assert play(gateway, {"model": "fake", "messages": 3})[0].status == 422
    refused = play(gateway, {"model": "fake", "messages": [{"role": "user", "content": "status 400"}]})[0]
    assert refused.status == 400, refused.body


def test_the_playground_gives_nobody_more_than_they_have(gateway):
    admin = Admin(gateway)
    organization = admin.ask("POST", "/organizations", {"name": "acme"}).json["id"]
    team = admin.ask("POST", "/teams", {"name": "red", "organization": organization}).json["id"]
    own, other = (
        admin.ask("POST", "/projects", {"name": name, "team": team}).json["id"] for name in ("own", "other")
    )

    def token(role, scope):
        user = admin.ask("POST", "/users", {"name": role, "email": f"{role}@example.com",
                                            "roles": [{"role": role, "scope": scope}]}).json["id"]
        return user, admin.ask("POST", f"/users/{user}/tokens", {"name": "t"}).json["token"]

    (_, auditor), (user, developer) = token("auditor", "gateway"), token("developer", f"project:{own}")
    body = {"model": "fake", "messages": [{"role": "user", "content": "say 1"}]}
    assert play(gateway, body, auditor)[0].status == 403
    assert play(gateway, {**body, "project": other}, developer)[0].status in (403, 404)
    answer, named, _ = play(gateway, body, developer)
    assert answer.status == 200, answer.body
    key = next(key for key in admin.ask("GET", "/keys").json["data"] if key["project"] == own)
    assert key["owner"] == user

    # Budgets hold as for any request of the project.
    made = admin.ask("POST", "/budgets", {"scope": f"project:{own}", "amount": "0.000000001", "period": "month"})
    assert made.status == 201, made.text
    wait_until(lambda: play(gateway, body, developer)[0].status == 429 or
               play(gateway, body, developer)[0].status == 402, "the budget's refusal")


def test_the_playground_makes_no_first_key_where_none_is_needed(tmp_path, upstream):
    gateway = Gateway(tmp_path, settings(upstream), environment=ENVIRONMENT)
    with gateway:
        body = {"model": "fake", "messages": [{"role": "user", "content": "say 1"}]}
        assert play(gateway, body)[0].status == 200
        # A project's key would be the first one.
        admin = Admin(gateway)
        organization = admin.ask("POST", "/organizations", {"name": "acme"}).json["id"]
        team = admin.ask("POST", "/teams", {"name": "red", "organization": organization}).json["id"]
        project = admin.ask("POST", "/projects", {"name": "own", "team": team}).json["id"]
        user = admin.ask("POST", "/users", {"name": "D", "email": "d@example.com",
                                            "roles": [{"role": "developer", "scope": f"project:{project}"}]}).json["id"]
        developer = admin.ask("POST", f"/users/{user}/tokens", {"name": "t"}).json["token"]
        for asked, token in (({**body, "project": project}, TOKEN), (body, developer)):
            refused = play(gateway, asked, token)[0]
            assert refused.status == 409 and refused.code == "unfit_state", refused.body
        assert admin.ask("GET", "/keys").json["data"] == []
        assert call(gateway.port, CHAT, chat("fake")).status == 200, "programs without a key are still served"


def test_the_command_does_the_same(gateway):
    def sira(*arguments, stdin=""):
        done = subprocess.run([BINARY, "config", *arguments], env=gateway.environment, cwd=gateway.directory,
                              capture_output=True, text=True, timeout=20, input=stdin)
        return done.returncode, done.stdout + done.stderr

    patch = json.dumps({"aliases": {"quick": "fake"}})
    assert sira("check", stdin=patch) == (0, 'aliases.quick: null → "fake"\n')
    code, told = sira("check", stdin='{"nonsense": 1}')
    assert code == 1 and "nonsense" in told
    assert sira("apply", "--reason", "by hand", stdin=patch) == (0, "Version 1 is in force.\n")
    assert answers(gateway, "quick")
    assert "aliases.quick" in sira("show")[1] and "by hand" in sira("versions")[1]
    assert sira("apply", "--base", "0", stdin=patch)[0] == 1
    assert sira("apply", "--reset", "aliases.quick", stdin="no JSON") == (0, "Version 2 is in force.\n")
    assert not answers(gateway, "quick")
    assert sira("apply", stdin=patch) == (0, "Version 3 is in force.\n")
    assert sira("restore", "0") == (0, "Version 4 is in force.\n")
    assert not answers(gateway, "quick")
