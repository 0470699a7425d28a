"""What the gateway answers is valid by the documents and checkers that its clients' protocols have."""

import importlib.util

import httpx
import pytest
from llm_comply.config import ComplianceConfig
from llm_comply.runner import TestRunner
from llm_comply.schema import SpecLoader
from llm_comply.tests import get_tests

from crossing import crossings, providers
from replay import CONVERSATIONS, PROVIDERS, pick
from said import conversations

#: How the checkers ask each protocol's clients' path for something.
ASKING = {
    "chat": ("/v1/chat/completions", {"messages": [{"role": "user", "content": "hello"}]}),
    "responses": ("/v1/responses", {"input": "hello"}),
}


@pytest.fixture(scope="session")
def validator(shared):
    """OpenAI's document as a checker of bodies and streams: `validator(type, text)` lists what is wrong."""
    location = importlib.util.spec_from_file_location("validate", shared / "tools/replay/validate.py")
    module = importlib.util.module_from_spec(location)
    location.loader.exec_module(module)
    document = module.Spec(str(shared / "recordings/schemas/openai-openapi.json.gz"))
    return lambda kind, text: module.check_any(document, kind, text)


def post(gateway, path, body):
    fields = {"authorization": f"Bearer {gateway.text}"}
    return httpx.post(gateway.url + path, json=body, headers=fields, timeout=30)


# MARK: OpenAI's document

@crossings
@providers
@pytest.mark.parametrize("api", ASKING)
def test_openais_document_is_kept(crossing, recorded, validator, api, name, stream):
    path, asked = ASKING[api]
    kind = f"{api}.{'stream' if stream else 'response'}"
    faults, checked = [], 0
    for record, _ in conversations(name, stream, 30):
        if CONVERSATIONS[name] == ("openai", api) and validator(kind, record["response_body"]):
            continue  # What is passed on as it came can be no more valid than it was.
        recorded.reset()
        recorded.next(record)
        answer = post(crossing, path, {**asked, "model": f"{name}-model", "stream": stream})
        checked += 1
        if answer.status_code != 200:
            faults.append(f"{record['id']}: {answer.status_code} {answer.text[:200]}")
        elif wrong := validator(kind, answer.text):
            faults.append(f"{record['id']}: {wrong[:3]}")
    assert checked
    assert not faults, f"{len(faults)} of {checked}:\n" + "\n".join(faults[:4])


def test_openais_document_is_kept_by_what_is_no_conversation(crossing, played, validator):
    played.next(pick("openai", "embeddings"))
    got = post(crossing, "/v1/embeddings", {"model": "openai/text-embedding-3-small", "input": "hello"})
    assert validator("embeddings.response", got.text) == []
    fields = {"authorization": f"Bearer {crossing.text}"}
    assert validator("models.response", httpx.get(f"{crossing.url}/v1/models", headers=fields).text) == []


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/responses", "/v1/embeddings", "/v1/nothing"])
def test_openais_document_is_kept_by_errors(crossing, validator, path):
    for body in ({}, {"model": "chat-model"}, {"model": "no-such-model", "messages": [], "input": "hello"}):
        answer = post(crossing, path, body)
        assert 400 <= answer.status_code < 500 and validator("error", answer.text) == [], answer.text


# MARK: llm-comply

#: Formats of the checker: its document, the base path, the header of the key, and the gateway's client protocol.
FORMATS = {
    "openai-chat": ("openai_chat.json", "/v1", "authorization", "chat"),
    "open-responses": ("openresponses.json", "/v1", "authorization", "responses"),
    "anthropic": ("anthropic.json", "/v1", "x-api-key", "anthropic"),
    "google-genai": (None, "", "x-goog-api-key", "gemini"),
}

#: Tests of the checker that fail, by format, provider (None: any) and test, each with its reason.
FAILING = {
}

#: Fields that the checker's document of Anthropic requires and that most of Anthropic's own recorded answers lack.
SELDOM_SENT = {
    "citations", "caller", "container", "stop_details", "cache_creation", "inference_geo", "output_tokens_details",
    "server_tool_use", "service_tier",
}

#: Where the replay server is asked without the gateway: for each format, what its own provider's base URL is.
DIRECT = {
    "openai-chat": "/openai/v1", "open-responses": "/openai/v1", "anthropic": "/anthropic/v1", "google-genai": "/gemini",
}


def answer_for(case, name):
    """A recorded answer of the kind that a test of the checker asks for; None where it must come from the gateway."""
    if "error" in case.id or "compact" in case.id:
        return None
    wants_calls, wants_thinking = "tool" in case.id, "thinking" in case.id or "reasoning" in case.id
    fitting = [
        record for record, said in conversations(name, case.streaming, 1_000)
        if bool(said.calls) == wants_calls and (bool(said.text) or wants_calls) and said.stop in ("end", "calls")
        and (said.thinking or not wants_thinking) and said.written is not None
    ]
    # The middle one is neither the shortest nor the strangest.
    return fitting[len(fitting) // 2] if fitting else None


def runner(form, url, key, model):
    """What runs the checker's tests of a format against that URL."""
    document, _, header, _ = FORMATS[form]
    config = ComplianceConfig(
        base_url=url, api_key=key, model=model, auth_header=header, use_bearer_prefix=header == "authorization",
        extra_headers={"anthropic-version": "2023-06-01"},
    )
    location = importlib.util.find_spec("llm_comply").submodule_search_locations[0]
    schemas = SpecLoader(f"{location}/specs/{document}" if document else None)
    if form == "anthropic":
        for name in schemas.schema_names:
            schema = schemas.get_schema(name)
            schema["required"] = [field for field in schema.get("required", []) if field not in SELDOM_SENT]
    return TestRunner(config, [], schemas)


@providers
@pytest.mark.parametrize("form", FORMATS)
def test_llm_comply(crossing, recorded, form, name):
    base, protocol = FORMATS[form][1], FORMATS[form][3]
    through = runner(form, crossing.url + base, crossing.text, f"{name}-model")
    direct = runner(form, recorded.url + DIRECT[form], "sk-direct", PROVIDERS[name][2])
    faults, passed = [], 0
    for case in get_tests(form):
        recorded.reset()
        record = answer_for(case, name)
        if record:
            recorded.next(record)
        elif "error" not in case.id and "compact" not in case.id:
            continue  # This provider has no recording of that kind.
        # The checker leaves out tests of thinking by the model's name; here, the recording decides.
        case.skip_reason = None
        result = through.run_one(case)
        if result.errors and record and name == protocol:
            # What is passed on as it came can be no better than it was.
            recorded.next(record)
            if direct.run_one(case).errors == result.errors:
                continue
        reason = FAILING.get((form, name, case.id)) or FAILING.get((form, None, case.id))
        if result.errors and not reason:
            faults.append(f"{case.id} ({record and record['id']}): {result.errors[:3]}")
        elif not result.errors and FAILING.get((form, name, case.id)):
            faults.append(f"{case.id} passes, though it is said to fail")
        passed += not result.errors
    assert not faults, f"{len(faults)}:\n" + "\n".join(fault[:700] for fault in faults)
    assert passed
