"""A provider of files and sound: takes bodies of any size at the pace it is told, and answers with bytes.

What it does is said by the path; what it was sent is kept as a digest, so that large bodies cost it no memory.
"""

import asyncio
import hashlib
import json
import threading

from looped import LoopedServer

PIECE = bytes(range(256)) * 64


class Studio(LoopedServer):
    def __init__(self):
        super().__init__()
        self.heads = []  #: request line and header fields of each request
        self.digests = []  #: (bytes, SHA-256) of each body that has come whole
        self.taken = 0  #: bytes of the body that is arriving
        self.cut = 0  #: bodies that broke off
        self.pushed = 0  #: bytes of sound handed to the system
        self.gate = threading.Event()  #: until it is set, bodies are not read
        self.gate.set()

    def __exit__(self, *error):
        self.gate.set()
        super().__exit__(*error)

    async def _listen(self):
        return await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 18)

    async def _serve(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin1")
                self.heads.append(head)
                fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
                try:
                    body = await self._body(reader, fields)
                except asyncio.IncompleteReadError:
                    self.cut += 1
                    raise
                await self._answer(writer, head.split(" ")[1], body)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _body(self, reader, fields):
        """Reads the body and returns its beginning."""
        digest, self.taken, beginning = hashlib.sha256(), 0, b""

        async def take(count):
            nonlocal beginning
            while count:
                while not self.gate.is_set():
                    await asyncio.sleep(0.02)
                piece = await reader.read(min(count, 1 << 16))
                if not piece:
                    raise asyncio.IncompleteReadError(b"", count)
                digest.update(piece)
                self.taken += len(piece)
                count -= len(piece)
                beginning += piece[: 10_000 - len(beginning)]

        if fields.get("transfer-encoding") == "chunked":
            while size := int(await reader.readuntil(b"\r\n"), 16):
                await take(size)
                await reader.readexactly(2)
            await reader.readexactly(2)
        else:
            await take(int(fields.get("content-length", 0)))
        self.digests.append((self.taken, digest.hexdigest()))
        return beginning

    async def _answer(self, writer, target, body):
        path = target.split("?")[0]
        if path.endswith("/audio/speech"):
            return await self._sound(writer, int(json.loads(body)["input"]))
        if path.endswith("/audio/transcriptions"):
            usage = {"type": "tokens", "input_tokens": 5, "output_tokens": 2, "total_tokens": 7}
            return await self._whole(writer, "application/json", {"text": "heard", "usage": usage})
        if path.endswith("/content"):
            return await self._whole(writer, "application/octet-stream", b'{"custom_id": "1"}\n')
        if path.endswith("/files") and target == path and body:
            return await self._whole(writer, "application/json", thing("file", "file-1"))
        if path.endswith("/files"):
            listed = [thing("file", f"file-{number}") for number in (2, 1, 0)]
            return await self._whole(writer, "application/json", {"object": "list", "data": listed, "has_more": False})
        if "/batches" in path:
            return await self._whole(writer, "application/json", thing("batch", "batch_1", output_file_id="file-out"))
        await self._whole(writer, "application/json", {**thing("file", path.rsplit("/", 1)[-1]), "deleted": True})

    async def _sound(self, writer, count):
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ntransfer-encoding: chunked\r\n\r\n")
        for _ in range(count):
            writer.write(b"%x\r\n%b\r\n" % (len(PIECE), PIECE))
            await writer.drain()
            self.pushed += len(PIECE)
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    async def _whole(self, writer, content_type, body):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        head = f"HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()


def thing(kind, identifier, **more):
    """A file or batch as OpenAI describes it."""
    return {
        "id": identifier, "object": kind, "bytes": 3, "created_at": 1, "filename": "a.jsonl", "purpose": "batch",
        "status": "processed", "endpoint": "/v1/chat/completions", "input_file_id": "file-1",
        "completion_window": "24h", **more,
    }
