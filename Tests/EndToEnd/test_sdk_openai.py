"""OpenAI's SDK works through the gateway as it does at OpenAI, whichever provider answers."""

import asyncio
import json

import openai
import pytest
from pydantic import BaseModel

from crossing import check, crossings, providers
from replay import form, pick, raw
from said import Said, arguments
from saying import ANSWERING, refuse, say

HELLO = [{"role": "user", "content": "Say hello."}]
WEATHER = {
    "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": False,
}
TOOL = {"type": "function", "function": {"name": "get_weather", "parameters": WEATHER, "strict": True}}


class City(BaseModel):
    city: str
    country: str


@pytest.fixture(scope="module")
def client(crossing):
    with openai.OpenAI(base_url=f"{crossing.url}/v1", api_key=crossing.text, max_retries=0) as client:
        yield client


# MARK: what the SDK hears

def heard_in_chat(completion):
    message = completion.choices[0].message
    extra = message.model_extra or {}
    usage = completion.usage
    return Said(
        text=message.content or "",
        thinking=extra.get("reasoning_content") or extra.get("reasoning") or "",
        calls=[(call.function.name, arguments(call.function.arguments)) for call in message.tool_calls or []],
        read=usage and usage.prompt_tokens, written=usage and usage.completion_tokens,
    ).ended(completion.choices[0].finish_reason, implied=False)


def heard_in_response(response):
    said = Said(text=response.output_text)
    for item in response.output:
        if item.type == "function_call":
            said.calls.append((item.name, arguments(item.arguments)))
        elif item.type == "reasoning":
            said.thinking += "\n\n".join(part.text for part in [*item.summary, *(item.content or [])])
    if response.usage:
        said.read, said.written = response.usage.input_tokens, response.usage.output_tokens
    return said.ended(response.incomplete_details and response.incomplete_details.reason or response.status)


# MARK: any provider

@crossings
@providers
def test_chat_says_what_was_recorded(client, recorded, name, stream):
    def ask(model, stream):
        if not stream:
            return heard_in_chat(client.chat.completions.create(model=model, messages=HELLO))
        options = {"include_usage": True}
        thinking = ""
        with client.chat.completions.stream(model=model, messages=HELLO, stream_options=options) as events:
            for event in events:
                if event.type == "chunk" and event.chunk.choices:
                    extra = event.chunk.choices[0].delta.model_extra or {}
                    thinking += extra.get("reasoning_content") or ""
            said = heard_in_chat(events.current_completion_snapshot)
        said.thinking = thinking
        return said

    check(recorded, name, stream, ask)


@crossings
@providers
def test_responses_say_what_was_recorded(client, recorded, name, stream):
    def ask(model, stream):
        if not stream:
            return heard_in_response(client.responses.create(model=model, input="Say hello."))
        with client.responses.stream(model=model, input="Say hello.") as events:
            last = None
            for event in events:
                last = event
        assert last.type in ("response.completed", "response.incomplete"), last
        return heard_in_response(last.response)

    check(recorded, name, stream, ask)


def test_openai_answers_responses_itself(client, played):
    record = pick("openai", "responses", where=lambda record: record["path"].endswith("/responses"))
    played.next(record)
    got = client.responses.create(model="openai-model", input="Say hello.")
    assert played.last["path"] == "/v1/responses"
    assert [item.id for item in got.output] == [item["id"] for item in json.loads(record["response_body"])["output"]]


# MARK: single features

@ANSWERING
def test_a_conversation_with_a_function(client, played, model):
    say(played, model, call=("get_weather", {"city": "Paris"}))
    first = client.chat.completions.create(model=model, messages=HELLO, tools=[TOOL]).choices[0]
    assert first.finish_reason == "tool_calls"
    (call,) = first.message.tool_calls
    assert (call.function.name, json.loads(call.function.arguments)) == ("get_weather", {"city": "Paris"})
    say(played, model, text="It is sunny.")
    result = {"role": "tool", "tool_call_id": call.id, "content": "sunny"}
    turns = [*HELLO, first.message.model_dump(exclude_none=True), result]
    second = client.chat.completions.create(model=model, messages=turns, tools=[TOOL]).choices[0]
    assert (second.message.content, second.finish_reason) == ("It is sunny.", "stop")
    # The provider was told the call and its result.
    sent = json.dumps(played.last["body"])
    assert "sunny" in sent and "get_weather" in sent and "Paris" in sent


@ANSWERING
def test_structured_output_is_parsed(client, played, model):
    say(played, model, text='{"city": "Paris", "country": "France"}')
    done = client.chat.completions.parse(model=model, messages=HELLO, response_format=City)
    assert done.choices[0].message.parsed == City(city="Paris", country="France")
    assert "country" in json.dumps(played.last["body"]), "the schema did not reach the provider"


@ANSWERING
def test_structured_output_of_responses_is_parsed(client, played, model):
    say(played, model, text='{"city": "Paris", "country": "France"}')
    done = client.responses.parse(model=model, input="Where?", text_format=City)
    assert done.output_parsed == City(city="Paris", country="France")
    assert "country" in json.dumps(played.last["body"]), "the schema did not reach the provider"


@ANSWERING
def test_a_function_of_responses(client, played, model):
    tool = {"type": "function", "name": "get_weather", "parameters": WEATHER, "strict": True}
    say(played, model, call=("get_weather", {"city": "Paris"}))
    first = client.responses.create(model=model, input="Weather?", tools=[tool])
    (call,) = [item for item in first.output if item.type == "function_call"]
    assert (call.name, json.loads(call.arguments)) == ("get_weather", {"city": "Paris"})
    say(played, model, text="It is sunny.")
    turns = [
        {"role": "user", "content": "Weather?"}, *[item.model_dump(exclude_none=True) for item in first.output],
        {"type": "function_call_output", "call_id": call.call_id, "output": "sunny"},
    ]
    second = client.responses.create(model=model, input=turns, tools=[tool])
    assert second.output_text == "It is sunny."
    sent = json.dumps(played.last["body"])
    assert "sunny" in sent and "get_weather" in sent and "Paris" in sent


