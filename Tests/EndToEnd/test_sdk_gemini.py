"""Google's SDK works through the gateway as it does at Google, whichever provider answers."""

import json

import pytest
from google import genai
from google.genai import errors, types
from pydantic import BaseModel

from crossing import check, crossings, providers
from replay import pick
from said import Said, conversations, total
from saying import ANSWERING, refuse, say


#: Google's clients see thoughts only when they ask for them.
THINKING = types.GenerateContentConfig(thinking_config=types.ThinkingConfig(include_thoughts=True))


class City(BaseModel):
    city: str
    country: str


@pytest.fixture(scope="module")
def client(crossing):
    options = types.HttpOptions(base_url=crossing.url)
    with genai.Client(api_key=crossing.text, http_options=options) as client:
        yield client


def hear(said, answer):
    """Adds what the SDK hears of an answer or of one piece of it."""
    candidate = answer.candidates[0] if answer.candidates else types.Candidate()
    for part in candidate.content and candidate.content.parts or []:
        if part.function_call:
            said.calls.append((part.function_call.name, part.function_call.args or {}))
        elif part.thought:
            said.thinking += part.text or ""
        else:
            said.text += part.text or ""
    if usage := answer.usage_metadata:
        said.read = total(usage.prompt_token_count, usage.tool_use_prompt_token_count)
        said.written = total(usage.candidates_token_count, usage.thoughts_token_count)
    return said.ended(candidate.finish_reason and candidate.finish_reason.value)


@crossings
@providers
def test_answers_say_what_was_recorded(client, recorded, name, stream):
    def ask(model, stream):
        asked = {"model": model, "contents": "Say hello.", "config": THINKING}
        if not stream:
            return hear(Said(), client.models.generate_content(**asked))
        said = Said()
        for piece in client.models.generate_content_stream(**asked):
            hear(said, piece)
        return said

    check(recorded, name, stream, ask)


@ANSWERING
def test_a_chat_remembers(client, played, model):
    chat = client.chats.create(model=model)
    say(played, model, text="Hello Alice!")
    assert chat.send_message("My name is Alice.").text == "Hello Alice!"
    say(played, model, text="Alice.")
    assert chat.send_message("What is my name?").text == "Alice."
    sent = json.dumps(played.last["body"])
    assert "My name is Alice." in sent and "Hello Alice!" in sent


@pytest.mark.parametrize("name", ["chat", "anthropic"])
def test_a_chat_remembers_what_came_in_streams(client, played, name):
    """The SDK forgets a turn of which a chunk is not as it expects."""
    record, said = conversations(name, True)[-1]
    chat = client.chats.create(model=f"{name}-model")
    played.next(record)
    assert "".join(piece.text or "" for piece in chat.send_message_stream("My name is Alice.")) == said.text
    assert [turn.role for turn in chat.get_history(curated=True)[:2]] == ["user", "model"]


@ANSWERING
def test_functions_are_called_by_the_sdk(client, played, model):
    asked = []

    def get_weather(city: str) -> str:
        """Tells the weather of a city."""
        asked.append(city)
        return "sunny"

    say(played, model, call=("get_weather", {"city": "Paris"}))
    say(played, model, text="It is sunny.")
    answer = client.models.generate_content(
        model=model, contents="Weather?", config=types.GenerateContentConfig(tools=[get_weather]),
    )
    assert answer.text == "It is sunny." and asked == ["Paris"]
    sent = json.dumps(played.last["body"])
    assert "sunny" in sent and "get_weather" in sent and "Paris" in sent


@ANSWERING
def test_structured_output_is_parsed(client, played, model):
    say(played, model, text='{"city": "Paris", "country": "France"}')
    config = types.GenerateContentConfig(response_mime_type="application/json", response_schema=City)
    answer = client.models.generate_content(model=model, contents="Where?", config=config)
    assert answer.parsed == City(city="Paris", country="France")
    assert "country" in json.dumps(played.last["body"]), "the schema did not reach the provider"


def test_tokens_are_counted(client, played):
    record = pick("gemini", "count_tokens")
    played.next(record)
    counted = client.models.count_tokens(model="gemini-model", contents="Say hello.")
    assert counted.total_tokens == json.loads(record["response_body"])["totalTokens"]


def test_texts_are_embedded(client, played):
    record = pick("gemini", "embeddings")
    played.next(record)
    got = client.models.embed_content(model="gemini/gemini-embedding-001", contents=["hello"])
    assert got.embeddings[0].values == json.loads(record["response_body"])["embeddings"][0]["values"]


@pytest.mark.parametrize("version", ["v1", "v1beta"])
def test_models(crossing, version):
    """In its first version, the path of the list is also that of OpenAI's."""
    options = types.HttpOptions(base_url=crossing.url, api_version=version)
    with genai.Client(api_key=crossing.text, http_options=options) as client:
        listed = {model.name.removeprefix("models/") for model in client.models.list()}
        assert {"openai-model", "anthropic-model", "gemini-model"} <= listed
        assert client.models.get(model="gemini-model").name == "models/gemini-model"


@ANSWERING
def test_refusals_are_the_sdks_own_errors(client, played, model):
    refuse(played, model, "too long")
    with pytest.raises(errors.ClientError) as caught:
        client.models.generate_content(model=model, contents="hello")
    assert (caught.value.code, caught.value.status) == (400, "INVALID_ARGUMENT")
    assert "too long" in caught.value.message
