"""A gateway of our own: its process, its configuration, its keys and its books."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
BINARY = Path(os.environ.get("SIRA_BINARY") or ROOT / ".build/debug/sira").resolve()

#: Outcomes of a row by their number in the database.
OUTCOMES = ("ok", "client_error", "limited", "blocked", "upstream_error", "cancelled", "gateway_error")


def free_port():
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, what, seconds=10.0):
    """Waits for `condition()` to be true and returns its value; fails with `what` when it never is."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {seconds:g} s")
        time.sleep(0.02)


def provider(port, protocol="openai", path="/v1", **more):
    """The configuration of a provider on this machine."""
    return {"protocol": protocol, "base_url": f"http://127.0.0.1:{port}{path}", "api_key": "sk-local", **more}


class Gateway:
    """Runs `sira serve` on free ports with a data directory and a configuration file of its own."""

    def __init__(self, directory, config, environment=None, scheme="http"):
        self.directory = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.data = self.directory / "data"
        self.config_path = self.directory / "sira.yaml"
        self.port, self.admin_port = free_port(), free_port()
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        self.log_path = self.directory / "sira.log"
        self.process = None
        self.configure(config)
        # Keys of providers that the machine's environment happens to hold would change what is configured.
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
        self.environment = {
            **inherited,
            "SIRA_DATA_DIR": str(self.data),
            "SIRA_API_ADDRESS": f"127.0.0.1:{self.port}",
            "SIRA_ADMIN_ADDRESS": f"127.0.0.1:{self.admin_port}",
            "SIRA_CONFIG": str(self.config_path),
            **(environment or {}),
        }

    def configure(self, config):
        """Replaces the configuration file, in one step as editors do. JSON is YAML."""
        text = config if isinstance(config, str) else json.dumps(config, indent=2)
        draft = self.config_path.with_suffix(".draft")
        draft.write_text(text)
        draft.rename(self.config_path)

    # MARK: the process

    def start(self):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [BINARY, "serve"], env=self.environment, cwd=self.directory, stdout=log, stderr=log
            )
        wait_until(self._accepts, "the gateway's start", 20)
        return self

    def _accepts(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the gateway ended with {self.process.returncode}:\n{self.log()[-3000:]}")
        try:
            # The two listeners open one after the other, in no promised order.
            for port in (self.port, self.admin_port):
                socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            return False

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        """Ends the process as a power cut would, as far as it can tell."""
        self.process.kill()
        self.process.wait()

    def stop(self, seconds=20):
        """Orders the process to end and returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the gateway did not end within {seconds} s:\n{self.log()[-3000:]}") from None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def memory(self):
        """Resident bytes of the process."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def processor_time(self):
        """Seconds of processor time that the process has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    # MARK: commands

    def command(self, *arguments):
        """Runs another command of the binary with the same environment and returns what it prints."""
        done = subprocess.run(
            [BINARY, *arguments], env=self.environment, cwd=self.directory, capture_output=True, text=True, timeout=30
        )
        assert done.returncode == 0, f"sira {' '.join(arguments)}: {done.stderr or done.stdout}"
        return done.stdout

    def key(self, name="test", *options):
        """Makes a key and returns its text."""
        return self.new_key(name, *options)["key"]

    def new_key(self, name="test", *options):
        return json.loads(self.command("keys", "create", "--name", name, "--allow-same-name", *options, "--json"))

    # MARK: the books

    @property
    def database(self):
        return self.data / "sira.db"

    def query(self, sql, *values):
        """Reads the database, beside the gateway and without disturbing it."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10)
        connection.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in connection.execute(sql, values)]
        finally:
            connection.close()

    def change(self, sql, *values):
        """Writes to the database, as an operator with the sqlite3 shell would."""
        connection = sqlite3.connect(self.database, timeout=10)
        try:
            with connection:
                connection.execute(sql, values)
        finally:
            connection.close()

    def ledger(self):
        """All rows that have reached the database, by time; `id` as it is written in headers."""
        rows = self.query("SELECT * FROM requests ORDER BY request, attempt")
        for row in rows:
            row["id"] = request_id(row["request"])
            row["outcome"] = OUTCOMES[row["outcome"]]
        return rows

    def row(self, identifier, seconds=10):
        """The final row of a request, as soon as it is in the database."""

        def find():
            return [row for row in self.ledger() if row["id"] == identifier and row["is_final"]]

        rows = wait_until(find, f"the row of {identifier}", seconds)
        assert len(rows) == 1, rows
        return rows[0]

    def rows(self, identifiers, seconds=20):
        """The final rows of many requests, by id, as soon as all are in the database."""
        wanted = set(identifiers)

        def find():
            rows = {row["id"]: row for row in self.ledger() if row["is_final"] and row["id"] in wanted}
            return rows if len(rows) == len(wanted) else None

        return wait_until(find, f"{len(wanted)} rows", seconds)


def request_id(blob):
    """A request id as headers show it: 16 bytes in Crockford's base 32."""
    number, digits = int.from_bytes(blob, "big"), ""
    for _ in range(26):
        digits = "0123456789abcdefghjkmnpqrstvwxyz"[number & 31] + digits
        number >>= 5
    return "req_" + digits
