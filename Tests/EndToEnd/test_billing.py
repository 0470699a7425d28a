"""Prepaid organizations spend their credit and no more, the books add up, and Stripe is believed only with its signature."""

import csv
import hashlib
import hmac
import http.server
import io
import json
import threading
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from urllib.parse import parse_qs

import pytest

from gateway import wait_until
from http1 import call, chat
from tenants import settle, team
from test_admin_api import Admin

#: Dollars a million tokens: an answer of a few words costs about a tenth of a cent.
PRICED = {"fake": {"provider": "fake", "price": {"input": 10, "output": 200}}}
SECRET = "whsec_0123456789abcdef"


def nanos(text):
    return int(Decimal(text) * 10**9)


@pytest.fixture
def shop(start):
    """A gateway with a prepaid organization and a key of it."""
    gateway = start({"models": PRICED}, keyed=False)
    key = team(gateway, "core")
    gateway.change("UPDATE resources SET json = json_set(json, '$.prepaid', json('true')) WHERE id = 'org_1'")
    settle()
    return gateway, Admin(gateway, token=None), key["key"]


def ask(gateway, key):
    return call(gateway.port, "/v1/chat/completions", chat(text="say 8 0", max_tokens=10), key)


def spend_all(gateway, key):
    """Asks until the answer is 402; how many were served before."""
    served = 0
    for _ in range(1_000):
        answer = ask(gateway, key)
        if answer.status == 402:
            return served
        # What the one before may have cost can be kept for a moment longer.
        assert answer.status in (200, 429), answer.body
        served += answer.status == 200
    raise AssertionError("it never ended")


def charged(gateway):
    """What the ledger has charged, once it has all."""
    before = -1
    while True:
        total = gateway.query("SELECT coalesce(sum(charge), 0) AS total FROM requests")[0]["total"]
        if total == before:
            return total
        before = total
        time.sleep(0.7)


def credit(admin):
    return admin.ask("GET", "/organizations/org_1/credit").json


def top_up(admin, amount, **more):
    answer = admin.ask("POST", "/organizations/org_1/credit/top-ups", {"amount_usd": amount, "reason": "bank", **more})
    assert answer.status == 201, answer.text
    settle()
    return answer.json


def test_an_organization_spends_its_credit_and_no_more(shop):
    gateway, admin, key = shop
    assert ask(gateway, key).status == 402, "nothing was paid yet"
    first = top_up(admin, "0.01", reference="bank-1")
    assert top_up(admin, "0.01", reference="bank-1")["id"] == first["id"], "a reference counts once"
    served = spend_all(gateway, key)
    assert served > 1
    spent = charged(gateway)
    assert 0 < spent <= nanos("0.01") * 11 // 10

    top_up(admin, "0.01", reference="bank-2")
    assert spend_all(gateway, key) > 0, "it goes on once more is paid"
    spent = charged(gateway)
    wait_until(
        lambda: nanos("0.02") - nanos(credit(admin)["credit_usd"]) + nanos(credit(admin)["owed_usd"]) == spent,
        "usage settled to the nano-dollar", 40,
    )
    report = admin.ask("GET", "/books/verify").json
    assert report["intact"] and report["transfers"] >= 3

    gateway.stop()
    gateway.start()
    assert ask(gateway, key).status == 402, "what was spent is known after a restart"
    assert [entry["action"] for entry in admin.ask("GET", "/audit?action=credit.top_up").json["data"]] == ["credit.top_up"] * 2


def test_a_code_is_turned_in_once(shop):
    gateway, admin, key = shop
    made = admin.ask("POST", "/redeem-codes", {"amount_usd": "5", "note": "fair"}).json
    assert made["code"].startswith("SIRA-")
    stored = gateway.query("SELECT CAST(json AS TEXT) AS json FROM documents WHERE kind = 'redeem_code'")[0]["json"]
    assert made["code"] not in stored
    typed = made["code"].lower().replace("-", " ")
    assert admin.ask("POST", "/organizations/org_1/redeem", {"code": typed}).status == 201
    again = admin.ask("POST", "/organizations/org_1/redeem", {"code": made["code"]})
    assert (again.status, again.code) == (409, "code_not_taken")
    assert nanos(credit(admin)["credit_usd"]) == nanos("5")
    settle()
    assert ask(gateway, key).status == 200
    withdrawn = admin.ask("POST", "/redeem-codes", {"amount_usd": "7"}).json
    assert admin.ask("DELETE", f"/redeem-codes/{withdrawn['id']}").status == 204
    assert admin.ask("POST", "/organizations/org_1/redeem", {"code": withdrawn["code"]}).status == 409
    assert "code" not in admin.ask("GET", "/redeem-codes").json["data"][0]


