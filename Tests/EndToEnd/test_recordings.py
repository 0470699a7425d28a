"""What providers really answered, asked for again through the gateway: same bytes where the protocols are the same.

A replay server plays the providers. It is asked twice for each recording, once through the gateway and once directly,
and says which recording it matched with what it received, so that changes to requests show as well.
"""

import gzip
import json
import subprocess
import sys

import openai
import pytest

from gateway import Gateway, free_port, wait_until
from http1 import connect, get, read, request

#: Provider of the recordings, its protocol, and the path of its base URL on the replay server.
PROVIDERS = {
    "openai": ("openai", "/openai/v1"),
    "anthropic": ("anthropic", "/anthropic/v1"),
    "groq": ("openai", "/groq/openai/v1"),
    "mistral": ("openai", "/mistral/v1"),
    "deepseek": ("openai", "/deepseek"),
    "xai": ("openai", "/xai/v1"),
    "openrouter": ("openai", "/openrouter/api/v1"),
}
PATHS = {"chat": "/v1/chat/completions", "messages": "/v1/messages", "embeddings": "/v1/embeddings"}


def load(shared, name):
    """The recordings that can be sent as they are: those with a request of an API that the gateway serves."""
    with gzip.open(shared / f"recordings/{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    return [
        record for record in records
        if record["api"] in PATHS and record["method"] == "POST" and record.get("request_recorded", True)
        and isinstance(record["request_body"], dict)
        # A few recordings hold a whole answer to a request for a stream: no provider answers like that.
        and bool(record["request_body"].get("stream")) == bool(record["stream"])
    ]


@pytest.fixture(scope="module")
def replay(shared):
    """Plays recordings: its port."""
    script, port = shared / "tools/replay/replay_server.py", free_port()
    files = [shared / f"recordings/{name}.jsonl.gz" for name in PROVIDERS]
    server = subprocess.Popen(
        [sys.executable, script, "--port", str(port), "--loose", "1", *files], stdout=subprocess.DEVNULL
    )

    def answers():
        assert server.poll() is None, "the replay server did not start"
        try:
            return get(port, "/__replay/stats").status == 200
        except OSError:
            return False

    wait_until(answers, "the start of the replay server", 30)
    yield port
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, replay):
    config = {
        "logging": {"requests": False},
        "server": {"account_paths": "pass"},  # the recordings name files that nobody here has uploaded
        "providers": {
            name: {"protocol": protocol, "base_url": f"http://127.0.0.1:{replay}{path}", "api_key": "sk-replay"}
            for name, (protocol, path) in PROVIDERS.items()
        },
    }
    gateway = Gateway(tmp_path_factory.mktemp("sira"), config)
    gateway.text = gateway.key()
    with gateway:
        yield gateway


class Line:
    """A connection that is used again and again."""

    def __init__(self, port):
        self.connection = connect(port, 30)

    def ask(self, path, body, key=None, headers=(), method="POST"):
        self.connection.sendall(request(method, path, body, key, headers))
        return read(self.connection, method)


def uncommented(body):
    """A stream without comments: the gateway adds one, and leaves out those before the first content."""
    return b"".join(block + b"\n\n" for block in body.split(b"\n\n") if block and not block.startswith(b":"))


def is_usage_chunk(block):
    """Whether an event is the one that tells the usage and nothing else."""
    try:
        chunk = json.loads(block.removeprefix(b"data:"))
    except ValueError:
        return False
    return isinstance(chunk, dict) and chunk.get("choices") == [] and bool(chunk.get("usage"))


def without_unasked_usage(body, asked):
    """What a client that did not ask for usage must see of a stream."""
    if (asked.get("stream_options") or {}).get("include_usage"):
        return body
    return b"".join(block + b"\n\n" for block in body.split(b"\n\n") if block and not is_usage_chunk(block))


def differences(record, sent, received):
    """How the provider's request differs from the recorded one, but for what the gateway is there to change."""
    expected, received = dict(sent), dict(received)
    expected["model"] = record["request_body"]["model"]
    if sent.get("stream") and record["api"] == "chat":
        options = received.get("stream_options") or {}
        if options.get("include_usage"):
            expected["stream_options"] = {**(sent.get("stream_options") or {}), "include_usage": True}
    for body in (expected, received):
        # Of the two names of the output limit, the one that the provider knows is written.
        if record["api"] == "chat" and "max_completion_tokens" in body:
            body["max_tokens"] = body.pop("max_completion_tokens")
    return {
        field: (expected.get(field), received.get(field))
        for field in {*expected, *received} if expected.get(field) != received.get(field)
    }


