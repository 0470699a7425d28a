"""Amazon's SDK works with the gateway's key through its path of Bedrock as at Amazon, and with models of others."""

import json

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from crossing import check, crossings
from replay import pick, raw, replaying_gateway
from said import Said, conversations, frames, said_in, total
from saying import refuse, say

MODEL = "us.amazon.nova-micro-v1:0"
HELLO = [{"role": "user", "content": [{"text": "Say hello."}]}]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, recorded, certificate):
    """With TLS, without which this SDK sends no key."""
    tls = {"certificate": str(certificate / "certificate.pem"), "key": str(certificate / "key.pem")}
    directory = tmp_path_factory.mktemp("sira")
    with replaying_gateway(directory, recorded, scheme="https", server={"tls": tls}) as gateway:
        yield gateway


@pytest.fixture
def connect(gateway, certificate, monkeypatch):
    """Makes clients that show a key."""

    def connect(key, path="/providers/bedrock"):
        monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", key)
        return boto3.client(
            "bedrock-runtime", region_name="us-east-1", endpoint_url=gateway.url + path,
            verify=str(certificate / "certificate.pem"), config=Config(retries={"total_max_attempts": 1}),
        )

    return connect


@pytest.fixture
def client(gateway, connect):
    return connect(gateway.text)


def test_converse(client, played):
    record = pick("bedrock", "converse", where=lambda record: record["request_recorded"])
    played.next(record)
    answer = client.converse(modelId=MODEL, messages=HELLO)
    assert answer["output"] == json.loads(record["response_body"])["output"]
    assert answer["usage"]["outputTokens"] == said_in(record).written
    assert played.last["path"] in (f"/model/{MODEL}/converse", f"/model/{MODEL.replace(':', '%3A')}/converse")


def test_converse_in_a_stream(client, played):
    record, said = conversations("bedrock", True)[-1]
    played.next(record)
    events = list(client.converse_stream(modelId=MODEL, messages=HELLO)["stream"])
    assert [next(iter(event)) for event in events] == [kind for kind, _ in frames(raw(record))]
    deltas = [event["contentBlockDelta"]["delta"] for event in events if "contentBlockDelta" in event]
    assert "".join(delta.get("text", "") for delta in deltas) == said.text


def test_invoke_model(client, played):
    record = pick("bedrock", "invoke", where=lambda record: record["request_recorded"])
    played.next(record)
    answer = client.invoke_model(modelId=MODEL, body=json.dumps({"messages": HELLO}))
    assert json.loads(answer["body"].read()) == json.loads(record["response_body"])
    assert played.last["body"] == {"messages": HELLO}


def test_invoke_model_in_a_stream(client, played):
    record = pick("bedrock", "invoke", stream=True, where=lambda record: record["framing"] == "recorded")
    played.next(record)
    answer = client.invoke_model_with_response_stream(modelId=MODEL, body=json.dumps({"messages": HELLO}))
    events = list(answer["body"])
    assert len(events) == len(list(frames(raw(record)))) and all("chunk" in event for event in events)


def test_refusals_are_the_sdks_own_errors(client, played):
    played.next(pick("bedrock", "converse", status=400))
    with pytest.raises(ClientError) as caught:
        client.converse(modelId=MODEL, messages=HELLO)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_a_wrong_key_is_refused(connect):
    client = connect("nonsense")
    with pytest.raises(ClientError) as caught:
        client.converse(modelId=MODEL, messages=HELLO)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 401


# MARK: models of other providers

OTHERS = pytest.mark.parametrize("name", ["chat", "anthropic"])
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {"name": "get_weather", "description": "Tells the weather.", "inputSchema": {"json": SCHEMA}}
TOOLS = {"tools": [{"toolSpec": WEATHER}]}


@pytest.fixture
def anyones(gateway, connect):
    return connect(gateway.text, path="")


def counted(said, usage):
    names = ("inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens")
    said.read, said.written = total(*(usage.get(name) for name in names)), usage["outputTokens"]


def hear(answer):
    said = Said()
    for block in answer["output"]["message"]["content"]:
        said.text += block.get("text", "")
        said.thinking += block.get("reasoningContent", {}).get("reasoningText", {}).get("text", "")
        if call := block.get("toolUse"):
            said.calls.append((call["name"], call["input"]))
    counted(said, answer["usage"])
    return said.ended(answer["stopReason"])


def hear_stream(events):
    said, calls, stop = Said(), {}, None
    for event in events:
        if start := event.get("contentBlockStart"):
            calls[start["contentBlockIndex"]] = [start["start"]["toolUse"]["name"], ""]
        elif part := event.get("contentBlockDelta"):
            delta = part["delta"]
            said.text += delta.get("text", "")
            said.thinking += delta.get("reasoningContent", {}).get("text", "")
            if "toolUse" in delta:
                calls[part["contentBlockIndex"]][1] += delta["toolUse"]["input"]
        elif end := event.get("messageStop"):
            stop = end["stopReason"]
        elif metadata := event.get("metadata"):
            counted(said, metadata["usage"])
    said.calls = [(name, json.loads(text or "{}")) for _, (name, text) in sorted(calls.items())]
    return said.ended(stop)


@crossings
@OTHERS
def test_answers_of_others_say_what_was_recorded(anyones, recorded, name, stream):
    def ask(model, stream):
        if stream:
            return hear_stream(anyones.converse_stream(modelId=model, messages=HELLO)["stream"])
        return hear(anyones.converse(modelId=model, messages=HELLO))

    check(recorded, name, stream, ask)


@OTHERS
def test_tools_are_used_with_models_of_others(anyones, played, name):
    model, messages = f"{name}-model", [{"role": "user", "content": [{"text": "Weather?"}]}]
    say(played, model, call=("get_weather", {"city": "Paris"}))
    answer = anyones.converse(modelId=model, messages=messages, toolConfig=TOOLS)
    message = answer["output"]["message"]
    call = message["content"][-1]["toolUse"]
    assert (call["name"], call["input"], answer["stopReason"]) == ("get_weather", {"city": "Paris"}, "tool_use")
    assert "Tells the weather." in json.dumps(played.last["body"])
    result = {"toolUseId": call["toolUseId"], "content": [{"json": {"sky": "sunny"}}]}
    messages += [message, {"role": "user", "content": [{"toolResult": result}]}]
    say(played, model, text="It is sunny.")
    answer = anyones.converse(modelId=model, messages=messages, toolConfig=TOOLS)
    assert answer["output"]["message"]["content"] == [{"text": "It is sunny."}]
    sent = json.dumps(played.last["body"])
    assert "sunny" in sent and "Paris" in sent


@OTHERS
def test_refusals_of_others_are_the_sdks_own_errors(anyones, played, name):
    refuse(played, f"{name}-model", "too long")
    with pytest.raises(anyones.exceptions.ValidationException) as caught:
        anyones.converse(modelId=f"{name}-model", messages=HELLO)
    assert "too long" in caught.value.response["Error"]["Message"]
