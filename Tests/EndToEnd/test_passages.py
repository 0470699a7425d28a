"""Behind /providers/{provider} recorded answers of every framing pass byte for byte, and are metered on the way."""

import gzip
import json
import subprocess
import sys

import pytest

from gateway import Gateway, free_port, wait_until
from http1 import connect, get, read, request

#: Provider of the recordings, its protocol, and the path of its base URL on the replay server.
PROVIDERS = {
    "openai": ("openai", "/openai/v1"), "anthropic": ("anthropic", "/anthropic"), "cohere": ("openai", "/cohere"),
    "bedrock": ("openai", "/bedrock"), "gemini": ("openai", "/gemini"), "ollama": ("openai", "/ollama"),
}
#: Framings of which each provider's first recording is played, beside one that is no stream.
CONVERSATIONS = {"chat", "responses", "messages", "converse", "generateContent", "cohere_chat", "ollama_chat"}
FRAMINGS = [None, "sse", "aws-eventstream", "ndjson", "json-array"]


def recordings(shared):
    """One recording of each framing of each provider."""
    for name in PROVIDERS:
        with gzip.open(shared / f"recordings/{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            records = [json.loads(line) for line in file]
        for framing in FRAMINGS:
            for record in records:
                if record.get("stream_format") == framing and record["status"] == 200 and (
                    record["api"] in CONVERSATIONS and record["method"] == "POST" and record.get("request_recorded", True)
                    and isinstance(record["request_body"], dict)
                ):
                    yield name, record
                    break


@pytest.fixture(scope="module")
def replay(shared):
    """Plays recordings: its port."""
    script, port = shared / "tools/replay/replay_server.py", free_port()
    files = [shared / f"recordings/{name}.jsonl.gz" for name in PROVIDERS]
    server = subprocess.Popen([sys.executable, script, "--port", str(port), *files], stdout=subprocess.DEVNULL)

    def answers():
        assert server.poll() is None, "the replay server did not start"
        try:
            return get(port, "/__replay/stats").status == 200
        except OSError:
            return False

    wait_until(answers, "the start of the replay server", 60)
    yield port
    server.terminate()
    server.wait(10)


def ask(port, path, record, key=None):
    headers = {"x-replay-id": record["id"]}
    with connect(port) as connection:
        connection.sendall(request("POST", path, record["request_body"], key, headers))
        return read(connection)


def test_answers_of_every_framing_pass_unchanged(shared, replay, tmp_path):
    config = {
        "server": {"forward_headers": ["x-replay-id"]},
        "providers": {
            name: {"protocol": protocol, "base_url": f"http://127.0.0.1:{replay}{path}", "api_key": "sk-replay"}
            for name, (protocol, path) in PROVIDERS.items()
        },
    }
    gateway, framings, metered = Gateway(tmp_path, config), set(), set()
    gateway.text = gateway.key()
    with gateway:
        for name, record in recordings(shared):
            path = record["path"] + ("?alt=sse" if record.get("query", {}) == {"alt": "sse"} else "")
            through = ask(gateway.port, f"/providers/{name}{path}", record, gateway.text)
            direct = ask(replay, f"/{name}{path}", record)
            what = f"{name} {record['id']} {path}"
            assert through.status == direct.status == 200, what
            assert through.body == direct.body, what
            assert through.headers["content-type"] == direct.headers["content-type"], what
            row = gateway.row(through.id)
            assert row["operation"] == "passthrough" and row["provider"] == name, what
            framings.add(record.get("stream_format"))
            if row["input"]:
                metered.add((name, record.get("stream_format")))
    assert {None, "sse", "aws-eventstream"} <= framings
    assert {("openai", None), ("anthropic", None), ("anthropic", "sse")} <= metered
