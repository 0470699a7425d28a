import shutil
import subprocess

import pytest

from gateway import SHARED, Gateway, free_port, provider
from replay import CONVERSATIONS, Replay, replaying_gateway
from upstream import MODELS, Upstream


@pytest.fixture(scope="session")
def shared():
    """The directory with recordings and tools; tests that need it are skipped where it is not."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is absent")
    return SHARED


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A directory with `certificate.pem` and `key.pem` for this machine."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is absent")
    directory = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
         "-keyout", directory / "key.pem", "-out", directory / "certificate.pem"],
        check=True, capture_output=True,
    )
    return directory


@pytest.fixture(scope="session")
def recorded(shared):
    """A server that plays the recordings of all protocols' own providers."""
    with Replay(*sorted({file for file, _ in CONVERSATIONS.values()})) as replay:
        yield replay


@pytest.fixture(scope="session")
def crossing(tmp_path_factory, recorded):
    """A gateway to these providers: any protocol on one side, any on the other."""
    with replaying_gateway(tmp_path_factory.mktemp("sira"), recorded) as gateway:
        yield gateway


@pytest.fixture
def played(recorded):
    """The same server, having forgotten what earlier tests asked of it."""
    recorded.reset()
    return recorded


@pytest.fixture(scope="module")
def upstream():
    with Upstream() as server:
        yield server


@pytest.fixture
def start(tmp_path_factory, upstream):
    """Starts gateways in front of `upstream`; each gets its own directory and is stopped in the end.

    Each has a key, in `text`, unless `keyed` is false.
    """
    running = []

    def start(config=None, keyed=True, **more):
        settings = {"models": MODELS, **(config or {})}
        settings.setdefault("providers", {"fake": provider(upstream.port)})
        # With one provider alone, any name of a model would be its.
        settings["providers"].setdefault("other", provider(free_port()))
        gateway = Gateway(tmp_path_factory.mktemp("sira"), settings, **more)
        if keyed:
            gateway.text = gateway.key()
        running.append(gateway)
        return gateway.start()

    yield start
    for gateway in running:
        gateway.__exit__()
