"""How good models are, from published measurements: quality.json, quality-names.json.

Every source is brought to 0…1 by the straight line that quality.json states for it (`scale`: the figures
that become 0 and 1). A source of rank 1 stays as it is. Any other is then aligned with the source of rank 1 by
the least-squares line through the models that both have. A model takes the mean of the sources of the best rank
that has it: an index over many benchmarks goes before single benchmarks, which only fill its gaps, for a mean
over sources that differ from model to model would rank models by who happened to test them.
"""
import json
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent

DATA = json.loads((HERE / "quality.json").read_text(encoding="utf-8"))
NAMED = json.loads((HERE / "quality-names.json").read_text(encoding="utf-8"))
ROUTE = re.compile(r":(cerebras|fireworks-ai|groq|hyperbolic|nebius|novita|nscale|ovhcloud|publicai|sambanova|"
                   r"together)$")
VENDOR = re.compile(r"^((global|us|eu|apac|jp|au|ca|us-gov)\.)?(ai21|amazon|anthropic|cohere|google|meta|"
                    r"minimax|mistral|moonshot|moonshotai|nvidia|openai|qwen|writer|xai|zai)\.")
HOST = re.compile(r"^(fw|(databricks|snowflake|openai|anthropic|zai|cohere|nvidia)(?=-[a-z]))-")
PRECISION = re.compile(r"-(fp8|fp4|nvfp4|bf16|mxfp4|fp8-dynamic|maas|hf|tee)$")
LLAMA = re.compile(r"^(meta-|llama-v|llama-?)?(meta-)?(llama-?v?)(?=\d)")


def normal(name):
    """The name without what hosts put around it: paths, regions, revisions, precision, and `.` for `-`.

    Sizes, dates and words such as mini, flash, instruct or thinking stay: they tell models apart.
    """
    name = ROUTE.sub("", re.sub(r":(free|batch)$", "", name.lower().split("/")[-1]))
    name = VENDOR.sub("", re.sub(r"-v\d+:\d+(:\d+k|:mm)?$", "", name)).replace("deepseek.", "deepseek-")
    if re.fullmatch(r"llama-v\d.*b", name):
        name += "-base"  # Fireworks' way to name what was not taught to chat
    name = HOST.sub("", name.replace("@default", "").replace("@", "-").replace("_", "-"))
    name = re.sub(r"(?<=\d)p(?=\d)", "-", name).replace(".", "-")
    return re.sub(r"^qwen-(?=\d)", "qwen", LLAMA.sub("llama-", PRECISION.sub("", name)))


def scaled(source, figure):
    low, high = DATA["sources"][source]["scale"]
    return (figure - low) / (high - low)


def line(pairs):
    """(slope, intercept, correlation) of the least-squares line through `pairs`."""
    count = len(pairs)
    across, up = sum(x for x, _ in pairs) / count, sum(y for _, y in pairs) / count
    spread = sum((x - across) ** 2 for x, _ in pairs)
    rise = sum((y - up) ** 2 for _, y in pairs)
    both = sum((x - across) * (y - up) for x, y in pairs)
    return both / spread, up - both / spread * across, both / (spread * rise) ** 0.5


def alignments():
    """Source to (slope, intercept, correlation, models in common with the source of rank 1)."""
    first = next(s for s, about in DATA["sources"].items() if about["rank"] == 1)
    found = {first: (1.0, 0.0, 1.0, sum(first in m for m in DATA["models"].values()))}
    for source in DATA["sources"]:
        if source == first:
            continue
        pairs = [(scaled(source, m[source]), scaled(first, m[first]))
                 for m in DATA["models"].values() if source in m and first in m]
        found[source] = (*line(pairs), len(pairs))
    return found


SMALLER = re.compile(r"-(mini|nano|lite|flash|small|micro|haiku|luna|terra|highspeed|fast)(?=-|$)")
SIZE = re.compile(r"(?<![\da-z.])(0-\d|1-[57]|\d+)b(-a\d+b)?(?=-|$)")


def inversions(values):
    """(smaller, larger) of `values`, name to quality, where the smaller of a family has more than the larger."""
    found, sizes = [], {}
    for name, value in values.items():
        for larger in {SMALLER.sub("", name), SMALLER.sub("-pro", name), SMALLER.sub("-pro-preview", name),
                       name.replace("haiku", "sonnet"), name.replace("sonnet", "opus")} - {name}:
            if values.get(larger, 1) < value:
                found.append((name, larger))
        size = SIZE.search(name)
        if size:
            sizes.setdefault(SIZE.sub("*", name), []).append((float(size[1].replace("-", ".")), name))
    for members in sizes.values():
        members.sort()
        found += [(a, b) for at, (x, a) in enumerate(members) for y, b in members[at + 1:]
                  if x < y and values[a] > values[b]]
    return sorted(found)


def said(smaller, larger):
    """Whether a source that has both models puts the smaller one above the larger one."""
    one, other = DATA["models"][smaller], DATA["models"][larger]
    return any(one[s] > other[s] for s in one.keys() & other.keys())


def qualities():
    """Model to (quality, the sources that it comes from).

    A smaller model of a family goes above a larger one only where a source that has both says so; else it is held
    at the larger one's quality, for the two numbers then come from different sources.
    """
    lines, found, used = alignments(), {}, {}
    for model, figures in DATA["models"].items():
        best = min(DATA["sources"][s]["rank"] for s in figures)
        used[model] = [s for s in figures if DATA["sources"][s]["rank"] == best]
        mean = sum(lines[s][0] * scaled(s, figures[s]) + lines[s][1] for s in used[model]) / len(used[model])
        found[model] = round(min(max(mean, 0.0), 1.0), 3)
    for smaller, larger in inversions(found):
        if not said(smaller, larger):
            found[smaller] = min(found[smaller], found[larger])
    return {model: (value, used[model]) for model, value in found.items()}


QUALITIES = qualities()
MODELS = {name: model for model in QUALITIES for name in [model, *NAMED["names"].get(model, [])]}


def quality(row):
    """The quality of a row of models.json, or None where nothing was measured."""
    if row["kind"] != "chat" or f"{row['provider']}/{row['id']}" in NAMED["apart"]:
        return None
    model = MODELS.get(normal(row["id"]))
    return QUALITIES[model][0] if model else None


def near_misses(rows):
    """Names without a quality that begin as one with a quality: to be looked at, never matched by itself."""
    names = {normal(r["id"]) for r in rows if r["kind"] == "chat"} - MODELS.keys()
    return sorted(n for n in names if any(n.startswith((m + "-", m + ":")) for m in MODELS))
