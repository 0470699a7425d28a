"""Requests as clients send them."""

import json

MODEL = "bench-model"
#: A route of twenty deployments, with rules.
ROUTE = "bench-route"


WORDS = "the gateway reads a prompt, picks a model that can answer it and passes every byte on unchanged; ".split()


def prompt(size: int) -> str:
    text = " ".join(WORDS * (size // 90 + 1))
    return text[:size]


def chat_body(size: int, chunks: int = 0, gap_us: int = 0, protocol: str = "openai", model: str = MODEL) -> bytes:
    """A request of about `size` bytes; with `chunks`, one for a stream of so many, that far apart."""
    system = "You are a helpful assistant."
    user: list[dict] = [{"role": "user", "content": ""}]
    body: dict = {"model": model, "max_tokens": 512, "temperature": 0.7}
    if protocol == "anthropic":
        body |= {"system": system, "messages": user}
    else:
        body |= {"messages": [{"role": "system", "content": system}, *user]}
    if chunks:
        body["stream"] = True
        if protocol == "openai":
            body["stream_options"] = {"include_usage": True}
    directive = f"BENCH chunks={chunks} gap_us={gap_us}\n" if chunks else ""
    room = size - len(json.dumps(body)) - len(directive)
    user[0]["content"] = directive + prompt(max(room, 0))
    return json.dumps(body).encode()
