"""What the gateway answers by itself, and what it adds to a provider's answers."""

from decimal import Decimal

import pytest

from gateway import Gateway, free_port, provider
from http1 import call, chat, connect, get, message, read, request, send
from upstream import MODELS, cost

CHAT = "/v1/chat/completions"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, upstream):
    config = {
        "server": {"cors": {"origins": ["https://app.example.com"], "headers": ["x-team"], "max_age": "5m"}},
        "providers": {"fake": provider(upstream.port), "other": provider(free_port())},
        "models": MODELS,
        "aliases": {"quick": "fake"},
    }
    gateway = Gateway(tmp_path_factory.mktemp("sira"), config)
    gateway.text = gateway.key()
    with gateway:
        yield gateway


def test_health(gateway):
    for path in ("/health/live", "/health/ready"):
        answer = get(gateway.port, path)
        assert answer.status == 200, answer.body
        assert "status" in answer.json()


def test_models(gateway):
    answer = get(gateway.port, "/v1/models", gateway.text)
    names = [model["id"] for model in answer.json()["data"]]
    assert answer.json()["object"] == "list" and "fake" in names and "quick" in names
    assert len(names) == len(set(names))
    assert get(gateway.port, "/v1/models/fake", gateway.text).json()["id"] == "fake"
    assert get(gateway.port, "/v1/models/nothing", gateway.text).status == 404
    assert get(gateway.port, "/v1/models").status == 401
    limited = gateway.key("limited", "--models", "other*")
    assert "fake" not in [model["id"] for model in get(gateway.port, "/v1/models", limited).json()["data"]]
    refused = call(gateway.port, CHAT, chat(), limited)
    assert (refused.status, refused.code) == (403, "model_not_allowed")


def test_what_is_listed_for_a_key_may_be_used_with_it(gateway):
    for pattern, expected in (("fake/fake", {"fake", "quick"}), ("quick", {"quick"}), ("fake/*", {"fake", "quick"})):
        key = gateway.key("limited", "--models", pattern)
        names = [model["id"] for model in get(gateway.port, "/v1/models", key).json()["data"]]
        assert set(names) == expected and len(names) == len(expected), pattern
        for name in ("fake", "quick"):
            status = call(gateway.port, CHAT, chat(name), key).status
            assert status == (200 if name in expected else 403), (pattern, name)


@pytest.mark.parametrize("path", ["/health/live", "/v1/models", "/v1/models/nothing"])
def test_head_is_get_without_a_body(gateway, path):
    whole = get(gateway.port, path, gateway.text)
    with connect(gateway.port) as connection:
        connection.sendall(request("HEAD", path, key=gateway.text))
        head = read(connection, "HEAD")
        # Were there a body, it would be taken for the next answer.
        connection.sendall(request("GET", "/health/live"))
        assert read(connection, "GET").status == 200
    assert (head.status, head.body) == (whole.status, b"")
    if whole.status == 200:
        assert head.headers.get("content-length") == whole.headers.get("content-length")


def test_cors(gateway):
    def preflight(origin):
        return send(gateway.port, request("OPTIONS", CHAT, headers={
            "Origin": origin, "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type,x-team",
        }), "OPTIONS")

    answer = preflight("https://app.example.com")
    assert answer.status == 204
    assert "content-length" not in answer.headers, "RFC 9110, section 8.6"
    assert answer.headers["access-control-allow-origin"] == "https://app.example.com"
    allowed = answer.headers["access-control-allow-headers"].lower().replace(" ", "").split(",")
    assert {"authorization", "content-type", "x-team"} <= set(allowed), allowed
    assert answer.headers["access-control-max-age"] == "300"
    assert "access-control-allow-origin" not in preflight("https://evil.example.com").headers
    for body, status in ((chat(), 200), (chat("nothing"), 404), (b"{", 400)):
        answer = call(gateway.port, CHAT, body, gateway.text, {"Origin": "https://app.example.com"})
        assert answer.status == status
        assert answer.headers.get("access-control-allow-origin") == "https://app.example.com", (status, answer.headers)


def test_what_an_answer_tells(gateway):
    answer = call(gateway.port, CHAT, chat("quick", "say 7"), gateway.text)
    assert answer.headers["x-sira-provider"] == "fake"
    assert answer.headers["x-sira-model"] == "fake"
    assert answer.headers["x-sira-attempts"] == "1"
    assert Decimal(answer.headers["x-sira-cost-usd"]) * 10**9 == cost(7)
    row = gateway.row(answer.id)
    assert (row["requested_model"], row["model"], row["cost"]) == ("quick", "fake", cost(7))

    described = get(gateway.port, f"/v1/requests/{answer.id}", gateway.text)
    assert described.status == 200 and described.json()["id"] == answer.id
    assert f"{Decimal(cost(7)) / 10**9:.9f}" in described.body.decode()
    stranger = gateway.key("stranger")
    assert get(gateway.port, f"/v1/requests/{answer.id}", stranger).code == "request_not_found"
    assert get(gateway.port, "/v1/requests/req_0", gateway.text).status == 404


def test_the_cost_comment(gateway):
    answer = call(gateway.port, CHAT, chat(text="say 7", stream=True), gateway.text)
    assert answer.comments == [": x-sira-cost-usd: 0.000025000"]
    blocks = answer.body.decode().rstrip("\n").split("\n\n")
    assert blocks[-1] == "data: [DONE]" and "x-sira-cost-usd" in blocks[-2]
    assert not any('"usage"' in event for event in answer.events), "nobody asked for usage"
    off = call(gateway.port, CHAT, chat(text="say 7", stream=True), gateway.text, {"x-sira-cost-comment": "off"})
    assert off.comments == [] and off.events == answer.events


@pytest.mark.parametrize("include_usage", [False, True], ids=["bare", "usage"])
@pytest.mark.parametrize("model,text", [("fake", "say 2"), ("claude", "claude")])
@pytest.mark.parametrize("body,path", [(chat, CHAT), (message, "/v1/messages")], ids=["chat", "messages"])
def test_the_cost_comment_stands_before_the_last_event(start, upstream, body, path, model, text, include_usage):
    config = {
        "providers": {"fake": provider(upstream.port), "claude": provider(upstream.port, "anthropic", "")},
        "models": {**MODELS, "claude": {"provider": "claude", "price": {"input": 1, "output": 2}}},
    }
    gateway = start(config)
    more = {"stream_options": {"include_usage": True}} if include_usage and body is chat else {}
    answer = call(gateway.port, path, body(model, text, stream=True, **more), gateway.text)
    blocks = answer.body.decode().rstrip("\n").split("\n\n")
    last = "data: [DONE]" if body is chat else "event: message_stop"
    assert blocks[-1].startswith(last) and blocks[-2] == ": x-sira-cost-usd: 0.000015000", blocks[-4:]
    assert len(answer.comments) == 1
