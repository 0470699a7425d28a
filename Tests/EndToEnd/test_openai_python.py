"""The tests that OpenAI's SDK has of itself pass through the gateway as they pass without it.

They ask a server that answers every operation of OpenAI's document with a minimal valid instance, and check that each
answer is what the document says, to the type.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as XML
from pathlib import Path

import pytest

from gateway import Gateway, free_port, wait_until
from http1 import get

SOURCE = Path(os.environ.get("OPENAI_PYTHON") or "/nowhere")
RESOURCES = [
    "chat", "test_completions.py", "test_embeddings.py", "test_files.py", "test_batches.py", "test_images.py",
    "audio/test_speech.py", "audio/test_transcriptions.py", "audio/test_translations.py", "test_models.py",
    "test_moderations.py", "test_responses.py", "responses",
]
#: What the gateway does not serve, by what the names of the tests match, each with its reason.
UNSERVED = {
    r"^chat\.completions\.test_messages\.": "Stored chat completions are not served.",
    r"^chat\.test_completions\..*_(list|retrieve|update|delete)": "Stored chat completions are not served.",
    r"^chat\.test_completions\..*_create_with_all_params": "An output limit of 0 is refused, as OpenAI refuses it.",
    r"^test_completions\..*_overload_2": "The document has no stream for it: the server answers in one piece.",
    r"^responses\.test_input_tokens\.": "The tokens of a response's input are not counted.",
    r"^responses\.test_input_items\.": "It asks for a response that nobody made through the gateway.",
    r"^test_responses\..*_(retrieve|delete|cancel)": "It asks for a response that nobody made through the gateway.",
    r"^test_responses\..*_create_overload": "It names no model, by which a gateway finds the provider.",
    r"^test_files\..*_(retrieve|delete)": "It asks for a file that nobody uploaded with this key.",
    r"^test_batches\.": "It asks for a batch or names a file that nobody made with this key.",
    r"^test_images\..*_create_variation": "It names no model, and OpenAI no longer offers the one that is meant then.",
    r"^test_models\..*_delete": "Models cannot be deleted through the gateway.",
}


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    """A copy of the SDK's tests that show a key which they are told."""
    if not (SOURCE / "tests").is_dir():
        pytest.skip("the source of OpenAI's SDK is absent")
    directory = tmp_path_factory.mktemp("openai-python")
    shutil.copytree(SOURCE / "tests", directory / "tests")
    conftest = directory / "tests/conftest.py"
    text = conftest.read_text()
    keyed = text.replace('api_key = "My API Key"', 'api_key = os.environ["TEST_API_KEY"]')
    assert keyed != text
    conftest.write_text(keyed)
    (directory / "pytest.ini").write_text(
        "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = session\n"
    )
    return directory


@pytest.fixture(scope="module")
def provider(shared, tmp_path_factory):
    """The URL of a server that answers as the document says."""
    document = tmp_path_factory.mktemp("document") / "openapi.json"
    with gzip.open(shared / "recordings/schemas/openai-openapi.json.gz") as file:
        document.write_bytes(file.read())
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, shared / "tools/replay/spec_mock.py", document, "--port", str(port), "--prefix", "/v1"],
        stdout=subprocess.DEVNULL,
    )

    def answers():
        try:
            return get(port, "/v1/models").status == 200
        except OSError:
            return False

    wait_until(answers, "the start of the document's server", 30)
    yield f"http://127.0.0.1:{port}/v1"
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, provider):
    config = {
        "logging": {"requests": False},
        "server": {"account_paths": "pass"},  # these tests name conversations and files that nobody has made
        "providers": {"openai": {"base_url": provider, "api_key": "sk-local"}},
    }
    gateway = Gateway(tmp_path_factory.mktemp("sira"), config)
    gateway.text = gateway.key()
    with gateway:
        yield gateway


def outcomes(suite, url, key, report):
    """Which of the SDK's tests pass and which fail against that URL: names to messages, which are None for passes.

    Each is run with strict validation of answers, which includes the loose one.
    """
    tests = [f"tests/api_resources/{name}" for name in RESOURCES if (suite / "tests/api_resources" / name).exists()]
    environment = {**os.environ, "TEST_API_BASE_URL": url, "TEST_API_KEY": key}
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "-k", "not aiohttp and not loose",
            "--junitxml", report, *tests,
        ],
        cwd=suite, env=environment, capture_output=True, text=True, timeout=560,
    )
    assert report.exists(), done.stdout[-3000:] + done.stderr[-3000:]
    results = {}
    for case in XML.parse(report).iter("testcase"):
        fault = next((child for child in case if child.tag in ("failure", "error")), None)
        if not any(child.tag == "skipped" for child in case):
            name = f"{case.get('classname').removeprefix('tests.api_resources.')}.{case.get('name')}"
            results[name] = None if fault is None else fault.get("message") or "failed"
    return results


def test_the_sdks_own_tests_pass_through_the_gateway(suite, provider, gateway, tmp_path):
    direct = outcomes(suite, provider, "sk-direct", tmp_path / "direct.xml")
    through = outcomes(suite, f"{gateway.url}/v1", gateway.text, tmp_path / "through.xml")
    passing = {name for name, fault in direct.items() if fault is None}
    assert len(passing) > 250, f"only {len(passing)} pass without the gateway"
    failing = {name: through.get(name, "did not run") for name in passing if through.get(name, "did not run")}
    reasons = {name: next((why for form, why in UNSERVED.items() if re.search(form, name)), None) for name in failing}
    faults = sorted(f"{name}: {fault:.200}" for name, fault in failing.items() if not reasons[name])
    print(json.dumps({"direct": len(passing), "through": len(passing) - len(failing)}))
    assert not faults, f"{len(faults)} of {len(passing)}:\n" + "\n".join(faults)
    idle = [form for form in UNSERVED if not any(re.search(form, name) for name in failing)]
    assert not idle, f"said not to be served, and served: {idle}"
