#!/usr/bin/env python3
"""Checks providers.json and models.json; prints counts, exits 1 on the first bad file."""
import collections
import datetime
import json
import pathlib
import re
import sys
import urllib.parse

from quality import MODELS, inversions, normal, quality, said

AUTH = {"bearer", "x-api-key", "api-key", "x-goog-api-key", "bare", "none", "aws-sigv4", "other"}
SPOKEN = {"openai", "anthropic"}
PROVIDER = {
    "id": str, "name": str, "name_zh": str, "country": str, "base_url": str, "protocol": str,
    "auth": (str, dict), "key_env": list, "key_optional": bool, "base_url_env": str, "needs": list,
    "headers": dict, "zero_config": bool, "models_from": str, "quirks": dict, "verified": bool,
    "source": str, "note": str,
}
QUIRKS = {
    "max_tokens_field": {"max_tokens", "max_completion_tokens"},
    "stream_usage": {"option", "always", "none"},
    "content_list_to_string": {True}, "cost_field": None, "responses": {True},
    "allowed_tools": {True}, "call_ids": {"mistral"}, "thoughts_back": {"reasoning_content", "reasoning"},
}
MODEL = {
    "provider": str, "id": str, "name": str, "kind": str, "api": str, "aliases": list, "match": list,
    "context": int, "max_output": int, "dimensions": int, "capabilities": list, "thinking": list,
    "efforts": list, "default_effort": str, "refuses": list, "deprecated": str,
    "legacy": bool, "quality": (int, float), "prices": list,
}
KINDS = {"chat", "completion", "embedding", "image", "transcription", "speech", "realtime", "rerank",
         "moderation", "ocr"}
CAPABILITIES = {"tools", "parallel_tools", "tool_choice", "vision", "audio_in", "audio_out", "video_in",
                "pdf", "reasoning", "json_schema", "prompt_cache", "web_search", "system", "computer_use"}
WORDS = {
    "thinking": {"budget", "effort"},
    "efforts": {"none", "minimal", "low", "medium", "high", "xhigh", "max"},
    "refuses": {"sampling", "sampling_in_thought", "sampling_pair", "forced_tool", "forced_tool_in_thought",
                "prefill", "thoughtlessness"},
}
AMOUNTS = {"input", "output", "cache_read", "cache_write", "cache_write_1h", "reasoning", "audio_in",
           "audio_out", "cached_audio", "image_in", "image_out", "cached_image", "video_in", "video_out",
           "citation", "per_request", "per_image", "per_page", "per_search", "per_character",
           "per_audio_hour"}
VARIANTS = {"batch", "flex", "priority", "fast"}
RULES = {"starts_with", "equals", "ends_with", "contains", "regex"}
LIMIT = 2 ** 63 - 1

problems = []


def bad(where, what):
    problems.append(f"{where}: {what}")


def is_int(value):
    return isinstance(value, int) and not isinstance(value, bool)


def day(where, value):
    try:
        datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        bad(where, f"not a day: {value!r}")


def shape(where, row, schema, required):
    for key, value in row.items():
        if key not in schema:
            bad(where, f"unknown field {key}")
        elif schema[key] is int and not is_int(value):
            bad(where, f"{key} is not an integer")
        elif not isinstance(value, schema[key]):
            bad(where, f"{key} has the wrong type")
    for key in required:
        if key not in row:
            bad(where, f"{key} is missing")


def amounts(where, fields, allowed):
    for key, value in fields.items():
        if key in AMOUNTS:
            if not is_int(value) or not 0 <= value <= LIMIT:
                bad(where, f"{key} is not an integer from 0 to 2^63-1: {value!r}")
        elif key not in allowed:
            bad(where, f"unknown price field {key}")
    if not AMOUNTS & set(fields) and not fields.get("tiers"):
        bad(where, "a price without an amount")


def tiers(where, fields):
    last = 0
    for tier in fields.get("tiers", []):
        amounts(where, tier, {"above"})
        if not is_int(tier.get("above")) or tier["above"] <= last:
            bad(where, "tiers must rise")
        last = tier.get("above", last)


