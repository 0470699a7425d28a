"""A world of its own for each module of tests, and pages that notice what must not happen."""

import asyncio
import os
import re
import socket
import threading
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from world import World


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Running:
    """A world on a thread of its own, since the browser's driver wants this one."""

    def __init__(self, folder: str, **more) -> None:
        self.world = World(folder, free_port(), free_port(), **more)
        self.loop = asyncio.new_event_loop()
        self.under_way = []
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.run(self.world.start())
        self.address = f"http://127.0.0.1:{self.world.admin_port}"
        self.api = f"http://127.0.0.1:{self.world.api_port}/v1"

    def run(self, work, timeout: float = 60):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout)

    def begin(self, work) -> None:
        self.under_way.append(asyncio.run_coroutine_threadsafe(work, self.loop))

    def call(self, key: str, **body) -> tuple[int, bytes]:
        usual = {"model": "auto", "max_tokens": 20, "messages": [{"role": "user", "content": "Good morning."}]}
        return self.run(self.world.call(key, usual | body))

    def stop(self) -> None:
        for work in self.under_way:
            work.cancel()
        self.world.stop()
        self.loop.call_soon_threadsafe(self.loop.stop)


def owner(running, browser):
    """Makes the owner's account, and gives the browser that is signed in with it."""
    code = re.search(r"/setup#code=([\w-]+)", Path(running.world.folder, "sira.log").read_text())[1]
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce", locale="en-US")
    answer = context.request.post(running.address + "/api/v1/setup", headers={"x-sira-console": "1"}, data={
        "code": code, "name": "Ada Lovelace", "email": "ada@example.com", "password": "a difference engine 1842",
        "language": "en"})
    assert answer.ok, answer.text()
    return context


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """Makes worlds in which nothing has been set up yet."""
    running = []

    def start(**more):
        running.append(Running(str(tmp_path_factory.mktemp("world")), **more))
        return running[-1]

    yield start
    for world in running:
        world.stop()


@pytest.fixture(scope="module")
def world(fresh):
    """A world with tenants, keys, budgets and some requests a second."""
    running = fresh()
    running.world.settle()
    running.begin(running.world.traffic(6))
    return running


class Watched:
    """A page, and everything about it that is a fault: errors of scripts, breaches of the policy, calls to elsewhere."""

    def __init__(self, context, address: str) -> None:
        self.page = context.new_page()
        self.address = address
        self.faults: list[str] = []
        #: Refusals of the gateway that the test expects, by a part of their address. That there is no subscription is
        #: told by 404.
        self.expected = {"/subscription"}
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("console", self.heard)
        self.page.on("request", self.asked)
        self.page.on("response", self.answered)

    def heard(self, message) -> None:
        # Refused requests are told by `answered`, with their address.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def asked(self, request) -> None:
        if not request.url.startswith((self.address + "/", "blob:" + self.address)):
            self.faults.append(f"left the machine: {request.url}")

    def answered(self, response) -> None:
        if response.status >= 400 and not any(part in response.url for part in self.expected):
            self.faults.append(f"{response.status}: {response.url}")

    def open(self, path: str):
        self.page.goto(self.address + path)
        self.page.wait_for_selector("main, .door")
        return self.page


@pytest.fixture
def visit(browser):
    """Opens a page of a world as a reader with a browser of their own; what is wrong with it fails the test."""
    opened = []

    def visit(running, path="/", width=1440, theme="light", language="en", context=None):
        if context is None:
            context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce",
                                          permissions=["clipboard-read", "clipboard-write"])
            context.add_init_script(
                f"try {{ localStorage.ui ??= JSON.stringify({{theme: '{theme}', lang: '{language}'}}) }} catch {{}}"
            )
        watched = Watched(context, running.address)
        opened.append(watched)
        watched.open(path)
        return watched

    yield visit
    for watched in opened:
        watched.page.context.close()
    faults = [fault for watched in opened for fault in watched.faults]
    assert not faults, "\n".join(faults)
