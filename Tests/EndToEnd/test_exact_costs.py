"""Costs are exact to the nano-dollar: recomputed from what providers really answered, by means of no gateway.

Every distinct usage in the recordings is played through the gateway twice, once to a client of the provider's own
protocol and once, where it is a conversation, translated for a client of another. Prices are chosen case by case, so
that every kind of token meets prices with odd digits. `usages.py` reads the figures, `price_sheets.py` adds up.
"""

import json
import os
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pytest

import price_sheets
import usages
from gateway import SHARED, Gateway, wait_until
from http1 import call, connect, read, request, send
from price_sheets import SHEETS
from replay import Replay, recordings
from tenants import insert

#: The protocol of each API, and what comes before its paths.
PROTOCOLS = {
    "chat": ("openai", "/v1"), "completions": ("openai", "/v1"), "embeddings": ("openai", "/v1"),
    "images": ("openai", "/v1"), "responses": ("responses", "/v1"), "messages": ("anthropic", ""),
    "generateContent": ("gemini", "/v1beta"), "converse": ("bedrock", ""), "cohere_chat": ("cohere", ""),
    "rerank": ("cohere", ""), "ollama_chat": ("ollama", ""),
}
CONVERSATIONS = {"chat", "responses", "messages", "generateContent", "converse", "cohere_chat", "ollama_chat"}
WORKERS = 4
#: What tenants are charged: so many times the cost, and so many nano-dollars for each request.
MARKUP, SURCHARGE = Decimal("1.234567891"), 7
#: A model of the catalogue's whose long prompts cost more, and from how many tokens on.
TIERED, LIMIT = "gemini-2.5-pro", 200_000


@dataclass
class Case:
    record: dict
    consumed: usages.Consumed | None  #: nil where something is billed that no figure tells
    figures: str
    sheet: str
    is_translated: bool

    @property
    def provider(self):
        return f"{self.record['provider']}-{protocol(self.record)}"

    @property
    def model(self):
        return f"{self.provider}-{self.sheet}"

    @property
    def expected(self):
        """Nano-dollars; nil where nobody can know them."""
        try:
            return None if self.consumed is None else price_sheets.nanos(SHEETS[self.sheet], self.consumed)
        except price_sheets.Unknown:
            return None

    def __str__(self):
        way = " translated" if self.is_translated else ""
        framing = " stream" if self.record["stream"] else ""
        return f"{self.record['provider']} {self.record['api']}{framing}{way} {self.record['id']} at {self.sheet}"


def protocol(record):
    if (record["provider"], record["api"]) in usages.OTHERS:
        return {"cohere": "cohere"}.get(record["provider"], "gemini")
    return PROTOCOLS[record["api"]][0]


def asked(case):
    """Path and body of a request to which the recording is an answer."""
    record, model = case.record, case.model
    api, stream = record["api"], {"stream": True} if record["stream"] else {}
    turns = [{"role": "user", "content": "hello"}]
    if case.is_translated and protocol(record) in ("openai", "responses"):
        return "/v1/messages", {"model": model, "max_tokens": 64, "messages": turns, **stream}
    if case.is_translated or api in ("chat", "ollama_chat"):
        return "/v1/chat/completions", {"model": model, "messages": turns, **stream}
    match api:
        case "completions":
            return "/v1/completions", {"model": model, "prompt": "hello", **stream}
        case "embeddings" if protocol(record) == "gemini":
            return f"/v1beta/models/{model}:embedContent", {"content": {"parts": [{"text": "hello"}]}}
        case "embeddings":
            return "/v1/embeddings", {"model": model, "input": "hello"}
        case "images":
            return "/v1/images/generations", {"model": model, "prompt": "a house"}
        case "responses":
            return "/v1/responses", {"model": model, "input": "hello", "store": False, **stream}
        case "messages":
            return "/v1/messages", {"model": model, "max_tokens": 64, "messages": turns, **stream}
        case "generateContent":
            verb = "streamGenerateContent?alt=sse" if record["stream"] else "generateContent"
            return f"/v1beta/models/{model}:{verb}", {"contents": [{"role": "user", "parts": [{"text": "hello"}]}]}
        case "converse":
            verb = "converse-stream" if record["stream"] else "converse"
            return f"/model/{model}/{verb}", {"messages": [{"role": "user", "content": [{"text": "hello"}]}]}
        case "cohere_chat":
            return "/v2/chat", {"model": model, "messages": turns, **stream}
        case "rerank":
            return "/v2/rerank", {"model": model, "query": "hello", "documents": ["hello"]}


