"""How models depart from others of their protocol."""
import json
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent

TRAITS = json.loads((HERE / "traits.json").read_text(encoding="utf-8"))["traits"]
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
