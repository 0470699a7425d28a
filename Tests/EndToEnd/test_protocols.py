"""How clients can connect: HTTP/1.1, HTTP/2 and TLS."""

import json
import socket
import ssl

import h2.config
import h2.connection
import h2.events
import httpx
import pytest

from gateway import Gateway, free_port, provider
from http1 import Connection, chat, client_tls, connect, read, request, send
from upstream import MODELS

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


# MARK: HTTP/1.1

def test_a_connection_is_kept(gateway):
    with connect(gateway.port) as connection:
        for number in range(20):
            stream = number % 2 == 1
            connection.sendall(request("POST", CHAT, chat(stream=stream), gateway.text))
            answer = read(connection)
            assert answer.status == 200
            assert ("data: [DONE]" in answer.body.decode()) == stream


def test_connection_close_is_obeyed(gateway):
    with connect(gateway.port) as connection:
        connection.sendall(request("POST", CHAT, chat(), gateway.text, {"Connection": "close"}))
        assert read(connection).status == 200
        assert connection.recv(1) == b""


def test_pipelined_requests_are_answered_in_their_order(gateway):
    with connect(gateway.port) as connection:
        # The first takes longest, so order is not that of being ready.
        texts = ["say 5 0.1", "say 3 0.02", "say 1"]
        bodies = [chat(text=text, stream=True) for text in texts]
        connection.sendall(b"".join(request("POST", CHAT, body, gateway.text) for body in bodies))
        answers = [read(connection) for _ in texts]
    assert [answer.body.count(b'"content"') for answer in answers] == [5, 3, 1]
    assert len({answer.id for answer in answers}) == 3


def test_a_request_in_single_bytes(gateway):
    with connect(gateway.port) as connection:
        connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in request("POST", CHAT, chat(), gateway.text):
            connection.sendall(bytes([byte]))
        assert read(connection).status == 200


def test_a_chunked_request(gateway):
    body = json.dumps(chat(text="say 2")).encode()
    raw = (
        f"POST {CHAT} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {gateway.text}\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: x\r\n\r\n"
    ).encode()
    for start in range(0, len(body), 7):
        raw += b"%x;ext=1\r\n%b\r\n" % (len(body[start:start + 7]), body[start:start + 7])
    answer = send(gateway.port, raw + b"0\r\nx: y\r\n\r\n")
    assert answer.status == 200 and answer.json()["usage"]["completion_tokens"] == 2


