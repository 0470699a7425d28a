"""Anthropic's SDK works through the gateway as it does at Anthropic, whichever provider answers."""

import asyncio
import json
import re

import anthropic
import pytest
from anthropic import beta_tool

from crossing import check, crossings, providers
from replay import pick
from said import Said, said_in, total
from saying import ANSWERING, refuse, say

HELLO = [{"role": "user", "content": "Say hello."}]
TOOL = {
    "name": "get_weather", "description": "Tells the weather.",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


@pytest.fixture(scope="module")
def client(crossing):
    with anthropic.Anthropic(base_url=crossing.url, api_key=crossing.text, max_retries=0) as client:
        yield client


def heard(message):
    """What the SDK hears."""
    said, usage = Said(), message.usage
    for block in message.content:
        if block.type == "text":
            said.text += block.text
        elif block.type == "thinking":
            said.thinking += block.thinking
        elif block.type == "tool_use":
            said.calls.append((block.name, block.input))
    said.read = total(usage.input_tokens, usage.cache_read_input_tokens, usage.cache_creation_input_tokens)
    said.written = usage.output_tokens
    return said.ended(message.stop_reason, implied=False)


@crossings
@providers
def test_messages_say_what_was_recorded(client, recorded, name, stream):
    def ask(model, stream):
        if not stream:
            return heard(client.messages.create(model=model, max_tokens=500, messages=HELLO))
        with client.messages.stream(model=model, max_tokens=500, messages=HELLO) as events:
            return heard(events.get_final_message())

    check(recorded, name, stream, ask)


@ANSWERING
def test_a_conversation_with_a_tool(client, played, model):
    say(played, model, call=("get_weather", {"city": "Paris"}))
    first = client.messages.create(model=model, max_tokens=500, messages=HELLO, tools=[TOOL])
    assert first.stop_reason == "tool_use"
    (call,) = [block for block in first.content if block.type == "tool_use"]
    assert (call.name, call.input) == ("get_weather", {"city": "Paris"})
    say(played, model, text="It is sunny.")
    result = {"type": "tool_result", "tool_use_id": call.id, "content": "sunny"}
    turns = [*HELLO, {"role": "assistant", "content": first.content}, {"role": "user", "content": [result]}]
    second = client.messages.create(model=model, max_tokens=500, messages=turns, tools=[TOOL])
    assert (second.content[0].text, second.stop_reason) == ("It is sunny.", "end_turn")
    sent = json.dumps(played.last["body"])
    assert "sunny" in sent and "get_weather" in sent and "Paris" in sent


@ANSWERING
def test_the_tool_runner_calls_a_function(client, played, model):
    asked = []

    @beta_tool
    def get_weather(city: str) -> str:
        """Tells the weather of a city."""
        asked.append(city)
        return "sunny"

    say(played, model, call=("get_weather", {"city": "Paris"}))
    say(played, model, text="It is sunny.")
    runner = client.beta.messages.tool_runner(model=model, max_tokens=500, messages=HELLO, tools=[get_weather])
    assert runner.until_done().content[0].text == "It is sunny."
    sent = json.dumps(played.last["body"])
    assert asked == ["Paris"] and "sunny" in sent
    # The SDK leaves the conversation to the server where it can, which is only at Anthropic.
    assert model == "anthropic-model" or "Say hello." in sent and "Paris" in sent


def test_signed_thoughts_are_sent_back_as_they_came(client, played):
    record = pick(
        "anthropic", "messages",
        where=lambda record: '"signature"' in record["response_body"] and '"thinking"' in record["response_body"],
    )
    played.next(record)
    first = client.messages.create(
        model="anthropic-model", max_tokens=4_000, messages=HELLO, thinking={"type": "enabled", "budget_tokens": 2_000},
    )
    thought = next(block for block in first.content if block.type == "thinking")
    assert thought.thinking == said_in(record).thinking and thought.signature
    say(played, "anthropic-model", text="Hello.")
    turns = [*HELLO, {"role": "assistant", "content": first.content}, {"role": "user", "content": "Go on."}]
    client.messages.create(model="anthropic-model", max_tokens=4_000, messages=turns)
    blocks = played.last["body"]["messages"][1]["content"]
    assert {"type": "thinking", "thinking": thought.thinking, "signature": thought.signature} in blocks


@pytest.mark.parametrize("name", ["gemini", "responses", "bedrock"])
def test_thoughts_signed_by_others_are_sent_back_as_they_came(client, played, name):
    """What a provider needs to see again of its thoughts survives Anthropic's clients and their own shape of it."""
    file, api, mark, place = {
        "gemini": ("gemini", "generateContent", '"functionCall".*"thoughtSignature"', "thoughtSignature"),
        "responses": ("openai", "responses", '"encrypted_content": ?"', "encrypted_content"),
        "bedrock": ("bedrock", "converse", '"signature"', "signature"),
    }[name]
    record = pick(file, api, where=lambda record: re.search(mark, record["response_body"], re.S))
    proofs = re.findall(f'"{place}": ?"([^"]+)"', record["response_body"])
    played.next(record)
    first = client.messages.create(model=f"{name}-model", max_tokens=4_000, messages=HELLO, tools=[TOOL])
    say(played, f"{name}-model", text="Hello.")
    blocks = [block.model_dump(exclude_none=True) for block in first.content]
    results = [
        {"type": "tool_result", "tool_use_id": block["id"], "content": "done"}
        for block in blocks if block["type"] == "tool_use"
    ]
    turns = [
        *HELLO, {"role": "assistant", "content": blocks},
        {"role": "user", "content": results or "Go on."},
    ]
    client.messages.create(model=f"{name}-model", max_tokens=4_000, messages=turns, tools=[TOOL])
    sent = json.dumps(played.last["body"])
    missing = [proof for proof in proofs if json.dumps(proof)[1:-1] not in sent]
    assert proofs and not missing, f"{len(missing)} of {len(proofs)} proofs did not come back to {name}"


def test_tokens_are_counted(client, played):
    record = pick("anthropic", "count_tokens")
    played.next(record)
    counted = client.messages.count_tokens(model="anthropic-model", messages=HELLO)
    assert counted.input_tokens == json.loads(record["response_body"])["input_tokens"]
    assert played.last["path"] == "/v1/messages/count_tokens"


def test_async_streams(crossing, played):
    record = pick("anthropic", "messages", stream=True)
    played.next(record)

    async def ask():
        async with anthropic.AsyncAnthropic(base_url=crossing.url, api_key=crossing.text, max_retries=0) as client:
            async with client.messages.stream(model="anthropic-model", max_tokens=500, messages=HELLO) as stream:
                return "".join([text async for text in stream.text_stream])

    assert asyncio.run(ask()) == said_in(record).text


@ANSWERING
def test_refusals_are_the_sdks_own_errors(client, played, model):
    refuse(played, model, "too long")
    with pytest.raises(anthropic.BadRequestError) as caught:
        client.messages.create(model=model, max_tokens=500, messages=HELLO)
    assert "too long" in str(caught.value)
    assert caught.value.body["error"]["type"] == "invalid_request_error"


def test_models(client):
    assert {"openai-model", "anthropic-model", "gemini-model"} <= {model.id for model in client.models.list()}


def test_files_are_kept_at_anthropic(client, played):
    kept = {
        "id": "file_011", "type": "file", "filename": "a.txt", "mime_type": "text/plain", "size_bytes": 5,
        "created_at": "2026-01-01T00:00:00Z", "downloadable": False,
    }
    played.next_body("anthropic", kept)
    made = client.beta.files.upload(file=("a.txt", b"hello", "text/plain"))
    assert made.id == "file_011" and played.last["path"] == "/v1/files"
    played.next_body("anthropic", {"data": [kept], "has_more": False, "first_id": "file_011", "last_id": "file_011"})
    assert [file.id for file in client.beta.files.list()] == ["file_011"]
    played.next_body("anthropic", {"id": "file_011", "type": "file_deleted"})
    assert client.beta.files.delete("file_011").id == "file_011" and played.last["path"] == "/v1/files/file_011"
    with pytest.raises(anthropic.NotFoundError):
        client.beta.files.retrieve_metadata("file_011")


def test_where_batches_are_is_said(client):
    with pytest.raises(anthropic.NotFoundError) as refusal:
        client.messages.batches.list()
    assert "/providers/anthropic/v1/messages/batches" in str(refusal.value)
