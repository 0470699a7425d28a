"""Cohere's SDK works through the gateway's path of that provider as it does at Cohere."""

import json

import cohere
import pytest

from replay import pick
from said import conversations, events


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