def sheets(consumed, turn):
    """Two price sheets for a usage, in turn those that can price it."""
    fitting = [
        name for name, sheet in SHEETS.items()
        if ("image_out" in sheet) == bool(consumed and consumed.image_out)
        and (not consumed or not consumed.searches or "per_search" in sheet or "per_request" in sheet)
        and (not consumed or not consumed.rankings or "per_request" in sheet)
    ]
    return fitting[turn % len(fitting)], fitting[(turn * 7 + 3) % len(fitting)]


def is_served(record):
    """Whether the gateway speaks the protocol; not so the older one of Cohere."""
    if record["provider"] == "cohere" and record["path"].startswith("/v1/chat"):
        return False
    return record["status"] == 200 and record["api"] in usages.READERS


@pytest.fixture(scope="module")
def cases(shared):
    """Every distinct usage of the recordings at the prices chosen for it."""
    found, seen = [], Counter()
    for name in names():
        for record in recordings(name):
            if not is_served(record):
                continue
            try:
                consumed, figures = usages.consumed(record)
            except usages.Unpriceable as gap:
                consumed, figures = None, str(gap)
            except usages.Untold:
                continue
            told = json.dumps(figures, sort_keys=True)
            place = (record["provider"], record["api"], bool(record["stream"]))
            if seen[place, told]:
                continue
            seen[place, told] += 1
            own, other = sheets(consumed, len(seen))
            found.append(Case(record, consumed, told, own, False))
            if record["api"] in CONVERSATIONS:
                found.append(Case(record, consumed, told, other, True))
    return found


def names():
    return sorted(path.name.removesuffix(".jsonl.gz") for path in (SHARED / "recordings").glob("*.jsonl.gz"))


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, cases):
    used = {case.record["provider"] for case in cases}
    with Replay(*(name for name in names() if used & {record["provider"] for record in recordings(name)})) as replay:
        config = {
            "logging": {"requests": False},
            "server": {"forward_headers": ["x-replay-id"]},
            "routing": {"retry": {"attempts": 1}, "health": {"consecutive_failures": 0, "minimum_attempts": 100_000}},
            "providers": {
                case.provider: {
                    "protocol": protocol(case.record), "api_key": "sk-replay",
                    "base_url": f"{replay.url}/{case.record['provider']}{PROTOCOLS[case.record['api']][1]}",
                }
                for case in cases
            },
            "models": {
                case.model: {"provider": case.provider, "model": case.sheet, "price": SHEETS[case.sheet]}
                for case in cases
            },
        }
        config["models"] |= {
            name: {"provider": "openai-openai", "model": name, "price": sheet} for name, sheet in STUDIO.items()
        }
        # One of the catalogue's, for its prices of long prompts.
        config["providers"]["gemini"] = {"base_url": f"{replay.url}/gemini/v1beta", "api_key": "sk-replay"}
        gateway = Gateway(tmp_path_factory.mktemp("sira"), config)
        gateway.text = gateway.key()
        gateway.replay = replay
        markup = {"multiplier": str(MARKUP), "per_request_usd": f"0.{SURCHARGE:09}"}
        insert(gateway, "price_rule", "price_exact", scope="gateway", **markup)
        with gateway:
            yield gateway


