"""What a recorded answer has consumed, read by the conventions that its provider documents, apart from the gateway.

Each provider counts in its own way: OpenAI's prompt includes what was cached, Anthropic's does not; Google counts
thoughts beside the answer, OpenAI inside of it. `Consumed` has each token in exactly one place, so that a cost is a plain
sum.
"""

import base64
import json
import struct
from dataclasses import dataclass, fields


class Untold(Exception):
    """The provider left out, or contradicts, what a cost would need; the text says what."""


class Unpriceable(Untold):
    """The figures are whole, and yet not all that is billed."""


@dataclass
class Consumed:
    """Each token once; what is no token stands beside them."""

    text_in: int = 0
    cache_read: int = 0
    cache_write: int = 0
    cache_write_1h: int = 0
    audio_in: int = 0
    image_in: int = 0
    text_out: int = 0
    reasoning: int = 0
    audio_out: int = 0
    image_out: int = 0
    searches: int = 0
    rankings: int = 0
    #: Pictures of a prompt of which a part was cached: they are counted as text, and nobody knows where.
    pictures_anywhere: int = 0

    @property
    def prompt(self):
        return self.text_in + self.cache_read + self.cache_write + self.cache_write_1h + self.audio_in + self.image_in

    @property
    def answer(self):
        return self.text_out + self.reasoning + self.audio_out + self.image_out

    @property
    def kinds(self):
        names = (field.name for field in fields(self) if getattr(self, field.name))
        return tuple(name for name in names if name != "pictures_anywhere")

    def __add__(self, other):
        return Consumed(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))


# MARK: the documents of an answer

def documents(record):
    """The JSON documents of a recorded answer: one, or those of a stream in their order."""
    body, framing = record["response_body"], record.get("stream_format")
    if framing == "aws-eventstream":
        return list(event_stream(base64.b64decode(body)))
    if framing == "sse":
        blocks = body.replace("\r\n", "\n").split("\n\n")
        texts = ["\n".join(line[5:] for line in block.split("\n") if line.startswith("data:")) for block in blocks]
    elif framing == "ndjson":
        texts = body.splitlines()
    else:
        texts = [body]
    return [json.loads(text) for text in texts if text.strip() and text.strip() != "[DONE]"]


def event_stream(data):
    """The payloads of Amazon's event stream; those of `InvokeModel` are wrapped once more."""
    while data:
        whole, head = struct.unpack(">II", data[:8])
        payload = json.loads(data[12 + head:whole - 4] or b"{}")
        yield json.loads(base64.b64decode(payload["bytes"])) if "bytes" in payload else payload
        data = data[whole:]


def number(figures, *names):
    """The first of these figures that is there."""
    for name in names:
        if (figures or {}).get(name) is not None:
            return int(figures[name])
    return None


def once(starts):
    """A few recordings hold the answers of several requests one after another, which no provider sends."""
    if len(starts) > 1:
        raise Untold("which of several answers")


# MARK: OpenAI and those who follow it

#: Providers whose answer's tokens leave out reasoning: https://docs.x.ai/docs/guides/reasoning
THOUGHTS_APART = {"xai", "openai_compatible"}
#: Their prompt's tokens leave out audio: https://docs.mistral.ai/capabilities/audio
AUDIO_APART = {"mistral"}