def check_prices(where, periods):
    if not periods:
        bad(where, "empty list of prices")
    last = ""
    for index, period in enumerate(periods):
        amounts(where, period, {"from", "source", "date", "tiers", "time_of_day"} | VARIANTS)
        tiers(where, period)
        for key in ("source", "date"):
            if key not in period:
                bad(where, f"a price without {key}")
        day(where, period.get("date"))
        begin = period.get("from", "")
        if begin:
            day(where, begin)
        if index and begin <= last:
            bad(where, "price periods must rise by their first day")
        last = begin
        for window in period.get("time_of_day", []):
            amounts(where, window, {"start", "end", "days", "tiers"})
            for key in ("start", "end"):
                if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\dZ", window.get(key, "")):
                    bad(where, f"time of day: {window.get(key)!r}")
            if any(d not in range(1, 8) for d in window.get("days", [])):
                bad(where, "days run from 1 (Monday) to 7")
        for name in VARIANTS & set(period):
            amounts(where, period[name], {"tiers"})
            tiers(where, period[name])


def check_providers(data):
    rows = data["providers"]
    ids = [r.get("id") for r in rows]
    if ids != sorted(ids):
        bad("providers", "not sorted by id")
    for name, count in collections.Counter(ids).items():
        if count > 1:
            bad(name, "id used twice")
    keys = collections.defaultdict(list)
    for row in rows:
        where = row.get("id", "?")
        shape(where, row, PROVIDER, ["id", "name", "base_url", "protocol", "auth", "key_env", "source"])
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", where):
            bad(where, "id has odd characters")
        url = urllib.parse.urlsplit(re.sub(r"\{\w+\}", "x", row["base_url"]))
        local = url.hostname in ("localhost", "127.0.0.1")
        if url.scheme not in ("https", "http") or not url.hostname or url.query or row["base_url"].endswith("/"):
            bad(where, f"base_url {row['base_url']}")
        if url.scheme == "http" and not local:
            bad(where, "plain http to a public host")
        if sorted(re.findall(r"\{(\w+)\}", row["base_url"])) != sorted(
                n for n in row.get("needs", []) for _ in range(row["base_url"].count("{" + n + "}"))):
            bad(where, "needs does not name the variables of base_url")
        auth = row["auth"]
        if isinstance(auth, dict):
            if set(auth) != {"header", "prefix"}:
                bad(where, "auth wants header and prefix")
        elif auth not in AUTH:
            bad(where, f"auth {auth}")
        for name in row["key_env"] + [row.get("base_url_env", "X")]:
            if not re.fullmatch(r"[A-Z_][A-Z0-9_]*", name):
                bad(where, f"variable name {name}")
        rule = where.upper().replace("-", "_") + "_BASE_URL"
        if row.get("base_url_env") == rule:
            bad(where, "base_url_env repeats the rule")
        if "base_url_env" not in row and not re.match(r"[A-Z]", rule):
            bad(where, "the rule gives no valid base_url_env")
        for key, value in row.get("quirks", {}).items():
            if key not in QUIRKS:
                bad(where, f"unknown quirk {key}")
            elif QUIRKS[key] and value not in QUIRKS[key]:
                bad(where, f"quirk {key} = {value!r}")
        if row.get("models_from") and row["models_from"] not in ids:
            bad(where, f"models_from {row['models_from']} is no provider")
        if row.get("zero_config", True):
            if not row["key_env"]:
                bad(where, "zero_config without a key variable")
            for name in row["key_env"]:
                keys[name].append(where)
    for name, owners in keys.items():
        if len(owners) > 1:
            bad(name, f"switches on {', '.join(owners)} at once")
    count = lambda test: sum(1 for r in rows if test(r))
    print(f"{len(rows)} providers: {count(lambda r: r['protocol'] in SPOKEN)} spoken, "
          f"{count(lambda r: r.get('country') == 'CN')} Chinese, "
          f"{count(lambda r: r.get('verified') is False)} unverified, "
          f"{count(lambda r: r.get('zero_config', True))} on by their key alone, "
          f"{count(lambda r: 'quirks' in r)} with quirks")
    return set(ids)


