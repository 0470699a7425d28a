#!/usr/bin/env python3
"""Regenerates models.json and catalog-report.md from two published wheels.

The wheels are downloaded and unzipped, never installed, and nothing in them is executed:
the Python data file of genai-prices is read through `ast`, the JSON of litellm through `json`.
Every price is exact: decimals in, integers out, no floating point on the way.
"""
import argparse
import ast
import collections
import datetime
import json
import pathlib
import re
import subprocess
import sys
import zipfile
from decimal import ROUND_HALF_EVEN, Decimal

HERE = pathlib.Path(__file__).resolve().parent

# Price per unit in dollars times this gives nano-dollars per million units.
SCALE = Decimal(10) ** 15

TRAITS = json.loads((HERE / "traits.json").read_text(encoding="utf-8"))["traits"]

# ----- which source provider feeds which of ours -------------------------------------------------

GENAI = {
    "anthropic": "anthropic", "arcee": "arcee", "avian": "avian", "aws": "bedrock",
    "azure": "azure-openai", "baseten": "baseten", "cerebras": "cerebras",
    "cloudflare": "cloudflare-workers-ai", "cohere": "cohere", "databricks": "databricks",
    "deepseek": "deepseek", "doubleword": "doubleword", "elevenlabs": "elevenlabs",
    "fireworks": "fireworks", "github-copilot": "github-copilot", "google": "gemini",
    "groq": "groq", "meta": "meta", "minimax": "minimax", "mistral": "mistral", "modal": "modal",
    "moonshotai": "moonshot", "novita": "novita", "openai": "openai", "openrouter": "openrouter",
    "ovhcloud": "ovhcloud", "perplexity": "perplexity", "quicksilverpro": "quicksilverpro",
    "together": "together", "voyageai": "voyage", "x-ai": "xai", "zai": "zai", "zhipuai": "zhipu",
}
GENAI_PREFIX = {"huggingface_": "huggingface"}  # sub-provider becomes the suffix of the model id

