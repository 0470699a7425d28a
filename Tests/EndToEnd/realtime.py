"""A provider of OpenAI's Realtime that follows a script, over WebSockets of its own."""

import asyncio
import http
import json
from urllib.parse import parse_qs, urlsplit

from looped import LoopedServer
from websockets.asyncio.server import serve

#: Tokens of the answers that `say` gives.
USAGE = {
    "total_tokens": 150, "input_tokens": 100, "output_tokens": 50,
    "input_token_details": {
        "text_tokens": 40, "audio_tokens": 60, "image_tokens": 0, "cached_tokens": 30,
        "cached_tokens_details": {"text_tokens": 10, "audio_tokens": 20, "image_tokens": 0},
    },
    "output_token_details": {"text_tokens": 8, "audio_tokens": 42},
}


class RealtimeUpstream(LoopedServer):
    """Does what the name of the model says: plays the session `session`, or one of the behaviours below."""

    def __init__(self):
        super().__init__()
        self.session = []  #: frames of a recorded session, as the recordings have them
        self.received = []  #: messages of clients
        self.requests = []  #: the handshakes' requests
        self.closes = []  #: code and reason of each connection that has ended
        self.pings = 0

    async def _listen(self):
        return await serve(
            self._session, "127.0.0.1", 0, process_request=self._handshake,
            select_subprotocol=lambda _, offered: "realtime" if "realtime" in offered else None,
            max_size=None, compression=None, close_timeout=1,
        )

    def _handshake(self, connection, request):
        self.requests.append(request)
        model = parse_qs(urlsplit(request.path).query)["model"][0]
        if model.startswith("refuse-"):
            status = http.HTTPStatus(int(model.removeprefix("refuse-")))
            error = {"error": {"message": f"the provider says {status}", "type": "some_error", "code": None}}
            response = connection.respond(status, json.dumps(error))
            response.headers["content-type"] = "application/json"
            return response
        return None

    async def _session(self, connection):
        model = parse_qs(urlsplit(connection.request.path).query)["model"][0]
        behaviour = getattr(self, "do_" + model.replace("-", "_"), self.do_echo)
        try:
            await behaviour(connection)
        finally:
            await connection.close()
            self.closes.append((connection.close_code, connection.close_reason))

    async def _hear(self, connection):
        message = await connection.recv()
        self.received.append(message)
        return message

    # MARK: behaviours

    async def do_play(self, connection):
        """Says what the recorded provider said, each time after what the recorded client had said before."""
        for frame in self.session:
            if frame["direction"] == "sent":
                await self._hear(connection)
            else:
                await connection.send(json.dumps(frame["data"]))
        async for message in connection:
            self.received.append(message)

    async def do_echo(self, connection):
        """Sends back what it gets."""
        async for message in connection:
            self.received.append(message)
            await connection.send(message)

    async def do_say(self, connection):
        """Answers each `response.create`."""
        await connection.send(event("session.created", session={"type": "realtime", "model": "say"}))
        async for message in connection:
            self.received.append(message)
            if json.loads(message)["type"] != "response.create":
                continue
            await connection.send(event("response.created", response={"id": "resp_1"}))
            await connection.send(event("response.output_text.delta", response_id="resp_1", delta="Hi"))
            response = {"id": "resp_1", "status": "completed", "usage": USAGE}
            await connection.send(event("response.done", response=response))

    async def do_lose(self, connection):
        """Begins an answer and breaks the connection off."""
        await self._hear(connection)
        await connection.send(event("response.created", response={"id": "resp_1"}))
        connection.transport.abort()

    async def do_bye(self, connection):
        """Says farewell with a code and a reason of its own."""
        await self._hear(connection)
        await connection.close(4001, "session expired")

    async def do_hold(self, connection):
        """Begins an answer, and ends it when it is told to."""
        await self._hear(connection)
        await connection.send(event("response.created", response={"id": "resp_1"}))
        await self._hear(connection)
        await connection.send(event("response.done", response={"id": "resp_1", "status": "completed", "usage": USAGE}))
        await connection.wait_closed()

    async def do_flood(self, connection):
        """Sends as fast as it is taken; how much stands in ``pushed``."""
        await self._hear(connection)
        self.pushed = 0
        while True:
            await connection.send(event("response.output_audio.delta", delta="x" * 64_000))
            self.pushed += 64_000


def event(kind, **more):
    return json.dumps({"type": kind, "event_id": "event_1", **more})
