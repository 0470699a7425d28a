"""What is measured, with which load, and what each figure is."""

from collections.abc import Callable
from dataclasses import dataclass, field

from payloads import ROUTE, chat_body


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
            "route", "1 KB requests for a route of 20 deployments with rules, 64 connections (nginx passes on)", [
                *request_figures("≤ 50 µs above `small`"),
                Figure("resident memory above idle", "MB", lambda r: r.loaded_mb - r.idle_mb),
            ],
            chat_body(1000, model=ROUTE), connections=64),
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
            "translate-whole", "1 KB Anthropic requests, 64 connections, as fast as possible (Sira translates, nginx passes on)",
            request_figures(), chat_body(1000, protocol="anthropic"), connections=64,
            path="/v1/messages", headers={"anthropic-version": "2023-06-01"}),
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
            "translate-1000", "1,000 open Anthropic streams, 20 chunks/s each (Sira translates, nginx passes on)",
            stream_figures(1000, 20, jitter_aim="≤ 5", core_aim="≤ 50", memory_aim="≤ 40"),
            chat_body(1000, chunks=many, gap_us=50_000, protocol="anthropic"), connections=1000, endless=True, ramp=1,
            direct=True, rounds=(1, 5), seconds=(1.5, 2), path="/v1/messages",
            headers={"anthropic-version": "2023-06-01"}),
        Measurement(
            "streams-5000", "5,000 open streams, 2 chunks/s each",
            stream_figures(5000, 2, per_stream_aim="≤ 20"),
            chat_body(1000, chunks=many, gap_us=500_000), connections=5000, endless=True, ramp=2.5, direct=True,
            rounds=(1, 5), seconds=(1.5, 2)),
    ]
