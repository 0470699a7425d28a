import pytest

from gateway import SHARED, Gateway, provider
from upstream import MODELS, Upstream


@pytest.fixture(scope="session")
def shared():
    """The directory with recordings and tools; tests that need it are skipped where it is not."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is absent")
    return SHARED


@pytest.fixture(scope="module")
def upstream():
    with Upstream() as server:
        yield server


@pytest.fixture
def start(tmp_path_factory, upstream):
    """Starts gateways in front of `upstream`; each gets its own directory and is stopped in the end."""
    running = []

    def start(config=None, timeouts=None, **more):
        fake = provider(upstream.port, **({"timeouts": timeouts} if timeouts else {}))
        settings = {"providers": {"fake": fake}, "models": MODELS, **(config or {})}
        gateway = Gateway(tmp_path_factory.mktemp("sira"), settings, **more)
        running.append(gateway)
        return gateway.start()

    yield start
    for gateway in running:
        gateway.__exit__()
