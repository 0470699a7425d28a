"""A server of a test, on an event loop in a thread of its own."""

import asyncio
import threading


class LoopedServer:
    """Serves from `with` to its end. A subclass has `async _listen()`, which starts listening and returns the server."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.port = None

    def __enter__(self):
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self, ready):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._serve_until_stopped(ready))
        self.loop.close()

    async def _serve_until_stopped(self, ready):
        self._stop = asyncio.Event()
        server = await self._listen()
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stop.wait()
        server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
