"""Whatever is sent, the answer is a clear error in the client's protocol, and the gateway lives on."""

import json
import re
import socket
import time

import pytest

from gateway import Gateway, free_port, provider
from http1 import call, chat, connect, get, message, read, request, send
from upstream import MODELS

CHAT, MESSAGES = "/v1/chat/completions", "/v1/messages"
BODIES = {CHAT: chat, MESSAGES: message}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, upstream):
    config = {
        "server": {"limits": {"request_timeout": "2s"}},
        "providers": {"fake": provider(upstream.port), "other": provider(free_port())},
        "models": MODELS,
    }
    gateway = Gateway(tmp_path_factory.mktemp("sira"), config)
    gateway.text = gateway.key()
    with gateway:
        yield gateway


@pytest.fixture(autouse=True)
def lives_on(gateway):
    """After each test the same process answers as before."""
    yield
    answer = call(gateway.port, CHAT, chat(), gateway.text)
    assert answer.status == 200, answer.body
    assert gateway.process.poll() is None


def assert_error(answer, path, status, code):
    """An error with that status and code, in the shape of the path's protocol."""
    assert answer is not None, "the connection was closed without an answer"
    assert answer.status == status, (answer.status, answer.body[:500])
    assert answer.headers["content-type"].startswith("application/json")
    body = answer.json()
    error = body["error"]
    assert error["code"] == code, body
    assert isinstance(error["message"], str) and len(error["message"]) > 10
    assert isinstance(error["type"], str)
    if path == MESSAGES:
        assert body["type"] == "error"
    else:
        assert set(error) == {"message", "type", "param", "code"}


def post(gateway, path, body, **headers):
    fields = {name.replace("_", "-"): text for name, text in headers.items()}
    return call(gateway.port, path, body, gateway.text, fields)


# MARK: bodies

both = pytest.mark.parametrize("path", [CHAT, MESSAGES])


@both
@pytest.mark.parametrize("cut", [0, 1, 2, 20, 40, -1])
def test_truncated_json(gateway, path, cut):
    whole = json.dumps(BODIES[path]()).encode()
    assert_error(post(gateway, path, whole[:cut]), path, 400, "invalid_json")


@both
@pytest.mark.parametrize("body", [
    b'{"model": "fake", "messages": [{"role": "user", "content": "a"}]} and more',
    b"{'model': 'fake'}",
    b'{"model": "fake", "messages": [{"role": "user", "content": "a\x01b"}]}',
    b'{"model": "fake", "messages": [{"role": "user", "content": "\xff\xfe\xc3"}]}',
    b'{"model": "fake", "messages": [{"role": "user", "content": "\\ud800\\u0041"}], "x": \\}',
    b'{"model": "fake", "temperature": NaN, "messages": []}',
    b'{"model": "fake", "temperature": 01, "messages": []}',
    b"\xff\xfe{\x00}\x00",
    b"model=fake&messages=none",
    b"\x00" * 1_000,
], ids=["tail", "single quotes", "control character", "invalid UTF-8", "stray escape", "NaN", "leading zero",
        "UTF-16", "form", "zeros"])
def test_what_is_not_json(gateway, path, body):
    assert_error(post(gateway, path, body), path, 400, "invalid_json")


@both
@pytest.mark.parametrize("body", [
    b'{"model": "fake", "messages": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b"[" * 100_000,
    b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
], ids=["lists", "unclosed", "objects"])
def test_nesting_without_end(gateway, path, body):
    assert_error(post(gateway, path, body), path, 400, "invalid_json")


@both
@pytest.mark.parametrize("change", [
    {"model": None}, {"model": 7}, {"model": ""}, {"model": ["fake"]}, {"messages": None}, {"messages": "hello"},
    {"messages": {}}, {"messages": []}, {"messages": [None]}, {"messages": ["hello"]}, {"messages": [{"role": 1}]},
    {"max_tokens": "many"}, {"max_tokens": -1}, {"max_tokens": 1.5}, {"max_tokens": 10**30}, {"stream": "yes"},
    {"stream": 1},
], ids=lambda change: json.dumps(change)[:40])
def test_wrong_types(gateway, path, change):
    assert_error(post(gateway, path, {**BODIES[path](), **change}), path, 400, "invalid_field")


@both
@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"text"', b"{}"])
def test_json_that_is_no_request(gateway, path, body):
    assert_error(post(gateway, path, body), path, 400, "invalid_field")


