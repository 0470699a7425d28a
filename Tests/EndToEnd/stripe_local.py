"""A server on this machine that answers as Stripe does (localstripe), and an endpoint for its webhooks."""

import http.server
import json
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from urllib.parse import urlencode

from gateway import ROOT, free_port, wait_until

FIXTURES = ROOT / "Tests/Fixtures/stripe"
#: The webhook's secret; the Swift tests of the recordings know it, too.
SECRET = "whsec_local_0123456789"
#: What the server does not know: its answer to these is 404, and their shapes are Stripe's documented ones.
MISSING = {"top_up", "subscribe", "portal", "checkout"}
GOOD_CARD, DECLINED_CARD = "4242424242424242", "4000000000000341"
RETURNED_ACCOUNT = "DE62370400440532013001"


def requests():
    """The requests that Sira makes, by name, as `StripeFixtures.swift` wrote them."""
    return {request["name"]: request for request in json.loads((FIXTURES / "requests.json").read_text())}


class Answer:
    def __init__(self, status, body):
        self.status, self.body = status, body

    @property
    def json(self):
        return json.loads(self.body)


class LocalStripe:
    """Runs from `with` to its end. The names in `ids` stand in requests for the ids that the server gave."""

    def __init__(self, directory):
        self.port = free_port()
        self.log_path = directory / "localstripe.log"
        self.ids = {}

    def __enter__(self):
        self._log = self.log_path.open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "localstripe", "--port", str(self.port), "--from-scratch"],
            cwd=self.log_path.parent, stdout=self._log, stderr=subprocess.STDOUT,
        )
        wait_until(self._is_up, "localstripe's first answer", 20)
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait(10)
        self._log.close()

    def _is_up(self):
        assert self._process.poll() is None, self.log_path.read_text()
        try:
            return self.ask("GET", "/v1/balance").status == 200
        except OSError:
            return False

    def ask(self, method, path, body="", key=None):
        headers = {"Authorization": "Bearer sk_test_sira"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if key:
            headers["Idempotency-Key"] = key
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", method=method, data=body.encode() or None, headers=headers
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return Answer(answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read().decode())

    def make(self, path, **form):
        """Makes what Sira finds in an account of Stripe's already: prices, cards. `a__b` is written `a[b]`."""
        nested = {name.replace("__", "[") + ("]" if "__" in name else ""): value for name, value in form.items()}
        answer = self.ask("POST", path, urlencode(nested))
        assert answer.status == 200, answer.body
        return answer.json if answer.body else None

    def send(self, request):
        """Sends one of `requests()`, with the ids of this server in the place of those in it."""
        def real(text):
            return re.sub(r"\b(cus|pm|pi|sub)_1\b", lambda match: self.ids.get(match[0], match[0]), text)

        return self.ask(request["method"], real(request["path"]), real(request["body"]), request["idempotency_key"])


class Hook:
    """An endpoint that keeps what it is told, byte for byte."""

    def __enter__(self):
        told = self.told = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told.append((self.headers["Stripe-Signature"], body.decode()))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/webhook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def wait_for(self, kind, about=None):
        """The signature and body of the event of this kind, about the thing of this id if one is named."""
        def found():
            for header, body in self.told:
                event = json.loads(body)
                if event["type"] == kind and about in (None, event["data"]["object"]["id"]):
                    return header, body
            return None

        return wait_until(found, f"the event {kind}")
