"""What operators can change while the gateway runs, and who may ask before the first key."""

import json
import signal
import socket
import subprocess
import time

import h2.config
import h2.connection
import h2.events
import httpx
import pytest

from gateway import BINARY, Gateway, provider, wait_until
from http1 import call, chat, connect, get, message, request, send
from upstream import Upstream

CHAT = "/v1/chat/completions"


def test_a_changed_configuration_takes_effect(start, upstream):
    gateway = start()
    key = gateway.text
    assert call(gateway.port, CHAT, chat("later"), key).code == "model_not_found"
    settings = json.loads(gateway.config_path.read_text())

    settings["aliases"] = {"later": "fake"}
    gateway.configure(settings)
    wait_until(lambda: call(gateway.port, CHAT, chat("later"), key).status == 200, "the reload of the changed file")

    settings["models"]["fake"]["price"]["output"] = 4
    gateway.configure(settings)
    gateway.signal(signal.SIGHUP)
    wait_until(
        lambda: call(gateway.port, CHAT, chat("later", "say 1"), key).headers["x-sira-cost-usd"] == "0.000015000",
        "the reload on SIGHUP",
    )


def test_the_limit_on_requests_at_once_is_one_for_all_lanes(start):
    with Upstream() as upstream:
        gateway = start({
            "providers": {"fake": provider(upstream.port)}, "server": {"lanes": 4},
            "limits": {"concurrent_requests": 4},
        })
        with connect(gateway.port) as connection:
            peer = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding="utf-8"))
            peer.initiate_connection()
            for stream in (1, 3, 5, 7):
                peer.send_headers(stream, [
                    (":method", "POST"), (":path", CHAT), (":scheme", "http"), (":authority", "gateway"),
                    ("authorization", f"Bearer {gateway.text}"), ("content-type", "application/json"),
                ])
                peer.send_data(stream, json.dumps(chat(text="hold 1", stream=True)).encode(), end_stream=True)
            connection.sendall(peer.data_to_send())
            statuses = {}
            while len(statuses) < 4:
                for event in peer.receive_data(connection.recv(65_536)):
                    if isinstance(event, h2.events.ResponseReceived):
                        statuses[event.stream_id] = dict(event.headers)[":status"]
                connection.sendall(peer.data_to_send())
            assert set(statuses.values()) == {"200"}
            assert call(gateway.port, CHAT, chat(), gateway.text).code == "gateway_overloaded"
            upstream.gate.set()
            wait_until(lambda: call(gateway.port, CHAT, chat(), gateway.text).status == 200, "room for others")


def test_an_address_that_is_taken_is_named(tmp_path, upstream):
    for name, field in (("API", "server.address"), ("admin", "admin.address")):
        gateway = Gateway(tmp_path / name, {"providers": {"fake": provider(upstream.port)}})
        with socket.create_server(("127.0.0.1", gateway.port if name == "API" else gateway.admin_port)) as taken:
            done = subprocess.run(
                [BINARY, "serve"], env=gateway.environment, cwd=gateway.directory, capture_output=True, text=True,
                timeout=20,
            )
            assert done.returncode == 1
            assert f"The {name} listener cannot listen on 127.0.0.1:{taken.getsockname()[1]}" in done.stderr
            assert field in done.stderr
            assert "First call" not in done.stdout


def test_a_mistake_in_the_configuration_changes_nothing(start):
    gateway = start()
    key = gateway.text
    settings = gateway.config_path.read_text()
    gateway.configure(settings.replace('"protocol": "openai"', '"protocol": "telepathy"'))
    gateway.signal(signal.SIGHUP)
    wait_until(lambda: "telepathy" in gateway.log(), "the report of the mistake")
    assert call(gateway.port, CHAT, chat(), key).status == 200
    gateway.configure("providers: [")
    gateway.signal(signal.SIGHUP)
    time.sleep(0.5)
    assert call(gateway.port, CHAT, chat(), key).status == 200
    assert gateway.process.poll() is None


def test_a_reload_opens_no_listener_and_changes_the_admin_token(tmp_path, upstream):
    gateway = Gateway(tmp_path, {}, environment={"SIRA_API_ADDRESS": "", "SIRA_ADMIN_ADDRESS": ""})

    def configure(host, token, more=""):
        gateway.configure(json.dumps({
            "server": {"address": f"{host}:{gateway.port}"},
            "admin": {"address": f"127.0.0.1:{gateway.admin_port}", "token": token},
            "providers": {"fake": provider(upstream.port)},
        }) + more)

    def status(token):
        answer = get(gateway.admin_port, "/api/status", token)
        return answer.json() if answer.status == 200 else None

    def reload_error():
        """What the status says of the last reload; a pair, so that no status is not the same as no error."""
        told = status("second")
        return told and ("reload", told["configuration"].get("reload_error"))

    configure("0.0.0.0", "first")
    with gateway:
        assert call(gateway.port, CHAT, chat()).code == "missing_api_key"
        configure("127.0.0.1", "second")
        told = wait_until(lambda: status("second"), "the new token")
        assert status("first") is None
        assert call(gateway.port, CHAT, chat()).code == "missing_api_key", "the socket is open to the network"
        assert f"0.0.0.0:{gateway.port}" in json.dumps(told)
        assert "server.address" in gateway.log()
        configure("127.0.0.1", "second", "\nmistake: 1\n")
        wait_until(lambda: (reload_error() or ("", None))[1], "the mistake")
        configure("127.0.0.1", "second")
        wait_until(lambda: reload_error() == ("reload", None), "its end")