@both
@pytest.mark.parametrize("doubled", [
    b'"model": "fake", "model": "other"', b'"stream": false, "stream": true', b'"max_tokens": 9, "max_tokens": 8',
    b'"mod\\u0065l": "other"',
], ids=["model", "stream", "max_tokens", "escaped"])
def test_duplicate_keys_never_mean_one_thing_here_and_another_there(gateway, upstream, path, doubled):
    """Refusing is right; so is passing on a body in which the two cannot be told differently."""
    before = len(upstream.requests)
    body = b'{"model": "fake", "max_tokens": 9, ' + doubled + b', "messages": [{"role": "user", "content": "hi"}]}'
    answer = post(gateway, path, body)
    if answer.status == 200:
        seen = upstream.requests[before:]
        assert [request["model"] for request in seen] == ["fake"], seen
    else:
        assert answer.status in (400, 404), answer.body
        assert answer.code in ("invalid_json", "invalid_field", "model_not_found")


@both
def test_an_unknown_model(gateway, path):
    answer = post(gateway, path, {**BODIES[path](), "model": "no-such/model-" + "x" * 20})
    assert_error(answer, path, 404, "model_not_found")


@pytest.mark.parametrize("name", ["\x1b[2J", "a\nb", "a\x7f", "a\u009bb", "\0"])
@both
def test_a_model_with_control_characters(gateway, path, name):
    answer = post(gateway, path, {**BODIES[path](), "model": name})
    assert_error(answer, path, 400, "invalid_field")
    assert "control character" in answer.json()["error"]["message"]


@both
def test_a_body_of_30_megabytes(gateway, path):
    body = BODIES[path](text="x" * 30_000_000)
    assert_error(post(gateway, path, body), path, 413, "body_too_large")


