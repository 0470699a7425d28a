"""Runs the rounds: gateways take turns, each started anew."""

import json
import subprocess
import time
from pathlib import Path

from gateways import Gateway
from measurements import Measurement, Run
from processes import BUILD, BenchError, ask, cpu_seconds, resident_mb, spawn, stop
from report import progress


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
