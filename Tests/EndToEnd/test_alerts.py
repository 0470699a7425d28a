"""What needs somebody is told once, signed, and told again when it is over; secrets of channels are nowhere to be read."""

import hashlib
import hmac
import http.server
import json
import threading
import time

import pytest

from gateway import wait_until
from http1 import call, chat
from tenants import settle
from test_admin_api import Admin

PRICED = {"fake": {"provider": "fake", "price": {"input": 10, "output": 200}}}
SECRET = "a-secret-of-the-channel"


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers.items()), body))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.statuses = [], []
    server.url = f"http://127.0.0.1:{server.server_address[1]}/hook/very-secret-path"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def heard(receiver, occasion):
    """The messages of that occasion about budgets."""
    found = []
    for headers, body in receiver.got:
        alert = json.loads(body)
        if alert["kind"] == "budget_threshold" and alert["occasion"] == occasion:
            found.append((headers, body, alert))
    return found


def check_signature(headers, body):
    field = {name.lower(): value for name, value in headers.items()}["x-sira-signature"]
    parts = dict(part.split("=", 1) for part in field.split(","))
    right = hmac.new(SECRET.encode(), parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(right, parts["v1"]) and abs(time.time() - int(parts["t"])) < 300


def channel(admin, receiver):
    made = admin.ask("POST", "/alert-channels", {
        "name": "ops", "kind": "webhook", "url": receiver.url, "signing_secret": SECRET,
    })
    assert made.status == 201, made.text
    assert made.json["url"] == "•••"
    return made.json["id"]


def test_a_budget_that_is_nearly_spent_is_told_once_and_so_is_its_end(start, receiver):
    gateway = start({"models": PRICED, "alerts": {"allow_loopback": True}}, keyed=False)
    key = gateway.new_key()
    admin = Admin(gateway, token=None)
    usual = {rule["kind"] for rule in admin.ask("GET", "/alerts").json["rules"]}
    assert {"budget_threshold", "provider_down", "error_rate"} <= usual
    identifier = channel(admin, receiver)
    tried = admin.ask("POST", f"/alert-channels/{identifier}/test", {})
    assert tried.json == {"delivered": True, "failure": None}, tried.text

    stored = gateway.query("SELECT json FROM resources WHERE kind = 'alert_channel'")[0]["json"]
    assert "very-secret-path" not in stored and SECRET not in stored
    assert (gateway.data / "master.key").stat().st_mode & 0o777 == 0o600
    assert SECRET not in json.dumps(admin.ask("GET", "/audit").json)

    budget = admin.ask("POST", "/budgets", {"scope": f"key:{key['id']}", "amount": "0.01", "period": "total"}).json
    settle()
    while call(gateway.port, "/v1/chat/completions", chat(text="say 8 0", max_tokens=10), key["key"]).status == 200:
        pass
    wait_until(lambda: heard(receiver, "fired"), "the alert", 20)
    headers, body, alert = heard(receiver, "fired")[0]
    check_signature(headers, body)
    assert alert["scope"] == f"key:{key['id']}" and alert["figure"] >= 0.8
    firing = [one for one in admin.ask("GET", "/alerts").json["conditions"] if one["phase"] == "firing"]
    assert budget["id"] in firing[0]["subject"]

    gateway.stop()
    gateway.start()
    time.sleep(5)
    assert len(heard(receiver, "fired")) == 1, "nobody is told twice because of a restart"

    assert admin.ask("PATCH", f"/budgets/{budget['id']}", {"amount": "1"}).status == 200
    wait_until(lambda: heard(receiver, "resolved"), "the end", 20)
    assert heard(receiver, "resolved")[0][2]["incident"] == alert["incident"]
    assert len(heard(receiver, "fired")) == 1

    # A budget that is removed while it fires is not watched any more from then on.
    assert admin.ask("PATCH", f"/budgets/{budget['id']}", {"amount": "0.01"}).status == 200
    wait_until(lambda: len(heard(receiver, "fired")) == 2, "the second alert", 20)
    assert admin.ask("DELETE", f"/budgets/{budget['id']}").status == 204
    wait_until(lambda: heard(receiver, "dropped"), "the end with the budget", 20)
    assert not [one for one in admin.ask("GET", "/alerts").json["conditions"] if one["phase"] == "firing"]


def test_a_channel_does_not_lead_into_the_machine(start, receiver):
    gateway = start(keyed=False)
    admin = Admin(gateway, token=None)
    identifier = channel(admin, receiver)
    answer = admin.ask("POST", f"/alert-channels/{identifier}/test", {}).json
    assert not answer["delivered"] and "very-secret-path" not in answer["failure"]
    assert receiver.got == []
    assert "very-secret-path" not in gateway.log()
