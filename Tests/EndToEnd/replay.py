"""Recorded providers: a server that plays what they really answered, and those answers in words of no protocol."""

import base64
import gzip
import json
import subprocess
import sys
from functools import cache

import httpx

from gateway import SHARED, Gateway, free_port, wait_until

#: Providers of the gateway: protocol, base URL on the replay server, and a model's name there.
PROVIDERS = {
    "chat": ("openai", "/openai/v1", "gpt-4o"),
    "responses": ("responses", "/openai/v1", "gpt-5"),
    "anthropic": ("anthropic", "/anthropic/v1", "claude-sonnet-4-5"),
    "gemini": ("gemini", "/gemini/v1beta", "gemini-2.5-flash"),
    "bedrock": ("bedrock", "/bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
    "cohere": ("cohere", "/cohere", "command-a-03-2025"),
    "ollama": ("ollama", "/ollama", "llama3.1"),
}

#: OpenAI as the catalogue knows it: a provider of both of its protocols, and of all that is no conversation.
OWN = {"openai": ("openai", "/openai/v1", "gpt-5")}

#: Where the recordings of each provider's conversations are: the file, which is the server's name for it, and the API.
CONVERSATIONS = {
    "chat": ("openai", "chat"),
    "responses": ("openai", "responses"),
    "anthropic": ("anthropic", "messages"),
    "gemini": ("gemini", "generateContent"),
    "bedrock": ("bedrock", "converse"),
    "cohere": ("cohere", "cohere_chat"),
    "ollama": ("ollama", "ollama_chat"),
}


@cache
def recordings(name):
    """All recordings of a provider, in their order."""
    with gzip.open(SHARED / f"recordings/{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def pick(name, api, stream=False, status=200, method="POST", where=lambda record: True):
    """The first recording of that kind for which `where` is true."""
    for record in recordings(name):
        kind = (record.get("api"), bool(record.get("stream")), record.get("status"), record.get("method"))
        if kind == (api, stream, status, method) and where(record):
            return record
    raise LookupError(f"no recording of {api} by {name}")


def raw(record):
    """The bytes of a recorded answer."""
    body = record["response_body"]
    return base64.b64decode(body) if record["response_body_encoding"] == "base64" else body.encode()


def form(entry):
    """The bytes of a body that arrived and is no JSON, such as a form."""
    return base64.b64decode(entry["body"])


class Replay:
    """The replay server's process and its controls."""

    def __init__(self, *names, loose=1):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        files = [SHARED / f"recordings/{name}.jsonl.gz" for name in names]
        self._command = [
            sys.executable, SHARED / "tools/replay/replay_server.py", "--port", str(self.port), "--loose", str(loose), *files,
        ]
        self._client = httpx.Client(base_url=self.url, timeout=30)

    def __enter__(self):
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        wait_until(self._answers, "the start of the replay server", 60)
        return self

    def __exit__(self, *_):
        self._client.close()
        self._process.terminate()
        self._process.wait(10)

    def _answers(self):
        assert self._process.poll() is None, "the replay server did not start"
        try:
            return self._client.get("/__replay/stats").status_code == 200
        except httpx.HTTPError:
            return False

    def reset(self):
        """Forgets what was ordered and what was asked."""
        self._client.post("/__replay/reset", json={})

    def next(self, *records):
        """Orders these recordings as the next answers of their provider."""
        for record in records:
            done = self._client.post("/__replay/next", json={"id": record["id"], "provider": record["provider"]})
            assert done.status_code == 200, done.text

    def next_body(self, name, body, **more):
        """Orders an answer of our own."""
        response = {"body": body, "content_type": "application/json", **more}
        self._client.post("/__replay/next", json={"provider": name, "response": response})

    def log(self, count=1):
        """The last requests that arrived."""
        return self._client.get(f"/__replay/log?n={count}").json()

    @property
    def last(self):
        """The last request that arrived."""
        return self.log()[-1]


def replaying_gateway(directory, replay, scheme="http", **more):
    """A gateway all of whose providers are played by one server, with a key in `text`.

    Each provider's model is called after it: `anthropic-model`, `gemini-model`.
    """
    config = {
        "logging": {"requests": False},
        "providers": {
            name: {"protocol": protocol, "base_url": replay.url + path, "api_key": "sk-replay"}
            for name, (protocol, path, _) in {**PROVIDERS, **OWN}.items()
        },
        "models": {
            f"{name}-model": {"provider": name, "model": model}
            for name, (_, _, model) in {**PROVIDERS, **OWN}.items()
        },
        **more,
    }
    gateway = Gateway(directory, config, scheme=scheme)
    gateway.text = gateway.key()
    return gateway