LITELLM = {
    "abliteration": "abliteration", "ai21": "ai21", "aiand": "aiand", "aihubmix": "aihubmix",
    "aiml": "aiml", "amazon_nova": "amazon-nova", "anthropic": "anthropic",
    "assemblyai": "assemblyai", "azure": "azure-openai", "azure_ai": "azure-ai",
    "azure_text": "azure-openai", "baseten": "baseten", "bedrock": "bedrock",
    "bedrock_converse": "bedrock", "bigmodel": "zhipu", "cerebras": "cerebras",
    "cloudflare": "cloudflare-workers-ai", "codestral": "codestral", "cognition": "cognition",
    "cohere": "cohere", "cohere_chat": "cohere", "coralbricks": "coralbricks", "crusoe": "crusoe",
    "darkbloom": "darkbloom", "dashscope": "dashscope", "databricks": "databricks",
    "deepgram": "deepgram", "deepinfra": "deepinfra", "deepseek": "deepseek",
    "elevenlabs": "elevenlabs", "fal_ai": "fal", "featherless_ai": "featherless",
    "fireworks_ai": "fireworks", "fireworks_ai-embedding-models": "fireworks",
    "friendliai": "friendli", "gemini": "gemini", "gigachat": "gigachat",
    "github_copilot": "github-copilot", "gmi": "gmi", "gradient_ai": "gradient", "groq": "groq",
    "heroku": "heroku", "hostinger_router": "hostinger-router", "hyperbolic": "hyperbolic",
    "inception": "inception", "inferenceapis": "inferenceapis", "jina_ai": "jina", "kyma": "kyma",
    "lambda_ai": "lambda", "lemonade": "lemonade", "libertai": "libertai",
    "llamagate": "llamagate", "meta": "meta", "meta_llama": "meta-llama", "minimax": "minimax",
    "mistral": "mistral", "moonshot": "moonshot", "morph": "morph", "nebius": "nebius",
    "nlp_cloud": "nlp-cloud", "novita": "novita", "nscale": "nscale", "nvidia_nim": "nvidia-nim",
    "oci": "oci", "ollama": "ollama", "openai": "openai", "openinfer": "openinfer",
    "ovhcloud": "ovhcloud", "perplexity": "perplexity", "pinstripes": "pinstripes",
    "prism": "prism", "publicai": "publicai", "qwen_ai_platform": "dashscope",
    "recraft": "recraft", "refuseless": "refuseless",
    "replicate": "replicate", "sagemaker": "sagemaker", "sail": "sail", "sambanova": "sambanova",
    "sarvam": "sarvam", "scaleway": "scaleway", "scx-ai": "scx-ai", "snowflake": "snowflake",
    "stability": "stability", "streamlake": "streamlake", "tensormesh": "tensormesh",
    "text-completion-codestral": "codestral", "text-completion-inception": "inception",
    "text-completion-openai": "openai", "together_ai": "together", "v0": "v0",
    "vercel_ai_gateway": "vercel-ai-gateway", "vertex_ai-anthropic_models": "vertex-anthropic",
    "volcengine": "volcengine", "voyage": "voyage", "wandb": "wandb", "watsonx": "watsonx",
    "xai": "xai", "xiaomi_mimo": "xiaomi-mimo", "zai": "zai", "zerogpu": "zerogpu",
}
NO_PRICE = {"ollama", "lemonade"}  # a zero there says "runs on your machine"
MODES = {
    "chat": "chat", "responses": "chat", "completion": "completion", "embedding": "embedding",
    "image_generation": "image", "image_edit": "image", "audio_transcription": "transcription",
    "audio_speech": "speech", "realtime": "realtime", "rerank": "rerank",
    "moderation": "moderation", "ocr": "ocr",
}
FLAGS = [
    ("supports_function_calling", "tools"), ("supports_parallel_function_calling", "parallel_tools"),
    ("supports_tool_choice", "tool_choice"), ("supports_vision", "vision"),
    ("supports_audio_input", "audio_in"), ("supports_audio_output", "audio_out"),
    ("supports_video_input", "video_in"), ("supports_pdf_input", "pdf"),
    ("supports_reasoning", "reasoning"), ("supports_response_schema", "json_schema"),
    ("supports_prompt_caching", "prompt_cache"), ("supports_web_search", "web_search"),
    ("supports_system_messages", "system"), ("supports_computer_use", "computer_use"),
]
# genai-prices unit -> (our field, how many units the source's number is for)
UNITS = {
    "input_mtok": ("input", 6), "output_mtok": ("output", 6), "cache_read_mtok": ("cache_read", 6),
    "cache_write_mtok": ("cache_write", 6), "cache_write_1h_mtok": ("cache_write_1h", 6),
    "output_reasoning_mtok": ("reasoning", 6), "input_audio_mtok": ("audio_in", 6),
    "output_audio_mtok": ("audio_out", 6), "cache_audio_read_mtok": ("cached_audio", 6),
    "input_image_mtok": ("image_in", 6), "output_image_mtok": ("image_out", 6),
    "cache_image_read_mtok": ("cached_image", 6), "input_video_mtok": ("video_in", 6),
    "output_video_mtok": ("video_out", 6), "requests_kcount": ("per_request", 3),
    "web_searches_kcount": ("per_search", 3), "input_document_kpages": ("per_page", 3),
    "audio_hours": ("per_audio_hour", 0), "input_audio_hours": ("per_audio_hour", 0),
    "input_mchars": ("per_character", 6), "output_citation_mtok": ("citation", 6),
}
# litellm key -> our field (dollars per single unit)
TOKEN_KEYS = {
    "input_cost_per_token": "input", "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cache_read", "cache_creation_input_token_cost": "cache_write",
    "output_cost_per_reasoning_token": "reasoning", "input_cost_per_audio_token": "audio_in",
    "output_cost_per_audio_token": "audio_out", "cache_read_input_audio_token_cost": "cached_audio",
    "input_cost_per_image_token": "image_in", "output_cost_per_image_token": "image_out",
    "cache_read_input_image_token_cost": "cached_image", "input_cost_per_video_token": "video_in",
    "output_cost_per_video_token": "video_out",
}
TOKEN_RE = re.compile(
    "^(" + "|".join(sorted(TOKEN_KEYS, key=len, reverse=True))
    + r")(_above_1hr)?(?:_above_(\d+)k_tokens)?(?:_(batches|flex|priority))?$")
FIELDS = [
    "from", "source", "date", "input", "output", "cache_read", "cache_write", "cache_write_1h",
    "reasoning", "audio_in", "audio_out", "cached_audio", "image_in", "image_out", "cached_image",
    "video_in", "video_out", "citation", "per_request", "per_image", "per_page", "per_search",
    "per_character", "per_audio_hour", "start", "end", "days", "above", "tiers", "time_of_day",
    "batch", "flex", "priority", "fast",
]
VARIANTS = {
    ("processing", "batch"): "batch", ("service_tier", "flex"): "flex",
    ("service_tier", "priority"): "priority", ("service_tier", "fast"): "fast",
    ("speed", "fast"): "fast",
}
REGION = re.compile(r"^(us|eu|apac|global|jp|au|ca|sa|me|us-gov|in)\.")
DATED = re.compile(r"(\d{4}-?\d{2}-?\d{2}|[-@]\d{4,8})(?=$|[-:@])")