@pytest.fixture(scope="module")
def booked(gateway, cases):
    """The row of the ledger for each case, by its place."""
    identifiers, waiting = {}, list(enumerate(cases))

    def work():
        with connect(gateway.port, 60) as line:
            while True:
                try:
                    number, case = waiting.pop()
                except IndexError:
                    return
                path, body = asked(case)
                line.sendall(request("POST", path, body, gateway.text, {"x-replay-id": case.record["id"]}))
                identifiers[number] = read(line).id

    workers = [threading.Thread(target=work) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(identifiers) == len(cases)
    wanted = set(identifiers.values())

    def count():
        return gateway.query("SELECT count(*) AS n FROM requests WHERE is_final")[0]["n"]

    wait_until(lambda: count() >= len(wanted), f"{len(wanted)} rows", 60)
    rows = {row["id"]: row for row in gateway.ledger() if row["is_final"]}
    return {number: rows[identifier] for number, identifier in identifiers.items()}


def test_every_cost_is_the_recomputed_one(cases, booked):
    faults, exact, refused, ties, kinds, told = [], 0, 0, 0, Counter(), set()
    for number, case in enumerate(cases):
        row = booked[number]
        if row["outcome"] == "client_error" and row["attempt"] == 0:
            refused += 1
            faults.append(f"{case}: not asked for: {row['error_code']}")
        elif row["cost"] != case.expected:
            spent = {name: row[name] for name in COLUMNS if row[name]}
            said = f"{row['cost']} instead of {case.expected}: {case.consumed} {spent} {case.figures[:600]}"
            faults.append(f"{case}: {said}")
        elif case.expected is not None:
            exact += 1
            ties += price_sheets.is_tie(SHEETS[case.sheet], case.consumed)
            kinds.update(case.consumed.kinds)
            told.add((case.record["provider"], case.record["api"], case.figures))
    print(f"{len(told)} distinct usages, {exact} costs, {ties} in the middle of two nano-dollars, {dict(kinds)}")
    print(dict(Counter(provider for provider, _, _ in told)), f"{sum(case.expected is None for case in cases)} unknown")
    assert not faults, f"{len(faults)} of {len(cases)}:\n" + "\n".join(faults[:int(os.environ.get("FAULTS", "12"))])
    assert len(told) >= 200


#: Of the ledger's row, what is shown where a cost is wrong.
COLUMNS = (
    "input", "cache_read", "cache_write", "cache_write_long", "input_audio", "input_image", "tool_prompt", "output",
    "reasoning", "output_audio", "output_image", "web_searches", "images", "search_units", "usage_basis", "outcome",
    "error_code", "status",
)


def test_every_charge_is_the_cost_with_its_markup(cases, booked):
    faults, charged = [], 0
    for number, case in enumerate(cases):
        row, expected = booked[number], None
        if row["cost"] is not None:
            expected = round(Fraction(row["cost"]) * Fraction(MARKUP)) + SURCHARGE
            charged += 1
        if row["charge"] != expected:
            faults.append(f"{case}: {row['charge']} instead of {expected} for {row['cost']}")
    assert charged > 200
    assert not faults, f"{len(faults)} of {charged}:\n" + "\n".join(faults[:12])


#: The options of `sira price`; those of prompt and answer are whole.
OPTIONS = {
    "prompt": "--input", "answer": "--output", "cache_read": "--cache-read", "cache_write": "--cache-write",
    "cache_write_1h": "--cache-write-1h", "reasoning": "--reasoning", "audio_in": "--audio-in",
    "audio_out": "--audio-out", "image_in": "--image-in", "image_out": "--image-out", "searches": "--web-searches", "rankings": "--search-units",
}


def priced(gateway, model, consumed):
    """What `sira price` says, in nano-dollars; nil when it does not know."""
    amounts = [part for name, option in OPTIONS.items() for part in (option, str(getattr(consumed, name)))]
    dollars = json.loads(gateway.command("price", model, "--json", *amounts))["cost_usd"]
    return None if dollars is None else int(Decimal(dollars) * 10**9)


def test_the_command_says_the_same(gateway, cases):
    """Usages of every set of kinds that there is, at every sheet."""
    chosen = {}
    for case in sorted(cases, key=lambda case: -len(case.consumed.kinds) if case.consumed else 0):
        if case.consumed and not case.consumed.pictures_anywhere and case.consumed.prompt:
            of_sheet = sum(sheet == case.sheet for sheet, _ in chosen)
            if of_sheet < 4 or all(kinds != case.consumed.kinds for _, kinds in chosen):
                chosen.setdefault((case.sheet, case.consumed.kinds), case)
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(lambda case: priced(gateway, case.model, case.consumed), chosen.values()))
    faults = [
        f"{case}: {cost} instead of {case.expected}: {case.consumed}"
        for case, cost in zip(chosen.values(), said) if cost != case.expected
    ]
    print(f"{len(chosen)} amounts")
    assert len(chosen) > 40
    assert not faults, "\n".join(faults)


# MARK: pictures and sound

#: Prices of what is not counted in tokens, and of tokens of sound.
STUDIO = {
    "by-the-picture": {"per_image": "0.040000001"},
    "by-the-hour": {"per_audio_hour": "0.360000001"},
    "by-the-letter": {"characters": "15.000000001"},
    "by-the-token": {"input": "2.500000001", "output": "10.000000001", "audio_in": "6.000000003"},
}
BOUNDARY = "the-boundary"


