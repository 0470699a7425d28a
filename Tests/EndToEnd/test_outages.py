"""The database is away for a while, or the disk is full: requests go on, and in the end all is booked once.

`OUTAGE_SECONDS=600` makes the outages as long as one that nobody notices at night.
"""

import asyncio
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager

import pytest

from gateway import Gateway, provider, wait_until
from http1 import call, chat, get, request
from tenants import insert, settle

CHAT = "/v1/chat/completions"
SECONDS = float(os.environ.get("OUTAGE_SECONDS", "20"))
#: How long a client waits before it asks again; longer outages need no more requests in a second.
PAUSE = 0.05 if SECONDS < 60 else 0.3
#: A dollar is gone after some 150 answers.
PRICED = {"fake": {"provider": "fake", "price": {"input": 1, "output": 2000}}}
DOLLAR = 1_000_000_000


class Load:
    """Clients that ask for one stream after another, and what became of each request."""

    def __init__(self, gateway):
        self.gateway = gateway
        self.answered = {}  #: words by id, of answers that came complete
        self.refused = {}  #: status by id
        self.faults = []
        self.going = True

    async def client(self, key, seed, pause):
        chance = random.Random(seed)
        while self.going:
            try:
                await self.ask(key, chance.randint(1, 6))
            except (OSError, asyncio.IncompleteReadError) as error:
                self.faults.append(repr(error))
            await asyncio.sleep(pause)

    async def ask(self, key, words):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.gateway.port)
        try:
            writer.write(request("POST", CHAT, chat(text=f"say {words}", stream=True), key))
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            identifier = next(line[19:] for line in head.split("\r\n") if line.startswith("x-sira-request-id: "))
            if not head.startswith("HTTP/1.1 200 "):
                self.refused[identifier] = int(head.split(" ")[1])
                return
            await reader.readuntil(b"data: [DONE]\n\n")
            self.answered[identifier] = words
            await reader.readuntil(b"0\r\n\r\n")
        finally:
            writer.close()


def status(gateway):
    answer = get(gateway.admin_port, "/api/status")
    assert answer.status == 200, answer.body
    return answer.json()


def booked_once(gateway, load, seconds=60):
    """Waits until all that was answered is in the ledger, and fails where something is there twice or otherwise."""
    wanted = {**load.answered, **load.refused}

    def count():
        return gateway.query("SELECT count(*) AS n FROM requests WHERE is_final")[0]["n"] >= len(wanted)

    wait_until(count, f"{len(wanted)} rows", seconds)
    final = Counter()
    rows = {}
    for row in gateway.ledger():
        if row["is_final"]:
            final[row["id"]] += 1
            rows[row["id"]] = row
    missing = [identifier for identifier in wanted if identifier not in final]
    assert not missing, f"{len(missing)} of {len(wanted)} are not in the books"
    assert max(final.values()) == 1
    wrong = [rows[identifier] for identifier, words in load.answered.items() if rows[identifier]["output"] != words]
    assert not wrong, wrong[:3]
    sums = gateway.query(
        "SELECT period, sum(requests) AS n, sum(cost) AS cost FROM rollups WHERE view = 0 AND tag = '' GROUP BY 1"
    )
    whole = (len(final), sum(row["cost"] or 0 for row in gateway.ledger()))
    assert [(line["n"], line["cost"]) for line in sums] == [whole] * 3, (sums, whole)
    return rows


# MARK: the database