report = collections.defaultdict(list)
skipped = collections.Counter()


# ----- sources -----------------------------------------------------------------------------------

def wheel(name, cache, version):
    """The wheel of `name` in the cache, downloaded when it is not there."""
    stem = name.replace("-", "_")
    wanted = f"{stem}-{version}-*.whl" if version else f"{stem}-*.whl"
    found = sorted(cache.glob(wanted), key=lambda p: p.stat().st_mtime)
    if not found:
        spec = f"{name}=={version}" if version else name
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                        "--dest", str(cache), spec], check=True)
        found = sorted(cache.glob(wanted), key=lambda p: p.stat().st_mtime)
    return found[-1], found[-1].name.split("-")[1]


def read(path, member):
    with zipfile.ZipFile(path) as z:
        return z.read(member).decode("utf-8")


def value(node):
    """A literal of the data file; calls become dictionaries, nothing runs."""
    if isinstance(node, ast.Call):
        args = [value(a) for a in node.args]
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        if name == "Decimal":
            return Decimal(args[0])
        if name == "date":
            return datetime.date(*args)
        if name == "time":
            return datetime.time(*args)
        return {"_": name, **{k.arg: value(k.value) for k in node.keywords}}
    if isinstance(node, ast.List):
        return [value(e) for e in node.elts]
    if isinstance(node, ast.Dict):
        return {value(k): value(v) for k, v in zip(node.keys, node.values)}
    if isinstance(node, ast.Attribute):
        return node.attr
    return ast.literal_eval(node)


def genai_providers(path):
    tree = ast.parse(read(path, "genai_prices/data.py"))
    for statement in tree.body:
        if isinstance(statement, ast.AnnAssign) and statement.target.id == "providers":
            return value(statement.value)
    raise SystemExit("genai-prices: the list of providers was not found")


def newest_date(text, today):
    """The newest day the data itself mentions: the best offline stand-in for its release date."""
    found = [d for d in re.findall(r"\b20\d\d-[01]\d-[0-3]\d\b", text) if d <= today]
    return max(found) if found else today


# ----- matching ----------------------------------------------------------------------------------

def matches(clause, name):
    kind = clause["_"]
    if kind == "ClauseEquals":
        return name == clause["equals"].lower()
    if kind == "ClauseStartsWith":
        return name.startswith(clause["starts_with"].lower())
    if kind == "ClauseEndsWith":
        return name.endswith(clause["ends_with"].lower())
    if kind == "ClauseContains":
        return clause["contains"].lower() in name
    if kind == "ClauseRegex":
        return re.search(clause["regex"], name) is not None
    if kind == "ClauseOr":
        return any(matches(c, name) for c in clause["or_"])
    if kind == "ClauseAnd":
        return all(matches(c, name) for c in clause["and_"])
    raise SystemExit(f"unknown clause {kind}")


def exact(clause, name):
    if clause["_"] == "ClauseEquals":
        return name == clause["equals"].lower()
    return clause["_"] == "ClauseOr" and any(exact(c, name) for c in clause["or_"])


def flatten(clause, where):
    """(exact names, looser rules) of a clause; conjunctions cannot be expressed and are reported."""
    names, rules = [], []
    for part in clause["or_"] if clause["_"] == "ClauseOr" else [clause]:
        kind = part["_"]
        if kind == "ClauseEquals":
            names.append(part["equals"])
        elif kind == "ClauseOr":
            inner = flatten(part, where)
            names += inner[0]
            rules += inner[1]
        elif kind == "ClauseAnd":
            report["match rules that need AND (left out)"].append(where)
        else:
            key = next(k for k in part if k != "_")
            rules.append({key: part[key]})
    return names, rules


# ----- prices ------------------------------------------------------------------------------------

def nano(dollars, units, where):
    exact_value = dollars * SCALE / (Decimal(10) ** units)
    whole = exact_value.to_integral_value(rounding=ROUND_HALF_EVEN)
    if whole != exact_value:
        report["prices rounded to a whole nano-dollar per million units"].append(f"{where}: {dollars}")
    return int(whole)