def compare(record, gateway_line, replay_line, key):
    """What is wrong with the answer that the gateway gave; None when nothing is."""
    name, (_, base) = record["provider"], PROVIDERS[record["provider"]]
    sent = {**record["request_body"], "model": f"{name}/{record['request_body']['model']}"}
    path = PATHS[record["api"]]
    shown = gateway_line.ask(path, sent, key)
    if "x-sira-provider" not in shown.headers:
        # Refused at the door, where the provider had refused it as well.
        return None if shown.status == record["status"] != 200 else f"refused: {shown.status} {shown.body[:300]}"
    if shown.headers["x-sira-provider"] != name:
        return f"went to {shown.headers['x-sira-provider']}"
    entry = replay_line.ask("/__replay/log?n=1", b"", method="GET").json()[-1]
    if entry["id"] is None or not str(entry["match"]).startswith("exact"):
        return f"the provider got another request: {entry['match']} {differences(record, sent, entry['body'])}"
    if changed := differences(record, sent, entry["body"]):
        return f"the request was changed: {changed}"
    operation = path if name == "anthropic" else path.removeprefix("/v1")
    direct = replay_line.ask(
        base.removesuffix("/v1") + operation if name == "anthropic" else base + operation,
        record["request_body"], headers={"x-replay-id": entry["id"]},
    )
    if shown.status != direct.status:
        return f"status {shown.status} instead of {direct.status}: {shown.body[:300]}"
    want, have = direct.body, shown.body
    if sent.get("stream") and direct.status == 200:
        want = without_unasked_usage(want, sent) if path != "/v1/messages" else want
        want, have = uncommented(want), uncommented(have)
    if want == have or (want == have + b"data: [DONE]\n\n" and b'"error":' in have):
        return None  # An answer that failed need not be called done.
    at = next((at for at, (a, b) in enumerate(zip(want, have)) if a != b), min(len(want), len(have)))
    around = slice(max(0, at - 80), at + 80)
    return f"byte {at} of {len(want)}/{len(have)}: {want[around]} became {have[around]}"


#: Recordings that are answered otherwise on purpose, by what the provider answered.
EXCLUDED_STATUSES = {
    401: "the credential is the gateway's, so its refusal is a fault of the gateway's side: 502",
    402: "the same for the account's credit",
    403: "the same",
    429: "told in the client's protocol, with the time to wait",
}


@pytest.mark.parametrize("name", PROVIDERS)
def test_same_protocol_same_bytes(gateway, replay, shared, name):
    records = [record for record in load(shared, name) if record["status"] not in EXCLUDED_STATUSES]
    # The replay server knows which request was the last, so there is one at a time.
    lines = Line(gateway.port), Line(replay)
    faults, asked = [], set()
    for record in records:
        content = json.dumps(record["request_body"], sort_keys=True)
        if content in asked:
            continue  # The same request was recorded again; the replay server takes turns.
        asked.add(content)
        if fault := compare(record, *lines, gateway.text):
            faults.append(f"{record['id']} {record['api']}{' stream' if record['stream'] else ''}: {fault}")
    assert len(asked) > 3
    assert not faults, f"{len(faults)} of {len(asked)}:\n" + "\n".join(faults[:12])


@pytest.mark.parametrize("name", ["openai", "anthropic", "deepseek", "openrouter"])
def test_refusals_of_the_gateways_own_account(gateway, replay, shared, name):
    records = [record for record in load(shared, name) if record["status"] in EXCLUDED_STATUSES]
    line = Line(gateway.port)
    for record in records:
        sent = {**record["request_body"], "model": f"{name}/{record['request_body']['model']}"}
        answer = line.ask(PATHS[record["api"]], sent, gateway.text)
        if record["status"] == 429:
            assert (answer.status, answer.code) == (429, "upstream_rate_limited"), answer.body
        else:
            assert (answer.status, answer.code) == (502, "upstream_authentication_failed"), answer.body


# MARK: clients of OpenAI's protocol, recordings of Anthropic's

