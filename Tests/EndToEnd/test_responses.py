"""Answers of `/v1/responses` that are kept: going on from them over a provider of chat completions, reading, deleting."""

import openai
import pytest

from gateway import wait_until


@pytest.fixture
def gateway(start):
    return start()


@pytest.fixture
def client(gateway):
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.text, max_retries=0) as client:
        yield client


def said(upstream):
    """Who said what in the request that the provider had last."""
    return [(turn["role"], turn["content"]) for turn in upstream.requests[-1]["messages"]]


def kept(gateway):
    return gateway.query("SELECT COUNT(*) AS count FROM responses")[0]["count"]


def test_a_conversation_goes_on_from_its_last_answer(client, upstream, gateway):
    first = client.responses.create(model="fake", input="say 2")
    assert first.id.startswith("resp_") and first.output_text == "w0 w1"
    second = client.responses.create(model="fake", input="say 1", previous_response_id=first.id)
    assert said(upstream) == [("user", "say 2"), ("assistant", "w0 w1"), ("user", "say 1")]
    assert second.previous_response_id == first.id
    with client.responses.stream(model="fake", input="say 3", previous_response_id=second.id) as stream:
        third = stream.get_final_response()
    assert len(said(upstream)) == 5 and third.output_text.split() == ["w0", "w1", "w2"]
    client.responses.create(model="fake", input="say 1", previous_response_id=third.id)
    assert said(upstream)[-2:] == [("assistant", third.output_text), ("user", "say 1")]
    wait_until(lambda: kept(gateway) == 4, "the writing of all four")


def test_what_is_kept_can_be_read_and_deleted(client, gateway):
    first = client.responses.create(model="fake", input="say 2")
    second = client.responses.create(model="fake", input="say 1", previous_response_id=first.id)
    assert client.responses.retrieve(first.id).output_text == first.output_text
    items = list(client.responses.input_items.list(second.id, limit=2, order="asc"))
    assert [item.role for item in items] == ["user", "assistant", "user"]
    assert len({item.id for item in items}) == 3
    with pytest.raises(openai.BadRequestError):
        client.responses.cancel(first.id)
    client.responses.delete(first.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(first.id)
    with pytest.raises(openai.NotFoundError) as refusal:
        client.responses.create(model="fake", input="say 1", previous_response_id=first.id)
    assert refusal.value.code == "previous_response_not_found"
    # Each answer has its conversation with it, so that the later one does not need the earlier.
    client.responses.create(model="fake", input="say 1", previous_response_id=second.id)
    wait_until(lambda: kept(gateway) == 2, "the writing of the two that are left")


def test_what_is_kept_outlives_the_process(client, gateway, upstream):
    first = client.responses.create(model="fake", input="say 2")
    assert gateway.stop() == 0
    gateway.start()
    assert client.responses.retrieve(first.id).id == first.id
    client.responses.create(model="fake", input="say 1", previous_response_id=first.id)
    assert len(said(upstream)) == 3


def test_a_key_sees_its_own_answers_alone(client, gateway):
    answer = client.responses.create(model="fake", input="say 2")
    other = client.with_options(api_key=gateway.key("other"))
    for ask in (other.responses.retrieve, other.responses.delete, other.responses.input_items.list):
        with pytest.raises(openai.NotFoundError):
            ask(answer.id)
    with pytest.raises(openai.NotFoundError):
        other.responses.create(model="fake", input="say 1", previous_response_id=answer.id)


def test_what_is_not_to_be_kept_is_not(client, start):
    answer = client.responses.create(model="fake", input="say 2", store=False)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(answer.id)
    gateway = start({"storage": {"responses": {"enabled": False}}})
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.text, max_retries=0) as other:
        with pytest.raises(openai.NotFoundError):
            other.responses.retrieve(other.responses.create(model="fake", input="say 2").id)