def test_requests_in_flight_survive_a_reload(start):
    from upstream import Upstream

    with Upstream() as slow:
        gateway = start({"providers": {"fake": provider(slow.port)}})
        key = gateway.text
        with connect(gateway.port) as connection:
            connection.sendall(request("POST", CHAT, chat(text="hold 4", stream=True), key))
            seen = b""
            while b"w0" not in seen:
                seen += connection.recv(65_536)
            settings = json.loads(gateway.config_path.read_text())
            settings["aliases"] = {"later": "fake"}
            gateway.configure(settings)
            gateway.signal(signal.SIGHUP)
            listed = lambda: "later" in get(gateway.port, "/v1/models", key).body.decode()
            wait_until(listed, "the reload")
            slow.gate.set()
            while b"data: [DONE]\n\n" not in seen:
                seen += connection.recv(65_536)
        assert b"w3" in seen


def test_keys_are_revoked_and_rotated_while_it_runs(start):
    gateway = start()
    first, second = gateway.new_key("first"), gateway.new_key("second")
    for made in (first, second):
        assert call(gateway.port, CHAT, chat(), made["key"]).status == 200
    gateway.command("keys", "revoke", first["id"])
    wait_until(lambda: call(gateway.port, CHAT, chat(), first["key"]).status == 401, "the end of the revoked key")
    assert call(gateway.port, CHAT, chat(), first["key"]).code == "revoked_api_key"

    rotated = json.loads(gateway.command("keys", "rotate", second["id"], "--json"))
    assert rotated["id"] == second["id"] and rotated["key"] != second["key"]
    assert call(gateway.port, CHAT, chat(), rotated["key"]).status == 200
    assert call(gateway.port, CHAT, chat(), second["key"]).status == 200, "the old text has a day of grace"

    again = json.loads(gateway.command("keys", "rotate", second["id"], "--grace", "0s", "--json"))
    assert call(gateway.port, CHAT, chat(), again["key"]).status == 200
    wait_until(lambda: call(gateway.port, CHAT, chat(), rotated["key"]).status == 401, "the end of the old text")


def test_anyone_on_this_machine_may_ask_until_the_first_key(start):
    gateway = start(keyed=False)
    assert call(gateway.port, CHAT, chat()).status == 200
    gateway.key()
    wait_until(lambda: call(gateway.port, CHAT, chat()).status == 401, "the asking for keys")


def test_anyone_who_can_connect_may_ask_until_the_first_key_where_that_is_allowed(start):
    gateway = start({"server": {"without_keys": "allow_anyone"}}, keyed=False)
    assert call(gateway.port, CHAT, chat()).status == 200
    gateway.key()
    wait_until(lambda: call(gateway.port, CHAT, chat()).status == 401, "the end of open doors", 3)


@pytest.mark.parametrize("path, body", [(CHAT, chat), ("/v1/messages", message)])
def test_a_web_page_cannot_ask_without_a_key(start, path, body):
    gateway = start({"server": {"cors": {"origins": ["https://app.example.com"]}}}, keyed=False)

    def ask(**headers):
        fields = {"Host": "127.0.0.1", "Content-Type": "application/json", **headers}
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items() if value)
        data = json.dumps(body()).encode()
        head = f"POST {path} HTTP/1.1\r\n{lines}Content-Length: {len(data)}\r\n\r\n"
        answer = send(gateway.port, head.encode() + data)
        return answer.status, answer.json().get("error", {}).get("message", "")

    assert ask()[0] == 200
    assert ask(Host=f"localhost:{gateway.port}")[0] == 200
    assert ask(Origin="https://app.example.com")[0] == 200
    status, text = ask(**{"Content-Type": None})
    assert status == 415 and "application/json" in text
    assert ask(**{"Content-Type": "text/plain"})[0] == 415
    for origin in ("https://evil.example", "null"):
        status, text = ask(Origin=origin)
        assert status == 403 and "server.cors.origins" in text
    status, text = ask(Host="evil.example")
    assert status == 403 and "localhost" in text
    assert get(gateway.port, "/v1/models", headers={"Origin": "https://evil.example"}).status == 403
    with httpx.Client(http1=False, http2=True, base_url=gateway.url, trust_env=False) as client:
        assert client.post(path, json=body()).status_code == 200
        assert client.post(path, json=body(), headers={"host": "evil.example"}).status_code == 403

    key = gateway.key()
    wait_until(lambda: ask()[0] == 401, "the asking for keys", 3)
    assert ask(Authorization=f"Bearer {key}", Origin="https://evil.example", Host="evil.example")[0] == 200


def test_without_keys_refuse(start):
    gateway = start({"server": {"without_keys": "refuse"}}, keyed=False)
    assert call(gateway.port, CHAT, chat()).code == "missing_api_key"