def followers_of_openai(figures, record):
    """`usage` of chat completions, completions, embeddings, responses and pictures.

    Prompt and answer are whole: cached, audio and picture tokens are in the one, reasoning in the other.
    https://platform.openai.com/docs/api-reference/chat/object
    """
    prompt = number(figures, "prompt_tokens", "input_tokens")
    answer = number(figures, "completion_tokens", "output_tokens")
    total = number(figures, "total_tokens")
    if record["api"] == "embeddings":
        answer = answer or 0
        prompt = total if prompt is None else prompt
    if prompt is None and None not in (total, answer):
        prompt = total - answer
    if prompt is None or answer is None:
        raise Untold("prompt or answer")
    of_prompt = figures.get("prompt_tokens_details") or figures.get("input_tokens_details")
    of_answer = figures.get("completion_tokens_details") or figures.get("output_tokens_details")
    audio, reasoning = number(of_prompt, "audio_tokens") or 0, number(of_answer, "reasoning_tokens") or 0
    if record["provider"] in AUDIO_APART:
        prompt += audio
    if record["provider"] in THOUGHTS_APART and record["api"] == "chat":
        answer += reasoning
    if record["provider"] == "gemini":
        # Google's imitation names no thoughts; they are what the total has besides.
        answer, reasoning = total - prompt, total - prompt - answer
    if total is not None and total != prompt + answer:
        raise Untold(f"a total of {total} of {prompt} and {answer}")
    # DeepSeek: https://api-docs.deepseek.com/guides/kv_cache
    cached = number(of_prompt, "cached_tokens")
    cached = number(figures, "prompt_cache_hit_tokens", "num_cached_tokens") if cached is None else cached
    written = number(of_prompt, "cache_write_tokens") or 0
    images = number(of_prompt, "image_tokens") or 0
    if (cached or 0) + written > prompt:
        raise Untold("cached tokens beyond the prompt")
    if cached and audio:
        raise Unpriceable("which of the cached tokens were text")
    anywhere, images = (images, 0) if cached else (0, images)
    # Some count a token more of reasoning than of the answer; more than the answer is not billed.
    reasoning = min(reasoning, answer)
    # https://docs.x.ai/docs/models#tools-pricing
    if number(figures, "num_sources_used") or number(figures, "num_server_side_tools_used"):
        raise Unpriceable("tools of the provider's that are billed by the use")
    drawn, spoken = number(of_answer, "image_tokens") or 0, number(of_answer, "audio_tokens") or 0
    return Consumed(
        text_in=prompt - (cached or 0) - written - audio - images, cache_read=cached or 0, cache_write=written,
        audio_in=audio, image_in=images, text_out=answer - reasoning - drawn - spoken, reasoning=reasoning,
        audio_out=spoken, image_out=drawn, searches=searched(figures), pictures_anywhere=anywhere,
    )


def searched(figures):
    """Searches that OpenRouter and Perplexity tell with the figures.

    https://openrouter.ai/docs/client-sdks/python/components/bodyservertooluse
    """
    told = figures.get("server_tool_use_details") or figures.get("server_tool_use")
    return number(told, "web_search_requests") or number(figures, "num_search_queries") or 0


def chat(record):
    """Chat completions, completions and embeddings: in a stream the last chunk that has figures, at one of two places."""
    found = None
    for document in documents(record):
        if document.get("error"):
            raise Untold("the end, since the answer broke off")
        choices = document.get("choices") or [{}]
        found = (
            document.get("usage") or (document.get("x_groq") or {}).get("usage") or choices[0].get("usage") or found
        )
    if not found:
        raise Untold("figures")
    return followers_of_openai(found, record), found


#: Items of an answer that OpenAI bills by the use, the session or another model's tokens.
BILLED_ITEMS = {"file_search_call", "code_interpreter_call", "image_generation_call", "shell_call"}


def responses(record):
    """Responses: the answer, or the one in a stream's last event.

    Of the actions of a search, those of the type `search` are billed:
    https://platform.openai.com/docs/guides/tools-web-search
    """
    final = None
    once([document for document in documents(record) if document.get("type") == "response.created"])
    for document in documents(record):
        if document.get("type") in ("response.completed", "response.incomplete", "response.failed"):
            final = document["response"]
        elif "output" in document and "response" not in document:
            final = document
    if not final or not final.get("usage"):
        raise Untold("figures")
    consumed = followers_of_openai(final["usage"], record)
    items = final.get("output") or []
    if any(item.get("type") in BILLED_ITEMS for item in items):
        raise Unpriceable("a tool that is billed otherwise")
    calls = [item for item in items if item.get("type") == "web_search_call"]
    actions = [(call.get("action") or {}).get("type", "search") for call in calls]
    consumed.searches += actions.count("search")
    told = number(((final.get("tool_usage") or {}).get("web_search")), "num_requests")
    if told is not None:
        assert told == consumed.searches, (told, calls)
    return consumed, {**final["usage"], "calls": [call.get("action") for call in calls]}


