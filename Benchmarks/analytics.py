#!/usr/bin/env python3
"""How long do reports take on a large database? Makes one with the given number of requests and the roll-ups of
ninety days, and measures Sira's own queries on it.

    swift build --build-tests            # or -c release -Xswiftc -enable-testing
    Benchmarks/analytics.py /tmp/analytics.db --rows 50000000
    Benchmarks/analytics.py /tmp/analytics.db              # measures again
    Benchmarks/analytics.py /tmp/analytics.db --rows 100000 --recount

50 million requests take about 20 GB and a quarter of an hour. The file is left there. See docs/analytics.md.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = HERE / ".build"
BYTES_PER_ROW = 400


def build_generator() -> Path:
    compiler = next((c for c in ("cc", "clang", "gcc") if shutil.which(c)), None)
    if not compiler:
        sys.exit("no C compiler found (cc, clang or gcc)")
    BUILD.mkdir(exist_ok=True)
    source, binary = HERE / "analytics.c", BUILD / "analytics"
    if not binary.exists() or binary.stat().st_mtime < source.stat().st_mtime:
        command = [compiler, "-O2", "-Wall", "-Wextra", "-o", str(binary), str(source), "-lsqlite3", "-lm"]
        subprocess.run(command, check=True)
    return binary


def run_suite(tests: Path, database: Path, recount: bool) -> list[str]:
    """Runs the measuring suite; on a new file it only makes the tables."""
    environment = os.environ | {"SIRA_ANALYTICS_DB": str(database)}
    if recount:
        environment["SIRA_ANALYTICS_RECOUNT"] = "1"
    command = [str(tests), "--testing-library", "swift-testing", "--filter", "AnalyticsFigures"]
    result = subprocess.run(command, env=environment, text=True, capture_output=True)
    figures = [line.removeprefix("FIGURE ") for line in result.stdout.splitlines() if line.startswith("FIGURE ")]
    if result.returncode:
        print(result.stdout[-4_000:] + result.stderr[-4_000:], file=sys.stderr)
    return figures


def generate(tests: Path, database: Path, rows: int) -> None:
    free = shutil.disk_usage(database.parent).free
    if free < rows * BYTES_PER_ROW + 2_000_000_000:
        sys.exit(f"{rows:,} requests need about {rows * BYTES_PER_ROW / 1e9:.0f} GB; {free / 1e9:.0f} GB are free")
    run_suite(tests, database, recount=False)
    subprocess.run([str(build_generator()), str(database), str(rows)], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path)
    parser.add_argument("--rows", type=int, help="make the database, which must not exist, with so many requests")
    parser.add_argument("--recount", action="store_true", help="also compare the last day's roll-ups with its records")
    parser.add_argument("--tests", type=Path, default=HERE.parent / ".build/debug/siraPackageTests.xctest")
    arguments = parser.parse_args()
    if not arguments.tests.exists():
        sys.exit(f"{arguments.tests} is missing; run swift build --build-tests")
    if arguments.rows:
        if arguments.database.exists():
            sys.exit(f"{arguments.database} exists")
        generate(arguments.tests, arguments.database, arguments.rows)
    print("| report | lines | median, ms | p95, ms | CPU median, ms | CPU p95, ms |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for figure in run_suite(arguments.tests, arguments.database, arguments.recount):
        print(figure)


if __name__ == "__main__":
    main()