def test_an_adjustment_takes_no_more_than_there_is(shop):
    _, admin, _ = shop
    top_up(admin, "1")
    path = "/organizations/org_1/credit/adjustments"
    assert admin.ask("POST", path, {"amount_usd": "-2", "reason": "mistake"}).status == 409
    assert admin.ask("POST", path, {"amount_usd": "-0.4", "reason": "mistake"}).status == 201
    assert nanos(credit(admin)["credit_usd"]) == nanos("0.6")
    assert admin.ask("POST", path, {"amount_usd": "1", "reason": ""}).status == 422


def month_back(gateway):
    """Puts all that was asked so far into last month, as if it had been asked then, and gives the month."""
    now = datetime.now(timezone.utc)
    last = now.replace(day=1) - timedelta(days=1)
    shift = (now.date() - last.date()).days * 86_400_000_000
    gateway.stop()
    gateway.change("UPDATE requests SET started_at = started_at - ?", shift)
    gateway.change("UPDATE rollups SET start = start - ?", shift)
    for table in ("postings", "transfers", "turnovers"):
        gateway.change(f"DELETE FROM {table}")
    gateway.start()
    return f"{last:%Y-%m}"


def test_an_invoice_is_the_ledgers_charges_to_the_nano_dollar(start):
    gateway = start({"models": PRICED, "billing": {"seller": {"name": "Gate Ltd", "lines": ["1 Main Street"]}}}, keyed=False)
    key = team(gateway, "core")["key"]
    settle()
    for _ in range(5):
        assert ask(gateway, key).status == 200
    spent = charged(gateway)
    admin = Admin(gateway, token=None)
    running = admin.ask("POST", "/organizations/org_1/invoices", {"month": f"{datetime.now(timezone.utc):%Y-%m}"})
    assert running.status == 422, "the month is not over"
    month = month_back(gateway)
    order = {"month": month, "early": True, "tax_basis_points": 1900, "tax_name": "VAT"}
    made = admin.ask("POST", "/organizations/org_1/invoices", order)
    assert made.status == 201, made.text
    invoice = made.json
    assert admin.ask("POST", "/organizations/org_1/invoices", order).json["number"] == invoice["number"]
    lines = list(csv.reader(io.StringIO(read(gateway, f"/api/v1/invoices/{invoice['number']}?format=csv"))))
    assert any("fake/" in cell for line in lines for cell in line)
    amounts = {nanos(value) for value in flat(invoice) if isinstance(value, str) and value.replace(".", "").isdigit()}
    assert spent in amounts, (spent, invoice)
    page = read(gateway, f"/api/v1/invoices/{invoice['number']}?format=html")
    assert "Gate Ltd" in page and "<script" not in page
    assert admin.ask("GET", "/books/verify").json["intact"]
    assert admin.ask("GET", "/organizations/org_1/invoices").json["data"][0]["number"] == invoice["number"]