def pictures(record):
    """Pictures whose answer counts tokens: those of the answer are the pictures'."""
    document = documents(record)[0]
    if not document.get("usage"):
        raise Untold("figures")
    return followers_of_openai(document["usage"], record), document["usage"]


# MARK: others

def anthropic(record):
    """Messages: `input_tokens` leaves out what was read from and written to the cache; searches are counted.

    A stream's last figures count. https://docs.claude.com/en/docs/build-with-claude/prompt-caching
    """
    figures = {}
    once([document for document in documents(record) if document.get("type") == "message_start"])
    for document in documents(record):
        new = document.get("usage") or (document.get("message") or {}).get("usage") or {}
        figures.update({name: value for name, value in new.items() if value is not None})
    consumed = messages(figures)
    for step in figures.get("iterations") or []:
        if step.get("type") == "compaction":
            consumed += messages(step)
        elif step.get("type") != "message":
            raise Unpriceable("another model's work")
    tools = set(k for k, count in (figures.get("server_tool_use") or {}).items() if count)
    if tools - {"web_search_requests", "web_fetch_requests"}:
        raise Unpriceable("tools that are billed otherwise")
    return consumed, figures


def messages(figures):
    if number(figures, "input_tokens") is None or number(figures, "output_tokens") is None:
        raise Untold("prompt or answer")
    lifetimes = figures.get("cache_creation") or {}
    hour = number(lifetimes, "ephemeral_1h_input_tokens") or 0
    written = number(figures, "cache_creation_input_tokens") or 0
    # A stream's last event tells the sum alone; what came before says how much of it was for an hour.
    assert hour <= written, figures
    thoughts = number(figures.get("output_tokens_details"), "thinking_tokens") or 0
    return Consumed(
        text_in=number(figures, "input_tokens"), cache_read=number(figures, "cache_read_input_tokens") or 0,
        cache_write=written - hour, cache_write_1h=hour, text_out=number(figures, "output_tokens") - thoughts,
        reasoning=thoughts, searches=number(figures.get("server_tool_use"), "web_search_requests") or 0,
    )


def gemini(record):
    """`usageMetadata`: prompt, tools' prompt, candidates and thoughts stand side by side; the prompt has what is cached.

    A prompt that was grounded in searches is billed once, from the third generation on by the search.
    https://ai.google.dev/api/generate-content#UsageMetadata https://ai.google.dev/gemini-api/docs/pricing
    """
    figures, searches, version = {}, [], ""
    for document in documents(record):
        figures.update(document.get("usageMetadata") or {})
        version = document.get("modelVersion") or version
        for candidate in document.get("candidates") or []:
            searches += (candidate.get("groundingMetadata") or {}).get("webSearchQueries") or []
    if number(figures, "promptTokenCount") is None:
        raise Untold("the prompt")
    prompt = number(figures, "promptTokenCount") + (number(figures, "toolUsePromptTokenCount") or 0)
    thoughts, total = number(figures, "thoughtsTokenCount") or 0, number(figures, "totalTokenCount")
    answer = number(figures, "candidatesTokenCount")
    if answer is None:
        if record["api"] != "embeddings" and total is None:
            raise Untold("the answer")
        answer = total - prompt - thoughts if total is not None else 0
    if total is not None and total != prompt + answer + thoughts:
        raise Untold(f"a total of {total}")
    heard, seen = modality(figures, "promptTokensDetails", "promptTokenDetails")
    spoken, drawn = modality(figures, "candidatesTokensDetails")
    cached = number(figures, "cachedContentTokenCount") or 0
    if cached and heard:
        raise Unpriceable("which of the cached tokens were text")
    anywhere, seen = (seen, 0) if cached else (0, seen)
    # Empty queries are not billed, and equal ones once: https://ai.google.dev/gemini-api/docs/google-search#pricing
    queries = {query for query in searches if query}
    billed = len(queries) if version.startswith("gemini-3") else min(1, len(queries))
    return Consumed(
        text_in=prompt - cached - heard - seen, cache_read=cached, audio_in=heard, image_in=seen,
        text_out=answer - spoken - drawn, reasoning=thoughts, audio_out=spoken, image_out=drawn, searches=billed,
        pictures_anywhere=anywhere,
    ), {**figures, "searches": sorted(queries)}