def heard(gateway, record, model):
    """The row of a form with sound in it that is answered with the recording."""
    fields = {"model": model, **({"stream": "true"} if record["stream"] else {})}
    start = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    parts = [f'{start}"{name}"\r\n\r\n{value}' for name, value in fields.items()]
    parts.append(f'{start}"file"; filename="a.wav"\r\n\r\nRIFF')
    body = "\r\n".join([*parts, f"--{BOUNDARY}--\r\n"]).encode()
    lines = [
        "POST /v1/audio/transcriptions HTTP/1.1", "Host: sira", f"Authorization: Bearer {gateway.text}",
        f"x-replay-id: {record['id']}", f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Content-Length: {len(body)}",
    ]
    answer = send(gateway.port, "\r\n".join(lines).encode() + b"\r\n\r\n" + body, seconds=60)
    return gateway.row(answer.id, 60)


def of(api):
    return [record for record in recordings("openai") if record["api"] == api and record["status"] == 200]


def nanos(amount):
    """Nano-dollars of dollars, half to even."""
    return round(Fraction(amount) * 10**9)


def test_pictures_by_the_picture(gateway):
    records = [record for record in of("images") if "usage" not in json.loads(record["response_body"])]
    for record in records:
        count = len(json.loads(record["response_body"])["data"])
        body = {"model": "by-the-picture", "prompt": "a house", "n": count}
        headers = {"x-replay-id": record["id"]}
        answer = call(gateway.port, "/v1/images/generations", body, gateway.text, headers, seconds=60)
        row = gateway.row(answer.id, 60)
        expected = nanos(count * Decimal(STUDIO["by-the-picture"]["per_image"]))
        assert (row["images"], row["cost"]) == (count, expected), (record["id"], row)
    assert len(records) == 5


def test_sound_by_the_hour_and_by_the_token(gateway):
    told = Counter()
    for record in of("transcriptions"):
        figures = next(each["usage"] for each in usages.documents(record)[::-1] if "usage" in each)
        told[figures["type"]] += 1
        if figures["type"] == "duration":
            row = heard(gateway, record, "by-the-hour")
            expected = nanos(Fraction(figures["seconds"], 3600) * Fraction(STUDIO["by-the-hour"]["per_audio_hour"]))
        else:
            row = heard(gateway, record, "by-the-token")
            audio = figures["input_token_details"]["audio_tokens"]
            consumed = usages.Consumed(
                text_in=figures["input_tokens"] - audio, audio_in=audio, text_out=figures["output_tokens"],
            )
            expected = price_sheets.nanos(STUDIO["by-the-token"], consumed)
        assert row["cost"] == expected, (record["id"], figures, row)
    assert told == {"duration": 2, "tokens": 3}


def test_speech_by_the_letter(gateway):
    for record in of("speech"):
        body = {**record["request_body"], "model": "by-the-letter"}
        answer = call(gateway.port, "/v1/audio/speech", body, gateway.text, {"x-replay-id": record["id"]}, seconds=60)
        price = Fraction(STUDIO["by-the-letter"]["characters"]) / price_sheets.MILLION
        row = gateway.row(answer.id, 60)
        assert row["cost"] == nanos(len(body["input"]) * price) > 0, row


# MARK: what no recording has

def made(gateway, provider, path, model, answer):
    """The row of a request that is answered so."""
    gateway.replay.next_body(provider, json.dumps(answer))
    body = {"messages": [{"role": "user", "content": "hello"}], "model": model, "max_tokens": 9}
    if provider == "gemini":
        body = {"contents": [{"role": "user", "parts": [{"text": "hello"}]}]}
    if provider == "bedrock":
        body = {"messages": [{"role": "user", "content": [{"text": "hello"}]}]}
    return gateway.row(call(gateway.port, path, body, gateway.text, seconds=60).id, 60)