def test_a_provider_of_responses_goes_on_from_its_own(client, played):
    say(played, "responses-model", text="Your name is noted.")
    first = client.responses.create(model="responses-model", input="My name is Alice.")
    say(played, "responses-model", text="Alice.")
    client.responses.create(model="responses-model", input="What is my name?", previous_response_id=first.id)
    assert played.last["body"]["previous_response_id"] == first.id == "resp_1"


@pytest.mark.parametrize("model", ["chat-model", "anthropic-model", "gemini-model", "bedrock-model"])
def test_a_response_goes_on_from_an_earlier_one(client, played, model):
    say(played, model, text="Your name is noted.")
    first = client.responses.create(model=model, input="My name is Alice.")
    say(played, model, text="Alice.")
    second = client.responses.create(model=model, input="What is my name?", previous_response_id=first.id)
    assert (second.output_text, second.previous_response_id) == ("Alice.", first.id)
    sent = json.dumps(played.last["body"])
    assert "My name is Alice." in sent and "Your name is noted." in sent and "What is my name?" in sent
    assert client.responses.retrieve(first.id).output_text == "Your name is noted."
    client.responses.delete(first.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(first.id)


@ANSWERING
def test_async_clients(crossing, played, model):
    async def ask():
        say(played, model, text="Hello.")
        url = f"{crossing.url}/v1"
        async with openai.AsyncOpenAI(base_url=url, api_key=crossing.text, max_retries=0) as client:
            return await client.chat.completions.create(model=model, messages=HELLO)

    assert asyncio.run(ask()).choices[0].message.content == "Hello."


# MARK: what is not conversation

def test_embeddings(client, played):
    record = pick("openai", "embeddings", where=lambda record: "dimensions" not in record["request_body"])
    played.next(record)
    got = client.embeddings.create(model="openai/text-embedding-3-small", input="hello", encoding_format="float")
    assert got.data[0].embedding == json.loads(record["response_body"])["data"][0]["embedding"]
    assert played.last["path"] == "/v1/embeddings"


def test_images_are_made_and_changed(client, played):
    record = pick("openai", "images", where=lambda record: record["path"].endswith("generations"))
    played.next(record, record)
    got = client.images.generate(model="openai/gpt-image-1", prompt="a cat")
    assert got.model_dump(exclude_none=True)["data"] == json.loads(record["response_body"])["data"]
    assert played.last["path"] == "/v1/images/generations"
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400
    got = client.images.edit(model="openai/gpt-image-1", prompt="a hat", image=("cat.png", picture, "image/png"))
    assert got.data and played.last["path"] == "/v1/images/edits"
    assert picture in form(played.last), "the picture did not arrive whole"
    assert b'name="model"\r\n\r\ngpt-image-1\r\n' in form(played.last)


def test_speech(client, played):
    record = pick("openai", "speech")
    played.next(record)
    got = client.audio.speech.create(model="openai/gpt-4o-mini-tts", voice="coral", input="hello")
    assert got.content == raw(record) and played.last["path"] == "/v1/audio/speech"


@pytest.mark.parametrize("kind", ["transcriptions", "translations"])
def test_what_is_heard_is_written_down(client, played, kind):
    record = pick("openai", kind, where=lambda record: record["response_body"].startswith("{"))
    played.next(record)
    sound = b"RIFF" + bytes(range(256)) * 800
    got = getattr(client.audio, kind).create(model="openai/whisper-1", file=("hello.wav", sound, "audio/wav"))
    assert got.text == json.loads(record["response_body"])["text"]
    assert played.last["path"] == f"/v1/audio/{kind}" and sound in form(played.last)


def test_files(client, played):
    played.next_body("openai", {
        "id": "file-abc", "object": "file", "bytes": 5, "created_at": 1, "filename": "a.jsonl", "purpose": "batch",
        "status": "processed",
    })
    made = client.files.create(
        file=("a.jsonl", b"hello"), purpose="batch", extra_query={"provider": "openai"},
    )
    assert (made.filename, made.purpose) == ("a.jsonl", "batch") and played.last["path"] == "/v1/files"
    played.next_body("openai", {"id": "file-abc", "object": "file", "deleted": True})
    assert client.files.delete(made.id).deleted and played.last["path"] == "/v1/files/file-abc"


def test_moderations(client, played):
    record = pick("openai", "moderations")
    played.next(record)
    got = client.moderations.create(model="openai/omni-moderation-latest", input="hello")
    assert got.results[0].flagged == json.loads(record["response_body"])["results"][0]["flagged"]
    assert played.last["path"] == "/v1/moderations"


def test_models(client):
    listed = {model.id for model in client.models.list()}
    assert {"openai-model", "anthropic-model", "gemini-model"} <= listed
    assert client.models.retrieve("gemini-model").id == "gemini-model"


@ANSWERING
def test_refusals_are_the_sdks_own_errors(client, played, model):
    for ask in (
        lambda: client.chat.completions.create(model=model, messages=HELLO),
        lambda: client.responses.create(model=model, input="hello"),
    ):
        refuse(played, model, "too long")
        with pytest.raises(openai.BadRequestError) as caught:
            ask()
        assert "too long" in str(caught.value)