def flat(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from flat(one)
    else:
        yield value


def read(gateway, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}{path}", timeout=20) as answer:
        return answer.read().decode()


def test_a_plans_rate_and_included_credit_hold(start):
    gateway = start({"models": PRICED}, keyed=False)
    key = team(gateway, "core")["key"]
    admin = Admin(gateway, token=None)
    made = admin.ask("POST", "/plans", {"name": "Small", "included_credit_usd": "0.5", "requests_per_minute": 2})
    assert made.status == 201, made.text
    assert admin.ask("PATCH", "/organizations/org_1", {"plan": made.json["id"], "prepaid": True}).status == 200
    today = datetime.now(timezone.utc).date()
    days = (today.replace(day=28) + timedelta(days=4)).replace(day=1) - today.replace(day=1)
    share = Decimal("0.5") * (days.days - today.day + 1) / days.days
    granted = lambda: nanos(credit(admin)["included_usd"])
    wait_until(lambda: abs(granted() - nanos(share)) <= 1, "the month's credit, by the days left", 30)
    assert admin.ask("PATCH", "/organizations/org_1", {"plan": None}).status == 200
    wait_until(lambda: granted() == 0, "credit that ends with the plan", 30)
    assert admin.ask("PATCH", "/organizations/org_1", {"plan": made.json["id"], "prepaid": False}).status == 200
    settle()
    assert [ask(gateway, key).status for _ in range(3)] == [200, 200, 429]


def test_commands_ask_the_gateway(shop):
    gateway, admin, key = shop
    assert "Booked" in gateway.command("credit", "top-up", "org_1", "0.02", "--reason", "bank")
    assert "0.020000000" in gateway.command("credit", "show", "org_1")
    code = gateway.command("codes", "create", "3").split()[0]
    assert admin.ask("POST", "/organizations/org_1/redeem", {"code": code}).status == 201
    assert "3.000000000" in gateway.command("codes", "list")
    assert "plan_" in gateway.command("plans", "create", "name=Small", "price_usd=5")
    assert "Small" in gateway.command("plans", "list")
    assert "Told of late" in gateway.command("alerts", "list")


class Stripe(http.server.BaseHTTPRequestHandler):
    """Begins checkouts as Stripe does; localstripe knows none."""

    asked = []

    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.asked.append((self.path, dict(self.headers), {name: values[0] for name, values in form.items()}))
        body = json.dumps({
            "id": f"cs_{len(self.asked)}", "object": "checkout.session", "mode": "payment", "payment_status": "unpaid",
            "amount_total": int(form["line_items[0][price_data][unit_amount]"][0]), "currency": "usd",
            "url": "https://checkout.stripe.test/pay",
        }).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def stripe():
    Stripe.asked.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stripe)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def tell(gateway, event, secret=SECRET, when=None, body=None):
    """Calls the webhook as Stripe does; the status."""
    body = json.dumps(event).encode() if body is None else body
    when = int(time.time()) if when is None else when
    code = hmac.new(secret.encode(), f"{when}.".encode() + body, hashlib.sha256).hexdigest()
    request = urllib.request.Request(f"http://127.0.0.1:{gateway.admin_port}/stripe/webhook", body, method="POST")
    request.add_header("Content-Type", "application/json")
    request.add_header("Stripe-Signature", f"t={when},v1={code}")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_stripe_is_believed_with_its_signature_and_once(start, stripe):
    gateway = start({
        "admin": {"token": "the-admin-token"},
        "billing": {"stripe": {
            "secret_key": "sk_test_1", "webhook_secrets": [SECRET], "success_url": "https://app.test/paid",
            "base_url": f"http://127.0.0.1:{stripe}",
        }},
    }, keyed=False)
    team(gateway, "core")
    settle()
    admin = Admin(gateway)
    begun = admin.ask("POST", "/organizations/org_1/checkout", {"amount_usd": "25"})
    assert begun.status == 201 and begun.json["url"] == "https://checkout.stripe.test/pay", begun.text
    path, headers, form = Stripe.asked[0]
    assert path == "/v1/checkout/sessions" and headers["authorization"] == "Bearer sk_test_1"
    assert form["client_reference_id"] == "org_1" and headers["idempotency-key"]

    event = {
        "id": "evt_1", "object": "event", "type": "checkout.session.completed", "created": int(time.time()),
        "data": {"object": {
            "id": "cs_1", "object": "checkout.session", "mode": "payment", "payment_status": "paid",
            "amount_total": 2500, "currency": "usd", "payment_intent": "pi_1",
        }},
    }
    assert tell(gateway, event, secret="whsec_someone_elses_0") == 400
    assert tell(gateway, event, when=int(time.time()) - 400) == 400
    assert tell(gateway, event, body=b"x" * 1_100_000) == 413
    assert nanos(credit(admin)["credit_usd"]) == nanos("0")
    wrong = json.loads(json.dumps(event))
    wrong["data"]["object"]["amount_total"] = 250_000
    assert tell(gateway, wrong) == 422
    for _ in range(3):
        assert tell(gateway, event) == 200
    assert nanos(credit(admin)["credit_usd"]) == nanos("25")
    assert len(credit(admin)["data"]) == 1
    stranger = json.loads(json.dumps(event))
    stranger["data"]["object"]["id"] = "cs_unknown"
    assert tell(gateway, stranger) == 409