@both
def test_a_body_of_30_megabytes_in_chunks(gateway, path):
    head = (
        f"POST {path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {gateway.text}\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    ).encode()
    piece = b"%x\r\n%b\r\n" % (1_000_000, b" " * 1_000_000)
    assert_error(send(gateway.port, head + piece * 30 + b"0\r\n\r\n"), path, 413, "body_too_large")


@both
def test_another_media_type(gateway, path):
    raw = request("POST", path, BODIES[path](), gateway.text).replace(b"application/json", b"text/csv")
    assert_error(send(gateway.port, raw), path, 415, "unsupported_media_type")


# MARK: heads

@both
def test_a_header_field_of_200_kilobytes(gateway, path):
    answer = post(gateway, path, BODIES[path](), x_long="a" * 200_000)
    assert_error(answer, path, 431, "header_too_large")


def test_ten_thousand_header_fields(gateway):
    fields = {f"x-{number}": "1" for number in range(10_000)}
    answer = call(gateway.port, CHAT, chat(), gateway.text, fields)
    assert_error(answer, CHAT, 431, "header_too_large")


def test_a_target_of_200_kilobytes(gateway):
    answer = send(gateway.port, request("GET", "/v1/models?" + "a" * 200_000, key=gateway.text), "GET")
    assert_error(answer, CHAT, 431, "header_too_large")


@pytest.mark.parametrize("raw", [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100 + b"\r\n\r\n",
    b"hello\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nna me: b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nx: a\x00b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
    b"GET /\x80\xff HTTP/1.1\r\nHost: a\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n garbage garbage garbage",
], ids=["TLS", "words", "method", "version", "space before colon", "folded", "space in name", "zero byte", "no name",
        "bytes in target", "broken HTTP/2"])
def test_what_is_not_http(gateway, raw):
    """Where HTTP itself is broken, the connection ends, with an error where one can be understood."""
    with connect(gateway.port) as connection:
        connection.sendall(raw)
        connection.socket.shutdown(socket.SHUT_WR)
        reply = drain(connection)
    assert reply == b"" or b" 4" in reply[:16] or raw.startswith(b"PRI"), reply[:200]
    assert count_answers(reply) <= 1


def count_answers(reply):
    return len(re.findall(rb"HTTP/1\.1 \d\d\d ", reply))


def drain(connection):
    """All that comes until the connection ends, however it ends."""
    pieces = []
    try:
        while piece := connection.recv(65_536):
            pieces.append(piece)
    except ConnectionResetError:
        pass
    return b"".join(pieces)


SMUGGLED = b"GET /v1/smuggled HTTP/1.1\r\nHost: gateway\r\n\r\n"


def framed(*fields, body=b"0\r\n\r\n" + SMUGGLED):
    lines = ["POST /v1/chat/completions HTTP/1.1", "Host: gateway", "Content-Type: application/json", *fields]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.mark.parametrize("raw", [
    framed("Content-Length: 5", "Transfer-Encoding: chunked"),
    framed("Transfer-Encoding: chunked", "Content-Length: 5"),
    framed("Content-Length: 5", "Content-Length: 6"),
    framed("Content-Length: 5, 6"),
    framed("Content-Length: +5"),
    framed("Content-Length: -5"),
    framed("Content-Length: 0x5"),
    framed("Content-Length: 5 5"),
    framed("Content-Length: 99999999999999999999999"),
    framed("Transfer-Encoding: xchunked"),
    framed("Transfer-Encoding: chunked, identity"),
    framed("Transfer-Encoding: identity", "Transfer-Encoding: chunked", "Content-Length: 5"),
    framed("Transfer-Encoding : chunked"),
    framed("Transfer-Encoding: \x0bchunked"),
    framed("Transfer-Encoding: gzip, chunked"),
    framed("Transfer-Encoding: chunked", body=b"FFFFFFFFFFFFFFFFF\r\n" + SMUGGLED),
    framed("Transfer-Encoding: chunked", body=b"7FFFFFFFFFFFFFFF\r\n" + SMUGGLED),
    framed("Transfer-Encoding: chunked", body=b"-1\r\n" + SMUGGLED),
    framed("Transfer-Encoding: chunked", body=b"0x1\r\na\r\n0\r\n\r\n" + SMUGGLED),
    framed("Transfer-Encoding: chunked", body=b"\r\n\r\n" + SMUGGLED),
    framed("Transfer-Encoding: chunked", body=b"1\r\nabc\r\n0\r\n\r\n" + SMUGGLED),
    framed("Transfer-Encoding: chunked", body=b"1;" + b"a" * 200_000 + b"\r\na\r\n0\r\n\r\n" + SMUGGLED),
    framed("Transfer-Encoding: chunked", body=b"0" * 200_000 + b"\r\n\r\n" + SMUGGLED),
    framed("X: y", "\rContent-Length: %d" % len(SMUGGLED), "X: z", body=SMUGGLED),
    b"GET /health/live HTTP/1.1\r\nHost: a\r\n\rContent-Length: %d\r\nX: y\r\n\r\n" % len(SMUGGLED) + SMUGGLED,
    framed("Transfer-Encoding: chunked", body=b"0 5\r\n\r\n" + SMUGGLED),
    framed("Transfer-Encoding: chunked", body=b"0;a\rb\r\n\r\n" + SMUGGLED),
    framed("Transfer-Encoding: chunked", body=b"0\r\na: b\rc\r\n\r\n" + SMUGGLED),
], ids=["CL TE", "TE CL", "two CL", "CL list", "CL plus", "CL minus", "CL hex", "CL space", "CL huge", "TE unknown",
        "TE not last", "two TE CL", "TE space", "TE control", "TE gzip", "chunk overflow", "chunk huge",
        "chunk negative", "chunk 0x", "chunk empty", "chunk longer", "chunk extension", "chunk zeros", "CR POST",
        "CR GET", "chunk two sizes", "chunk CR", "trailer CR"])
def test_smuggling(gateway, raw):
    """One error and the end of the connection: what follows is never taken for a request."""
    with connect(gateway.port) as connection:
        try:
            connection.sendall(raw)
        except ConnectionError:
            pass
        reply = drain(connection)
    assert count_answers(reply) <= 1, reply
    assert b"smuggled" not in reply
    if reply:
        status = int(reply.split(b" ", 2)[1])
        assert 400 <= status < 500 or status == 501, reply[:300]
        assert json.loads(reply.split(b"\r\n\r\n", 1)[1])["error"]["code"]


def test_a_refusal_on_a_kept_connection(gateway):
    with connect(gateway.port) as connection:
        connection.sendall(request("POST", CHAT, chat(), gateway.text))
        assert read(connection).status == 200
        connection.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nContent-Length: 30000000\r\n\r\n")
        assert_error(read(connection), CHAT, 413, "body_too_large")


def test_a_good_request_and_then_garbage(gateway):
    with connect(gateway.port) as connection:
        connection.sendall(request("POST", CHAT, chat(), gateway.text) + b"\x00\x01 what is this\r\n\r\n")
        assert read(connection).status == 200
        reply = drain(connection)
    assert reply == b"" or reply.startswith(b"HTTP/1.1 400 "), reply


# MARK: time

@both
def test_a_body_that_drips(gateway, path):
    raw = request("POST", path, BODIES[path](), gateway.text)
    started = time.monotonic()
    with connect(gateway.port) as connection:
        connection.socket.settimeout(0.3)
        connection.sendall(raw[:-20])
        reply = drip(connection, raw[-20:])
    assert time.monotonic() - started < 8
    assert reply.startswith(b"HTTP/1.1 408 "), reply[:300]
    body = json.loads(reply.split(b"\r\n\r\n", 1)[1])
    assert body["error"]["code"] == "request_timeout"
    assert (body.get("type") == "error") == (path == MESSAGES), "not in the protocol of the path"


def test_a_head_that_drips(gateway):
    raw = request("GET", "/v1/models", key=gateway.text)
    with connect(gateway.port) as connection:
        connection.socket.settimeout(0.3)
        reply = drip(connection, raw[:-2])
    assert reply.startswith(b"HTTP/1.1 408 "), reply[:300]


def drip(connection, data):
    """Sends a byte each 0.3 s until there is an answer or nothing left to send, and returns the answer."""
    for number in range(len(data)):
        try:
            connection.sendall(data[number:number + 1])
            return connection.socket.recv(65_536)
        except TimeoutError:
            pass
        except ConnectionError:
            return b""
    return b""


# MARK: keys

def keyed(gateway, path, **fields):
    return call(gateway.port, path, BODIES[path](), headers=fields)


@both
def test_no_key(gateway, path):
    assert_error(keyed(gateway, path), path, 401, "missing_api_key")


@both
@pytest.mark.parametrize("key", ["garbage", "x", "a" * 5_000, "sira_", "Bearer", "sk-ant-" + "0" * 90, "' OR 1=1 --"])
def test_a_garbage_key(gateway, path, key):
    assert_error(keyed(gateway, path, Authorization=f"Bearer {key}"), path, 401, "invalid_api_key")
    assert_error(keyed(gateway, path, **{"x-api-key": key}), path, 401, "invalid_api_key")


@both
def test_a_key_with_one_wrong_digit(gateway, path):
    good = gateway.text
    for at in (5, len(good) // 2, len(good) - 1):
        wrong = good[:at] + ("a" if good[at] != "a" else "b") + good[at + 1:]
        assert_error(keyed(gateway, path, Authorization=f"Bearer {wrong}"), path, 401, "invalid_api_key")


@both
def test_an_expired_key(gateway, path):
    made = gateway.new_key("short-lived")
    assert call(gateway.port, path, BODIES[path](), made["key"]).status == 200
    gateway.change("UPDATE keys SET expires_at = ? WHERE id = ?", int((time.time() - 1) * 1e6), made["id"])
    deadline = time.monotonic() + 10
    while (answer := call(gateway.port, path, BODIES[path](), made["key"])).status == 200:
        assert time.monotonic() < deadline, "the key is still honoured"
        time.sleep(0.05)
    assert_error(answer, path, 401, "expired_api_key")


def test_secrets_of_requests_are_not_logged(gateway):
    keyed(gateway, CHAT, Authorization="Bearer sk-somebodys-secret")
    post(gateway, CHAT, b'{"model": "fake", "messages": [{"role": "user", "content": "my-private-words"}]')
    assert "somebodys-secret" not in gateway.log()
    assert "my-private-words" not in gateway.log()
    assert gateway.text not in gateway.log()


# MARK: paths

@pytest.mark.parametrize("path", ["/", "/v1", "/v1/nothing", "/v1/../admin", "//", "/v1/chat/completions/x", "*"])
def test_an_unknown_path(gateway, path):
    assert_error(get(gateway.port, path, gateway.text), CHAT, 404, "unknown_path")


@both
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "TRACE"])
def test_another_method(gateway, path, method):
    answer = send(gateway.port, request(method, path, key=gateway.text), method)
    assert_error(answer, path, 405, "method_not_allowed")
