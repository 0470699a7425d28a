"""No answer that a client saw complete is missing from the books after `kill -9`, and none is there twice."""

import asyncio
import os
import random
import time

from gateway import wait_until
from http1 import chat, request
from upstream import cost

CRASHES = int(os.environ.get("CRASHES", "20"))
CLIENTS = 50


class Client:
    """Sends one streaming request after another and notes those whose answer came complete."""

    def __init__(self, port, key, complete, seed):
        self.port, self.key, self.complete = port, key, complete
        self.random = random.Random(seed)

    async def run(self):
        while True:
            try:
                await self.exchange()
            except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await asyncio.sleep(0.05)  # The gateway is down; another is on its way.

    async def exchange(self):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            while True:
                words = self.random.randint(1, 6)
                body = chat(text=f"say {words} 0.01", stream=True)
                writer.write(request("POST", "/v1/chat/completions", body, self.key))
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                assert head.startswith("HTTP/1.1 200 "), head
                identifier = next(line[19:] for line in head.split("\r\n") if line.startswith("x-sira-request-id: "))
                await reader.readuntil(b"data: [DONE]\n\n")
                # Whoever sees the last event has been answered, whatever becomes of the connection.
                self.complete[identifier] = words
                await reader.readuntil(b"0\r\n\r\n")
        finally:
            writer.close()


async def crash_repeatedly(gateway, key, complete):
    chance = random.Random(7)
    clients = [asyncio.create_task(Client(gateway.port, key, complete, seed).run()) for seed in range(CLIENTS)]
    for _ in range(CRASHES):
        await asyncio.sleep(chance.uniform(0.1, 0.6))
        await asyncio.to_thread(gateway.kill)
        await asyncio.to_thread(gateway.start)
    await asyncio.sleep(0.5)
    for client in clients:
        client.cancel()
    results = await asyncio.gather(*clients, return_exceptions=True)
    failures = [result for result in results if not isinstance(result, asyncio.CancelledError)]
    assert not failures, failures[:3]


def test_every_complete_answer_is_in_the_books_once_after_crashes(start):
    gateway = start({"logging": {"requests": False}})
    key = gateway.text
    complete = {}
    asyncio.run(crash_repeatedly(gateway, key, complete))
    assert len(complete) > CRASHES, "hardly anything was answered between the crashes"
    assert gateway.stop() == 0
    gateway.start()

    def missing():
        found = {row["id"] for row in gateway.ledger()}
        return [identifier for identifier in complete if identifier not in found]

    deadline = time.monotonic() + 20
    while missing() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not missing(), f"{len(missing())} of {len(complete)} answers are not in the books: {missing()[:5]}"

    final = {}
    for row in gateway.ledger():
        if row["is_final"]:
            assert row["id"] not in final, f"{row['id']} is in the books twice"
            final[row["id"]] = row
    for identifier, words in complete.items():
        row = final[identifier]
        assert (row["output"], row["cost"], row["outcome"]) == (words, cost(words), "ok"), row

    # Sums are kept beside the rows; a batch that was shipped twice would show in them.
    def booked():
        sums = gateway.query(
            "SELECT period, SUM(requests) AS requests, SUM(output) AS output, SUM(cost) AS cost"
            " FROM rollups WHERE view = 0 AND tag = '' GROUP BY period"
        )
        rows = gateway.query(
            "SELECT SUM(is_final) AS requests, SUM(output) AS output, SUM(COALESCE(cost, 0)) AS cost FROM requests"
        )[0]
        return sums and all({name: total[name] for name in rows} == rows for total in sums)

    wait_until(booked, "the agreement of rows and sums")