def modality(figures, *names):
    """Tokens of sound and of pictures. Video and documents are told too, and cost what text does."""
    counts = {"AUDIO": 0, "IMAGE": 0}
    for name in names:
        for each in figures.get(name) or []:
            if each["modality"] in counts:
                counts[each["modality"]] += each.get("tokenCount") or 0
    return counts["AUDIO"], counts["IMAGE"]


def converse(record):
    """Converse: `inputTokens` leaves out what was read from and written to the cache.

    https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html
    """
    found = None
    for document in documents(record):
        found = document.get("usage") or (document.get("metadata") or {}).get("usage") or found
    if not found:
        raise Untold("figures")
    hour = sum(each["inputTokens"] for each in found.get("cacheDetails") or [] if each.get("ttl") == "1h")
    return Consumed(
        text_in=found["inputTokens"], cache_read=number(found, "cacheReadInputTokens") or 0,
        cache_write=(number(found, "cacheWriteInputTokens") or 0) - hour, cache_write_1h=hour,
        text_out=found["outputTokens"],
    ), found


def cohere(record):
    """What is billed, which `billed_units` says; `tokens` is what the model saw.

    https://docs.cohere.com/docs/how-does-cohere-pricing-work
    """
    found = None
    for document in documents(record):
        ended = document.get("delta") if document.get("type") == "message-end" else document.get("response")
        found = document.get("usage") or document.get("meta") or (ended or {}).get("usage") or found
    if not found or not found.get("billed_units"):
        raise Untold("figures")
    billed = found["billed_units"]
    images, thoughts = number(billed, "image_tokens") or 0, number(found.get("tokens"), "reasoning_tokens") or 0
    return Consumed(
        text_in=number(billed, "input_tokens") or 0, image_in=images,
        text_out=(number(billed, "output_tokens") or 0) - thoughts, reasoning=thoughts,
        rankings=number(billed, "search_units") or 0,
    ), found


def ollama(record):
    """The counts that stand in the last object."""
    last = documents(record)[-1]
    if number(last, "prompt_eval_count") is None or number(last, "eval_count") is None:
        raise Untold("prompt or answer")
    names = ("prompt_eval_count", "eval_count")
    return Consumed(text_in=last[names[0]], text_out=last[names[1]]), {name: last[name] for name in names}


#: How the answers of each API are read; some providers have an API of the same name and other answers.
READERS = {
    "chat": chat, "completions": chat, "embeddings": chat, "responses": responses, "images": pictures,
    "messages": anthropic, "generateContent": gemini, "converse": converse, "cohere_chat": cohere, "rerank": cohere,
    "ollama_chat": ollama,
}
OTHERS = {("gemini", "embeddings"): gemini, ("vertex", "embeddings"): gemini, ("cohere", "embeddings"): cohere}


def consumed(record):
    """What a recorded answer has consumed, and the figures that say so."""
    return OTHERS.get((record["provider"], record["api"]), READERS[record["api"]])(record)
