#!/usr/bin/env python3
"""Measures Sira beside nginx, in the same run, on the same two cores.

The gateway has one core for itself; the mock provider and the load generator share the other. Rounds of the
gateways alternate, and each figure is the median of its rounds, so that a machine that speeds up or slows
down during the run does so for all of them. README.md says how to read the result.
"""

import argparse
import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from gateways import Gateway, Nginx, Sira
from measurements import all_measurements
from processes import BUILD, HERE, BenchError, ask, children, free_port, spawn, stop
from report import as_json, print_table, progress, table_rows
from rounds import Bench


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