def genai_price(price, where):
    flat, tiered = {}, {}
    for key, amount in price.items():
        if key == "_" or amount is None:
            continue
        if key not in UNITS:
            skipped[f"genai-prices unit {key}"] += 1
            continue
        field, units = UNITS[key]
        if isinstance(amount, dict):
            flat[field] = nano(amount["base"], units, where)
            steps = sorted(amount["tiers"], key=lambda t: t["start"])
            tiered[field] = [(t["start"], nano(t["price"], units, where)) for t in steps]
        else:
            flat[field] = nano(amount, units, where)
    starts = sorted({s for steps in tiered.values() for s, _ in steps})
    tiers = []
    for start in starts:
        tier = {"above": start}
        for field, steps in tiered.items():
            reached = [amount for s, amount in steps if s <= start]
            if reached:
                tier[field] = reached[-1]
        tiers.append(tier)
    if tiers:
        flat["tiers"] = tiers
    if flat.get("reasoning") is not None and flat["reasoning"] == flat.get("output"):
        del flat["reasoning"]
    return flat


def genai_periods(model, where, source, released, today):
    checked = re.findall(r"(?:verified|checked|as of)[^;]{0,40}?(20\d\d-\d\d-\d\d)",
                         model.get("price_comments") or "", re.I)
    checked = [d for d in checked if d <= today]
    date = max(checked) if checked else released
    entries = model["prices"] if isinstance(model["prices"], list) else [{"prices": model["prices"]}]
    periods, windows = [], []
    for entry in entries:
        rule = entry.get("constraint")
        price = genai_price(entry["prices"], where)
        if rule and rule["_"] == "TimeOfDateConstraint":
            windows.append({"start": rule["start_time"].strftime("%H:%MZ"),
                            "end": rule["end_time"].strftime("%H:%MZ"), **price})
            continue
        period = {"source": source, "date": date, **price}
        if rule:
            period["from"] = rule["start_date"].isoformat()
        periods.append(period)
    if model["id"].lower().endswith(":free"):
        # The source leaves these empty; the name itself says the price.
        periods = [p if set(p) - {"source", "date", "from"} else {**p, "input": 0, "output": 0} for p in periods]
    periods = [p for p in periods if set(p) - {"source", "date", "from"}]
    if not periods:
        return []
    periods.sort(key=lambda p: p.get("from", ""))
    if windows:
        # The later list entry wins in the source; ours is "first hit wins".
        periods[-1]["time_of_day"] = windows[::-1]
    for variant in model.get("price_variants") or []:
        when = list(variant["when"].items())
        name = VARIANTS.get(when[0]) if len(when) == 1 else None
        fields = genai_price(variant["prices"], where)
        if not fields:
            continue
        if name is None:
            report["price variants with no field of ours (left out)"].append(f"{where}: {variant['when']}")
            continue
        begins = (variant.get("constraint") or {}).get("start_date")
        if begins and begins.isoformat() > today:
            report["price variants that start later (left out)"].append(f"{where}: {name} {begins}")
            continue
        last = periods[-1]
        last[name] = {**fields, **last.get(name, {})}
    return periods


