"""A provider that does what the last message tells it to.

The text of the last message is the name of a behaviour and its arguments, such as `say 5` or `reset 2`. A test thus
reads as what it proves, and one server serves all tests at once. Runs on an event loop in a thread of its own.
"""

import asyncio
import json
import socket
import struct
import threading

from looped import LoopedServer

PROMPT_TOKENS = 11


class Upstream(LoopedServer):
    def __init__(self):
        super().__init__()
        self.requests = []  #: bodies that have arrived
        self.heads = []  #: request line and header fields of each
        self.cancelled = 0  #: answers whose reader went away
        self.pushed = 0  #: bytes of `flood` handed to the system
        self.gate = threading.Event()  #: lets `hold` go on
        self.listed = None  #: names of models that `GET /models` tells; nothing is answered there without
        self.slow = False  #: whether `say` takes a while before its first word

    def __exit__(self, *error):
        self.gate.set()
        super().__exit__(*error)

    async def _listen(self):
        return await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=512)

    async def _serve(self, reader, writer):
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin1")
                fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
                body = json.loads(await reader.readexactly(int(fields.get("content-length", 0))) or b"{}")
                self.heads.append(head)
                self.requests.append(body)
                if self.listed is not None and head.split()[1].endswith("/models"):
                    listed = json.dumps({"object": "list", "data": [{"id": name} for name in self.listed]})
                    await Out(writer, reader, body).plain(200, "application/json", listed.encode())
                    continue
                await self._answer(reader, writer, body)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(self, reader, writer, body):
        text = body["messages"][-1]["content"]
        name, *arguments = text.split()
        behaviour = getattr(self, "do_" + name.replace("-", "_"), None)
        await (behaviour or self.do_say)(Out(writer, reader, body), *(arguments if behaviour else ()))

    # MARK: behaviours

    async def do_say(self, out, words="3", pause="0", slow=""):
        """Answers in full, so many words long; where this provider is the slow one, after five seconds."""
        if slow and self.slow:
            await asyncio.sleep(5)
        if not out.is_stream:
            return await out.whole(int(words))
        await out.head()
        for number in range(int(words)):
            await out.word(number)
            if float(pause):
                await asyncio.sleep(float(pause))
        await out.finish(int(words))

    async def do_hold(self, out, words="2"):
        """Says one word, waits for the gate, and says the rest."""
        await out.head()
        await out.word(0)
        while not self.gate.is_set():
            await asyncio.sleep(0.02)
        for number in range(1, int(words)):
            await out.word(number)
        await out.finish(int(words))

    async def do_status(self, out, status, *fields):
        """Refuses with that status, in OpenAI's shape."""
        extra = "".join(f"{field.replace('=', ': ')}\r\n" for field in fields)
        await out.plain(int(status), "application/json", json.dumps(refusal(int(status))).encode(), extra)

    async def do_claude(self, out, searches="0"):
        """Says two words in Anthropic's protocol, after so many searches of the web."""
        figures = {"input_tokens": PROMPT_TOKENS, "output_tokens": 2}
        if int(searches):
            figures["server_tool_use"] = {"web_search_requests": int(searches)}
        start = {"id": "msg_1", "type": "message", "role": "assistant", "model": out.body["model"], "content": []}
        if not out.is_stream:
            content = [{"type": "text", "text": "w0 w1 "}]
            whole = {**start, "content": content, "stop_reason": "end_turn", "usage": figures}
            return await out.plain(200, "application/json", json.dumps(whole).encode())
        text = {"type": "text", "text": ""}
        first = {**start, "usage": {"input_tokens": PROMPT_TOKENS, "output_tokens": 1}}
        await out.head()
        for event in [
            {"type": "message_start", "message": first},
            {"type": "content_block_start", "index": 0, "content_block": text},
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "w0 "}},
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "w1 "}},
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": figures},
            {"type": "message_stop"},
        ]:
            await out.chunk(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())
        await out.end()

    async def do_mistaken(self, out, place, error_type):
        """Refuses with status 200: with a body, or with the first event of a stream, or with a later one."""
        error = {"error": {"message": "not today", "type": error_type}}
        if place == "body":
            return await out.plain(200, "application/json", json.dumps(error).encode())
        await out.head()
        if place == "later":
            await out.chunk(out.event({"role": "assistant", "content": ""}))
        await out.chunk(b"data: " + json.dumps(error).encode() + b"\n\n")
        await out.end()

    async def do_charged(self, out, status, words):
        """Refuses, and reports what it has consumed all the same."""
        body = {**refusal(int(status)), "usage": usage(int(words))}
        await out.plain(int(status), "application/json", json.dumps(body).encode())

    async def do_html(self, out, status="200"):
        await out.plain(int(status), "text/html", b"<html><body>502 Bad Gateway</body></html>")

    async def do_silence(self, out):
        """Takes the request and never answers."""
        await self._until_gone(out)

    async def do_stall(self, out, words):
        """Says some words, and then nothing more."""
        await out.head()
        for number in range(int(words)):
            await out.word(number)
        await self._until_gone(out)

    async def _until_gone(self, out):
        if await out.reader.read(1) == b"":
            self.cancelled += 1
        raise ConnectionError

    async def do_reset(self, out, words):
        """Says some words, and then breaks the connection off."""
        if int(words):
            await out.head()
            for number in range(int(words)):
                await out.word(number)
            await asyncio.sleep(0.05)
        # Without lingering, closing sends RST instead of FIN.
        linger = struct.pack("ii", 1, 0)
        out.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        out.writer.transport.abort()
        raise ConnectionError

    async def do_close(self, out, words):
        """Says some words and ends the body properly, without usage and without the protocol's last event."""
        await out.head()
        for number in range(int(words)):
            await out.word(number)
        await out.end()

    async def do_unmarked(self, out, words):
        """Says some words and why it ends, and leaves out the protocol's last event."""
        await out.head()
        for number in range(int(words)):
            await out.word(number)
        await out.chunk(out.event({}, "stop", usage=usage(int(words))))
        await out.end()

    async def do_figures(self, out, *given):
        """Says one word and then no more figures than those given, such as `completion_tokens=1`."""
        figures = {name: json.loads(count) for name, count in (each.split("=") for each in given)}
        if not out.is_stream:
            return await out.whole(1, figures)
        await out.head()
        await out.word(0)
        await out.chunk(out.event({}, "stop", usage=figures))
        await out.chunk(b"data: [DONE]\n\n")
        await out.end()

    async def do_silent(self, out, *_):
        """Says three words and no figures, whatever else the message says."""
        if not out.is_stream:
            message = {"role": "assistant", "content": "w0 w1 w2"}
            answer = {"id": "chatcmpl-1", "choices": [{"index": 0, "finish_reason": "stop", "message": message}]}
            return await out.plain(200, "application/json", json.dumps(answer).encode())
        out.tells_usage = False
        await out.head()
        for number in range(3):
            await out.word(number)
        await out.finish(3)

    async def do_garbage(self, out, words="1"):
        """Says some words and then what is neither an event nor JSON."""
        await out.head()
        for number in range(int(words)):
            await out.word(number)
        await out.chunk(b"\x00\xff{{{ not an event\n\ndata: {\"broken\": \n\n: \n\nevent\n\n")
        await out.end()

    async def do_error_event(self, out, words):
        """Says some words and then, in the stream, that it failed."""
        await out.head()
        for number in range(int(words)):
            await out.word(number)
        error = {"error": {"message": "out of memory", "type": "server_error", "code": 500}}
        await out.chunk(b"data: " + json.dumps(error).encode() + b"\n\n")
        await out.end()

    async def do_ignore_stream(self, out, words):
        """Answers in one piece, whatever was asked for."""
        await out.whole(int(words))

    async def do_comments(self, out, count, words="1"):
        """Sends so many comments of 1 KB before the first word."""
        await out.head()
        for number in range(int(count)):
            await out.chunk(b": %d %b\n\n" % (number, b"." * 1_000))
        for number in range(int(words)):
            await out.word(number)
        await out.finish(int(words))

    async def do_frames(self, out, count):
        """Sends so many events of 1 KB that say nothing, and then nothing more."""
        await out.head()
        for _ in range(int(count)):
            await out.chunk(out.event({"content": "", "padding": "." * 1_000}))
        await self._until_gone(out)

    async def do_unended(self, out, words):
        """Ends the body without the blank line of the last event."""
        await out.head()
        for number in range(int(words)):
            await out.word(number)
        await out.chunk(out.event({}, "stop"))
        await out.chunk(b"data: [DONE]")
        await out.end()

    async def do_overloaded(self, out, tokens):
        """In Anthropic's protocol: reads so many tokens, and fails before its first word. In OpenAI's: says one."""
        if "/messages" not in self.heads[-1].split("\r\n")[0]:
            return await self.do_say(out, "1")
        await out.head()
        await out.message_event("message_start", message={"usage": {"input_tokens": int(tokens), "output_tokens": 1}})
        await out.message_event("error", error={"type": "overloaded_error", "message": "Overloaded"})
        await out.end()

    async def do_open_end(self, out, words):
        """In Anthropic's protocol: says so many words and the last event, and keeps the body open."""
        await out.head()
        await out.message_event("message_start", message={"usage": {"input_tokens": PROMPT_TOKENS, "output_tokens": 1}})
        await out.message_event("content_block_start", index=0, content_block={"type": "text", "text": ""})
        for number in range(int(words)):
            delta = {"type": "text_delta", "text": f"w{number} "}
            await out.message_event("content_block_delta", index=0, delta=delta)
        await out.message_event("content_block_stop", index=0)
        delta = {"stop_reason": "end_turn", "stop_sequence": None}
        await out.message_event("message_delta", delta=delta, usage={"output_tokens": int(words)})
        await out.message_event("message_stop")
        await self._until_gone(out)

    async def do_endless_event(self, out):
        """Begins an event and never ends it."""
        await out.head()
        await out.word(0)
        await out.chunk(b'data: {"choices": [{"delta": {"content": "')
        try:
            while True:
                await out.chunk(b"x" * 65_536)
                self.pushed += 65_536
        except ConnectionError:
            self.cancelled += 1
            raise

    async def do_flood(self, out, megabytes):
        """Pushes so many megabytes of words as fast as they are taken."""
        await out.head()
        event = out.event({"content": "x" * 16_000})
        try:
            for _ in range(int(megabytes) * 1_000_000 // len(event)):
                await out.chunk(event)
                self.pushed += len(event)
            await out.finish(int(megabytes))
        except ConnectionError:
            self.cancelled += 1
            raise


class Out:
    """Writes an answer in OpenAI's protocol."""

    def __init__(self, writer, reader, body):
        self.writer, self.reader, self.body = writer, reader, body
        self.is_stream = bool(body.get("stream"))
        self.tells_usage = bool((body.get("stream_options") or {}).get("include_usage"))

    async def plain(self, status, content_type, body, extra=""):
        head = f"HTTP/1.1 {status} Status\r\ncontent-type: {content_type}\r\n{extra}content-length: {len(body)}\r\n\r\n"
        self.writer.write(head.encode() + body)
        await self.writer.drain()

    async def whole(self, words, figures=None):
        answer = {
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": self.body["model"],
            "choices": [{
                "index": 0, "finish_reason": "stop",
                "message": {"role": "assistant", "content": " ".join(f"w{number}" for number in range(words))},
            }],
            "usage": figures or usage(words),
        }
        await self.plain(200, "application/json", json.dumps(answer).encode())

    async def head(self):
        self.writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        await self.writer.drain()

    async def chunk(self, data):
        if self.writer.transport.is_closing():
            raise ConnectionError
        self.writer.write(b"%x\r\n%b\r\n" % (len(data), data))
        await self.writer.drain()

    def event(self, delta, finish=None, **more):
        chunk = {
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": self.body["model"],
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more,
        }
        return b"data: " + json.dumps(chunk).encode() + b"\n\n"

    async def message_event(self, kind, **more):
        """An event of Anthropic's protocol."""
        await self.chunk(f"event: {kind}\ndata: {json.dumps({'type': kind, **more})}\n\n".encode())

    async def word(self, number):
        await self.chunk(self.event({"content": f"w{number} "}))

    async def finish(self, words):
        await self.chunk(self.event({}, "stop"))
        if self.tells_usage:
            chunk = {
                "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": self.body["model"],
                "choices": [], "usage": usage(words),
            }
            await self.chunk(b"data: " + json.dumps(chunk).encode() + b"\n\n")
        await self.chunk(b"data: [DONE]\n\n")
        await self.end()

    async def end(self):
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()


def refusal(status):
    """What `status` says."""
    return {"error": {"message": f"the provider says {status}", "type": "some_error", "code": None}}


def usage(words):
    return {"prompt_tokens": PROMPT_TOKENS, "completion_tokens": words, "total_tokens": PROMPT_TOKENS + words}


def cost(words):
    """Nano-dollars of an answer at the prices of ``MODELS``: 1 and 2 dollars a million tokens."""
    return PROMPT_TOKENS * 1_000 + words * 2_000


#: The configuration of the model that the behaviours answer for.
MODELS = {"fake": {"provider": "fake", "price": {"input": 1, "output": 2}}}
