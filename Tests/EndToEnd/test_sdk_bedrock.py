"""Amazon's SDK works through the gateway's path of Bedrock as it does at Amazon, with the gateway's key."""

import json

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from replay import pick, raw, replaying_gateway
from said import conversations, frames, said_in

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

    def connect(key):
        monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", key)
        return boto3.client(
            "bedrock-runtime", region_name="us-east-1", endpoint_url=f"{gateway.url}/providers/bedrock",
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