def litellm_price(entry, where, source, date, ours):
    if ours in NO_PRICE:
        return None
    base, tiers, variants = {}, {}, {}
    for key, amount in entry.items():
        found = TOKEN_RE.match(key)
        if not found or not isinstance(amount, (Decimal, int)):
            continue
        field = TOKEN_KEYS[found[1]]
        if found[2]:
            if field != "cache_write":
                continue
            field = "cache_write_1h"
        bucket = variants.setdefault({"batches": "batch"}.get(found[4], found[4]), {}) if found[4] else None
        amount = nano(Decimal(amount), 0, where)
        if found[3]:
            above = int(found[3]) * 1000
            target = tiers.setdefault(above, {}) if bucket is None else \
                bucket.setdefault("tiers", {}).setdefault(above, {})
        else:
            target = base if bucket is None else bucket
        target[field] = amount
    for step in entry.get("tiered_pricing") or []:
        fields = {TOKEN_KEYS[k]: nano(Decimal(v), 0, where) for k, v in step.items() if k in TOKEN_KEYS}
        if "range" not in step:
            skipped["litellm tiered_pricing step without a range"] += 1
            continue
        start = int(step["range"][0])
        if start == 0:
            base.update(fields)
        else:
            tiers.setdefault(start, {}).update(fields)
    mode = entry.get("mode")
    single = {"output_cost_per_image": "per_image", "input_cost_per_query": "per_request",
              "input_cost_per_request": "per_request", "ocr_cost_per_page": "per_page",
              "input_cost_per_character": "per_character", "citation_cost_per_token": "citation"}
    for key, field in single.items():
        amount = entry.get(key)
        if amount and (field != "per_request" or mode in ("rerank", "chat", "moderation")):
            base.setdefault(field, nano(Decimal(amount), 0, where))
    seconds = entry.get("input_cost_per_second") or entry.get("output_cost_per_second")
    if seconds and mode in ("audio_transcription", "audio_speech", "realtime"):
        base["per_audio_hour"] = nano(Decimal(seconds) * 3600, 0, where)
    free = "free" in where.lower()
    if not free:
        if base and not any(base.values()):
            report["litellm prices that are all zero (taken as unknown)"].append(where)
            return None
        dropped = [f for f, v in base.items() if v == 0 and f not in ("cache_write", "cache_write_1h")]
        if dropped and mode in ("chat", "responses"):
            report["litellm chat models with a single zero price (that field left out)"].append(
                f"{where}: {', '.join(sorted(dropped))}")
        base = {f: v for f, v in base.items() if v != 0}
    if not base:
        return None
    if base.get("reasoning") == base.get("output"):
        base.pop("reasoning", None)

    def listed(steps):
        kept = []
        for above, fields in sorted(steps.items()):
            fields = {f: v for f, v in fields.items() if v}
            if fields.get("reasoning") == fields.get("output"):
                fields.pop("reasoning", None)
            if fields:
                kept.append({"above": above, **fields})
        return kept

    period = {"source": source, "date": date, **base}
    if listed(tiers):
        period["tiers"] = listed(tiers)
    for name, fields in variants.items():
        steps = listed(fields.pop("tiers", {}))
        fields = {f: v for f, v in fields.items() if v}
        if steps:
            fields["tiers"] = steps
        if fields:
            period[name] = fields
    return period


def ordered(fields):
    out = {}
    for key in FIELDS:
        if key not in fields:
            continue
        inner = fields[key]
        if key in ("tiers", "time_of_day"):
            inner = [ordered(i) for i in inner]
        elif key in ("batch", "flex", "priority", "fast"):
            inner = ordered(inner)
        out[key] = inner
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise SystemExit(f"price fields without a place: {unknown}")
    return out


# ----- litellm -----------------------------------------------------------------------------------

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


EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]


def efforts(entry):
    """The words for an effort that a model takes, as far as the source says anything of them."""
    if entry.get("reasoning_effort_levels"):
        return [e for e in EFFORTS if e in entry["reasoning_effort_levels"]]
    said = {e: entry.get(f"supports_{e}_reasoning_effort") for e in EFFORTS}
    if "pro" in (entry.get("reasoning_modes") or []) and "standard" not in entry["reasoning_modes"]:
        return []  # these know fewer words, and the source does not say which
    if not any(v is not None for v in said.values()):
        return []
    return [e for e in EFFORTS if said[e] is True or (said[e] is None and e in ("low", "medium", "high"))]


def traits(home, model, entry):
    """How a model departs from others of its protocol: from the source's marks, then from traits.json."""
    adaptive, legacy = (entry.get(f"supports_{w}_thinking") is True for w in ("adaptive", "legacy"))
    if adaptive:
        model["thinking"] = ["budget", "effort"] if legacy else ["effort"]
    words = efforts(entry)
    if words and entry.get("supports_reasoning"):
        model["efforts"] = words
        if entry.get("default_reasoning_effort") in words:
            model["default_effort"] = entry["default_reasoning_effort"]
    refuses = {word for word, key, mark in (
        ("sampling", "supports_sampling_params", False), ("forced_tool", "supports_forced_tool_use", False),
        ("thoughtlessness", "thinking_always_on", True)) if entry.get(key) is mark}
    if adaptive and entry.get("supports_assistant_prefill") is False:
        refuses.add("prefill")
    for rule in TRAITS:
        if home not in rule["providers"] or not re.search(rule["name"], model["id"].lower()):
            continue
        if "none" in rule and rule["none"] != ("none" in model.get("efforts", [])):
            continue
        refuses |= set(rule.get("refuses", []))
        for field in ("thinking", "efforts"):
            if field in rule:
                model.setdefault(field, rule[field])
    if "sampling" in refuses:
        refuses -= {"sampling_in_thought", "sampling_pair"}
    if refuses:
        model["refuses"] = sorted(refuses)


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