@pytest.mark.parametrize("sheet", ["plain", "cached", "cached-halves", "lifetimes", "full"])
@pytest.mark.parametrize("short,hour", [(0, 1001), (7, 0), (1234, 4321)])
def test_writes_to_both_caches_of_anthropic(gateway, cases, sheet, short, hour):
    figures = {
        "input_tokens": 11, "output_tokens": 13, "cache_read_input_tokens": 17,
        "cache_creation_input_tokens": short + hour,
        "cache_creation": {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": hour},
    }
    answer = {
        "id": "msg_1", "type": "message", "role": "assistant", "model": sheet, "stop_reason": "end_turn",
        "content": [{"type": "text", "text": "hello"}], "usage": figures,
    }
    ours = named(cases, "anthropic-anthropic", sheet)
    expected = cost(sheet, usages.messages(figures))
    row = made(gateway, "anthropic", "/v1/messages", ours, answer)
    assert (row["cache_write"], row["cache_write_long"], row["cost"]) == (short, hour, expected), row


@pytest.mark.parametrize("sheet", ["cached", "lifetimes", "full"])
def test_writes_to_both_caches_of_bedrock(gateway, cases, sheet):
    figures = {
        "inputTokens": 11, "outputTokens": 13, "totalTokens": 5596, "cacheReadInputTokens": 17,
        "cacheWriteInputTokens": 5555,
        "cacheDetails": [{"ttl": "5m", "inputTokens": 1234}, {"ttl": "1h", "inputTokens": 4321}],
    }
    message = {"role": "assistant", "content": [{"text": "hello"}]}
    answer = {"output": {"message": message}, "stopReason": "end_turn", "usage": figures, "metrics": {"latencyMs": 1}}
    ours = named(cases, "bedrock-bedrock", sheet)
    consumed = usages.Consumed(text_in=11, text_out=13, cache_read=17, cache_write=1234, cache_write_1h=4321)
    row = made(gateway, "bedrock", f"/model/{ours}/converse", ours, answer)
    assert (row["cache_write"], row["cache_write_long"], row["cost"]) == (1234, 4321, cost(sheet, consumed)), row


@pytest.mark.parametrize("sheet", ["full", "requests"])
def test_cached_sound_is_billed_once(gateway, cases, sheet):
    """Gemini tells how much of what was cached is sound: 860 of its 900 tokens, and 90 of the 100 of text."""
    figures = {
        "promptTokenCount": 1000, "candidatesTokenCount": 13, "totalTokenCount": 1013, "cachedContentTokenCount": 950,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 100}, {"modality": "AUDIO", "tokenCount": 900}],
        "cacheTokensDetails": [{"modality": "TEXT", "tokenCount": 90}, {"modality": "AUDIO", "tokenCount": 860}],
    }
    content = {"role": "model", "parts": [{"text": "hello"}]}
    candidate = {"content": content, "finishReason": "STOP", "index": 0}
    answer = {"candidates": [candidate], "usageMetadata": figures, "modelVersion": sheet}
    ours = named(cases, "gemini-gemini", sheet)
    row = made(gateway, "gemini", f"/v1beta/models/{ours}:generateContent", ours, answer)
    # Without a price of its own cached sound costs what cached text does.
    consumed = usages.Consumed(text_in=10, audio_in=40, cache_read=950, text_out=13)
    assert (row["cache_read_audio"], row["cost"]) == (860, cost(sheet, consumed)), row


def cost(sheet, consumed):
    try:
        return price_sheets.nanos(SHEETS[sheet], consumed)
    except price_sheets.Unknown:
        return None


def named(cases, provider, sheet):
    """The model of a provider that has this sheet."""
    model = f"{provider}-{sheet}"
    assert any(case.model == model for case in cases), f"no recording of {provider} has met {sheet}"
    return model


@pytest.mark.parametrize("prompt,cached", [(LIMIT, 0), (LIMIT, 150_000), (LIMIT + 1, 0), (LIMIT + 1, 150_001), (1, 0)])
def test_long_prompts_cost_what_their_tier_says_as_a_whole(gateway, prompt, cached):
    listed = json.loads(gateway.command("price", f"gemini/{TIERED}", "--json"))["prices"]
    tiers = {line["above_prompt_tokens"] for line in listed}
    assert tiers == {0, LIMIT}, tiers
    above = LIMIT if prompt > LIMIT else 0
    sheet = {line["unit"]: line["usd_per_million"] for line in listed if line["above_prompt_tokens"] == above}
    figures = {
        "promptTokenCount": prompt, "candidatesTokenCount": 13, "thoughtsTokenCount": 101,
        "totalTokenCount": prompt + 114, "cachedContentTokenCount": cached,
    }
    content = {"role": "model", "parts": [{"text": "hello"}]}
    answer = {
        "candidates": [{"content": content, "finishReason": "STOP", "index": 0}], "usageMetadata": figures,
        "modelVersion": TIERED,
    }
    row = made(gateway, "gemini", f"/v1beta/models/gemini/{TIERED}:generateContent", TIERED, answer)
    consumed = usages.Consumed(text_in=prompt - cached, cache_read=cached, text_out=13, reasoning=101)
    assert row["cost"] == price_sheets.nanos(sheet, consumed), (sheet, row)
