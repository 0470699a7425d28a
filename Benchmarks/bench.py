#!/usr/bin/env python3
"""Measures Sira beside nginx, in the same run, on the same two cores.

The gateway has one core for itself; the mock provider and the load generator share the other. Rounds of the
gateways alternate, and each figure is the median of its rounds, so that a machine that speeds up or slows
down during the run does so for all of them. README.md says how to read the result.
"""

import argparse
import contextlib
import ctypes
import http.client
import json
import os
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = HERE / ".build"
MODEL = "bench-model"
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
START_LIMIT = 15  # seconds


class BenchError(Exception):
    """Something the person at the keyboard can act on."""


# ---- Child processes ------------------------------------------------------------------------------------

children: list[subprocess.Popen] = []
libc = ctypes.CDLL(None)


def die_with_parent() -> None:
    """Runs in the child: the kernel ends it when this script ends, even by kill -9."""
    pr_set_pdeathsig = 1
    libc.prctl(pr_set_pdeathsig, signal.SIGTERM)


def spawn(core: int, command: list[str], **options) -> subprocess.Popen:
    process = subprocess.Popen(["taskset", "-c", str(core), *command], preexec_fn=die_with_parent, **options)
    children.append(process)
    return process


def stop(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
    if process in children:
        children.remove(process)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port: int, method: str, path: str, body: bytes | None = None, headers: dict | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


# ---- What the kernel says of a process tree -------------------------------------------------------------

def process_tree(root: int) -> list[int]:
    children_of: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                children_of.setdefault(int(stat_fields(int(entry))[1]), []).append(int(entry))
    tree = [root]
    for pid in tree:
        tree += children_of.get(pid, [])
    return tree


def stat_fields(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, which may itself hold blanks and brackets."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def cpu_seconds(root: int) -> float:
    """CPU time of the tree, and of those of its processes that have already ended."""
    ticks = 0
    for pid in process_tree(root):
        with contextlib.suppress(OSError):  # it may end while we look
            user, system, ended_user, ended_system = stat_fields(pid)[11:15]
            ticks += int(user) + int(system) + int(ended_user) + int(ended_system)
    return ticks / TICKS_PER_SECOND


def resident_mb(root: int) -> float:
    kilobytes = 0
    for pid in process_tree(root):
        with contextlib.suppress(OSError):  # it may end while we look
            status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
            kilobytes += int(status.get("VmRSS", "0 kB").split()[0])
    return kilobytes / 1024


# ---- Gateways -------------------------------------------------------------------------------------------

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


def sira_configuration(mock_port: int) -> str:
    return f"""\
providers:
  bench:
    protocol: openai
    base_url: http://127.0.0.1:{mock_port}/v1
    models: [{MODEL}]
models:
  {MODEL}:
    provider: bench
    price: {{input: 2.5, output: 10}}
server:
  lanes: 1
"""


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
        (self.folder / "sira.yaml").write_text(sira_configuration(self.mock_port))
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


# ---- Requests -------------------------------------------------------------------------------------------

WORDS = "the gateway reads a prompt, picks a model that can answer it and passes every byte on unchanged; ".split()


def prompt(size: int) -> str:
    text = " ".join(WORDS * (size // 90 + 1))
    return text[:size]


def chat_body(size: int, chunks: int = 0, gap_us: int = 0, protocol: str = "openai") -> bytes:
    """A request of about `size` bytes; with `chunks`, one for a stream of so many, that far apart."""
    system = "You are a helpful assistant."
    user: list[dict] = [{"role": "user", "content": ""}]
    body: dict = {"model": MODEL, "max_tokens": 512, "temperature": 0.7}
    if protocol == "anthropic":
        body |= {"system": system, "messages": user}
    else:
        body |= {"messages": [{"role": "system", "content": system}, *user]}
    if chunks:
        body["stream"] = True
        if protocol == "openai":
            body["stream_options"] = {"include_usage": True}
    directive = f"BENCH chunks={chunks} gap_us={gap_us}\n" if chunks else ""
    room = size - len(json.dumps(body)) - len(directive)
    user[0]["content"] = directive + prompt(max(room, 0))
    return json.dumps(body).encode()


# ---- Measurements ---------------------------------------------------------------------------------------

@dataclass
class Run:
    """One round of one gateway (or of the mock alone, which has no CPU time or memory that matters)."""
    load: dict
    cpu_s: float = 0
    start_ms: float = 0
    idle_mb: float = 0
    loaded_mb: float = 0
    forwarded: int = 0

    def per(self, what: str) -> float:
        """CPU microseconds for each answer or chunk."""
        return self.cpu_s * 1e6 / self.load[what] if self.load[what] else float("nan")

    def rate(self, what: str) -> float:
        return self.load[what] / self.load["seconds"]

    def quantile(self, of: str, which: str) -> float:
        return self.load[of][which] if self.load[of]["count"] else float("nan")

    def kb_per_stream(self) -> float:
        return (self.loaded_mb - self.idle_mb) * 1024 / self.load["connections"]


@dataclass
class Figure:
    label: str
    unit: str
    value: Callable[[Run], float]
    added: bool = False  # what the gateway adds to the mock alone
    aim: str = ""        # what Sira has set itself


@dataclass
class Measurement:
    name: str
    title: str
    figures: list[Figure]
    body: bytes
    connections: int
    path: str = "/v1/chat/completions"
    rate: int = 0
    chunks: int = 0           # of a whole answer, checked by the load generator
    endless: bool = False     # the streams are still open when the run ends
    headers: dict[str, str] = field(default_factory=dict)
    ramp: float = 0
    direct: bool = False      # measure the mock alone too
    rounds: tuple[int, int] = (3, 5)             # quick, full
    seconds: tuple[float, float] = (0.6, 2.0)    # quick, full
    runs: dict[str, list[Run]] = field(default_factory=dict)


def request_figures(aim: str = "") -> list[Figure]:
    return [
        Figure("CPU per request", "µs", lambda r: r.per("answers"), aim=aim),
        Figure("requests/s on one core", "", lambda r: r.rate("answers")),
    ]


def stream_figures(streams: int, chunks_per_s: int, jitter_aim: str = "", core_aim: str = "", memory_aim: str = "",
                   per_stream_aim: str = "") -> list[Figure]:
    wanted = streams * chunks_per_s
    return [
        Figure("chunks delivered in time", "%", lambda r: r.rate("chunks") / wanted * 100, aim="100"),
        Figure("gateway's share of its core", "%", lambda r: r.cpu_s / r.load["seconds"] * 100, aim=core_aim),
        Figure("CPU per chunk", "µs", lambda r: r.per("chunks")),
        Figure("jitter p99", "ms", lambda r: r.quantile("jitter_us", "p99") / 1000, aim=jitter_aim),
        Figure("transit p99", "ms", lambda r: r.quantile("transit_us", "p99") / 1000),
        Figure("resident memory", "MB", lambda r: r.loaded_mb),
        Figure("above idle", "MB", lambda r: r.loaded_mb - r.idle_mb, aim=memory_aim),
        Figure("above idle, per stream", "KB", Run.kb_per_stream, aim=per_stream_aim),
    ]


def all_measurements() -> list[Measurement]:
    many = 1_000_000  # chunks; more than any run waits for
    return [
        Measurement(
            "start", "Start and idle memory", [
                Figure("start to first answer", "ms", lambda r: r.start_ms, aim="≤ 500"),
                Figure("idle resident memory", "MB", lambda r: r.idle_mb, aim="≤ 60"),
            ],
            chat_body(1000), connections=1, seconds=(0.1, 0.1), rounds=(3, 7)),
        Measurement(
            "small", "1 KB requests, 64 connections, as fast as possible", request_figures("≤ 2.5 × nginx"),
            chat_body(1000), connections=64),
        Measurement(
            "large", "100 KB requests, 64 connections, as fast as possible", request_figures(),
            chat_body(100_000), connections=64),
        Measurement(
            "rate", "1 KB requests at 1,000/s", [
                Figure("added latency p50", "µs", lambda r: r.quantile("latency_us", "p50"), added=True),
                Figure("added latency p99", "µs", lambda r: r.quantile("latency_us", "p99"), added=True,
                       aim="≤ nginx + 1,000"),
                Figure("gateway's share of its core", "%", lambda r: r.cpu_s / r.load["seconds"] * 100),
            ],
            chat_body(1000), connections=64, rate=1000, direct=True, seconds=(1, 3)),
        Measurement(
            "fast", "16 streams as fast as possible", [
                Figure("CPU per chunk", "µs", lambda r: r.per("chunks"), aim="≤ 3"),
                Figure("chunks/s on one core", "", lambda r: r.rate("chunks")),
            ],
            chat_body(1000, chunks=2000), connections=16, chunks=2000),
        Measurement(
            "translate", "16 Anthropic streams as fast as possible (Sira translates, nginx passes on)", [
                Figure("CPU per chunk", "µs", lambda r: r.per("chunks"), aim="≤ 8"),
                Figure("chunks/s on one core", "", lambda r: r.rate("chunks")),
            ],
            chat_body(1000, chunks=2000, protocol="anthropic"), connections=16, chunks=2000,
            path="/v1/messages", headers={"anthropic-version": "2023-06-01"}),
        Measurement(
            "first", "200 streams/s of 20 chunks, 2 ms apart", [
                Figure("added time to first chunk p50", "µs", lambda r: r.quantile("first_chunk_us", "p50"), added=True),
                Figure("added time to first chunk p99", "µs", lambda r: r.quantile("first_chunk_us", "p99"), added=True),
                Figure("added transit of a chunk p50", "µs", lambda r: r.quantile("transit_us", "p50"), added=True),
                Figure("added transit of a chunk p99", "µs", lambda r: r.quantile("transit_us", "p99"), added=True),
            ],
            chat_body(1000, chunks=20, gap_us=2000), connections=64, rate=200, chunks=20, direct=True),
        Measurement(
            "streams-1000", "1,000 open streams, 20 chunks/s each",
            stream_figures(1000, 20, jitter_aim="≤ 5", core_aim="≤ 50", memory_aim="≤ 40"),
            chat_body(1000, chunks=many, gap_us=50_000), connections=1000, endless=True, ramp=1, direct=True,
            rounds=(1, 5), seconds=(1.5, 2)),
        Measurement(
            "streams-5000", "5,000 open streams, 2 chunks/s each",
            stream_figures(5000, 2, per_stream_aim="≤ 20"),
            chat_body(1000, chunks=many, gap_us=500_000), connections=5000, endless=True, ramp=2.5, direct=True,
            rounds=(1, 5), seconds=(1.5, 2)),
    ]


class Bench:
    def __init__(self, mock_port: int, folder: Path, gateway_core: int, load_core: int, quick: bool):
        self.mock_port = mock_port
        self.folder = folder
        self.gateway_core = gateway_core
        self.load_core = load_core
        self.quick = quick
        self.gateways: list[Gateway] = []
        self.notes: list[str] = []

    def measure(self, m: Measurement) -> None:
        body = self.folder / f"{m.name}.json"
        body.write_bytes(m.body)
        rounds = m.rounds[0 if self.quick else 1]
        targets: list[Gateway | None] = [*([None] if m.direct else []), *self.gateways]
        for number in range(rounds):
            # Whoever came first in this round comes last in the next.
            shift = number % len(targets)
            for target in targets[shift:] + targets[:shift]:
                name = target.name if target else "direct"
                progress(f"{m.name}: round {number + 1} of {rounds}, {name}")
                run = self.run_gateway(m, body, target) if target else self.run_load(m, body, self.mock_port)
                m.runs.setdefault(name, []).append(run)
        progress("")
        for name, runs in m.runs.items():
            self.note_problems(m, name, runs)

    def run_gateway(self, m: Measurement, body: Path, gateway: Gateway) -> Run:
        with gateway.running():
            time.sleep(0.2)  # what a start leaves to be done
            idle_mb = resident_mb(gateway.process.pid)
            before = self.served()
            run = self.run_load(m, body, gateway.port, gateway)
            run.forwarded = self.served() - before
            run.idle_mb = idle_mb
            run.start_ms = gateway.start_ms
            return run

    def served(self) -> int:
        return json.loads(ask(self.mock_port, "GET", "/")[1])["requests"]

    def run_load(self, m: Measurement, body: Path, port: int, gateway: Gateway | None = None) -> Run:
        command = [str(BUILD / "load"), "-t", f"127.0.0.1:{port}", "-p", m.path, "-b", str(body),
                   "-c", str(m.connections), "-R", str(m.ramp), "-w", "0.2" if self.quick else "0.5",
                   "-d", str(m.seconds[0 if self.quick else 1]), "-r", str(m.rate), "-n", str(m.chunks),
                   "--json", "--marks"]
        for name, value in {**m.headers, **(gateway.headers if gateway else {})}.items():
            command += ["-H", f"{name}: {value}"]
        load = spawn(self.load_core, command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            cpu_s = loaded_mb = 0.0
            self.expect(load, "begin", gateway)
            if gateway:
                cpu_s = -cpu_seconds(gateway.process.pid)
            self.expect(load, "end", gateway)
            if gateway:
                cpu_s += cpu_seconds(gateway.process.pid)
                loaded_mb = resident_mb(gateway.process.pid)
            output, _ = load.communicate("go on\n", timeout=30)
            return Run(json.loads(output), cpu_s=cpu_s, loaded_mb=loaded_mb)
        finally:
            stop(load)

    @staticmethod
    def expect(load: subprocess.Popen, mark: str, gateway: Gateway | None) -> None:
        if load.stdout.readline().strip() == mark:
            return
        if gateway and gateway.process.poll() is not None:
            raise gateway.failure(f"ended with status {gateway.process.returncode} under load")
        raise BenchError("the load generator ended early (its message is above)")

    def note_problems(self, m: Measurement, name: str, runs: list[Run]) -> None:
        errors = {kind: sum(r.load["errors"][kind] for r in runs) for kind in runs[0].load["errors"]}
        if any(errors.values()):
            said = next((r.load["first_error"] for r in runs if r.load["first_error"]), "")
            counts = ", ".join(f"{count} {kind}" for kind, count in errors.items() if count)
            self.notes.append(f"{m.name}, {name}: errors: {counts}. {said}".rstrip())
        lowest = min(r.load["open_streams"] for r in runs)
        if m.endless and lowest < m.connections:
            self.notes.append(f"{m.name}, {name}: only {lowest} of {m.connections} streams were open at the end.")
        if name != "direct" and any(r.forwarded < r.load["answers"] for r in runs):
            self.notes.append(f"{m.name}, {name}: some answers did not come from the mock, so this is no fair figure.")


# ---- Report ---------------------------------------------------------------------------------------------

def median(values: list[float]) -> float:
    return statistics.median(values) if values else float("nan")


def figure_value(m: Measurement, f: Figure, name: str) -> float:
    value = median([f.value(run) for run in m.runs.get(name, [])])
    if f.added and name != "direct":
        value -= median([f.value(run) for run in m.runs["direct"]])
    return value


def has_direct_value(f: Figure) -> bool:
    """The mock alone has latencies, but no gateway whose CPU time and memory could be counted."""
    return f.added or f.label in ("chunks delivered in time", "jitter p99", "transit p99")


def show(value: float) -> str:
    if value != value:
        return "–"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def ratio(value: float, reference: float) -> str:
    # An added latency may come out as nothing or less than nothing; a ratio to it says nothing.
    if value != value or reference != reference or reference <= 0 or value < 0:
        return "–"
    return f"{value / reference:.2f}"


def table_rows(measurements: list[Measurement], names: list[str]) -> tuple[list[str], list[list[str]]]:
    ratios = [("sira", "nginx"), ("sira", "baseline"), ("baseline", "nginx")]
    ratios = [pair for pair in ratios if set(pair) <= set(names)]
    header = ["", "direct", *names, *(f"{a}/{b}" for a, b in ratios), "aim"]
    rows = []
    for m in measurements:
        rows.append([m.title] + [""] * (len(header) - 1))
        for f in m.figures:
            values = {name: figure_value(m, f, name) for name in names}
            direct = figure_value(m, f, "direct") if m.direct and has_direct_value(f) else None
            rows.append([f"  {f.label}" + (f", {f.unit}" if f.unit else ""),
                         "" if direct is None else show(direct),
                         *(show(values[name]) for name in names),
                         *(ratio(values[a], values[b]) for a, b in ratios),
                         f.aim])
    return header, rows


def print_table(header: list[str], rows: list[list[str]], markdown: bool) -> None:
    if markdown:
        print("| " + " | ".join(header) + " |")
        print("| --- |" + " ---: |" * (len(header) - 2) + " --- |")
        for row in rows:
            first = f"**{row[0]}**" if not row[0].startswith(" ") else row[0].strip()
            print("| " + " | ".join([first, *row[1:]]) + " |")
        return
    label = max(len(row[0]) for row in rows if row[0].startswith(" "))
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(1, len(header))]
    for row in [header, *rows]:
        if row is not header and not row[0].startswith(" "):
            print(f"\n{row[0]}")
            continue
        cells = [cell.rjust(width) for cell, width in zip(row[1:-1], widths)]
        print("  ".join([row[0].ljust(label), *cells, row[-1]]).rstrip())


def as_json(measurements: list[Measurement], names: list[str], notes: list[str]) -> dict:
    return {
        "when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "notes": notes,
        "measurements": [{
            "name": m.name,
            "title": m.title,
            "figures": [{
                "label": f.label, "unit": f.unit, "added": f.added, "aim": f.aim,
                # JSON has no way to write "not a number".
                "values": {name: value for name in names if (value := figure_value(m, f, name)) == value},
            } for f in m.figures],
            "runs": {name: [vars(run) for run in runs] for name, runs in m.runs.items()},
        } for m in measurements],
    }


def progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


# ---- Main -----------------------------------------------------------------------------------------------

def build_tools() -> None:
    compiler = next((c for c in ("cc", "clang", "gcc") if shutil.which(c)), None)
    if not compiler:
        raise BenchError("no C compiler found (cc, clang or gcc)")
    BUILD.mkdir(exist_ok=True)
    for tool in ("mock", "load"):
        source, binary = HERE / f"{tool}.c", BUILD / tool
        if not binary.exists() or binary.stat().st_mtime < source.stat().st_mtime:
            subprocess.run([compiler, "-O2", "-Wall", "-Wextra", "-o", str(binary), str(source)], check=True)


def raise_file_limit() -> None:
    """Inherited by the gateways; a proxy needs two sockets for each stream."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard != resource.RLIM_INFINITY and hard < 12_000:
        print(f"At most {hard} files may be open here: 5,000 streams through a proxy need 12,000.", file=sys.stderr)


def start_mock(core: int) -> int:
    port = free_port()
    process = spawn(core, [str(BUILD / "mock"), "-p", str(port)])
    while process.poll() is None:
        with contextlib.suppress(OSError):
            ask(port, "GET", "/")
            return port
        time.sleep(0.01)
    raise BenchError("the mock did not start")


def make_gateways(arguments: argparse.Namespace, bench: Bench) -> list[Gateway]:
    if not shutil.which("nginx"):
        raise BenchError("nginx is not installed (apt install nginx); every figure here is read against it")
    common = {"mock_port": bench.mock_port, "core": bench.gateway_core}
    gateways: list[Gateway] = [Nginx("nginx", folder=bench.folder / "nginx", **common)]
    if arguments.sira.is_file():
        gateways.append(Sira("sira", folder=bench.folder / "sira", binary=arguments.sira.resolve(), **common))
    else:
        bench.notes.append(f"sira is left out: there is no {arguments.sira} "
                           "(swift build -c release, or --sira PATH).")
    if arguments.baseline == "nginx":
        gateways.append(Nginx("baseline", folder=bench.folder / "baseline", **common))
    elif arguments.baseline:
        binary = Path(arguments.baseline)
        if not binary.is_file():
            raise BenchError(f"--baseline: there is no {binary}")
        gateways.append(Sira("baseline", folder=bench.folder / "baseline", binary=binary.resolve(), **common))
    return gateways


def parse_arguments() -> argparse.Namespace:
    names = [m.name for m in all_measurements()]
    parser = argparse.ArgumentParser(description="Measures Sira beside nginx in the same run. See README.md.")
    parser.add_argument("--quick", action="store_true", help="about a minute instead of about five")
    parser.add_argument("--sira", type=Path, default=HERE.parent / ".build/release/sira", metavar="PATH",
                        help="the binary to measure (default: .build/release/sira)")
    parser.add_argument("--baseline", metavar="PATH",
                        help="a second Sira binary to compare with; 'nginx' for a second nginx, which shows the noise")
    parser.add_argument("--only", action="append", choices=names, metavar="NAME",
                        help=f"only this measurement, may be repeated: {', '.join(names)}")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write all that was measured to this file")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    return parser.parse_args()


def run(arguments: argparse.Namespace, folder: Path) -> None:
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise BenchError("two cores are needed: one for the gateway, one for the load")
    gateway_core, load_core = cores[:2]
    os.sched_setaffinity(0, {load_core})  # this script must not disturb the gateway either
    build_tools()
    raise_file_limit()
    bench = Bench(start_mock(load_core), folder, gateway_core, load_core, arguments.quick)
    bench.gateways = make_gateways(arguments, bench)

    measurements = [m for m in all_measurements() if not arguments.only or m.name in arguments.only]
    started = time.monotonic()
    for m in measurements:
        bench.measure(m)

    names = [gateway.name for gateway in bench.gateways]
    print_table(*table_rows(measurements, names), markdown=arguments.markdown)
    print(f"\nMedians of interleaved rounds, {time.monotonic() - started:.0f} s. "
          f"Gateway on core {gateway_core}, load and mock on core {load_core}.")
    for note in bench.notes:
        print(f"- {note}")
    if arguments.json:
        arguments.json.write_text(json.dumps(as_json(measurements, names, bench.notes), indent=1) + "\n")


def main() -> int:
    arguments = parse_arguments()
    # So that a plain `kill` cleans up like Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with tempfile.TemporaryDirectory(prefix="sira-bench-") as folder:
            try:
                run(arguments, Path(folder))
            finally:
                for process in reversed(children[:]):
                    stop(process)
    except KeyboardInterrupt:
        progress("")
        return 130
    except (BenchError, subprocess.CalledProcessError) as error:
        progress("")
        print(f"bench: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
