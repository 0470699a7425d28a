"""Child processes, which end with the script, and what the kernel says of them."""

import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = HERE / ".build"
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class BenchError(Exception):
    """Something the person at the keyboard can act on."""


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
