import pytest

from gateway import SHARED, Gateway, free_port, provider
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
