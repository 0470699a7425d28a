#!/usr/bin/env python3
"""How long does Sira take to answer what the console's pages ask, with a large database behind it?

    Benchmarks/analytics.py /tmp/big/sira.db --rows 50000000       # once; makes the database
    make release
    Benchmarks/console.py /tmp/big

Starts Sira on the folder, asks each path twenty times over HTTP and prints medians and 95th percentiles of the time to
the last byte, in milliseconds. What is first asked reads from the disk: the slowest of twenty says what that takes.
"""

import argparse
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
MONTH = "since=2026-03-01T00:00:00Z&until=2026-04-01T00:00:00Z"
QUARTER = "since=2026-01-01T00:00:00Z&until=2026-04-01T00:00:00Z"
WEEK = "since=2026-03-24T00:00:00Z&until=2026-03-31T00:00:00Z"
DAY = "since=2026-03-30T00:00:00Z&until=2026-03-31T00:00:00Z"
HOUR = "since=2026-03-30T12:00:00Z&until=2026-03-30T13:00:00Z"
PATHS = {
    "cost by day, month": f"/usage?{MONTH}&period=day",
    "cost by hour, month": f"/usage?{MONTH}&period=hour&limit=1000",
    "by model, month": f"/usage?{MONTH}&group_by=model&order_by=cost",
    "by provider, month": f"/usage?{MONTH}&group_by=provider&order_by=cost",
    "by team, month": f"/usage?{MONTH}&group_by=team&order_by=cost",
    "by project, quarter": f"/usage?{QUARTER}&group_by=project&order_by=cost",
    "keys that cost most, month": f"/usage?{MONTH}&group_by=key&order_by=cost&limit=10",
    "by tag, month": f"/usage?{MONTH}&group_by=tag&order_by=cost&limit=20",
    "end users that cost most, month": f"/usage?{MONTH}&group_by=user&order_by=cost&limit=10",
    "all by minute, hour": f"/usage?{HOUR}&period=minute&group_by=time",
    "all by minute, day": f"/usage?{DAY}&period=minute&group_by=time&limit=1000",
    "models by hour, week": f"/usage?{WEEK}&period=hour&group_by=time,model&limit=1000",
    "figures of the overview": f"/figures?ids=rps,avg_response,success,first_choice,cache_hit,spend&{HOUR}",
    "figures of the cost page": f"/figures?ids=spend,cost_per_request,savings,tokens&{MONTH}",
    "series of an hour": f"/series?metrics=requests,errors,p95&step=60&{HOUR}",
    "series of a month by model": f"/series?metrics=cost&step=86400&by=model&{MONTH}",
    "newest requests": f"/requests?{DAY}&limit=50&lines=false",
    "with counts and histogram": f"/requests?{DAY}&limit=50&lines=false&summary=true",
    "newest requests of a team": f"/requests?{DAY}&limit=50&lines=false&team=team_000000009e37",
    "newest requests of a project": f"/requests?{DAY}&limit=50&lines=false&project=proj_0000000cfa83",
    "newest requests of a model": f"/requests?{DAY}&limit=50&lines=false&model=model-03-large",
    "slow ones by a query": f"/requests?{DAY}&limit=50&lines=false&q=latency:%3E2s",
    "failed ones": f"/requests?{DAY}&limit=50&lines=false&outcome=error",
    "dearest of an hour": f"/requests?{HOUR}&limit=50&lines=false&sort=-cost",
    "a part of a name": f"/requests?{DAY}&limit=50&lines=false&q=large",
    "what is different": f"/requests/differences?{HOUR}",
    "routing summary": f"/routing/summary?{DAY}",
    "scores": f"/scores?{DAY}",
    "deployments": "/deployments",
    "providers": "/providers",
    "models": "/models",
    "routes": "/routes",
    "keys": "/keys?limit=200",
    "budgets": "/budgets/status",
    "forecast": "/forecast",
    "advice": "/advice",
    "anomalies": "/anomalies",
    "alerts": "/alerts",
    "audit": "/audit?limit=200",
    "configuration": "/configuration",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port: int, path: str) -> tuple[int, bytes, float]:
    start = time.perf_counter()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1{path}") as answer:
            return answer.status, answer.read(), (time.perf_counter() - start) * 1_000
    except urllib.error.HTTPError as error:
        return error.code, error.read(), 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="of sira.db")
    parser.add_argument("--binary", type=Path, default=HERE.parent / ".build/release/sira")
    parser.add_argument("--times", type=int, default=20)
    arguments = parser.parse_args()
    port = free_port()
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as settings:
        retention = {"requests": "forever", "minutes": "forever", "hours": "forever"}
        storage = {"directory": str(arguments.folder.resolve()), "retention": retention}
        json.dump({"server": {"address": "127.0.0.1:0"}, "admin": {"address": f"127.0.0.1:{port}"}, "storage": storage},
                  settings)
        settings.flush()
        with tempfile.TemporaryFile() as log:
            sira = subprocess.Popen([arguments.binary, "serve", "--config", settings.name], stdout=log, stderr=log)
            try:
                measure(port, arguments.times)
            finally:
                sira.terminate()
                sira.wait()


def measure(port: int, times: int) -> None:
    # A database of an earlier version gets its new indexes first, which takes minutes for so many rows.
    for _ in range(12_000):
        try:
            if ask(port, "/me")[0] == 200:
                break
        except OSError:
            time.sleep(0.1)
    print("| what | bytes | median, ms | p95, ms | slowest, ms |\n| --- | ---: | ---: | ---: | ---: |")
    slow = []
    for name, path in PATHS.items():
        taken = []
        for _ in range(times):
            status, body, duration = ask(port, path)
            if status != 200:
                sys.exit(f"{path}: {status} {body[:300]!r}")
            taken.append(duration)
        taken.sort()
        p95 = taken[int(len(taken) * 0.95) - 1]
        print(f"| {name} | {len(body):,} | {statistics.median(taken):.1f} | {p95:.1f} | {taken[-1]:.1f} |", flush=True)
        if p95 > 300:
            slow.append(name)
    if slow:
        sys.exit(f"over 300 ms: {', '.join(slow)}")


if __name__ == "__main__":
    main()
