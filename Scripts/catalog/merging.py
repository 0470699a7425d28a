"""One list of models from both sources."""
import collections
import re

from findings import report, skipped
from matching import exact, flatten, matches
from prices import genai_periods, litellm_price, ordered
from rows import describe, guess_kind
from traits import traits
from vocabulary import GENAI, GENAI_PREFIX, MODES, NO_PRICE


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