def translated(body):
    """An Anthropic request as a client of OpenAI's protocol would write it; None where that is not plain."""
    if set(body) - {"model", "max_tokens", "messages", "system", "tools", "stream", "temperature", "tool_choice"}:
        return None
    messages = []
    if isinstance(body.get("system"), str):
        messages.append({"role": "system", "content": body["system"]})
    elif body.get("system"):
        return None
    for turn in body["messages"]:
        content = turn["content"]
        if isinstance(content, list):
            if any(part.get("type") != "text" for part in content) or len(content) != 1:
                return None
            content = content[0]["text"]
        messages.append({"role": turn["role"], "content": content})
    tools = []
    for tool in body.get("tools") or []:
        if tool.get("type", "custom") != "custom" or "input_schema" not in tool:
            return None
        function = {"name": tool["name"], "parameters": tool["input_schema"]}
        if tool.get("description"):
            function["description"] = tool["description"]
        tools.append({"type": "function", "function": function})
    result = {"model": f"anthropic/{body['model']}", "messages": messages, "max_tokens": body["max_tokens"]}
    if tools:
        result["tools"] = tools
    return result


def recorded_answer(record):
    """Text and tool calls of a recorded message, whole or streamed."""
    if not record["stream"]:
        blocks = json.loads(record["response_body"])["content"]
    else:
        blocks = {}
        for line in record["response_body"].splitlines():
            if not line.startswith("data:"):
                continue
            event = json.loads(line[5:])
            if event["type"] == "content_block_start":
                blocks[event["index"]] = {**event["content_block"], "json": ""}
            elif event["type"] == "content_block_delta":
                delta, block = event["delta"], blocks[event["index"]]
                block["text"] = block.get("text", "") + delta.get("text", "")
                block["json"] += delta.get("partial_json", "")
        blocks = list(blocks.values())
        for block in blocks:
            if block["type"] == "tool_use" and block["json"]:
                block["input"] = json.loads(block["json"])
    text = "".join(block["text"] for block in blocks if block["type"] == "text")
    return text, [(block["name"], block["input"]) for block in blocks if block["type"] == "tool_use"]


def asked_by_sdk(client, body, stream):
    """Text, tool calls, finish reason and completion tokens as OpenAI's SDK sees them, and the request's id."""
    if not stream:
        raw = client.chat.completions.with_raw_response.create(**body)
        answer = raw.parse()
        said = answer.choices[0].message
        calls = [(call.function.name, json.loads(call.function.arguments or "{}")) for call in said.tool_calls or []]
        return said.content or "", calls, answer.choices[0].finish_reason, answer.usage.completion_tokens
    text, calls, finish, tokens = "", {}, None, None
    options = {"include_usage": True}
    for chunk in client.chat.completions.create(**body, stream=True, stream_options=options):
        if chunk.usage:
            tokens = chunk.usage.completion_tokens
        for choice in chunk.choices:
            finish = choice.finish_reason or finish
            text += choice.delta.content or ""
            for call in choice.delta.tool_calls or []:
                name, arguments = calls.get(call.index, ("", ""))
                calls[call.index] = (name + (call.function.name or ""), arguments + (call.function.arguments or ""))
    parsed = [(name, json.loads(arguments or "{}")) for _, (name, arguments) in sorted(calls.items())]
    return text, parsed, finish, tokens


def test_openais_sdk_reads_anthropics_recordings(gateway, replay, shared):
    records = {record["id"]: record for record in load(shared, "anthropic")}
    line, faults, compared = Line(replay), [], 0
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.text, max_retries=0) as client:
        for record in list(records.values()):
            body = record["status"] == 200 and translated(record["request_body"])
            if not body:
                continue
            try:
                text, calls, finish, tokens = asked_by_sdk(client, body, record["stream"])
            except openai.APIStatusError as error:
                if error.status_code == 404 and "no recording matches" in str(error):
                    continue  # Too much of it is beyond the translation of this test.
                entry = line.ask("/__replay/log?n=1", b"", method="GET").json()[-1]
                if entry["id"] in records:
                    faults.append(f"{record['id']}: {error}")
                continue  # Another recording of the same request, which no provider would answer like that.
            entry = line.ask("/__replay/log?n=1", b"", method="GET").json()[-1]
            if entry["id"] not in records:
                continue  # One that holds a whole answer to a request for a stream.
            expected = recorded_answer(records[entry["id"]])
            compared += 1
            if (text, calls) != expected:
                faults.append(f"{entry['id']}: {expected} became {(text, calls)}")
            elif calls and finish != "tool_calls" or tokens is None:
                faults.append(f"{entry['id']}: finish reason {finish}, {tokens} tokens")
    assert compared > 20, f"only {compared} recordings could be compared"
    assert not faults, f"{len(faults)} of {compared}:\n" + "\n".join(fault[:600] for fault in faults[:10])