def check_quality(where, row):
    value = row.get("quality")
    if value != quality(row):
        bad(where, f"quality {value} is not that of its sources, {quality(row)}")
    if value is not None and (isinstance(value, bool) or not 0 <= value <= 1 or round(value, 3) != value):
        bad(where, f"quality {value!r} is not from 0 to 1 with three decimals")


def check_families(rows):
    """No smaller model above the larger one of its family, unless a source says so; those are listed."""
    values = {normal(r["id"]): r["quality"] for r in rows if "quality" in r}
    for smaller, larger in inversions(values):
        if not said(MODELS[smaller], MODELS[larger]):
            bad(smaller, f"quality {values[smaller]} is above {larger}'s {values[larger]}, and no source says so")
        else:
            print(f"for review: {smaller} {values[smaller]} is above {larger} {values[larger]}, as a source has it")
    print(f"{sum('quality' in r for r in rows)} of {sum(r['kind'] == 'chat' for r in rows)} chat models with a quality")


def check_models(data, providers):
    rows = data["models"]
    order = [(r["provider"], r["id"].lower(), r["id"]) for r in rows]
    if order != sorted(order):
        bad("models", "not sorted by provider and id")
    names = {}
    for row in rows:
        where = f"{row.get('provider')}/{row.get('id')}"
        shape(where, row, MODEL, ["provider", "id", "kind"])
        if row["provider"] not in providers:
            bad(where, "no such provider")
        if row["kind"] not in KINDS:
            bad(where, f"kind {row['kind']}")
        if row.get("api") not in (None, "responses"):
            bad(where, f"api {row['api']}")
        for key in ("context", "max_output", "dimensions"):
            if key in row and row[key] <= 0:
                bad(where, f"{key} is not positive")
        for name in row.get("capabilities", []):
            if name not in CAPABILITIES:
                bad(where, f"capability {name}")
        for field, words in WORDS.items():
            for word in row.get(field, []):
                if word not in words:
                    bad(where, f"{field} {word}")
        if "default_effort" in row and row["default_effort"] not in row.get("efforts", []):
            bad(where, "default_effort is none of efforts")
        if "deprecated" in row:
            day(where, row["deprecated"])
        for name in [row["id"], *row.get("aliases", [])]:
            owner = names.setdefault((row["provider"], name.lower()), where)
            if owner != where or name == "":
                bad(where, f"{name} also belongs to {owner}")
        for rule in row.get("match", []):
            if len(rule) != 1 or not set(rule) <= RULES:
                bad(where, f"match rule {rule}")
            if "regex" in rule:
                try:
                    re.compile(rule["regex"])
                except re.error as error:
                    bad(where, f"regex {rule['regex']}: {error}")
        if "prices" in row:
            check_prices(where, row["prices"])
        check_quality(where, row)
    check_families(rows)
    kinds = collections.Counter(r["kind"] for r in rows)
    print(f"{len(rows)} models of {len({r['provider'] for r in rows})} providers, "
          f"{sum('prices' in r for r in rows)} priced, {sum(len(r.get('aliases', [])) for r in rows)} aliases, "
          f"{sum('tiers' in p for r in rows for p in r.get('prices', []))} periods with tiers")
    print("kinds: " + ", ".join(f"{k} {n}" for k, n in kinds.most_common()))
    top = collections.Counter(r["provider"] for r in rows).most_common(10)
    print("largest: " + ", ".join(f"{k} {n}" for k, n in top))


def load(path, key):
    data = json.loads(path.read_text(encoding="utf-8"))
    if data.get("version") != 1 or key not in data:
        bad(path.name, "version 1 and its list are wanted")
    day(path.name, data.get("updated"))
    return data


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    providers = check_providers(load(folder / "providers.json", "providers"))
    models = folder / "models.json"
    check_models(load(models, "models"), providers)
    print(f"{models.stat().st_size} bytes of models, {(folder / 'providers.json').stat().st_size} of providers")
    for problem in problems[:50]:
        print(f"error: {problem}", file=sys.stderr)
    if problems:
        print(f"{len(problems)} problems", file=sys.stderr)
        raise SystemExit(1)


if __name__ == "__main__":
    main()
