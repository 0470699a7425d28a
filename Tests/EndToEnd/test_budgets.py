"""Nobody spends more than a budget has, however many ask at once, and nothing stays reserved after a crash."""

import asyncio
import random
import time

from http1 import chat, request
from tenants import insert, settle

CLIENTS = 64
#: Dollars a million tokens, so that a few hundred answers use a dollar up.
PRICED = {"fake": {"provider": "fake", "price": {"input": 1, "output": 200}}}
DOLLAR = 1_000_000_000


class Spender:
    """Asks for one stream after another, of lengths that nobody knows before, until the money is gone."""

    def __init__(self, gateway, key, seed):
        self.gateway, self.key = gateway, key
        self.random = random.Random(seed)
        self.answered = self.refused = 0

    async def run(self, until):
        while time.monotonic() < until and self.refused < 8:
            try:
                await self.exchange()
            except (OSError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.05)  # The gateway is down; another is on its way.

    async def exchange(self):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.gateway.port)
        try:
            words = self.random.choice([1, 3, 8, 20, 60])
            writer.write(request("POST", "/v1/chat/completions", chat(text=f"say {words} 0.002", stream=True), self.key))
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            status = int(head.split(" ")[1])
            if status == 200:
                await reader.readuntil(b"0\r\n\r\n")
                self.answered += 1
                self.refused = 0
                return
            assert status in (402, 429), head
            self.refused += 1
            await asyncio.sleep(0.1)
        finally:
            writer.close()


async def spend(gateway, key, crash_after=None):
    spenders = [Spender(gateway, key, seed) for seed in range(CLIENTS)]
    tasks = [asyncio.create_task(one.run(time.monotonic() + 60)) for one in spenders]
    if crash_after:
        await asyncio.sleep(crash_after)
        await asyncio.to_thread(gateway.kill)
        await asyncio.to_thread(gateway.start)
    await asyncio.gather(*tasks)
    return sum(one.answered for one in spenders)


def spent(gateway):
    """Nano-dollars that the ledger has, once it has all."""
    before = -1
    while True:
        total = gateway.query("SELECT coalesce(sum(charge), 0) AS total FROM requests")[0]["total"]
        if total == before:
            return total
        before = total
        time.sleep(0.6)


def test_many_clients_at_once_do_not_overspend_a_dollar(start):
    gateway = start({"models": PRICED}, keyed=False)
    key = gateway.new_key()
    insert(gateway, "budget", "bud_dollar", scope=f"key:{key['id']}", amount="1.00", period="total")
    settle()
    answered = asyncio.run(spend(gateway, key["key"]))
    total = spent(gateway)
    assert answered > 50
    assert total <= 1.05 * DOLLAR
    assert total >= 0.9 * DOLLAR, "money that could have been spent was kept back"


def test_a_crash_leaves_nothing_reserved_and_forgets_nothing_spent(start):
    gateway = start({"models": PRICED}, keyed=False)
    key = gateway.new_key()
    insert(gateway, "budget", "bud_dollar", scope=f"key:{key['id']}", amount="1.00", period="total")
    settle()
    asyncio.run(spend(gateway, key["key"], crash_after=1.0))
    total = spent(gateway)
    assert 0.9 * DOLLAR <= total <= 1.1 * DOLLAR
