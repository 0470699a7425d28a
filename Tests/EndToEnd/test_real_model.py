"""A real model behind real clients: what the books say is what the model's server reported, to the nano-dollar."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from decimal import ROUND_HALF_EVEN, Decimal

import anthropic
import openai
import pytest
from google import genai
from google.genai import types

from gateway import ROOT, Gateway, free_port, provider, wait_until
from http1 import call, chat, message

MODEL = "smollm2-135m"
#: Dollars a million tokens: awkward on purpose, so that rounding shows.
PRICES = {"input": "0.1537", "output": "0.6131", "cache_read": "0.0373", "cache_write": "0.1901"}
#: Asked at temperature 0: this server forgets an event where an answer happens to begin with half a character.
PROMPTS = ["Say hello.", "Name a colour.", "What is two plus two?", "Schreib ein Wort. 😀", "List three animals."]
ROUNDS = 5
COLD = {"temperature": 0}


@pytest.fixture(scope="module")
def model_port(shared):
    script = shared / "tools/local-llm/local-llm.sh"
    if not script.exists():
        pytest.skip(f"{script} is absent")
    port = free_port()
    environment = {**os.environ, "DIR": str(ROOT / ".cache/local-llm")}
    started = subprocess.run([script, "start", str(port)], env=environment, stdout=subprocess.PIPE, timeout=180)
    assert started.returncode == 0, started.stdout
    yield port
    subprocess.run([script, "stop"], env=environment, timeout=20)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, model_port):
    prices = {name: float(text) for name, text in PRICES.items()}
    config = {
        "providers": {
            "local": provider(model_port, models=[MODEL]),
            "claude": provider(model_port, "anthropic", models=[MODEL]),
        },
        "models": {
            "small": {"provider": "local", "model": MODEL, "price": prices},
            "small-claude": {"provider": "claude", "model": MODEL, "price": prices},
        },
    }
    gateway = Gateway(tmp_path_factory.mktemp("sira"), config)
    gateway.text = gateway.key()
    with gateway:
        yield gateway


def price(fresh, read, written, output):
    """The exact cost in nano-dollars, rounded half to even once."""
    counts = {"input": fresh, "cache_read": read, "cache_write": written, "output": output}
    dollars = sum(Decimal(PRICES[name]) * count for name, count in counts.items()) / 10**6
    return int((dollars * 10**9).to_integral_value(ROUND_HALF_EVEN))


class Reported:
    """What a client was told: all tokens of the prompt and of the answer, and the cost that follows from them."""

    def __init__(self, identifier, prompt, output, nanos, said):
        self.id, self.prompt, self.output, self.nanos, self.said = identifier, prompt, output, nanos, said

    @classmethod
    def openai(cls, identifier, usage, said=None):
        usage = usage if isinstance(usage, dict) else usage.model_dump()
        read = ((usage.get("prompt_tokens_details") or {}).get("cached_tokens")) or 0
        prompt, output = usage["prompt_tokens"], usage["completion_tokens"]
        return cls(identifier, prompt, output, price(prompt - read, read, 0, output), said)

    @classmethod
    def anthropic(cls, identifier, usage, said=None):
        usage = usage if isinstance(usage, dict) else usage.model_dump()
        read, written = usage.get("cache_read_input_tokens") or 0, usage.get("cache_creation_input_tokens") or 0
        fresh, output = usage["input_tokens"], usage["output_tokens"]
        return cls(identifier, fresh + read + written, output, price(fresh, read, written, output), said)


def cost_of(headers):
    return int(Decimal(headers["x-sira-cost-usd"]) * 10**9)


# MARK: the ways to ask

def openai_whole(gateway, model, prompt):
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.text, max_retries=0) as client:
        raw = client.chat.completions.with_raw_response.create(
            model=model, messages=[{"role": "user", "content": prompt}], max_tokens=8, temperature=0
        )
        answer = raw.parse()
    assert answer.choices[0].finish_reason in ("stop", "length")
    return Reported.openai(raw.headers["x-sira-request-id"], answer.usage, cost_of(raw.headers))


def openai_stream(gateway, model, prompt):
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.text, max_retries=0) as client:
        raw = client.chat.completions.with_raw_response.create(
            model=model, messages=[{"role": "user", "content": prompt}], max_tokens=8, temperature=0,
            stream=True, stream_options={"include_usage": True},
        )
        chunks = list(raw.parse())
    usage = [chunk.usage for chunk in chunks if chunk.usage]
    assert len(usage) == 1 and any(chunk.choices for chunk in chunks)
    return Reported.openai(raw.headers["x-sira-request-id"], usage[0])


def anthropic_whole(gateway, model, prompt):
    with anthropic.Anthropic(base_url=gateway.url, api_key=gateway.text, max_retries=0) as client:
        raw = client.messages.with_raw_response.create(
            model=model, messages=[{"role": "user", "content": prompt}], max_tokens=8, extra_body=COLD
        )
        answer = raw.parse()
    assert answer.content[0].type == "text"
    return Reported.anthropic(raw.headers["x-sira-request-id"], answer.usage, cost_of(raw.headers))


def anthropic_stream(gateway, model, prompt):
    with anthropic.Anthropic(base_url=gateway.url, api_key=gateway.text, max_retries=0) as client:
        with client.messages.stream(
            model=model, messages=[{"role": "user", "content": prompt}], max_tokens=8, extra_body=COLD
        ) as stream:
            answer = stream.get_final_message()
            identifier = stream.response.headers["x-sira-request-id"]
    return Reported.anthropic(identifier, answer.usage)


def comment_cost(answer):
    return int(Decimal(answer.comments[-1].removeprefix(": x-sira-cost-usd: ")) * 10**9)


def raw_chat(gateway, model, prompt):
    body = chat(model, prompt, max_tokens=8, temperature=0)
    answer = call(gateway.port, "/v1/chat/completions", body, gateway.text, seconds=60)
    assert answer.status == 200, answer.body
    return Reported.openai(answer.id, answer.json()["usage"], cost_of(answer.headers))


def raw_chat_stream(gateway, model, prompt):
    """Without asking for usage: only the comment tells."""
    body = chat(model, prompt, max_tokens=8, temperature=0, stream=True)
    answer = call(gateway.port, "/v1/chat/completions", body, gateway.text, seconds=60)
    assert answer.status == 200, answer.body
    assert answer.events[-1] == "[DONE]"
    return Reported(answer.id, None, None, comment_cost(answer), comment_cost(answer))


def raw_message(gateway, model, prompt):
    body = {**message(model, prompt, temperature=0), "max_tokens": 8}
    answer = call(gateway.port, "/v1/messages", body, gateway.text, seconds=60)
    assert answer.status == 200, answer.body
    return Reported.anthropic(answer.id, answer.json()["usage"], cost_of(answer.headers))


WAYS = [
    (openai_whole, "small"), (openai_stream, "small"), (raw_chat, "small"), (raw_chat_stream, "small"),
    (anthropic_whole, "small-claude"), (anthropic_stream, "small-claude"), (raw_message, "small-claude"),
    # A client of one protocol, a provider of the other.
    (openai_whole, "small-claude"), (openai_stream, "small-claude"), (raw_chat_stream, "small-claude"),
    (anthropic_whole, "small"), (anthropic_stream, "small"),
]


def test_the_books_agree_with_the_model_server(gateway):
    jobs = [(way, model, PROMPTS[number]) for number in range(ROUNDS) for way, model in WAYS]
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda job: job[0](gateway, job[1], job[2]), jobs))
    assert len(reports) == 60 and len({report.id for report in reports}) == 60
    rows = gateway.rows([report.id for report in reports])
    for report, (way, model, _) in zip(reports, jobs):
        row, where = rows[report.id], f"{way.__name__} of {model}"
        assert (row["outcome"], row["usage_basis"]) == ("ok", 1), (where, row)
        assert row["provider"] == ("local" if model == "small" else "claude"), where
        if report.prompt is not None:
            assert (row["input"], row["output"]) == (report.prompt, report.output), (where, row)
        assert row["cost"] == report.nanos, (where, row)
        assert report.said in (None, row["cost"]), (where, row)
        fresh = row["input"] - row["cache_read"] - row["cache_write"]
        assert row["cost"] == price(fresh, row["cache_read"], row["cache_write"], row["output"]), (where, row)
    assert sum(1 for row in gateway.ledger() if row["is_final"]) == 60


def test_wrong_keys_reach_the_sdks_as_their_own_errors(gateway):
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key="nonsense", max_retries=0) as client:
        with pytest.raises(openai.AuthenticationError) as caught:
            client.chat.completions.create(
                model="small", max_tokens=8, messages=[{"role": "user", "content": "hi"}]
            )
        assert caught.value.code == "invalid_api_key"
    with anthropic.Anthropic(base_url=gateway.url, api_key="nonsense", max_retries=0) as client:
        with pytest.raises(anthropic.AuthenticationError):
            client.messages.create(model="small", max_tokens=8, messages=[{"role": "user", "content": "hi"}])


def test_the_sdks_list_models(gateway):
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.text, max_retries=0) as client:
        assert {"small", "small-claude"} <= {model.id for model in client.models.list()}
    with anthropic.Anthropic(base_url=gateway.url, api_key=gateway.text, max_retries=0) as client:
        assert {"small", "small-claude"} <= {model.id for model in client.models.list()}


# MARK: long conversations

TURNS = 20


def converse_in_chat(gateway, model):
    """Holds the conversation; how many turns were answered, and the finish reasons."""
    turns, ends = [], []
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.text, max_retries=0) as client:
        for number in range(TURNS):
            turns.append({"role": "user", "content": PROMPTS[number % len(PROMPTS)]})
            with client.chat.completions.stream(model=model, messages=turns, max_tokens=4, temperature=0) as stream:
                for _ in stream:
                    pass
                choice = stream.current_completion_snapshot.choices[0]
            ends.append(choice.finish_reason)
            turns.append({"role": "assistant", "content": choice.message.content})
    return [turn["content"] for turn in turns[1::2]], ends


def converse_in_messages(gateway, model):
    turns, ends = [], []
    with anthropic.Anthropic(base_url=gateway.url, api_key=gateway.text, max_retries=0) as client:
        for number in range(TURNS):
            turns.append({"role": "user", "content": PROMPTS[number % len(PROMPTS)]})
            with client.messages.stream(model=model, messages=turns, max_tokens=4, extra_body=COLD) as stream:
                message = stream.get_final_message()
            ends.append(message.stop_reason)
            turns.append({"role": "assistant", "content": message.content[0].text})
    return [turn["content"] for turn in turns[1::2]], ends


def converse_in_responses(gateway, model):
    """Each turn goes on from the one before, which the gateway keeps."""
    said, ends, previous = [], [], {}
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.text, max_retries=0) as client:
        for number in range(TURNS):
            asked = {"model": model, "input": PROMPTS[number % len(PROMPTS)], "max_output_tokens": 16, "temperature": 0}
            with client.responses.stream(**asked, **previous) as stream:
                last = [event for event in stream][-1]
            assert last.type in ("response.completed", "response.incomplete")
            said.append(last.response.output_text)
            ends.append(last.response.status)
            previous = {"previous_response_id": last.response.id}
    return said, ends


def converse_in_gemini(gateway, model):
    said, ends = [], []
    with genai.Client(api_key=gateway.text, http_options=types.HttpOptions(base_url=gateway.url)) as client:
        config = types.GenerateContentConfig(max_output_tokens=4, temperature=0)
        chat = client.chats.create(model=model, config=config)
        for number in range(TURNS):
            pieces = list(chat.send_message_stream(PROMPTS[number % len(PROMPTS)]))
            said.append("".join(piece.text or "" for piece in pieces))
            ends.append(pieces[-1].candidates[0].finish_reason.value)
    return said, ends


@pytest.mark.parametrize("model", ["small", "small-claude"])
@pytest.mark.parametrize(
    "converse", [converse_in_chat, converse_in_messages, converse_in_responses, converse_in_gemini]
)
def test_a_long_conversation_is_held_in_streams(gateway, converse, model):
    def final_rows():
        return [row for row in gateway.ledger() if row["is_final"]]

    before = len(final_rows())
    said, ends = converse(gateway, model)
    assert len(said) == TURNS and all(said) and None not in ends
    # The model was told all of it: the prompts that the books count grow from turn to turn.
    wait_until(lambda: len(final_rows()) >= before + TURNS, "the rows of the conversation")
    prompts = [row["input"] for row in final_rows()[before:]]
    assert prompts == sorted(prompts) and prompts[-1] > 10 * prompts[0], prompts
