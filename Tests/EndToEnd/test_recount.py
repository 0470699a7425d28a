"""Roll-ups are what a recount of the ledger's rows gives, however often the process was killed while it wrote them."""

import asyncio
import os
import random

from gateway import provider, wait_until
from http1 import chat, message, request
from recount import differences
from tenants import insert
from test_crash import Client

CRASHES = int(os.environ.get("CRASHES", "10"))
CLIENTS = 24

#: What is asked: the behaviour, the model, and how often.
ASKED = [
    ("say 3", "fake", 8), ("say 5", "second", 8), ("say 2", "quick", 4), ("say 4", "unpriced", 3),
    ("claude 2", "searched", 3), ("status 400", "fake", 1), ("status 500", "fake", 1), ("status 429", "second", 1),
    ("figures completion_tokens=4", "fake", 1), ("reset 1", "fake", 1), ("close 2", "second", 1),
    ("say 1", "nobody's-model", 1), ("status 404", "fake/made-up-model", 1),
]


class Mixed(Client):
    """Asks for one thing after another, good and bad, whole and streamed, with tags and end users."""

    async def exchange(self):
        text, model, _ = self.random.choices(ASKED, [weight for _, _, weight in ASKED])[0]
        stream = self.random.random() < 0.7
        body = chat(model, text, stream=stream)
        path = "/v1/chat/completions"
        if model == "searched":
            path, body = "/v1/messages", message(model, text, stream=stream)
        fields = {}
        if self.random.random() < 0.5:
            fields["x-sira-tags"] = ", ".join(self.random.sample(["red", "green", "blue", "red"], 2))
        if self.random.random() < 0.5:
            fields["x-sira-user"] = f"user-{self.random.randint(1, 3)}"
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            fields["connection"] = "close"
            writer.write(request("POST", path, body, self.key, fields))
            # `wait_for` would now and then lose the cancellation that ends the client.
            async with asyncio.timeout(20):
                answer = await reader.read()
            head = answer.split(b"\r\n\r\n")[0].decode()
            is_whole = head.startswith("HTTP/1.1 200 ") and (not stream or answer.endswith(b"0\r\n\r\n"))
            if is_whole and text.startswith(("say", "claude")):
                # What came in full is in the books; of the rest, a crash may have taken the row along with the answer.
                identifier = next(line[19:] for line in head.split("\r\n") if line.startswith("x-sira-request-id: "))
                self.complete[identifier] = text
        except (IndexError, StopIteration, TimeoutError):
            pass  # The gateway went down in the middle.
        finally:
            writer.close()


def tenants(gateway):
    """Keys of two organizations, with tags of their own."""
    keys = [gateway.new_key(f"key-{number}", "--tag", f"own-{number}", "--tag", "all") for number in range(4)]
    for number in range(2):
        organization, team, project = (f"{kind}_0000000000{number}" for kind in ("org", "team", "proj"))
        insert(gateway, "organization", organization, name=organization, tags=["house"])
        insert(gateway, "team", team, name=team, organization=organization)
        insert(gateway, "project", project, name=project, team=team)
        gateway.change("UPDATE keys SET project = ? WHERE id = ?", project, keys[number]["id"])
    return [key["key"] for key in keys]


async def crash_repeatedly(gateway, keys, complete):
    chance = random.Random(11)
    clients = [
        asyncio.create_task(Mixed(gateway.port, keys[seed % len(keys)], complete, seed).run())
        for seed in range(CLIENTS)
    ]
    for _ in range(CRASHES):
        await asyncio.sleep(chance.uniform(0.2, 1.2))
        await asyncio.to_thread(gateway.kill)
        await asyncio.to_thread(gateway.start)
    await asyncio.sleep(0.5)
    for client in clients:
        client.cancel()
    results = await asyncio.gather(*clients, return_exceptions=True)
    failures = [result for result in results if not isinstance(result, asyncio.CancelledError)]
    assert not failures, failures[:3]


def test_rollups_equal_a_recount_after_crashes(start, upstream):
    gateway = start({
        "logging": {"requests": False},
        "providers": {"fake": provider(upstream.port), "claude": provider(upstream.port, "anthropic", "")},
        "routing": {
            "retry": {"attempts": 2, "backoff": "1ms"}, "health": {"consecutive_failures": 0, "error_rate": "100%"},
        },
        "models": {
            "fake": {"provider": "fake", "price": {"input": 1, "output": 2}},
            "second": {"provider": "fake", "price": {"input": "0.123456789", "output": "7.7", "per_request": "0.000000001"}},
            "unpriced": {"provider": "fake"},
            "searched": {"provider": "claude", "price": {"input": 3, "output": 15, "per_search": 0.01}},
        },
        "aliases": {"quick": "fake"},
    }, keyed=False)
    keys = tenants(gateway)
    complete = {}
    asyncio.run(crash_repeatedly(gateway, keys, complete))
    assert len(complete) > 10 * CRASHES, "hardly anything was answered between the crashes"

    def missing():
        return set(complete) - {row["id"] for row in gateway.ledger() if row["is_final"]}

    wait_until(lambda: not missing(), "the booking of all complete answers", 30)
    assert gateway.stop() == 0  # ships the rest
    faults, lines = differences(gateway)
    rows = gateway.query("SELECT * FROM requests")
    print(f"{CRASHES} crashes, {len(complete)} complete answers, {len(rows)} rows, {lines} lines of roll-ups")
    assert not faults, f"{len(faults)} of {lines}:\n" + "\n".join(faults[:10])
    # A recount sees a single token too many.
    gateway.change("UPDATE rollups SET output = output + 1 WHERE period = 3 AND view = 1 AND tag = 'blue'")
    assert differences(gateway)[0]
    # There was something of everything to count.
    for names in ("organization", "requested_model", "provider", "key", "user"):
        assert len({row[names] for row in rows}) > 2, names
    assert any(not row["is_final"] for row in rows) and any(row["cost"] is None for row in rows)
    assert {"own-0", "all", "red"} <= {line["tag"] for line in gateway.query("SELECT DISTINCT tag FROM rollups")}
    assert len(rows) == len({(row["request"], row["attempt"]) for row in rows})
