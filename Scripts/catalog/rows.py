"""The rows of litellm: which of them are models, and what they tell besides prices."""
import collections
import re
from decimal import Decimal

from findings import skipped
from traits import traits
from vocabulary import FLAGS, LITELLM, MODES, REGION


def litellm_entries(data):
    """{our provider: {model id: entry}}, one entry per name, without the regional copies."""
    out = collections.defaultdict(dict)
    for key, entry in data.items():
        theirs = entry.get("litellm_provider")
        if key == "sample_spec" or theirs is None:
            continue
        ours = LITELLM.get(theirs)
        if ours is None:
            skipped[f"litellm provider {theirs}"] += 1
            continue
        mode = entry.get("mode") or "chat"
        if mode not in MODES:
            skipped[f"litellm mode {mode}"] += 1
            continue
        if key.endswith("/container") or key == "container":
            skipped["rows that price a tool, not a model"] += 1
            continue
        name = key
        for prefix in (theirs, theirs.split("-")[0], "bedrock" if ours == "bedrock" else theirs):
            if name.startswith(prefix + "/"):
                name = name[len(prefix) + 1:]
                break
        if ours == "bedrock" and (REGION.match(name) or "/" in name or name.startswith("arn:")):
            skipped["bedrock regional or provisioned copies"] += 1
            continue
        if ours == "azure-openai" and (re.match(r"(us|eu|global|global-standard|standard|hd|low|medium|high)/", name)
                                       or re.match(r"\d+-x-", name)):
            skipped["azure regional or per-size copies"] += 1
            continue
        if re.match(r"(\d+-x-\d+|\d+x\d+|hd|low|medium|high|standard|max-x-max)/", name) or \
                re.search(r"(^|/)(\d+-x-\d+|\d+x\d+)(/|$)", name):
            skipped["per-size image price rows"] += 1
            continue
        if re.match(r"(us|eu|global)/", name) or name.startswith(("together-ai-", "fireworks-ai-")):
            skipped["size-class or regional rows that name no model"] += 1
            continue
        if ours == "jina" and "/" in name:
            name = name.split("/")[-1]
        previous = out[ours].get(name)
        if previous:
            # The prefixed twin and the bare name describe the same model; keep the fuller one.
            if len(entry) <= len(previous[0]):
                continue
        out[ours][name] = (entry, key)
    return out


def describe(model, entry):
    mode = entry.get("mode")
    model["kind"] = MODES[mode] if mode else guess_kind(model["id"])
    if mode == "responses":
        model["api"] = "responses"
    for key, field in (("max_input_tokens", "context"), ("max_output_tokens", "max_output")):
        amount = entry.get(key)
        if field == "max_output" and model["kind"] not in ("chat", "completion", "realtime"):
            continue
        if isinstance(amount, (int, Decimal)) and amount > 0:
            model[field] = int(amount)
    flags = [name for key, name in FLAGS if entry.get(key) is True]
    if flags:
        model["capabilities"] = flags
    if entry.get("output_vector_size"):
        model["dimensions"] = int(entry["output_vector_size"])
    if model["kind"] == "chat" and "provider" in model:
        traits(model["provider"], model, entry)
    gone = entry.get("deprecation_date")
    if isinstance(gone, str) and re.fullmatch(r"20\d\d-\d\d-\d\d", gone):
        model["deprecated"] = gone


def guess_kind(name):
    name = name.lower()
    for pattern, kind in ((r"^(text-)?(ada|babbage|curie|davinci)(-\d+)?$", "completion"),
                          (r"embed|voyage-(?!.*rerank)|/bge-(?!rerank)|/e5-|gte-", "embedding"),
                          (r"rerank", "rerank"), (r"whisper|transcri|stt|asr", "transcription"),
                          (r"tts|speech|sonic-|^aura", "speech"), (r"realtime|live", "realtime"),
                          (r"ocr", "ocr"), (r"moderation", "moderation"),
                          (r"image|dall-e|flux|imagen", "image")):
        if re.search(pattern, name):
            return kind
    return "chat"
