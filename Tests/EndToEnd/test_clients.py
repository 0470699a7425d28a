"""What one client can take of the gateway is bounded: connections, time and memory; what is due to it, it gets."""

import json
import socket
import time
import urllib.error
import urllib.request

import h2.config
import h2.connection
import h2.errors
import h2.events
import pytest

from gateway import provider, wait_until
from http1 import call, chat, connect, message, read, request
from upstream import Upstream

CHAT, MESSAGES = "/v1/chat/completions", "/v1/messages"


class Peer:
    """A client of HTTP/2 that sends what it is told to and remembers what comes back."""

    def __init__(self, port, **options):
        self.connection = connect(port)
        config = h2.config.H2Configuration(client_side=True, header_encoding="utf-8", **options)
        self.state = h2.connection.H2Connection(config)
        self.state.initiate_connection()
        self.events = []
        self.is_closed = False
        self.received = b""
        self.send()

    def send(self):
        self.push(self.state.data_to_send())

    def push(self, data):
        try:
            self.connection.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # What the gateway said before it left is still to be read.

    def ask(self, stream, path=CHAT, key=None, body=None, end=True, **fields):
        headers = [
            (":method", "POST"), (":path", path), (":scheme", "http"), (":authority", "gateway"),
            ("content-type", "application/json"),
        ]
        headers += [("authorization", f"Bearer {key}")] if key else []
        headers += [(name.replace("_", "-"), value) for name, value in fields.items()]
        self.state.send_headers(stream, headers, end_stream=body is None and end)
        if body is not None:
            self.state.send_data(stream, body, end_stream=end)
        self.send()

    def wait(self, condition, what, seconds=10):
        """Reads on until `condition(events)` gives something."""
        deadline = time.monotonic() + seconds
        while not (found := condition(self.events)):
            assert time.monotonic() < deadline and not self.is_closed, (what, self.events)
            self.connection.socket.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                data = self.connection.recv(65_536)
            except TimeoutError:
                continue
            except ConnectionResetError:
                data = b""
            self.is_closed = not data
            self.take(data)
        return found

    def take(self, data):
        self.received += data
        while len(self.received) >= 9 and len(self.received) >= (size := 9 + int.from_bytes(self.received[:3], "big")):
            frame, self.received = self.received[:size], self.received[size:]
            if not self.is_taking_leave:
                self.events += self.state.receive_data(frame)
                self.send()
            # The library takes the goodbye for the end (RFC 9113, section 6.8, does not), so the rest is read here.
            elif frame[3] == 0 and frame[4] & 1:
                self.events.append(h2.events.StreamEnded(stream_id=int.from_bytes(frame[5:9], "big")))
            elif frame[3] == 6 and not frame[4] & 1:
                self.push(frame[:4] + b"\x01" + frame[5:])

    @property
    def is_taking_leave(self):
        return any(isinstance(event, h2.events.ConnectionTerminated) for event in self.events)

    def wait_for(self, kind, stream=None, seconds=10):
        def find(events):
            return next((e for e in events if isinstance(e, kind) and (not stream or stream == e.stream_id)), None)

        return self.wait(find, kind.__name__, seconds)

    def wait_for_end(self, seconds=10):
        self.wait(lambda _: self.is_closed, "the end of the connection", seconds)

    def status(self, stream):
        return int(dict(self.wait_for(h2.events.ResponseReceived, stream).headers)[":status"])

    def code(self, stream):
        self.wait_for(h2.events.StreamEnded, stream)
        data = [e.data for e in self.events if isinstance(e, h2.events.DataReceived) and e.stream_id == stream]
        return json.loads(b"".join(data))["error"]["code"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()


def limits(**limits):
    return {"server": {"limits": limits}}


def read_metrics(gateway):
    def attempt():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{gateway.admin_port}/metrics", timeout=10) as answer:
                return answer.read().decode()
        except urllib.error.URLError:
            return None  # The admin listener may open a moment after the API's.

    return wait_until(attempt, "the admin listener's start")


def open_connections(gateway):
    metrics = read_metrics(gateway)
    return next(int(line.split()[-1]) for line in metrics.splitlines() if line.startswith("sira_open_connections"))


def is_served(connection, gateway):
    try:
        connection.sendall(request("POST", CHAT, chat(), gateway.text))
        return read(connection).status == 200
    except OSError:
        return False


# MARK: connections

def test_as_many_connections_as_are_allowed(start):
    gateway = start(limits(connections=3))
    wait_until(lambda: open_connections(gateway) == 0, "the end of the first connection")
    allowed = [connect(gateway.port) for _ in range(3)]
    assert all(is_served(connection, gateway) for connection in allowed)
    assert open_connections(gateway) == 3
    with connect(gateway.port) as another:
        assert not is_served(another, gateway)
    assert all(is_served(connection, gateway) for connection in allowed)
    allowed.pop().close()
    wait_until(lambda: open_connections(gateway) == 2, "the end of a connection")
    with connect(gateway.port) as another:
        assert is_served(another, gateway)
    for connection in allowed:
        connection.close()


def test_a_connection_of_http_2_counts_once(start):
    gateway = start(limits(connections=2))
    wait_until(lambda: open_connections(gateway) == 0, "the end of the first connection")
    with Peer(gateway.port) as one, Peer(gateway.port) as two:
        for stream in (1, 3, 5):
            one.ask(stream, key=gateway.text, body=json.dumps(chat(text="stall 1", stream=True)).encode())
            assert one.status(stream) == 200
        two.ask(1, key=gateway.text, body=json.dumps(chat()).encode())
        assert two.status(1) == 200
        assert open_connections(gateway) == 2
        with connect(gateway.port) as another:
            assert not is_served(another, gateway)
    wait_until(lambda: open_connections(gateway) == 0, "the end of the connections")


def test_an_idle_connection_of_http_2_is_taken_leave_of(start):
    gateway = start(limits(idle_timeout="500ms"))
    with Peer(gateway.port) as silent, Peer(gateway.port) as peer:
        peer.ask(1, key=gateway.text, body=json.dumps(chat(text="say 8 0.2", stream=True)).encode())
        peer.wait_for(h2.events.StreamEnded, 1)
        assert not any(isinstance(event, h2.events.ConnectionTerminated) for event in peer.events)
        goodbye = peer.wait_for(h2.events.ConnectionTerminated)
        assert goodbye.error_code == h2.errors.ErrorCodes.NO_ERROR
        peer.wait_for_end()
        silent.wait_for(h2.events.ConnectionTerminated)
        silent.wait_for_end()


def test_stopping_takes_leave_of_http_2_clients(start):
    with Upstream() as upstream:
        gateway = start({"providers": {"fake": provider(upstream.port)}})
        with Peer(gateway.port) as idle, Peer(gateway.port) as busy:
            idle.ask(1, key=gateway.text, body=json.dumps(chat()).encode())
            idle.wait_for(h2.events.StreamEnded, 1)
            busy.ask(1, key=gateway.text, body=json.dumps(chat(text="hold 3", stream=True)).encode())
            busy.wait_for(h2.events.DataReceived, 1)
            gateway.process.terminate()
            idle.wait_for(h2.events.ConnectionTerminated)
            idle.wait_for_end()
            busy.wait_for(h2.events.ConnectionTerminated)
            upstream.gate.set()
            busy.wait_for(h2.events.StreamEnded, 1)
            busy.wait_for_end()
        assert gateway.stop() == 0


# MARK: answers

def test_a_slow_client_gets_all_of_its_answer(start):
    gateway = start()
    with connect(gateway.port, 30) as connection:
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        body = chat(text="say 2500000")
        connection.sendall(request("POST", CHAT, body, gateway.text, {"Connection": "close"}))
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(4_096)
        head, rest = head.split(b"\r\n\r\n", 1)
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        received = len(rest)
        started = time.monotonic()
        while piece := connection.recv(65_536):
            received += len(piece)
            # Slower than the time for which a client is heard after its answer.
            if time.monotonic() - started < 7:
                time.sleep(0.05)
    assert length > 15_000_000 and received == length


@pytest.mark.parametrize("version", [1, 2])
def test_a_client_that_stops_reading_is_let_go(start, version):
    with Upstream() as upstream:
        gateway = start({"providers": {"fake": provider(upstream.port)}, **limits(idle_timeout="1s")})
        body = chat(text="flood 200", stream=True)
        if version == 1:
            with connect(gateway.port) as connection:
                connection.sendall(request("POST", CHAT, body, gateway.text))
                seen = connection.recv(4_096)
                wait_until(lambda: upstream.cancelled == 1, "the end of the provider's request", 10)
            identifier = seen.split(b"x-sira-request-id: ", 1)[1].split(b"\r\n", 1)[0].decode()
        else:
            with Peer(gateway.port) as peer:
                peer.ask(1, key=gateway.text, body=json.dumps(body).encode())
                answer = peer.wait_for(h2.events.ResponseReceived, 1)
                wait_until(lambda: upstream.cancelled == 1, "the end of the provider's request", 10)
                identifier = dict(answer.headers)["x-sira-request-id"]
        assert gateway.row(identifier)["outcome"] == "cancelled"


def test_a_model_is_named_without_fields_of_its_own(start, upstream):
    gateway = start({"models": {}, "providers": {"anthropic": provider(upstream.port, "anthropic", "")}})
    for body, path in ((chat, CHAT), (message, MESSAGES)):
        answer = call(gateway.port, path, body(model="claude-3-5-haiku-\r\nset-cookie: a=b"), gateway.text)
        assert answer.status == 400 and answer.json()["error"]["type"] == "invalid_request_error"
        assert "set-cookie" not in answer.headers


def test_a_field_of_http_2_stays_one_field_towards_the_provider(start, upstream):
    gateway = start()
    with Peer(gateway.port, validate_outbound_headers=False, normalize_outbound_headers=False) as peer:
        body = json.dumps(chat(text="say 1")).encode()
        peer.ask(1, key=gateway.text, body=body, x_title="a\r\nx-evil: 1", http_referer="a\nx-evil: 2")
        peer.wait(lambda events: [e for e in events if getattr(e, "stream_id", None) == 1], "an answer")
    assert all("x-evil" not in head for head in upstream.heads)


# MARK: bodies

LARGE = 19_000_000
UNKNOWN = "sk-sira-00000000000000000000000000000000000000000000000000"


@pytest.mark.parametrize(("key", "code"), [(None, "missing_api_key"), (UNKNOWN, "invalid_api_key")])
@pytest.mark.parametrize("path", [CHAT, MESSAGES])
def test_strangers_are_refused_before_their_bodies(start, path, key, code):
    gateway = start()
    head = request("POST", path, key=key).replace(b"Content-Length: 0", b"Content-Length: %d" % LARGE)
    with connect(gateway.port, 5) as connection:
        connection.sendall(head + b"{" + b" " * 100_000)
        answer = read(connection)
        assert (answer.status, answer.code) == (401, code)
        assert answer.json().get("type") == ("error" if path == MESSAGES else None)
    with connect(gateway.port, 5) as connection:
        connection.sendall(head.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"))
        assert read(connection).status == 401
    with Peer(gateway.port) as peer:
        peer.ask(1, path, key, b"{" + b" " * 10_000, end=False, content_length=str(LARGE))
        assert (peer.status(1), peer.code(1)) == (401, code)
        assert peer.wait_for(h2.events.StreamReset, 1).error_code == h2.errors.ErrorCodes.NO_ERROR
    with connect(gateway.port, 5) as connection:
        connection.sendall(head.replace(path.encode(), b"/v1/nothing") + b"{")
        assert read(connection).status == 404
    assert f'code="{code}"' in read_metrics(gateway)


def test_a_known_client_may_take_its_time(start):
    gateway = start()
    raw = request("POST", CHAT, chat(), gateway.text)
    with connect(gateway.port) as connection:
        connection.sendall(raw[:-10])
        time.sleep(0.3)
        connection.sendall(raw[-10:])
        assert read(connection).status == 200
    fresh = gateway.key("made a moment ago")
    raw = request("POST", CHAT, chat(), fresh)
    with connect(gateway.port) as connection:
        connection.sendall(raw[:-10])
        connection.sendall(raw[-10:])
        assert read(connection).status == 200


def test_bodies_share_a_bounded_memory(start):
    gateway = start(limits(body_bytes="1MB", held_body_bytes="2500KB"))
    raw = request("POST", CHAT, chat(padding="x" * 900_000), gateway.text)
    first, second, third = (connect(gateway.port) for _ in range(3))
    for connection in (first, second, third):
        connection.sendall(raw[:-1_000])
        time.sleep(0.2)
    refused = read(third)
    assert (refused.status, refused.code, refused.headers["retry-after"]) == (503, "gateway_overloaded", "1")
    with Peer(gateway.port) as peer:
        body = raw.split(b"\r\n\r\n", 1)[1]
        peer.ask(1, key=gateway.text, body=None, end=False)
        sent = 0
        while sent < len(body) - 1_000:
            room = min(peer.state.local_flow_control_window(1), 16_384, len(body) - 1_000 - sent)
            if room == 0 or any(isinstance(event, h2.events.StreamEnded) for event in peer.events):
                break
            peer.state.send_data(1, body[sent:sent + room])
            peer.send()
            sent += room
            if peer.state.local_flow_control_window(1) < 16_384:
                peer.wait(lambda events: peer.state.local_flow_control_window(1) >= 16_384 or any(
                    isinstance(event, h2.events.StreamEnded) for event in events), "room")
        assert (peer.status(1), peer.code(1)) == (503, "gateway_overloaded")
    for connection in (first, second):
        connection.sendall(raw[-1_000:])
        assert read(connection).status == 200
        connection.close()
    third.close()
    # All of it has been given back.
    with connect(gateway.port) as one, connect(gateway.port) as two:
        for connection in (one, two):
            connection.sendall(raw[:-1_000])
            time.sleep(0.2)
            connection.sendall(raw[-1_000:])
            assert read(connection).status == 200


def test_a_stream_that_is_refused_is_reset(start):
    gateway = start(limits(request_timeout="500ms"))
    with Peer(gateway.port) as peer:
        peer.ask(1, key=gateway.text, body=b"{", end=False, content_length="30000000")
        peer.ask(3, key=gateway.text, body=b"{", end=False)
        for stream, status in ((1, 413), (3, 408)):
            assert peer.status(stream) == status
            peer.wait_for(h2.events.StreamEnded, stream)
            reset = peer.wait_for(h2.events.StreamReset, stream)
            assert reset.error_code == h2.errors.ErrorCodes.NO_ERROR
        peer.ask(5, key=gateway.text, body=json.dumps(chat()).encode())
        assert peer.status(5) == 200


def test_a_long_header_over_http_2_is_answered(start):
    gateway = start()
    with Peer(gateway.port) as peer:
        peer.wait_for(h2.events.RemoteSettingsChanged)
        peer.ask(1, key=gateway.text, body=json.dumps(chat()).encode())
        assert peer.status(1) == 200
        for stream, count in ((3, 40), (5, 20)):
            fields = {f"x_{number}": "a" * 1_000 for number in range(count)}
            peer.ask(stream, key=gateway.text, body=json.dumps(chat()).encode(), **fields)
            assert peer.status(stream) == (431 if count == 40 else 200)