# ----- merge -------------------------------------------------------------------------------------

def rank(name, wanted):
    low, want = name.lower(), wanted.lower()
    if low == want:
        return (1, 0, 0)
    if low.split("/")[-1] == want.split("/")[-1]:
        return (0 if low.startswith("accounts/") else 2, 0, 0)
    if low.endswith("-latest"):
        return (3, len(low), 0)
    dates = re.findall(r"\d{4}-?\d{2}-?\d{2}", low)
    if not dates:
        return (4, len(low), 0)
    return (5, 0, -int(dates[-1].replace("-", "")))


def compact_date(name):
    return re.sub(r"-(20\d\d)(0[1-9]|1[0-2])([0-3]\d)(?=-|:|$)", r"-\1-\2-\3", name)


def now_price(periods, today):
    current = None
    for period in periods:
        if period.get("from", "") <= today:
            current = period
    return current or (periods[0] if periods else None)


def differ(a, b):
    out = []
    for field in ("input", "output", "cache_read"):
        if field in a and field in b and a[field] != b[field]:
            out.append(f"{field} {a[field] / 1e9:g} / {b[field] / 1e9:g}")
    return out


def money(period):
    return tuple(period.get(f) for f in ("input", "output"))


def merge(genai, entries, corrections, sources, today):
    models = []
    seen_genai = collections.defaultdict(list)
    for provider in genai:
        pid = provider["id"]
        suffix = ""
        ours = GENAI.get(pid)
        for prefix, target in GENAI_PREFIX.items():
            if pid.startswith(prefix):
                ours, suffix = target, ":" + pid[len(prefix):]
        if ours is None:
            skipped[f"genai-prices provider {pid}"] += len(provider["models"])
            continue
        for model in provider["models"]:
            home = ours
            if ours == "gemini" and model["id"].startswith("claude"):
                home = "vertex-anthropic"
            seen_genai[home].append((model, suffix))
    for home in sorted(set(seen_genai) | set(entries)):
        attached = collections.defaultdict(list)
        loose = {}
        for name, (entry, key) in entries.get(home, {}).items():
            low = name.lower()
            hit = None
            for probe in dict.fromkeys((low, compact_date(low), low.split("/")[-1] if home == "fireworks" else low)):
                for index, (model, suffix) in enumerate(seen_genai.get(home, [])):
                    if not suffix and (model["id"].lower() == probe or exact(model["match"], probe)):
                        hit = (index, True)
                        break
                if hit:
                    break
                for index, (model, suffix) in enumerate(seen_genai.get(home, [])):
                    if not suffix and matches(model["match"], probe):
                        hit = (index, False)
                        break
                if hit:
                    break
            if hit is None:
                loose[name] = (entry, key)
            else:
                attached[hit[0]].append((name, entry, key, hit[1]))
        made = []
        for index, (model, suffix) in enumerate(seen_genai.get(home, [])):
            where = f"{home}/{model['id']}"
            periods = genai_periods(model, where, sources["genai-prices"][0], sources["genai-prices"][1], today)
            current = now_price(periods, today)
            names, rules = flatten(model["match"], where)
            keep = []
            fix = corrections.get((home, model["id"]))
            for name, entry, key, sure in attached.get(index, []):
                family = MODES.get(entry.get("mode") or "", "chat")
                if not sure and family != guess_kind(model["id"]):
                    loose[name] = (entry, key)
                    continue
                if (home, name) in corrections and corrections[home, name]["prefer"] == "apart":
                    report["corrections applied"].append(f"{home}/{name}: {corrections[home, name]['reason']}")
                    loose[name] = (entry, key)
                    continue
                if home == "bedrock":
                    sure = True  # regional and global profiles are priced apart in the first source only
                theirs = litellm_price(entry, f"{home}/{name}", *sources["litellm"], home)
                if current and theirs:
                    gap = differ(current, theirs)
                    if gap:
                        # A zone of hours: the other source may list the dearer hours as its base.
                        if any(not differ(w, theirs) for w in current.get("time_of_day", [])):
                            gap = []
                    if gap:
                        kind = "exact name" if sure else "loose rule"
                        text = f"{home}/{name} ({kind} of {model['id']}): {'; '.join(gap)}"
                        if not sure and name.lower() != model["id"].lower():
                            report["listed apart: caught by a loose rule but priced otherwise"].append(text)
                            loose[name] = (entry, key)
                            continue
                        title = "disagreements (genai-prices / litellm, dollars per million; the first is used)"
                        report[title].append(text)
                keep.append((rank(name, model["id"]), name, entry, theirs, sure))
            keep.sort(key=lambda k: k[0])
            record = {"provider": home, "id": model["id"] + suffix}
            aliases = [] if suffix else list(names)
            if keep:
                certain = [k for k in keep if k[4]]
                if certain:
                    # Names the other source sends upstream beat the family name of this one.
                    record["id"] = certain[0][1]
                aliases += [model["id"]] + [k[1] for k in keep]
            elif record["id"].startswith("regional."):
                plain = record["id"][len("regional."):]
                record["id"] = plain if matches(model["match"], plain.lower()) else "us." + plain
            if model.get("name"):
                record["name"] = model["name"]
            if keep:
                describe(record, keep[0][2])
                for _, _, entry, _, _ in keep[1:]:
                    spare = {"id": record["id"]}
                    describe(spare, entry)
                    for field in ("context", "max_output", "dimensions"):
                        if field in spare:
                            record.setdefault(field, spare[field])
            else:
                record["kind"] = guess_kind(model["id"])
                if record["kind"] == "chat":
                    traits(home, record, {})
            if model.get("context_window"):
                if "context" in record and record["context"] != model["context_window"]:
                    report["context sizes that differ (genai-prices / litellm; the second is used)"].append(
                        f"{where}: {model['context_window']} / {record['context']}")
                record.setdefault("context", model["context_window"])
            if model.get("deprecated"):
                record["legacy"] = True
            if fix and fix["prefer"] == "litellm":
                better = [k[3] for k in keep if k[3]]
                if better:
                    report["corrections applied"].append(f"{where}: {fix['reason']}")
                    periods = better[:1]
            for window in (w for p in periods for w in p.get("time_of_day", [])):
                off = [k[2].get("off_peak_pricing") for k in keep if k[2].get("off_peak_pricing")]
                if off and any(w.get("weekdays") == [1, 2, 3, 4, 5] for w in off[0].get("windows", [])):
                    window["days"] = [1, 2, 3, 4, 5]
            periods = [p for i, p in enumerate(periods) if i == 0 or
                       {**p, "from": 0} != {**periods[i - 1], "from": 0}]
            if periods:
                record["prices"] = [ordered(p) for p in periods]
            record["aliases"] = aliases
            record["match"] = [] if suffix else rules
            made.append(record)
        for name, (entry, key) in loose.items():
            record = {"provider": home, "id": name}
            describe(record, entry)
            price = litellm_price(entry, f"{home}/{name}", *sources["litellm"], home)
            if price:
                record["prices"] = [ordered(price)]
            elif home not in NO_PRICE and record["kind"] in ("image", "speech", "transcription"):
                skipped["litellm image or audio rows without a price we can express"] += 1
                continue
            made.append(record)
        models += tidy(made, home)
    inherit(models)
    models.sort(key=lambda m: (m["provider"], m["id"].lower(), m["id"]))
    return models


