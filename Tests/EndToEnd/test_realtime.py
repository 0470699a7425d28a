"""Sessions of OpenAI's Realtime pass through a gateway, are booked answer by answer, and come to one clear end."""

import asyncio
import gzip
import json
import random
import signal
import socket
import time

import pytest
from openai import AsyncOpenAI, OpenAI
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

import http1
from gateway import provider, wait_until
from realtime import USAGE, RealtimeUpstream
from tenants import insert, settle

#: Dollars a million tokens.
PRICE = {"input": 4, "output": 16, "cache_read": 0.5, "audio_in": 32, "audio_out": 64, "cache_read_audio": 2}
#: What an answer of `say` costs at these prices, in nano-dollars: text, audio, cached text, cached audio; text, audio.
COST = 30 * 4_000 + 40 * 32_000 + 10 * 500 + 20 * 2_000 + 8 * 16_000 + 42 * 64_000

NAMES = ["play", "echo", "say", "lose", "bye", "hold", "flood", "refuse-401", "refuse-404", "refuse-429", "refuse-500"]


@pytest.fixture(scope="module")
def realtime():
    with RealtimeUpstream() as upstream:
        yield upstream


@pytest.fixture
def gateway(start, realtime):
    return launch(start, realtime)


def launch(start, realtime, **server):
    realtime.received.clear()
    realtime.requests.clear()
    realtime.closes.clear()
    return start({
        "server": server,
        "providers": {"live": provider(realtime.port)},
        "models": {name: {"provider": "live", "price": PRICE} for name in NAMES},
        "aliases": {"voice": "say"},
    })


def open_session(gateway, model, path="/v1/realtime?model=", key=None, **options):
    options.setdefault("compression", None)
    headers = {} if key == "" else {"Authorization": f"Bearer {key or gateway.text}"}
    headers |= options.pop("headers", {})
    url = f"ws://127.0.0.1:{gateway.port}{path}{model}"
    return connect(url, additional_headers=headers, proxy=None, max_size=None, **options)


def refusal(gateway, model, **options):
    """Status and error of a handshake that must fail."""
    with pytest.raises(InvalidStatus) as failure:
        open_session(gateway, model, **options).close()
    response = failure.value.response
    return response.status_code, json.loads(response.body)["error"]


def identifier(session):
    return session.response.headers["x-sira-request-id"]


def lines(gateway, session):
    """All lines of the session, once its last one is in the database."""
    gateway.row(identifier(session))
    return [row for row in gateway.ledger() if row["id"] == identifier(session)]


def figures(row):
    return row["input"], row["output"], row["cost"]


def closing(session):
    """Hears what is left, and returns the code of the farewell."""
    heard = []
    try:
        while True:
            heard.append(session.recv(timeout=10))
    except ConnectionClosed:
        return session.protocol.close_code, heard


def create(session):
    session.send(json.dumps({"type": "response.create"}))


# MARK: messages

def sessions(shared):
    with gzip.open(shared / "recordings/ws/realtime.jsonl.gz", "rt") as file:
        return [json.loads(line) for line in file]


def test_recorded_sessions_pass_unchanged(gateway, realtime, shared):
    played = 0
    for recording in sessions(shared):
        frames = [frame for frame in recording["frames"] if isinstance(frame.get("data"), dict)]
        if recording["provider"] == "gemini" or not frames:
            continue
        realtime.session = frames
        realtime.received.clear()
        heard, said = [], []
        with open_session(gateway, "play") as session:
            for frame in frames:
                if frame["direction"] == "sent":
                    text = json.dumps(frame["data"], ensure_ascii=bool(played % 2))
                    said.append(text)
                    session.send(text)
                else:
                    heard.append(session.recv(timeout=10))
        assert heard == [json.dumps(frame["data"]) for frame in frames if frame["direction"] == "received"]
        wait_until(lambda: len(realtime.received) == len(said), "the arrival of all messages")
        assert realtime.received == said

        rows = lines(gateway, session)
        done = [frame["data"] for frame in frames if frame["data"].get("type") == "response.done"]
        # xAI puts the figures beside the response.
        usages = [event["response"].get("usage") or event["usage"] for event in done]
        answers = [row for row in rows[:-1] if row["model"] == "play"]
        assert [(row["input"], row["output"]) for row in answers] == [
            (usage["input_tokens"], usage["output_tokens"]) for usage in usages
        ]
        assert [row["attempt"] for row in rows] == list(range(1, len(rows) + 1))
        assert [row["is_final"] for row in rows] == [0] * (len(rows) - 1) + [1]
        assert (rows[-1]["cost"], rows[-1]["input"], rows[-1]["outcome"]) == (0, 0, "ok")
        played += 1
    assert played > 20


