#!/usr/bin/env python3
"""A small world for the console: a provider that answers, Sira before it, tenants, keys, budgets, and traffic.

    Tests/Console/world.py                       # admin on 127.0.0.1:18081, until it is told to stop
    Tests/Console/world.py --admin 9001 --api 9000 --rate 20
    web/serve.py --sira 127.0.0.1:18081          # the console from the files, beside it

The provider's words are nobody's; all that the console shows of them has gone through Sira. Used by the console's tests
and by `make screenshots`.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Providers, their models, and how long the first words and each further one take, in seconds.
MODELS = {
    "openai": {"gpt-5-mini": (0.12, 0.004), "gpt-5": (0.30, 0.008)},
    "anthropic": {"claude-sonnet-4-5": (0.25, 0.006)},
    "deepseek": {"deepseek-chat": (0.18, 0.005)},
    "mistral": {"mistral-large-latest": (0.15, 0.004)},
}
TASKS = [
    ("Translate into German: good morning, how did the deployment go?", 20),
    ("Write a Swift function that merges two sorted arrays.", 120),
    ("Summarize the following ticket in one sentence: the checkout page fails for cards from abroad.", 40),
    ("Extract name and city as JSON: Ada Lovelace lived in London.", 25),
    ("你好，请用一句话介绍大语言模型网关。", 30),
]
WORDS = "the gateway routes a request to the model that is good enough and costs least and says why it did so".split()


class Provider:
    """Answers as OpenAI and Anthropic do. `slow` stretches a provider's times, `broken` makes it fail."""

    def __init__(self) -> None:
        self.slow: dict[str, float] = {}
        self.broken: set[str] = set()

    async def start(self) -> int:
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        return server.sockets[0].getsockname()[1]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
                lengths = [line.split(":")[1] for line in head.lower().split("\r\n") if line.startswith("content-length:")]
                body = await reader.readexactly(int(lengths[0])) if lengths else b""
                await self.answer(head.split(" ")[1], body, writer)
        writer.close()

    async def answer(self, path: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        provider = path.split("/")[1]
        if path.endswith("/models"):
            data = [{"id": model, "object": "model"} for model in MODELS.get(provider, {})]
            return await self.plain(writer, 200, {"object": "list", "data": data})
        call = json.loads(body or b"{}")
        model = call.get("model", "")
        if provider in self.broken:
            return await self.plain(writer, 503, {"error": {"message": "overloaded", "type": "server_error"}})
        first, each = MODELS.get(provider, {}).get(model, (0.05, 0.002))
        factor = self.slow.get(provider, 1) * random.lognormvariate(0, 0.25)
        count = min(call.get("max_tokens") or call.get("max_completion_tokens") or 60, random.randint(8, 60))
        given = max(1, len(body) // 4)
        await asyncio.sleep(first * factor)
        text = " ".join(random.choice(WORDS) for _ in range(count))
        if path.endswith("/messages"):
            usage = {"input_tokens": given, "output_tokens": count}
            await asyncio.sleep(each * count * factor)
            return await self.plain(writer, 200, {"id": "msg_1", "type": "message", "role": "assistant", "model": model,
                "content": [{"type": "text", "text": text}], "stop_reason": "end_turn", "usage": usage})
        usage = {"prompt_tokens": given, "completion_tokens": count, "total_tokens": given + count}
        if not call.get("stream"):
            await asyncio.sleep(each * count * factor)
            return await self.plain(writer, 200, {"id": "chatcmpl-1", "object": "chat.completion", "created": int(time.time()),
                "model": model, "usage": usage, "choices": [{"index": 0, "finish_reason": "stop",
                "message": {"role": "assistant", "content": text}}]})
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
        for number, word in enumerate(text.split()):
            delta = {"index": 0, "delta": {"content": word + " "}, "finish_reason": None}
            if number == 0:
                delta["delta"]["role"] = "assistant"
            await self.event(writer, model, [delta], None)
            await asyncio.sleep(each * factor)
        await self.event(writer, model, [{"index": 0, "delta": {}, "finish_reason": "stop"}], None)
        await self.event(writer, model, [], usage)
        writer.write(b"data: [DONE]\n\n")
        await writer.drain()
        raise ConnectionError

    @staticmethod
    async def event(writer: asyncio.StreamWriter, model: str, choices: list, usage: dict | None) -> None:
        chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": model, "choices": choices}
        if usage:
            chunk["usage"] = usage
        writer.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
        await writer.drain()

    @staticmethod
    async def plain(writer: asyncio.StreamWriter, status: int, body: dict) -> None:
        data = json.dumps(body).encode()
        head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(data)}\r\n\r\n"
        writer.write(head.encode() + data)
        await writer.drain()


def settings(provider: int, api: int, admin: int, folder: str, token: str | None, more: dict) -> dict:
    base = f"http://127.0.0.1:{provider}"
    providers = {
        name: {"base_url": f"{base}/{name}" + ("" if name == "anthropic" else "/v1"), "api_key": f"key-of-{name}"} for name in MODELS
    }
    routes = {
        "auto": {"strategy": "cheapest", "targets": ["openai/gpt-5-mini", "deepseek/deepseek-chat", "mistral/mistral-large-latest"]},
        "best": {"strategy": "priority", "targets": ["anthropic/claude-sonnet-4-5", "openai/gpt-5"]},
    }
    return {
        "server": {"address": f"127.0.0.1:{api}"},
        "admin": {"address": f"127.0.0.1:{admin}", "private_providers": True} | ({"token": token} if token else {}),
        "storage": {"directory": f"{folder}/data"},
        "providers": providers | more.get("providers", {}),
        "models": more.get("models", {}),
        "routes": routes,
    }


class World:
    """A running gateway with its provider. `more` has providers in place of its own or beside them, and models."""

    def __init__(self, folder: str, api: int, admin: int, token: str | None = None, binary: Path | None = None,
                 more: dict | None = None) -> None:
        self.folder, self.api_port, self.admin_port, self.token, self.more = folder, api, admin, token, more or {}
        self.binary = binary or Path(os.environ.get("SIRA_BINARY", ROOT / ".build/debug/sira"))
        self.provider = Provider()
        self.keys: list[str] = []
        self.gateway: subprocess.Popen | None = None

    async def start(self) -> None:
        port = await self.provider.start()
        path = Path(self.folder) / "sira.yaml"
        path.write_text(json.dumps(settings(port, self.api_port, self.admin_port, self.folder, self.token, self.more), indent=1))
        self.log = open(Path(self.folder) / "sira.log", "wb")
        environment = {name: value for name, value in os.environ.items() if not name.endswith(("_API_KEY", "_BASE_URL"))}
        self.gateway = subprocess.Popen([self.binary, "serve", "--config", path], stdout=self.log, stderr=self.log, env=environment)
        for _ in range(200):
            with contextlib.suppress(OSError, AssertionError):
                status = await asyncio.to_thread(self.ready)
                if status == 200:
                    return
            if self.gateway.poll() is not None:
                break
            await asyncio.sleep(0.1)
        raise RuntimeError(Path(self.folder, "sira.log").read_text())

    def ready(self) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin_port}/health/ready", timeout=2) as answer:
            return answer.status

    def admin(self, method: str, path: str, body: dict | None = None) -> dict:
        request = urllib.request.Request(f"http://127.0.0.1:{self.admin_port}/api/v1{path}", method=method)
        request.add_header("content-type", "application/json")
        if self.token:
            request.add_header("authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, json.dumps(body or {}).encode() if method != "GET" else None, timeout=20) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode()}") from error

    def settle(self) -> None:
        """Makes tenants, keys and budgets."""
        organization = self.admin("POST", "/organizations", {"name": "Acme"})["id"]
        for team in ["payments", "support", "research"]:
            team_id = self.admin("POST", "/teams", {"name": team, "organization": organization})["id"]
            self.admin("POST", "/budgets", {"name": f"{team}, monthly", "scope": f"team:{team_id}", "amount": "25", "period": "month"})
            for project in ["production", "evaluation"]:
                project_id = self.admin("POST", "/projects", {"name": f"{team}-{project}", "team": team_id})["id"]
                for key in ["web", "batch"]:
                    made = self.admin("POST", "/keys", {"name": f"{team}-{project}-{key}", "project": project_id,
                        "tags": [project], "priority": "interactive" if key == "web" else "batch"})
                    self.keys.append(made["key"])

    def until_booked(self, count: int, query: str = "") -> list[dict]:
        """Waits until so many requests are in the books, the newest of which it returns."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            found = self.admin("GET", f"/requests?limit=200&lines=false&q={query}")["requests"]
            if len(found) >= count:
                return found
            time.sleep(0.1)
        raise RuntimeError(f"{len(found)} of {count} requests are in the books")

    async def call(self, key: str, body: dict, headers: dict | None = None,
                   path: str = "/v1/chat/completions") -> tuple[int, bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.api_port)
        data = json.dumps(body).encode()
        extra = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        writer.write((f"POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\nconnection: close\r\n{extra}"
                      f"content-type: application/json\r\ncontent-length: {len(data)}\r\n\r\n").encode() + data)
        await writer.drain()
        answer = await reader.read()
        writer.close()
        return int(answer.split(b" ", 2)[1] or 0) if answer else 0, answer.split(b"\r\n\r\n", 1)[-1]

    async def traffic(self, rate: float) -> None:
        """Requests as people send them: most to `auto`, some to models by name, a few that are wrong."""
        names = ["auto"] * 5 + ["best"] + [model for models in MODELS.values() for model in models]
        under_way: set[asyncio.Task] = set()
        while True:
            prompt, most = random.choice(TASKS)
            body = {"model": random.choice(names), "max_tokens": most, "stream": random.random() < 0.5,
                    "messages": [{"role": "user", "content": prompt}], "user": f"user-{random.randint(1, 30)}"}
            if body["stream"]:
                body["stream_options"] = {"include_usage": True}
            if random.random() < 0.02:
                body["model"] = "no-such-model"
            # The later keys are used less.
            key = self.keys[min(int(random.expovariate(1) * len(self.keys) / 3), len(self.keys) - 1)]
            task = asyncio.create_task(self.call(key, body, {"x-session-id": f"s{random.randint(1, 40)}"}))
            under_way.add(task)
            task.add_done_callback(lambda done: (under_way.discard(done), done.cancelled() or done.exception()))
            await asyncio.sleep(random.expovariate(rate))

    def stop(self) -> None:
        if self.gateway and self.gateway.poll() is None:
            self.gateway.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.gateway.wait(10)
            self.gateway.kill()
        self.log.close()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--admin", type=int, default=18_081)
    parser.add_argument("--api", type=int, default=18_080)
    parser.add_argument("--rate", type=float, default=8, help="requests a second")
    parser.add_argument("--token", help="the admin token; without it the admin listener is open to this machine")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sira-world-") as folder:
        world = World(folder, arguments.api, arguments.admin, arguments.token)
        try:
            await world.start()
            await asyncio.to_thread(world.settle)
            print(f"console http://127.0.0.1:{arguments.admin}  API http://127.0.0.1:{arguments.api}/v1  key {world.keys[0]}", flush=True)
            await world.traffic(arguments.rate)
        finally:
            world.stop()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        sys.exit(0)