def inherit(models):
    """A global profile of Bedrock's is its region's model at another price: what only one source tells holds for it."""
    plain = lambda name: re.sub(r"-v\d+(:\d+)?$", "", name)
    known = {plain(m["id"]): m for m in models if m["provider"] == "bedrock"}
    for model in models:
        if model["provider"] != "bedrock" or not model["id"].startswith("global."):
            continue
        for field in ("context", "max_output", "capabilities", "thinking", "efforts", "default_effort", "refuses"):
            base = known.get(plain(model["id"][len("global."):]), {})
            if field in base and (field == "refuses" or field not in model):
                model[field] = base[field]


def tidy(made, home):
    """Unique ids, aliases that point at one model only."""
    unique = {}
    for record in made:
        low = record["id"].lower()
        if low in unique:
            first = unique[low]
            report["two rows with the same id (the first is kept)"].append(f"{home}/{record['id']}")
            first["aliases"] = first.get("aliases", []) + record.get("aliases", [])
            first["match"] = first.get("match", []) + record.get("match", [])
            continue
        unique[low] = record
    taken = set(unique)
    for record in unique.values():
        aliases = []
        for alias in dict.fromkeys(record.pop("aliases", [])):
            low = alias.lower()
            if low == record["id"].lower():
                continue
            if low in taken:
                report["aliases given up because another model has the name"].append(f"{home}/{alias}")
                continue
            taken.add(low)
            aliases.append(alias)
        if aliases:
            record["aliases"] = sorted(aliases, key=str.lower)
        rules = record.pop("match", [])
        if rules:
            record["match"] = [r for i, r in enumerate(rules) if r not in rules[:i]]
    return unique.values()