def test_messages_of_all_sizes_and_pieces_pass(gateway):
    source = random.Random(5)
    with open_session(gateway, "echo") as session:
        for size in (0, 1, 125, 126, 65_535, 65_536, 3_000_000):
            text = "".join(source.choices("aé日😀", k=size // 4))
            session.send(text)
            assert session.recv(timeout=20) == text
        session.send(["a", "b", "", "ü"])
        assert session.recv(timeout=10) == "abü"
        session.send(b"\x00\xff" * 1_000)
        assert session.recv(timeout=10) == b"\x00\xff" * 1_000


def test_the_provider_gets_its_own_key_and_name_and_the_fields_that_are_forwarded(gateway, realtime):
    headers = {"OpenAI-Beta": "realtime=v1", "OpenAI-Safety-Identifier": "u1", "X-Private": "no"}
    with open_session(gateway, "voice", headers=headers, subprotocols=["realtime"]) as session:
        assert session.subprotocol == "realtime"
        assert session.response.headers["x-sira-provider"] == "live"
    sent = realtime.requests[-1]
    assert sent.path == "/v1/realtime?model=say"
    assert sent.headers["Authorization"] == "Bearer sk-local"
    assert sent.headers["OpenAI-Beta"] == "realtime=v1"
    assert sent.headers["OpenAI-Safety-Identifier"] == "u1"
    assert "X-Private" not in sent.headers


def test_a_ping_is_answered(gateway):
    with open_session(gateway, "echo") as session:
        assert session.ping("?").wait(5)


def test_other_spellings_of_the_path(gateway):
    for path in ("/openai/v1/realtime?model=", "/openai/realtime?api-version=2025-04-01-preview&deployment="):
        with open_session(gateway, "echo", path=path, key="", headers={"api-key": gateway.text}) as session:
            session.send("{}")
            assert session.recv(timeout=10) == "{}"


# MARK: who may

def test_a_key_is_asked_for(gateway):
    assert refusal(gateway, "say", key="")[0] == 401
    assert refusal(gateway, "say", key="sk-sira-wrong")[0] == 401


def test_a_browser_sends_its_key_as_a_subprotocol(gateway, realtime):
    offered = ["realtime", "openai-insecure-api-key." + gateway.text, "openai-beta.realtime-v1"]
    with open_session(gateway, "echo", key="", subprotocols=offered, origin="https://app.example.com") as session:
        assert session.subprotocol == "realtime"
    assert gateway.text not in str(realtime.requests[-1].headers)
    offered[1] = "openai-insecure-api-key.sk-sira-wrong"
    assert refusal(gateway, "echo", key="", subprotocols=offered)[0] == 401


def test_a_key_for_some_models_opens_no_other(gateway, realtime):
    key = gateway.key("limited", "--models", "say")
    assert refusal(gateway, "echo", key=key)[0] == 403
    with open_session(gateway, "say", key=key) as session:
        json.loads(session.recv(timeout=10))
        for change in ({"model": "echo"}, {"input_audio_transcription": {"model": "whisper-1"}}):
            session.send(json.dumps({"type": "session.update", "session": change}))
            told = json.loads(session.recv(timeout=10))
            assert told["type"] == "error" and "model" in told["error"]["param"]
        create(session)
        assert json.loads(session.recv(timeout=10))["type"] == "response.created"
    assert [json.loads(message)["type"] for message in realtime.received] == ["response.create"]


def test_without_a_key_a_web_page_opens_no_session(start, realtime):
    gateway = start(
        {"providers": {"live": provider(realtime.port)}, "models": {"echo": {"provider": "live"}}}, keyed=False
    )
    with open_session(gateway, "echo", key="") as session:
        session.send("{}")
        assert session.recv(timeout=10) == "{}"
    assert refusal(gateway, "echo", key="", origin="https://evil.example.com")[0] == 403


def test_models_that_are_not_there(gateway):
    assert refusal(gateway, "")[0] == 400
    assert refusal(gateway, "nothing-like-it")[0] == 404
    assert refusal(gateway, "other/x")[1]["code"] == "upstream_unreachable"


@pytest.mark.parametrize("status, shown", [(401, 502), (404, 404), (429, 429), (500, 502)])
def test_a_provider_that_refuses_is_answered_for_before_the_upgrade(gateway, status, shown):
    assert refusal(gateway, f"refuse-{status}")[0] == shown
    [row] = wait_until(lambda: gateway.ledger(), "the row")
    assert (row["status"], row["cost"]) == (shown, 0)


def test_a_request_that_is_no_wish_for_a_session(gateway):
    answer = http1.get(gateway.port, "/v1/realtime?model=say", gateway.text)
    assert answer.status == 426
    assert answer.headers["upgrade"] == "websocket"


# MARK: the books

def test_each_answer_is_booked_exactly(gateway):
    with open_session(gateway, "say") as session:
        for _ in range(3):
            create(session)
            while json.loads(session.recv(timeout=10))["type"] != "response.done":
                pass
    rows = lines(gateway, session)
    assert [figures(row) for row in rows] == [(100, 50, COST)] * 3 + [(0, 0, 0)]
    assert {(row["operation"], row["status"], row["outcome"]) for row in rows} == {("realtime", 101, "ok")}


def test_what_was_answered_is_booked_though_the_gateway_is_killed(gateway):
    session = open_session(gateway, "say")
    create(session)
    while json.loads(session.recv(timeout=10))["type"] != "response.done":
        pass
    gateway.kill()
    gateway.start()
    [row] = wait_until(lambda: gateway.ledger(), "the row")
    assert figures(row) == (100, 50, COST)


def test_a_session_ends_when_its_budget_is_used_up(gateway):
    key = gateway.new_key("spender")
    insert(gateway, "budget", "bud_voice", scope=f"key:{key['id']}", amount="0.03", period="total")
    settle()
    heard = []
    with open_session(gateway, "say", key=key["key"]) as session:
        create(session)
        while len(heard) < 100:
            try:
                heard.append(json.loads(session.recv(timeout=10)))
                if heard[-1]["type"] == "response.done":
                    create(session)
            except ConnectionClosed:
                heard += map(json.loads, closing(session)[1])
                break
    assert (session.protocol.close_code, session.protocol.close_reason) == (1008, "budget_exceeded")
    assert heard[-1]["type"] == "error" and heard[-1]["error"]["code"] == "budget_exceeded"
    # 1,024 tokens of text are expected of an answer, so that no more than four have room.
    rows = lines(gateway, session)
    assert [row["cost"] for row in rows] == [COST] * 4 + [0]
    assert [row["outcome"] for row in rows] == ["ok"] * 4 + ["limited"]
    # Nothing is left reserved: with a little more money than the next one may cost there is room for it.
    assert refusal(gateway, "say", key=key["key"])[1]["code"] == "budget_exceeded"
    gateway.change("""UPDATE resources SET version = version + 1, updated_at = updated_at + 1,
                      json = json_set(json, '$.amount', '0.0335') WHERE id = 'bud_voice'""")
    settle()
    with open_session(gateway, "say", key=key["key"]) as session:
        assert json.loads(session.recv(timeout=10))["type"] == "session.created"


# MARK: the end

def test_a_farewell_is_passed_on(gateway, realtime):
    with open_session(gateway, "bye") as session:
        session.send("{}")
        assert closing(session)[0] == 4001
        assert session.protocol.close_reason == "session expired"
    with open_session(gateway, "echo") as session:
        session.close(4002, "enough")
    wait_until(lambda: (4002, "enough") in realtime.closes, "the farewell's arrival")
    assert lines(gateway, session)[-1]["outcome"] == "ok"


def test_a_provider_that_is_lost_is_told_of(gateway):
    with open_session(gateway, "lose") as session:
        session.send("{}")
        code, heard = closing(session)
    assert code == 1011
    told = json.loads(heard[-1])
    assert (told["type"], told["error"]["code"]) == ("error", "upstream_stream_interrupted")
    rows = lines(gateway, session)
    assert [(row["cost"], row["outcome"]) for row in rows] == [(None, "upstream_error"), (0, "upstream_error")]


def test_a_client_that_is_lost_frees_its_provider(gateway, realtime):
    session = open_session(gateway, "echo")
    session.socket.shutdown(socket.SHUT_RDWR)
    wait_until(lambda: realtime.closes, "the end of the provider's connection")
    assert realtime.closes[0][0] == 1001
    assert lines(gateway, session)[-1]["outcome"] == "cancelled"


def test_a_message_that_is_too_large_ends_the_session(start, realtime):
    gateway = launch(start, realtime, limits={"message_bytes": 100_000})
    with open_session(gateway, "echo") as session:
        session.send("x" * 100_000)
        assert len(session.recv(timeout=10)) == 100_000
        session.send("x" * 100_001)
        assert closing(session)[0] == 1009
    assert lines(gateway, session)[-1]["error_code"] == "body_too_large"


@pytest.mark.parametrize("frame, code", [
    (b"\x81\x02hi", 1002),  # not masked
    (b"\xc1\x80\0\0\0\0", 1002),
    (b"\x83\x80\0\0\0\0", 1002),
    (b"\x80\x80\0\0\0\0", 1002),
    (b"\x81\x82\0\0\0\0\xc3\x28", 1007),
    (b"\x88\x82\0\0\0\0\x03\xed", 1002),
])
def test_frames_that_break_the_rules(gateway, frame, code):
    session = open_session(gateway, "echo")
    session.socket.sendall(frame)
    assert closing(session)[0] == code
    assert lines(gateway, session)[-1]["error_code"] == "malformed_request"


def test_garbage_does_no_harm(gateway):
    source = random.Random(7)
    for _ in range(30):
        session = open_session(gateway, "echo", close_timeout=0.1)
        try:
            for _ in range(5):
                session.socket.sendall(source.randbytes(source.randrange(1, 5_000)))
        except OSError:
            pass
        session.socket.close()
    with open_session(gateway, "echo") as session:
        session.send("still here")
        assert session.recv(timeout=10) == "still here"


def test_a_client_that_does_not_read_holds_its_provider_back(gateway, realtime):
    session = open_session(gateway, "flood", max_queue=1)
    before = gateway.memory()
    session.send("{}")

    def stands_still():
        pushed = getattr(realtime, "pushed", 0)
        time.sleep(0.3)
        return pushed > 0 and realtime.pushed == pushed

    wait_until(stands_still, "the provider's being held back", 20)
    # The buffers of two sockets on the way, and a little in the gateway.
    assert realtime.pushed < 64_000_000
    assert gateway.memory() - before < 20_000_000
    session.socket.close()
    wait_until(lambda: realtime.closes, "the end of the provider's connection")


def test_a_silent_client_is_given_up(start, realtime):
    gateway = launch(start, realtime, limits={"session_silence": "500ms"})
    with open_session(gateway, "echo") as session:
        # One that answers pings lives, and so does its provider.
        time.sleep(1.2)
        session.send("{}")
        assert session.recv(timeout=5) == "{}"
    with http1.connect(gateway.port) as silent:
        fields = {
            "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        }
        silent.sendall(http1.request("GET", "/v1/realtime?model=echo", key=gateway.text, headers=fields))
        heard = b""
        while not heard.endswith(b"\x88\x02\x03\xe9"):
            piece = silent.recv(4_096)
            assert piece, heard
            heard += piece
    assert heard.startswith(b"HTTP/1.1 101 ")


def test_a_session_has_its_time(start, realtime):
    gateway = launch(start, realtime, limits={"session_time": "400ms"})
    with open_session(gateway, "echo") as session:
        code, heard = closing(session)
    assert code == 1001
    assert json.loads(heard[-1])["error"]["code"] == "session_expired"


def test_a_gateway_that_stops_lets_an_answer_end(gateway):
    idle = open_session(gateway, "echo")
    busy = open_session(gateway, "hold")
    busy.send("{}")
    assert json.loads(busy.recv(timeout=10))["type"] == "response.created"
    gateway.signal(signal.SIGTERM)
    assert closing(idle)[0] == 1001
    busy.send("{}")
    code, heard = closing(busy)
    assert code == 1001
    assert json.loads(heard[-1])["type"] == "response.done"
    assert gateway.process.wait(10) == 0
    gateway.start()
    rows = lines(gateway, busy)
    assert [figures(row) for row in rows] == [(100, 50, COST), (0, 0, 0)]


# MARK: OpenAI's own client

def test_the_sdk_holds_a_session(gateway):
    client = OpenAI(
        api_key=gateway.text, base_url=gateway.url + "/v1", websocket_base_url=f"ws://127.0.0.1:{gateway.port}/v1"
    )
    with client.realtime.connect(model="say", websocket_connection_options={"proxy": None}) as connection:
        connection.session.update(session={"type": "realtime", "instructions": "Be brief."})
        connection.response.create()
        kinds = []
        for event in connection:
            kinds.append(event.type)
            if event.type == "response.done":
                assert event.response.usage.input_tokens == USAGE["input_tokens"]
                break
    assert kinds == ["session.created", "response.created", "response.output_text.delta", "response.done"]


def test_the_sdk_of_the_beta_holds_a_session(gateway, realtime):
    async def converse():
        client = AsyncOpenAI(
            api_key=gateway.text, base_url=gateway.url + "/v1", websocket_base_url=f"ws://127.0.0.1:{gateway.port}/v1"
        )
        options = {"proxy": None}
        async with client.realtime.connect(model="say", websocket_connection_options=options,
                                           extra_headers={"OpenAI-Beta": "realtime=v1"}) as connection:
            await connection.response.create()
            async for event in connection:
                if event.type == "response.done":
                    return event.response.status

    assert asyncio.run(converse()) == "completed"
    assert realtime.requests[-1].headers["OpenAI-Beta"] == "realtime=v1"
