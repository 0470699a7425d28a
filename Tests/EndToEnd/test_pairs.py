"""Translations agree with what independent implementations agree on; what cannot be translated is refused or named."""

import gzip
import json
import subprocess
import sys

import httpx
import pytest

from gateway import SHARED
from replay import CONVERSATIONS, PROVIDERS, Replay, replaying_gateway

#: The models that make the gateway speak a format to its provider.
FORMATS = {
    "openai.chat": "chat-model", "openai.responses": "responses-model", "anthropic.messages": "anthropic-model",
    "gemini.generateContent": "gemini-model", "bedrock.converse": "bedrock-model", "cohere.chat_v2": "cohere-model",
    "ollama.chat": "ollama-model", "openai.embeddings": "openai/text-embedding-3-small",
    "cohere.rerank": "cohere/rerank-v3.5",
}
PATHS = {
    "openai.chat": "/v1/chat/completions", "openai.responses": "/v1/responses", "anthropic.messages": "/v1/messages",
    "gemini.generateContent": "/v1beta/models/{model}:generateContent",
}
#: Pairs that are translated otherwise on purpose: reasons, and the ids of the pairs that each explains.
with open(__file__.replace("test_pairs.py", "pairs.json"), encoding="utf-8") as file:
    EXPLAINED = {pair: reason for reason, pairs in json.load(file).items() for pair in pairs}


def pairs(kind):
    with gzip.open(SHARED / f"pairs/{kind}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.fixture(scope="module")
def replay(shared):
    """Answers any request by some recording of its provider."""
    with Replay(*sorted({file for file, _ in CONVERSATIONS.values()}), loose=3) as replay:
        yield replay


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, replay):
    # What is put to the provider once more gets the next recording, which is the answer to another question.
    once = {"retry": {"attempts": 1}}
    with replaying_gateway(tmp_path_factory.mktemp("sira"), replay, routing=once) as gateway:
        yield gateway


@pytest.mark.parametrize("kind", ["request", "response", "stream", "error"])
def test_translations_agree(gateway, replay, tmp_path, kind):
    report = tmp_path / "report.json"
    models = [f"--model={name}={model}" for name, model in FORMATS.items()]
    done = subprocess.run(
        [
            sys.executable, SHARED / "tools/replay/run_pairs.py", "--gateway", gateway.url, "--replay", replay.url,
            "--key", gateway.text, *models, "--json", report, SHARED / f"pairs/{kind}.jsonl.gz",
        ],
        capture_output=True, text=True, timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    print(done.stdout)  # Verdicts of each direction, for who wants to see them (`-s`).
    agreed = {pair["id"]: (pair.get("agree") or {}).get("paths") or [] for pair in pairs(kind)}
    verdicts = json.loads(report.read_text())
    faulty = {
        verdict["id"]: verdict for verdict in verdicts
        # Without values that others agree on, a pair is one project's taste; but it must have been translated.
        if verdict["verdict"] == "diff" and agreed[verdict["id"]] or verdict["verdict"].startswith(("status", "nothing"))
    }
    faults = [
        f"{pair} {verdict['from']} > {verdict['to']} {verdict['case']}: {verdict['verdict']} "
        f"{contradictions(verdict['diffs'], agreed[pair])}"
        for pair, verdict in faulty.items() if pair not in EXPLAINED
    ]
    mended = [verdict["id"] for verdict in verdicts if verdict["id"] in EXPLAINED and verdict["id"] not in faulty]
    assert len(verdicts) > {"error": 2}.get(kind, 80)
    assert not faults, f"{len(faults)} of {len(verdicts)}:\n" + "\n".join(fault[:600] for fault in faults)
    assert not mended, f"explained, and no longer otherwise: {mended}"


def contradictions(differences, agreed):
    """The differences that are about values on which others agree; all where they agree on nothing."""
    about = [each for each in differences if any(path == each[1] or path.startswith(each[1] + ".") for path in agreed)]
    return about or differences


def ask(gateway, pair, model):
    """Sends a pair's request; the answer."""
    body = dict(pair["input"]) if isinstance(pair["input"], dict) else pair["input"]
    path = PATHS[pair["from"]].format(model=model)
    if "{model}" not in PATHS[pair["from"]] and isinstance(body, dict):
        body["model"] = model
    fields = {"authorization": f"Bearer {gateway.text}", "content-type": "application/json"}
    return httpx.post(gateway.url + path, content=json.dumps(body).encode(), headers=fields, timeout=30)


def test_what_cannot_be_translated_is_refused_or_named(gateway, replay):
    faults, mended = [], []
    for pair in pairs("untranslatable"):
        answer = ask(gateway, pair, FORMATS[pair["to"]])
        is_told = 400 <= answer.status_code < 500 or answer.headers.get("x-sira-dropped")
        if not is_told and pair["id"] not in EXPLAINED:
            faults.append(
                f"{pair['id']} {pair['from']} > {pair['to']} {pair['case']}: {answer.status_code}, "
                f"{pair['expected']}; sent {json.dumps(replay.last['body'])[:300]}"
            )
        elif is_told and pair["id"] in EXPLAINED:
            mended.append(pair["id"])
    assert not faults, f"{len(faults)}:\n" + "\n".join(faults)
    assert not mended, f"explained, and no longer otherwise: {mended}"


@pytest.mark.parametrize("name", PROVIDERS)
def test_whatever_is_asked_is_answered_or_refused(gateway, name):
    faults = []
    for pair in pairs("fuzz_request"):
        answer = ask(gateway, pair, f"{name}-model")
        if answer.status_code == 200:
            continue
        is_clear = 400 <= answer.status_code < 500 and answer.json()["error"]["message"]
        if not is_clear:
            faults.append(f"{pair['id']} {pair['case']}: {answer.status_code} {answer.text[:200]}")
    assert not faults, f"{len(faults)}:\n" + "\n".join(faults)
