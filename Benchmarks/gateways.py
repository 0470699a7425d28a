"""The gateways that are measured: nginx and Sira."""

import contextlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from payloads import MODEL, ROUTE, chat_body
from processes import BenchError, ask, free_port, spawn, stop

START_LIMIT = 15  # seconds


class Gateway:
    """Something that passes requests on to the mock. A fresh process for every run: none is measured with
    the memory of the run before, and while one is measured the others do not exist."""

    def __init__(self, name: str, mock_port: int, folder: Path, core: int):
        self.name = name
        self.mock_port = mock_port
        self.folder = folder
        self.core = core
        self.port = 0
        self.headers: dict[str, str] = {}
        self.process: subprocess.Popen | None = None
        self.start_ms = 0.0
        folder.mkdir()
        self.log_path = folder / "log.txt"

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        return dict(os.environ)

    def launch(self) -> None:
        self.port = free_port()
        command = self.command()
        with open(self.log_path, "wb") as log:
            self.process = spawn(self.core, command, env=self.environment(),
                                 stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def wait_for_200(self, method: str, path: str, body: bytes | None) -> None:
        deadline = time.monotonic() + START_LIMIT
        last = "no answer"
        headers = {"Content-Type": "application/json", **self.headers}
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise self.failure(f"ended with status {self.process.returncode}")
            try:
                status, text = ask(self.port, method, path, body, headers)
            except OSError:
                time.sleep(0.002)
                continue
            if status == 200:
                return
            last = f"HTTP {status}: {text[:300].decode(errors='replace')}"
            time.sleep(0.01)
        raise self.failure(f"{method} {path} did not answer 200 within {START_LIMIT} s; last: {last}")

    def failure(self, what: str) -> BenchError:
        log = self.log_path.read_text(errors="replace").strip().splitlines()[-12:]
        return BenchError("\n    ".join([f"{self.name} {what}", *log]))

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        started = time.monotonic()
        self.launch()
        try:
            self.wait_for_200("POST", "/v1/chat/completions", chat_body(1000))
            self.start_ms = (time.monotonic() - started) * 1000
            yield
        finally:
            stop(self.process)


class Nginx(Gateway):
    """A plain reverse proxy: what passing the bytes on costs when nothing else is done."""

    def command(self) -> list[str]:
        # The worker gives up root for a user who cannot enter the temporary folder, unless told not to.
        user = "user root;" if os.geteuid() == 0 else ""
        configuration = f"""
            {user}
            daemon off;
            worker_processes 1;
            pid {self.folder}/nginx.pid;
            error_log stderr crit;
            events {{ worker_connections 16384; }}
            http {{
                access_log off;
                keepalive_requests 1000000000;
                keepalive_timeout 600s;
                client_body_buffer_size 256k;
                client_max_body_size 64m;
                client_body_temp_path {self.folder}/body;
                proxy_temp_path {self.folder}/proxy;
                fastcgi_temp_path {self.folder}/fastcgi;
                uwsgi_temp_path {self.folder}/uwsgi;
                scgi_temp_path {self.folder}/scgi;
                upstream mock {{
                    server 127.0.0.1:{self.mock_port};
                    keepalive 1024;
                    keepalive_requests 1000000000;
                    keepalive_timeout 600s;
                }}
                server {{
                    listen 127.0.0.1:{self.port} backlog=4096;
                    location / {{
                        proxy_pass http://mock;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_buffering off;
                        proxy_read_timeout 600s;
                    }}
                }}
            }}
        """
        path = self.folder / "nginx.conf"
        path.write_text(configuration)
        return ["nginx", "-p", str(self.folder), "-c", str(path)]


def sira_configuration(mock_port: int, places: int = 20) -> str:
    models = [MODEL] + [f"place-{number}" for number in range(places)]
    return json.dumps({
        "providers": {"bench": {
            "protocol": "openai", "base_url": f"http://127.0.0.1:{mock_port}/v1", "models": models,
        }},
        "models": {
            name: {"provider": "bench", "price": {"input": 2.5 + place, "output": 10}} for place, name in enumerate(models)
        },
        **(routes(models[1:]) if places else {}),
        "server": {"lanes": 1},
    }, indent=2)


def routes(models: list[str]) -> dict:
    """A route whose rules have to look at the prompt, and do not hold."""
    return {"routes": {ROUTE: {
        "targets": models,
        "strategy": "cheapest",
        "rules": [
            {"if": "tokens > 100k or images", "targets": models[:1]},
            {"if": "language == 'zh' and task == 'code'", "strategy": "quality"},
        ],
    }}}


class Sira(Gateway):
    def __init__(self, name: str, mock_port: int, folder: Path, core: int, binary: Path):
        super().__init__(name, mock_port, folder, core)
        self.binary = binary
        self.data = folder / "data"
        self.data_with_key = folder / "data-with-key"
        self.admin_port = 0
        self.create_key()

    def command(self) -> list[str]:
        self.admin_port = free_port()
        # Every run starts from the same data: nothing but the key. Records left from the run before
        # would be taken up again at the start and cost time in this one.
        shutil.rmtree(self.data, ignore_errors=True)
        if self.data_with_key.exists():
            shutil.copytree(self.data_with_key, self.data)
        else:
            self.data.mkdir()
        path = self.folder / "sira.yaml"
        path.write_text(sira_configuration(self.mock_port))
        # A baseline from before there were routes is measured in all else.
        if subprocess.run([self.binary, "check", "--config", path], capture_output=True).returncode != 0:
            path.write_text(sira_configuration(self.mock_port, places=0))
        return [str(self.binary), "serve"]

    def environment(self) -> dict[str, str]:
        return dict(os.environ,
                    SIRA_DATA_DIR=str(self.data),
                    SIRA_API_ADDRESS=f"127.0.0.1:{self.port}",
                    SIRA_ADMIN_ADDRESS=f"127.0.0.1:{self.admin_port}",
                    SIRA_CONFIG=str(self.folder / "sira.yaml"))

    def create_key(self) -> None:
        self.launch()
        try:
            self.wait_for_200("GET", "/health/ready", None)
            made = subprocess.run([str(self.binary), "keys", "create", "--name", "bench", "--json"],
                                  env=self.environment(), capture_output=True, text=True, timeout=START_LIMIT)
            if made.returncode != 0:
                raise BenchError(f"{self.name} keys create failed: {(made.stderr or made.stdout).strip()}")
            self.headers = {"Authorization": f"Bearer {json.loads(made.stdout)['key']}"}
        finally:
            stop(self.process)
        self.data.rename(self.data_with_key)