# ----- output ------------------------------------------------------------------------------------

ORDER = ["provider", "id", "name", "kind", "api", "aliases", "match", "context", "max_output",
         "dimensions", "capabilities", "thinking", "efforts", "default_effort", "refuses", "deprecated", "legacy", "prices"]


def write_models(path, models, sources, today):
    head = {"version": 1, "updated": today, "sources": [
        {"name": "genai-prices", "version": sources["genai-prices"][0].split()[1], "licence": "MIT",
         "url": "https://github.com/pydantic/genai-prices"},
        {"name": "litellm", "version": sources["litellm"][0].split()[1], "licence": "MIT",
         "url": "https://github.com/BerriAI/litellm"}]}
    dump = lambda o: json.dumps(o, ensure_ascii=False, separators=(",", ":"))
    rows = ",\n".join(dump({k: m[k] for k in ORDER if k in m}) for m in models)
    path.write_text(dump(head)[:-1] + ',"models":[\n' + rows + "\n]}\n", encoding="utf-8")


def write_report(path, models, sources, today):
    lines = ["# Catalogue report", "", f"Built {today} from {sources['genai-prices'][0]} "
             f"(data of {sources['genai-prices'][1]}) and {sources['litellm'][0]} "
             f"(data of {sources['litellm'][1]}).", ""]
    priced = sum("prices" in m for m in models)
    origin = collections.Counter(m["prices"][0]["source"] for m in models if "prices" in m)
    lines += [f"{len(models)} models, {priced} with a price: " +
              ", ".join(f"{n} from {s}" for s, n in sorted(origin.items())) + ".", "",
              "A zero from litellm is taken as unknown unless the id says free: there it stands for "
              "both \"free\" and \"nobody filled this in\". A zero from genai-prices is a price.", "",
              "## Models per provider", "", "| Provider | Models | Priced |", "|---|---:|---:|"]
    per = collections.Counter(m["provider"] for m in models)
    has = collections.Counter(m["provider"] for m in models if "prices" in m)
    lines += [f"| {p} | {n} | {has[p]} |" for p, n in sorted(per.items())]
    lines += ["", "## Kinds", ""]
    lines += [f"- {k}: {n}" for k, n in collections.Counter(m["kind"] for m in models).most_common()]
    lines += ["", "## Left out", ""]
    lines += [f"- {what}: {n}" for what, n in sorted(skipped.items())]
    for title in sorted(report):
        rows = list(dict.fromkeys(report[title]))
        lines += ["", f"## {title[0].upper() + title[1:]} ({len(rows)})", ""]
        lines += [f"- {row}" for row in sorted(rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=pathlib.Path, required=True, help="folder for the wheels")
    parser.add_argument("--output", type=pathlib.Path, required=True, help="folder for models.json")
    parser.add_argument("--report", type=pathlib.Path, help="default: catalog-report.md beside this script")
    parser.add_argument("--genai-prices", metavar="VERSION")
    parser.add_argument("--litellm", metavar="VERSION")
    parser.add_argument("--date", default=datetime.date.today().isoformat(), help="the build's date")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    genai_path, genai_version = wheel("genai-prices", options.cache, options.genai_prices)
    litellm_path, litellm_version = wheel("litellm", options.cache, options.litellm)
    text = read(litellm_path, "litellm/model_prices_and_context_window_backup.json")
    data = json.loads(text, parse_float=Decimal)
    ends = {e.get("deprecation_date") for e in data.values()}
    for gone in filter(None, ends):
        text = text.replace(gone, "")
    sources = {
        "genai-prices": (f"genai-prices {genai_version}",
                         newest_date(read(genai_path, "genai_prices/data.py"), options.date)),
        "litellm": (f"litellm {litellm_version}", newest_date(text, options.date)),
    }
    corrections = {(c["provider"], c["id"]): c for c in
                   json.loads((HERE / "corrections.json").read_text(encoding="utf-8"))["corrections"]}
    models = merge(genai_providers(genai_path), litellm_entries(data), corrections, sources, options.date)
    write_models(options.output / "models.json", models, sources, options.date)
    write_report(options.report or HERE / "catalog-report.md", models, sources, options.date)
    print(f"{len(models)} models, {sum('prices' in m for m in models)} priced; "
          f"{(options.output / 'models.json').stat().st_size} bytes")


if __name__ == "__main__":
    main()
