"""Prices of both sources, in nano-dollars per million units."""
import re
from decimal import ROUND_HALF_EVEN, Decimal

from findings import report, skipped
from vocabulary import FIELDS, NO_PRICE, TOKEN_KEYS, TOKEN_RE, UNITS, VARIANTS

# Price per unit in dollars times this gives nano-dollars per million units.
SCALE = Decimal(10) ** 15


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
