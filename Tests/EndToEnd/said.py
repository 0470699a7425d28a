"""What a recorded answer says, read from each protocol by plain means, so that an SDK's reading can be held to it."""

import base64
import json
import struct
from dataclasses import dataclass, field

from replay import CONVERSATIONS, recordings


@dataclass
class Said:
    """An answer in words of no protocol."""

    text: str = ""
    thinking: str = ""
    calls: list = field(default_factory=list)  #: names and arguments, in their order
    read: int | None = None  #: tokens of the whole prompt
    written: int | None = None  #: tokens of the whole answer
    stop: str | None = None  #: why it ended: `end`, `calls`, `length` or `filter`

    def differs(self, other):
        """What is said otherwise there; None when nothing is. What one side does not tell is not compared."""
        for name in ("text", "thinking", "calls", "read", "written", "stop"):
            mine, its = getattr(self, name), getattr(other, name)
            if mine != its and None not in (mine, its):
                return f"{name}: {mine!r:.300} became {its!r:.300}"
        return None

    def ended(self, reason, implied=True):
        """Sets `stop` to what any protocol's word for it means.

        `implied` for protocols that have no word of their own for an end with calls.
        """
        if reason is not None:
            self.stop = STOPS.get(str(reason).lower(), str(reason))
        if self.stop == "end" and self.calls and implied:
            self.stop = "calls"
        return self


#: Why answers end, in the words of all protocols.
STOPS = {
    **dict.fromkeys(("stop", "completed", "end_turn", "stop_sequence", "complete", "unload"), "end"),
    **dict.fromkeys(("tool_calls", "tool_use", "tool_call"), "calls"),
    **dict.fromkeys(("length", "max_tokens", "max_output_tokens", "model_context_window_exceeded"), "length"),
    **dict.fromkeys(
        (
            "content_filter", "refusal", "safety", "recitation", "prohibited_content", "blocklist", "spii",
            "guardrail_intervened", "content_filtered",
        ),
        "filter",
    ),
}


class Unplain(Exception):
    """The answer holds what not every protocol can say."""


def arguments(text):
    """Arguments of a call as the model wrote them, as an object."""
    try:
        value = json.loads(text or "{}")
    except ValueError:
        raise Unplain("arguments that are no JSON") from None
    if not isinstance(value, dict):
        raise Unplain("arguments that are no object")
    return value


def total(*counts):
    """The sum of those that are told; None when none is."""
    told = [count for count in counts if count is not None]
    return sum(told) if told else None


def events(body):
    """The JSON values of a stream of server-sent events."""
    for line in body.splitlines():
        if line.startswith("data:") and line[5:].strip() not in ("[DONE]", ""):
            yield json.loads(line[5:])


def frames(raw):
    """Type and content of the messages of an AWS event stream."""
    at = 0
    while at < len(raw):
        length, head = struct.unpack_from(">II", raw, at)
        fields, position = {}, at + 12
        while position < at + 12 + head:
            size = raw[position]
            name = raw[position + 1:position + 1 + size].decode()
            position += 1 + size
            (size,) = struct.unpack_from(">H", raw, position + 1)
            fields[name] = raw[position + 3:position + 3 + size].decode()
            position += 3 + size
        yield fields.get(":event-type"), json.loads(raw[at + 12 + head:at + length - 4])
        at += length


# MARK: one reader a protocol

def chat(body, stream):
    said, calls, stop = Said(), {}, None
    pieces = list(events(body)) if stream else [json.loads(body)]
    for piece in pieces:
        if "error" in piece or len(piece.get("choices") or []) > 1:
            raise Unplain("an error, or several answers")
        for choice in piece.get("choices") or []:
            part = choice.get("delta") or choice.get("message") or {}
            if part.get("audio") or part.get("function_call") or part.get("annotations") or part.get("refusal"):
                raise Unplain("audio, annotations, a refusal")
            stop = choice.get("finish_reason") or stop
            said.text += part.get("content") or ""
            said.thinking += part.get("reasoning_content") or part.get("reasoning") or ""
            for place, call in enumerate(part.get("tool_calls") or []):
                if call.get("type") not in (None, "function"):
                    raise Unplain("a call of a custom tool")
                known = calls.setdefault(call.get("index", place), ["", ""])
                known[0] += call["function"].get("name") or ""
                known[1] += call["function"].get("arguments") or ""
        if usage := piece.get("usage"):
            said.read, said.written = usage["prompt_tokens"], usage["completion_tokens"]
    said.calls = [(name, arguments(text)) for _, (name, text) in sorted(calls.items())]
    return said.ended(stop)