@contextmanager
def written_to(gateway):
    """Another process is writing to the database and does not finish: it can be read, and not written."""
    connection = sqlite3.connect(gateway.database, timeout=30, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    yield
    connection.execute("ROLLBACK")
    connection.close()


@contextmanager
def locked(gateway):
    """Another process holds all locks of SQLite's write-ahead log: the database can be neither read nor written."""
    script = (
        "import fcntl, sys\n"
        "file = open(sys.argv[1], 'r+b')\n"
        "fcntl.lockf(file, fcntl.LOCK_EX, 8, 120)\n"  # https://sqlite.org/walformat.html#locks
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, f"{gateway.database}-shm"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout.readline() == b"held\n"
    yield
    holder.stdin.close()
    holder.wait(10)


@contextmanager
def moved(gateway):
    """The files are somewhere else for a while."""
    elsewhere = gateway.directory / "elsewhere"
    elsewhere.mkdir()
    names = ["sira.db", "sira.db-wal", "sira.db-shm"]
    for name in names:
        (gateway.data / name).rename(elsewhere / name)
    yield
    for name in names:
        (elsewhere / name).rename(gateway.data / name)


async def through(gateway, keys, outage, load):
    """Load before, during and after an outage; what the admin listener said during it."""
    clients = [load.client(keys["rich"], seed, PAUSE) for seed in range(4)]
    clients += [load.client(keys["poor"], seed, 2 * PAUSE) for seed in range(4, 6)]
    tasks = [asyncio.create_task(client) for client in clients]
    await asyncio.sleep(1)
    said = []
    with outage(gateway):
        began, before = time.monotonic(), len(load.answered)
        while time.monotonic() < began + SECONDS:
            asked, answered = time.monotonic(), len(load.answered)
            told = await asyncio.to_thread(status, gateway)
            said.append((time.monotonic() - asked, told["journal"], answered))
            asked = time.monotonic()
            metrics = (await asyncio.to_thread(get, gateway.admin_port, "/metrics")).body
            assert b"\nsira_journal_records " in metrics and time.monotonic() - asked < 3
            await asyncio.sleep(max(0.5, SECONDS / 40))
        during = len(load.answered) - before
    ended = time.monotonic()
    while (await asyncio.to_thread(status, gateway))["journal"]["records"] > 500 and time.monotonic() < ended + 120:
        await asyncio.sleep(0.2)
    caught_up = time.monotonic() - ended
    await asyncio.sleep(1)
    load.going = False
    await asyncio.gather(*tasks)
    return said, during, caught_up


@pytest.mark.parametrize("outage", [written_to, locked, moved], ids=lambda outage: outage.__name__)
def test_the_database_is_away(start, outage):
    gateway = start({"models": PRICED, "logging": {"requests": False}}, keyed=False)
    keys = {name: gateway.new_key(name) for name in ("rich", "poor")}
    insert(gateway, "budget", "bud_dollar", scope=f"key:{keys['poor']['id']}", amount="1.00", period="total")
    settle()
    load = Load(gateway)
    texts = {name: key["key"] for name, key in keys.items()}
    said, during, caught_up = asyncio.run(through(gateway, texts, outage, load))

    assert not load.faults, load.faults[:3]
    # Requests go on in every part of the outage, keys go on working, and the budget goes on being kept.
    parts = [answered for _, _, answered in said][:: max(1, len(said) // 5)]
    assert all(later > earlier for earlier, later in zip(parts, parts[1:])), parts
    assert set(load.refused.values()) <= {402, 429}, Counter(load.refused.values())
    rows = booked_once(gateway, load)
    spent = sum(row["charge"] or 0 for row in rows.values() if row["key"] == keys["poor"]["id"])
    assert 0.9 * DOLLAR <= spent <= 1.05 * DOLLAR, spent
    assert load.refused, "the budget was never used up"
    journal = [told for _, told, _ in said]
    print(
        f"{outage.__name__} for {SECONDS:g} s: {during} answered meanwhile, {len(load.answered)} in all, "
        f"{len(load.refused)} refused by the budget; journal {journal[-1]['records']} records, {journal[-1]['bytes']} "
        f"bytes, oldest {journal[-1]['oldest_seconds']} s; caught up in {caught_up:.1f} s; "
        f"slowest status {max(took for took, _, _ in said):.2f} s; spent {spent / DOLLAR:.6f} of 1"
    )
    if outage is not moved:  # An open file can be written wherever it is.
        assert journal[-1]["records"] >= 0.9 * during and journal[-1]["oldest_seconds"] > 0.8 * SECONDS - 2, journal[-1]
        assert len(journal) < 5 or journal[-1]["bytes"] > 2 * journal[0]["bytes"], journal
    wait_until(lambda: status(gateway)["journal"]["records"] == 0, "an empty journal")
    assert gateway.stop() == 0


async def killed(gateway, key, load):
    """Load while nobody can write to the database, and the end of the process before that is over."""
    tasks = [asyncio.create_task(load.client(key, seed, PAUSE)) for seed in range(4)]
    await asyncio.sleep(0.5)
    with written_to(gateway):
        await asyncio.sleep(min(SECONDS, 5))
        load.going = False
        await asyncio.to_thread(gateway.kill)
        await asyncio.gather(*tasks)


def test_a_crash_while_the_database_is_away(start):
    gateway = start({"models": PRICED, "logging": {"requests": False}})
    load = Load(gateway)
    asyncio.run(killed(gateway, gateway.text, load))
    in_time = {row["id"] for row in gateway.ledger()}
    behind = len(set(load.answered) - in_time)
    assert behind > 0.5 * len(load.answered) > 10, (behind, len(load.answered))
    gateway.start()
    # The crash may have taken answers that nobody saw, whose rows are there all the same.
    wait_until(lambda: set(load.answered) <= {row["id"] for row in gateway.ledger()}, "the booking of the rest", 30)
    rows = [row["id"] for row in gateway.ledger() if row["is_final"]]
    assert len(rows) == len(set(rows))
    print(f"{behind} of {len(load.answered)} answers were in the journal alone when the process was killed")


# MARK: the disk

#: Bytes of a small disk: room for what is kept in memory, three times over.
DISK = 192_000_000
#: Words of a key that make each of its records some 60 KB long, so that memory is used up soon.
TAGS = [f"{number:02}-" + "x" * 1_000 for number in range(60)]
MEMORY = 16 << 20


@contextmanager
def small_disk(directory):
    """A file system of its own in memory; skipped where it cannot be had."""
    directory.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a small disk")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=700", "tmpfs", directory], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", directory], check=True)


def fill(path):
    """Takes all the room that there is."""
    with open(path, "wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                pass


def test_the_disk_is_full(tmp_path, upstream):
    config = {
        "server": {"lanes": 1}, "models": PRICED, "logging": {"requests": False},
        "providers": {"fake": provider(upstream.port)},
    }
    with small_disk(tmp_path / "sira/data"):
        gateway = Gateway(tmp_path / "sira", config)
        try:
            key = gateway.key("wordy", *(part for tag in TAGS for part in ("--tag", tag)))
            gateway.start()
            on_a_full_disk(gateway, key)
        finally:
            gateway.__exit__()


def on_a_full_disk(gateway, key):
    answered, filler = [], gateway.data / "filler"

    def ask():
        answer = call(gateway.port, CHAT, chat(text="say 2"), key)
        if answer.status == 200:
            answered.append(answer.id)
        return answer

    for _ in range(5):
        assert ask().status == 200
    wait_until(lambda: status(gateway)["journal"]["records"] == 0, "an empty journal")
    fill(filler)
    before = len(answered)
    # Records are kept in memory, and that they cannot be written is told.
    for _ in range(20):
        assert ask().status == 200
    told = status(gateway)["journal"]
    assert told["write_errors"] > 0 and not told["alarm"], told
    assert "the journal cannot be written; usage records are kept in memory" in gateway.log()
    # Up to the bound, and then new requests are refused.
    most = 2 * MEMORY // sum(len(tag) for tag in TAGS)
    refusal = next((answer for answer in (ask() for _ in range(most)) if answer.status != 200), None)
    assert refusal is not None, f"{len(answered)} answered"
    assert (refusal.status, refusal.code) == (503, "journal_full"), refusal.body
    assert "retry-after" in refusal.headers
    kept = len(answered) - before
    # A disk that is full to the last byte may have taken a few; none is refused long before the bound.
    assert 0.9 * MEMORY <= kept * sum(len(tag) for tag in TAGS) <= 1.5 * MEMORY, kept
    told = status(gateway)["journal"]
    assert told["alarm"], told
    ready = get(gateway.admin_port, "/health/ready")
    assert ready.status == 503 and b"journal" in ready.body, ready.body
    assert all(ask().status == 503 for _ in range(3))
    # Once there is room, all goes on by itself.
    filler.unlink()
    wait_until(lambda: ask().status == 200, "an answer after there is room again", 20)
    assert get(gateway.admin_port, "/health/ready").status == 200
    wait_until(lambda: status(gateway)["journal"]["records"] == 0, "an empty journal", 60)
    assert not status(gateway)["journal"]["alarm"]
    final = Counter(row["id"] for row in gateway.ledger() if row["is_final"] and row["outcome"] == "ok")
    assert set(final) == set(answered) and max(final.values()) == 1
    sums = gateway.query("SELECT tag, sum(requests) AS n FROM rollups WHERE view = 0 AND period = 3 GROUP BY 1")
    # What was refused may be counted as well, as long as nothing that was answered is missing.
    assert len(sums) == 1 + len(TAGS) and min(line["n"] for line in sums) >= len(answered), sums[:3]
    print(f"{kept} answers kept in memory, {len(answered)} in all, {len(gateway.ledger())} rows")
    assert gateway.stop() == 0
