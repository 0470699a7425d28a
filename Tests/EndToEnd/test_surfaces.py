"""Files, sound and providers' own paths pass through as they come, whatever their size, and into the books."""

import hashlib
import threading
import time

import httpx
import openai
import pytest

from gateway import provider, wait_until
from http1 import connect, get, request
from studio import PIECE, Studio

BOUNDARY = "----sira"
MODELS = {"voice": {"provider": "studio"}}


@pytest.fixture
def studio():
    with Studio() as server:
        yield server


@pytest.fixture
def serve(start, studio):
    """Starts a gateway in front of `studio`."""

    def serve(**more):
        return start({"models": MODELS, "providers": {"studio": provider(studio.port)}, **more})

    return serve


def form(size, fields=(("model", "voice"),), piece=1 << 16):
    """The pieces of a form whose file has so many bytes, behind these fields."""
    for name, value in fields:
        yield f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    yield f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'.encode()
    block = bytes(range(256)) * (piece // 256)
    for _ in range(size // piece):
        yield block
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


def head(path, key, framing):
    return (
        f"POST {path} HTTP/1.1\r\nHost: sira\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n{framing}\r\n\r\n"
    ).encode()


def digest(pieces):
    total, result = 0, hashlib.sha256()
    for piece in pieces:
        total += len(piece)
        result.update(piece)
    return total, result.hexdigest()


def watched(gateway, action):
    """The most memory that the gateway had beyond what it had before, while `action` ran."""
    idle, most, done = gateway.memory(), 0, threading.Event()

    def watch():
        nonlocal most
        while not done.is_set():
            most = max(most, gateway.memory() - idle)
            time.sleep(0.02)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        action()
    finally:
        done.set()
        thread.join()
    return most


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_form_passes_in_little_memory(serve, studio, chunked):
    gateway, size = serve(), 120_000_000 // 65_536 * 65_536
    expected = digest(form(size))

    def upload():
        with connect(gateway.port, 60) as connection:
            framing = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {expected[0]}"
            connection.sendall(head("/v1/audio/transcriptions", gateway.text, framing))
            for piece in form(size):
                connection.sendall(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            if chunked:
                connection.sendall(b"0\r\n\r\n")
            assert b" 200 " in connection.recv(1 << 16)

    assert watched(gateway, upload) < 40_000_000
    assert studio.digests == [expected]
    assert ("transfer-encoding: chunked" in studio.heads[0]) == chunked


def test_over_http2_too(serve, studio):
    gateway, size = serve(), 20_000_000 // 65_536 * 65_536
    expected = digest(form(size))

    def upload():
        with httpx.Client(http1=False, http2=True, timeout=60) as client:
            answer = client.post(
                f"{gateway.url}/v1/audio/transcriptions",
                content=form(size),
                headers={
                    "authorization": f"Bearer {gateway.text}",
                    "content-type": f"multipart/form-data; boundary={BOUNDARY}",
                },
            )
            assert answer.status_code == 200 and answer.http_version == "HTTP/2"

    assert watched(gateway, upload) < 40_000_000
    assert studio.digests == [expected]


def test_a_slow_provider_holds_the_client_back(serve, studio):
    gateway = serve()
    studio.gate.clear()
    size = 80_000_000 // 65_536 * 65_536
    expected, sent = digest(form(size)), 0

    def upload():
        nonlocal sent
        with connect(gateway.port, 60) as connection:
            connection.sendall(head("/v1/audio/transcriptions", gateway.text, f"Content-Length: {expected[0]}"))
            for piece in form(size):
                connection.sendall(piece)
                sent += len(piece)
            assert b" 200 " in connection.recv(1 << 16)

    idle, thread = gateway.memory(), threading.Thread(target=upload)
    thread.start()
    before = -1
    while sent != before:
        before = sent
        time.sleep(0.5)
    assert 0 < sent < size // 2, "the client could send on although nobody took it"
    assert gateway.memory() - idle < 40_000_000
    studio.gate.set()
    thread.join(60)
    assert studio.digests == [expected]


def test_a_client_that_leaves_ends_the_upload(serve, studio):
    gateway = serve()
    with connect(gateway.port) as connection:
        connection.sendall(head("/v1/audio/transcriptions", gateway.text, "Content-Length: 9000000"))
        pieces = form(1_000_000)
        for _ in range(8):
            connection.sendall(next(pieces))
        wait_until(lambda: studio.taken > 0, "the beginning of the upload")
    wait_until(lambda: studio.cut == 1, "the end of the provider's request")
    assert studio.digests == []


def test_too_large_a_form_is_refused(serve, studio):
    gateway = serve(server={"limits": {"stream_body_bytes": "1MB"}})
    with connect(gateway.port) as connection:
        connection.sendall(head("/v1/audio/transcriptions", gateway.text, "Content-Length: 1000001"))
        answer = connection.recv(1 << 16)
        assert b" 413 " in answer and b"stream_body_bytes" in answer
    with connect(gateway.port) as connection:
        connection.sendall(head("/v1/audio/transcriptions", gateway.text, "Transfer-Encoding: chunked"))
        try:
            for piece in form(4_000_000):
                connection.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
        except OSError:
            pass
        try:
            assert b" 413 " in connection.recv(1 << 16)
        except ConnectionResetError:
            pass  # It need not hear the answer while it goes on sending.
    assert studio.digests == []


@pytest.mark.parametrize("order", [["model", "file"], ["file", "model"]])
def test_transcriptions_of_a_real_client_are_booked(serve, studio, order):
    gateway = serve()
    files = {"file": ("a.wav", b"RIFF" * 1_000)}
    fields = {"file": files["file"], "model": (None, "studio/whisper-2")}
    answer = httpx.post(
        f"{gateway.url}/v1/audio/transcriptions",
        files={name: fields[name] for name in order},
        headers={"authorization": f"Bearer {gateway.text}"},
    )
    assert answer.json()["text"] == "heard"
    row = gateway.row(answer.headers["x-sira-request-id"])
    assert (row["operation"], row["model"], row["input"], row["output"]) == ("transcription", "whisper-2", 5, 2)
    client = openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.text)
    assert client.audio.transcriptions.create(model="voice", file=("a.wav", b"RIFF")).text == "heard"


def test_sound_comes_as_it_is_and_no_faster_than_it_is_taken(serve, studio):
    gateway = serve()
    client = openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.text)
    sound = client.audio.speech.create(model="voice", voice="alloy", input="3")
    assert sound.content == PIECE * 3 and sound.response.headers["content-type"] == "audio/mpeg"
    idle = gateway.memory()
    with connect(gateway.port) as connection:
        body = {"model": "voice", "voice": "alloy", "input": "4000"}
        connection.sendall(request("POST", "/v1/audio/speech", body, gateway.text))
        before = -1
        while studio.pushed != before or not before:
            before = studio.pushed
            time.sleep(0.4)
        assert before < 40_000_000, "sound went on its way to a client that takes none"
        assert gateway.memory() - idle < 40_000_000


def test_files_and_batches_belong_to_the_key_that_made_them(serve, studio):
    gateway = serve()
    other = openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.key("other"))
    client = openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.text)
    file = client.files.create(file=("a.jsonl", b"{}\n" * 30_000), purpose="batch")
    assert file.id == "file-1" and client.files.retrieve("file-1").id == "file-1"
    assert [file.id for file in client.files.list()] == ["file-1"] and list(other.files.list()) == []
    batch = client.batches.create(input_file_id="file-1", endpoint="/v1/chat/completions", completion_window="24h")
    assert client.batches.retrieve(batch.id).output_file_id == "file-out"
    assert client.files.content("file-out").content == b'{"custom_id": "1"}\n'
    assert client.batches.cancel(batch.id).id == batch.id
    for denied in (
        lambda: other.files.retrieve("file-1"), lambda: other.files.content("file-out"),
        lambda: other.files.delete("file-1"), lambda: other.batches.retrieve(batch.id),
        lambda: other.batches.create(
            input_file_id="file-1", endpoint="/v1/chat/completions", completion_window="24h"
        ),
    ):
        with pytest.raises(openai.NotFoundError):
            denied()
    assert client.files.delete("file-1").deleted
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve("file-1")


def test_azures_client_names_a_deployment(start, upstream):
    gateway = start()
    client = openai.AzureOpenAI(
        azure_endpoint=gateway.url, api_key=gateway.text, api_version="2024-10-21", azure_deployment="fake"
    )
    answer = client.chat.completions.create(model="another", messages=[{"role": "user", "content": "say 2"}])
    assert answer.choices[0].message.content == "w0 w1" and upstream.requests[-1]["model"] == "fake"


def test_a_key_in_the_query_is_not_passed_on(start, upstream):
    gateway = start()
    assert get(gateway.port, f"/v1beta/models?key={gateway.text}").json()["models"][0]["name"].startswith("models/")
    assert get(gateway.port, "/v1beta/models?key=none").status == 401
    assert gateway.text not in gateway.log()