def responses(body, stream):
    identity, answer = None, json.loads(body) if not stream else None
    for event in events(body) if stream else []:
        if event["type"] == "response.created":
            identity = event["response"]["id"]
        if event["type"] in ("response.completed", "response.incomplete"):
            answer = event["response"]
            if answer["id"] != identity:
                raise Unplain("an answer that changes its id")
    if answer is None or answer.get("status") not in ("completed", "incomplete"):
        raise Unplain("an answer that failed or goes on in the background")
    said = Said()
    for item in answer["output"]:
        if item["type"] == "message":
            for part in item["content"]:
                if part["type"] != "output_text" or part.get("annotations"):
                    raise Unplain("a refusal, or annotations")
                said.text += part["text"]
        elif item["type"] == "function_call":
            said.calls.append((item["name"], arguments(item["arguments"])))
        elif item["type"] == "reasoning":
            parts = [*(item.get("summary") or []), *(item.get("content") or [])]
            said.thinking += "\n\n".join(part["text"] for part in parts)
        else:
            raise Unplain(item["type"])
    if usage := answer.get("usage"):
        said.read, said.written = usage["input_tokens"], usage["output_tokens"]
    return said.ended((answer.get("incomplete_details") or {}).get("reason") or answer["status"])


def messages(body, stream):
    stop = None
    if stream:
        blocks, usage = {}, {}
        for event in events(body):
            stop = (event.get("delta") or {}).get("stop_reason") or stop
            if event["type"] == "error" or event["type"] == "message_start" and usage:
                raise Unplain("an error, or several answers")
            usage.update(event.get("usage") or (event.get("message") or {}).get("usage") or {})
            if event["type"] == "content_block_start":
                blocks[event["index"]] = {**event["content_block"], "json": ""}
            elif event["type"] == "content_block_delta":
                delta, block = event["delta"], blocks[event["index"]]
                for name in ("text", "thinking"):
                    if name in delta:
                        block[name] = block.get(name, "") + delta[name]
                block["json"] += delta.get("partial_json", "")
                if delta["type"] == "citations_delta":
                    raise Unplain("citations")
        blocks = list(blocks.values())
    else:
        answer = json.loads(body)
        blocks, usage, stop = answer["content"], answer["usage"], answer["stop_reason"]
    said = Said()
    for block in blocks:
        if block.get("citations"):
            raise Unplain("citations")
        match block["type"]:
            case "text": said.text += block["text"]
            case "thinking": said.thinking += block["thinking"]
            case "tool_use":
                given = arguments(block["json"]) if block.get("json") else block["input"]
                said.calls.append((block["name"], given))
            case other: raise Unplain(other)
    names = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
    said.read, said.written = total(*(usage.get(name) for name in names)), usage.get("output_tokens")
    return said.ended(stop)


def generate(body, stream):
    said, stop = Said(), None
    for piece in events(body) if stream else [json.loads(body)]:
        if "error" in piece or len(piece.get("candidates") or []) > 1 or "promptFeedback" in piece:
            raise Unplain("an error, or several answers")
        for candidate in piece.get("candidates") or []:
            stop = candidate.get("finishReason") or stop
            if candidate.get("groundingMetadata") or candidate.get("citationMetadata"):
                raise Unplain("citations")
            for part in (candidate.get("content") or {}).get("parts") or []:
                if "functionCall" in part:
                    if "name" not in part["functionCall"]:
                        raise Unplain("a call in pieces")
                    said.calls.append((part["functionCall"]["name"], part["functionCall"].get("args") or {}))
                elif set(part) - {"text", "thought", "thoughtSignature"}:
                    raise Unplain(f"a part with {sorted(part)}")
                elif part.get("thought"):
                    said.thinking += part.get("text", "")
                else:
                    said.text += part.get("text", "")
        if usage := piece.get("usageMetadata"):
            said.read = total(usage.get("promptTokenCount"), usage.get("toolUsePromptTokenCount"))
            said.written = total(usage.get("candidatesTokenCount"), usage.get("thoughtsTokenCount"))
    return said.ended(stop)