def test_expect_continue(gateway):
    body = json.dumps(chat()).encode()
    with connect(gateway.port) as connection:
        connection.sendall(
            f"POST {CHAT} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {gateway.text}\r\n"
            "Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n".encode()
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        assert read(connection).status == 200


def test_http_1_0(gateway):
    raw = request("POST", CHAT, chat(stream=True), gateway.text).replace(b"HTTP/1.1", b"HTTP/1.0")
    with connect(gateway.port) as connection:
        connection.sendall(raw)
        pieces = b""
        while piece := connection.recv(65_536):
            pieces += piece
    head, body = pieces.split(b"\r\n\r\n", 1)
    assert b"transfer-encoding" not in head.lower(), "HTTP/1.0 knows no chunks"
    assert body.endswith(b"data: [DONE]\n\n")


# MARK: HTTP/2

def test_http_2_with_prior_knowledge(gateway):
    with httpx.Client(http1=False, http2=True, base_url=gateway.url, trust_env=False) as client:
        headers = {"authorization": f"Bearer {gateway.text}"}
        for stream in (False, True, False):
            answer = client.post(CHAT, json=chat(text="say 4", stream=stream), headers=headers)
            assert (answer.status_code, answer.http_version) == (200, "HTTP/2")
            assert ("data: [DONE]" in answer.text) == stream
            assert gateway.row(answer.headers["x-sira-request-id"])["output"] == 4
        answer = client.post(CHAT, content=b"{", headers={**headers, "content-type": "application/json"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_json")
        large = {**headers, "x-long": "a" * 20_000}
        assert client.post(CHAT, json=chat(), headers=large).status_code == 200
        large = {**headers, "x-long": "a" * 40_000}
        assert client.post(CHAT, json=chat(), headers=large).status_code == 431


def test_a_line_break_in_an_http_2_field_does_not_reach_a_provider(gateway, upstream):
    rules = h2.config.H2Configuration(
        client_side=True, header_encoding="utf-8", validate_outbound_headers=False, normalize_outbound_headers=False
    )
    before = len(upstream.heads)
    with connect(gateway.port) as connection:
        peer = h2.connection.H2Connection(rules)
        peer.initiate_connection()
        peer.send_headers(1, [
            (":method", "POST"), (":path", CHAT), (":scheme", "http"), (":authority", "gateway"),
            ("authorization", f"Bearer {gateway.text}"), ("content-type", "application/json"),
            ("x-title", "a\r\nx-smuggled: yes"),
        ])
        peer.send_data(1, json.dumps(chat()).encode(), end_stream=True)
        connection.sendall(peer.data_to_send())
        reset = False
        while not reset and (piece := connection.recv(65_536)):
            reset = any(isinstance(event, h2.events.StreamReset) for event in peer.receive_data(piece))
    assert reset, "RFC 9113, section 8.2.1: such a request is malformed"
    assert len(upstream.heads) == before


def test_streams_of_one_http_2_connection_do_not_wait_for_each_other(gateway):
    with connect(gateway.port) as connection:
        peer = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding="utf-8"))
        peer.initiate_connection()
        texts = {1: "say 6 0.1", 3: "say 2", 5: "say 3"}
        for stream, text in texts.items():
            peer.send_headers(stream, [
                (":method", "POST"), (":path", CHAT), (":scheme", "http"), (":authority", "gateway"),
                ("authorization", f"Bearer {gateway.text}"), ("content-type", "application/json"),
            ])
            peer.send_data(stream, json.dumps(chat(text=text, stream=True)).encode(), end_stream=True)
        connection.sendall(peer.data_to_send())
        ended, bodies = [], {stream: b"" for stream in texts}
        while len(ended) < 3:
            for event in peer.receive_data(connection.recv(65_536)):
                if isinstance(event, h2.events.DataReceived):
                    bodies[event.stream_id] += event.data
                    peer.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamEnded):
                    ended.append(event.stream_id)
            connection.sendall(peer.data_to_send())
    assert ended[-1] == 1
    assert [bodies[stream].count(b'"content"') for stream in (1, 3, 5)] == [6, 2, 3]


# MARK: TLS

def test_tls(start, certificate):
    tls = {"certificate": str(certificate / "certificate.pem"), "key": str(certificate / "key.pem")}
    gateway = start({"server": {"tls": tls}}, scheme="https")
    key = gateway.text
    for offered, agreed in ((["h2", "http/1.1"], "h2"), (["http/1.1"], "http/1.1"), ([], None)):
        context = client_tls(certificate / "certificate.pem", offered) if offered else ssl.create_default_context(
            cafile=str(certificate / "certificate.pem"))
        with wrapped(context, gateway.port) as connection:
            assert connection.socket.selected_alpn_protocol() == agreed
            assert connection.socket.version() == "TLSv1.3"
            if agreed != "h2":
                connection.sendall(request("POST", CHAT, chat(), key))
                assert read(connection).status == 200
    context = ssl.create_default_context(cafile=str(certificate / "certificate.pem"))
    for http2 in (True, False):
        with httpx.Client(http2=http2, verify=context, base_url=gateway.url, trust_env=False) as client:
            answer = client.post(CHAT, json=chat(stream=True), headers={"authorization": f"Bearer {key}"})
            assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
            assert "data: [DONE]" in answer.text
    old = client_tls(certificate / "certificate.pem", ["http/1.1"])
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises((ssl.SSLError, ConnectionError)), wrapped(old, gateway.port) as connection:
        connection.recv(1)
    # Who speaks in the clear is told nothing, and does no harm.
    with connect(gateway.port) as connection:
        connection.sendall(request("GET", "/health/live"))
        try:
            assert not connection.recv(100).startswith(b"HTTP/1.1 200")
        except ConnectionError:
            pass
    with wrapped(client_tls(certificate / "certificate.pem", ["http/1.1"]), gateway.port) as connection:
        connection.sendall(request("GET", "/health/live"))
        assert read(connection, "GET").status == 200


def wrapped(context, port):
    return Connection(context.wrap_socket(connect(port).socket, server_hostname="localhost"))
