"""Cohere's SDK works through the gateway's path of that provider as it does at Cohere, and with models of others."""

import json

import cohere
import pytest

from crossing import check, crossings
from replay import pick
from said import Said, arguments, conversations, events
from saying import refuse, say


@pytest.fixture(scope="module")
def client(crossing):
    return cohere.ClientV2(api_key=crossing.text, base_url=f"{crossing.url}/providers/cohere", max_retries=0)


def test_chat(client, played):
    record, said = next(pair for pair in conversations("cohere", False) if not pair[1].thinking)
    played.next(record)
    answer = client.chat(model="command-a-03-2025", messages=[{"role": "user", "content": "hello"}])
    assert answer.message.content[0].text == said.text
    assert answer.usage.billed_units.output_tokens == said.written
    assert (played.last["path"], played.last["body"]["model"]) == ("/v2/chat", "command-a-03-2025")


def test_chat_in_a_stream(client, played):
    record, said = conversations("cohere", True)[0]
    played.next(record)
    pieces = list(client.chat_stream(model="command-a-03-2025", messages=[{"role": "user", "content": "hello"}]))
    assert [piece.type for piece in pieces] == [event["type"] for event in events(record["response_body"])]
    text = "".join(piece.delta.message.content.text or "" for piece in pieces if piece.type == "content-delta")
    assert text == said.text


def test_texts_are_embedded(client, played):
    record = pick("cohere", "embeddings", where=lambda record: '"float"' in record["response_body"])
    played.next(record)
    got = client.embed(model="embed-v4.0", texts=["hello"], input_type="search_document", embedding_types=["float"])
    assert got.embeddings.float_ == json.loads(record["response_body"])["embeddings"]["float"]
    assert played.last["path"] == "/v2/embed"


def test_documents_are_ranked(client, played):
    record = pick("cohere", "rerank")
    played.next(record)
    got = client.rerank(model="rerank-v3.5", query="hello", documents=["a", "b"])
    wanted = json.loads(record["response_body"])["results"]
    assert [(result.index, result.relevance_score) for result in got.results] == [
        (result["index"], result["relevance_score"]) for result in wanted
    ]
    assert played.last["path"] == "/v2/rerank"


def test_a_wrong_key_is_the_sdks_own_error(crossing):
    client = cohere.ClientV2(api_key="nonsense", base_url=f"{crossing.url}/providers/cohere", max_retries=0)
    with pytest.raises(cohere.UnauthorizedError):
        client.chat(model="command-a-03-2025", messages=[{"role": "user", "content": "hello"}])


# MARK: models of other providers

OTHERS = pytest.mark.parametrize("name", ["chat", "anthropic"])
HELLO = [{"role": "user", "content": "hello"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather", "description": "Tells the weather.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


@pytest.fixture(scope="module")
def anyones(crossing):
    return cohere.ClientV2(api_key=crossing.text, base_url=crossing.url, max_retries=0)


def counted(said, usage):
    if usage:
        said.read, said.written = int(usage.billed_units.input_tokens), int(usage.billed_units.output_tokens)


def hear(answer):
    said = Said()
    for part in answer.message.content or []:
        said.text += getattr(part, "text", None) or ""
        said.thinking += getattr(part, "thinking", None) or ""
    calls = answer.message.tool_calls or []
    said.calls = [(call.function.name, arguments(call.function.arguments)) for call in calls]
    counted(said, answer.usage)
    return said.ended(answer.finish_reason)


def hear_stream(pieces):
    said, calls, stop = Said(), {}, None
    for piece in pieces:
        match piece.type:
            case "content-delta":
                said.text += piece.delta.message.content.text or ""
                said.thinking += piece.delta.message.content.thinking or ""
            case "tool-call-start":
                function = piece.delta.message.tool_calls.function
                calls[piece.index] = [function.name, function.arguments or ""]
            case "tool-call-delta": calls[piece.index][1] += piece.delta.message.tool_calls.function.arguments
            case "message-end":
                stop = piece.delta.finish_reason
                counted(said, piece.delta.usage)
    said.calls = [(name, arguments(text)) for _, (name, text) in sorted(calls.items())]
    return said.ended(stop)


@crossings
@OTHERS
def test_answers_of_others_say_what_was_recorded(anyones, recorded, name, stream):
    def ask(model, stream):
        if stream:
            return hear_stream(anyones.chat_stream(model=model, messages=HELLO))
        return hear(anyones.chat(model=model, messages=HELLO))

    check(recorded, name, stream, ask)


@OTHERS
def test_tools_are_used_with_models_of_others(anyones, played, name):
    model, messages = f"{name}-model", [{"role": "user", "content": "Weather?"}]
    say(played, model, call=("get_weather", {"city": "Paris"}))
    answer = anyones.chat(model=model, messages=messages, tools=[WEATHER])
    (call,) = answer.message.tool_calls
    assert (call.function.name, json.loads(call.function.arguments)) == ("get_weather", {"city": "Paris"})
    assert answer.finish_reason == "TOOL_CALL"
    assert "Tells the weather." in json.dumps(played.last["body"])
    result = [{"type": "document", "document": {"data": {"sky": "sunny"}}}]
    messages += [answer.message, {"role": "tool", "tool_call_id": call.id, "content": result}]
    say(played, model, text="It is sunny.")
    answer = anyones.chat(model=model, messages=messages, tools=[WEATHER])
    assert answer.message.content[0].text == "It is sunny."
    sent = json.dumps(played.last["body"])
    assert "sunny" in sent and "Paris" in sent


@OTHERS
def test_refusals_of_others_are_the_sdks_own_errors(anyones, played, name):
    refuse(played, f"{name}-model", "too long")
    with pytest.raises(cohere.BadRequestError) as caught:
        anyones.chat(model=f"{name}-model", messages=HELLO)
    assert "too long" in caught.value.body["message"]


def test_lists_are_ranked_by_the_models_name(anyones, played):
    record = pick("cohere", "rerank")
    played.next(record)
    got = anyones.rerank(model="cohere-model", query="hello", documents=["a", "b"])
    assert len(got.results) == len(json.loads(record["response_body"])["results"])
    assert (played.last["path"], played.last["body"]["model"]) == ("/v2/rerank", "command-a-03-2025")