def converse(body, stream):
    stop = None
    if stream:
        blocks, usage = {}, {}
        for kind, event in frames(body):
            if kind is None:
                raise Unplain("an error")
            if kind == "contentBlockStart":
                blocks.setdefault(event["contentBlockIndex"], {}).update(event["start"])
            elif kind == "contentBlockDelta":
                block = blocks.setdefault(event["contentBlockIndex"], {})
                for name, delta in event["delta"].items():
                    if name == "text":
                        block["text"] = block.get("text", "") + delta
                    elif name == "toolUse":
                        block["json"] = block.get("json", "") + delta["input"]
                    elif name == "reasoningContent":
                        block["thinking"] = block.get("thinking", "") + delta.get("text", "")
                    else:
                        raise Unplain(name)
            elif kind == "messageStop":
                stop = event["stopReason"]
            elif kind == "metadata":
                usage = event["usage"]
        blocks = list(blocks.values())
    else:
        answer = json.loads(body)
        blocks, usage = answer["output"]["message"]["content"], answer["usage"]
        stop = answer["stopReason"]
    said = Said()
    for block in blocks:
        if "toolUse" in block:
            given = arguments(block["json"]) if "json" in block else block["toolUse"].get("input", {})
            said.calls.append((block["toolUse"]["name"], given))
        elif "reasoningContent" in block:
            said.thinking += block["reasoningContent"].get("reasoningText", {}).get("text", "")
        elif set(block) <= {"text", "thinking"}:
            said.text += block.get("text", "")
            said.thinking += block.get("thinking", "")
        else:
            raise Unplain(f"a block with {sorted(block)}")
    names = ("inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens")
    said.read, said.written = total(*(usage.get(name) for name in names)), usage.get("outputTokens")
    return said.ended(stop)


def cohere_chat(body, stream):
    said, calls, usage, stop = Said(), [], {}, None
    if stream:
        for event in events(body):
            delta = event.get("delta") or {}
            message = delta.get("message") or {}
            stop = delta.get("finish_reason") or stop
            match event["type"]:
                case "content-start" | "content-delta":
                    said.text += message["content"].get("text") or ""
                    said.thinking += message["content"].get("thinking") or ""
                case "tool-plan-delta": raise Unplain("a plan beside the calls")
                case "tool-call-start": calls.append(dict(message["tool_calls"]["function"]))
                case "tool-call-delta": calls[-1]["arguments"] += message["tool_calls"]["function"]["arguments"]
                case "citation-start": raise Unplain("citations")
                case "message-end": usage = delta.get("usage") or {}
    else:
        answer = json.loads(body)
        message, usage, stop = answer.get("message") or {}, answer.get("usage") or {}, answer.get("finish_reason")
        if not message or message.get("citations") or message.get("tool_plan"):
            raise Unplain("the first version's answer, citations, a plan")
        for part in message.get("content") or []:
            said.text += part.get("text") or ""
            said.thinking += part.get("thinking") or ""
        calls = [call["function"] for call in message.get("tool_calls") or []]
    said.calls = [(call["name"], arguments(call["arguments"])) for call in calls]
    # What is paid for; `tokens` beside it also counts what Cohere itself puts into the prompt.
    counts = usage.get("billed_units") or {}
    said.read, said.written = counts.get("input_tokens"), counts.get("output_tokens")
    return said.ended(stop)


def ollama_chat(body, stream):
    said, stop = Said(), None
    for piece in map(json.loads, body.splitlines()) if stream else [json.loads(body)]:
        message = piece.get("message") or {}
        said.text += message.get("content") or ""
        said.thinking += message.get("thinking") or ""
        for call in message.get("tool_calls") or []:
            said.calls.append((call["function"]["name"], call["function"]["arguments"]))
        said.read = piece.get("prompt_eval_count", said.read)
        said.written = piece.get("eval_count", said.written)
        stop = piece.get("done_reason", stop)
    return said.ended(stop)


READERS = {
    "chat": chat, "responses": responses, "messages": messages, "generateContent": generate, "converse": converse,
    "cohere_chat": cohere_chat, "ollama_chat": ollama_chat,
}


def said_in(record):
    """What a recording says; fails with ``Unplain`` where not every protocol could say it."""
    body = record["response_body"]
    if record["response_body_encoding"] == "base64":
        body = base64.b64decode(body)
    return READERS[record["api"]](body, bool(record["stream"]))


def conversations(name, stream, most=40):
    """Recordings of a provider that any protocol can say, with what they say: those with most kinds of content first.

    At most `most`, each with another answer.
    """
    file, api = CONVERSATIONS[name]
    found, seen = [], set()
    for record in recordings(file):
        if (record.get("api"), bool(record.get("stream")), record.get("status")) != (api, stream, 200):
            continue
        if stream and record["stream_format"] == "json-array" or not record["path"].endswith(PATHS.get(api, "")):
            continue
        try:
            said = said_in(record)
        except Unplain:
            continue
        key = (said.text, said.thinking, str(said.calls))
        if (said.text or said.calls) and key not in seen:
            seen.add(key)
            found.append((record, said))
    found.sort(key=lambda pair: -sum(map(bool, (pair[1].text, pair[1].thinking, pair[1].calls))))
    return found[:most]


#: How the path of a conversation ends where other calls of its API have other paths.
PATHS = {"responses": "/responses", "chat": "/chat/completions", "messages": "/messages"}
