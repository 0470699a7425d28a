"""The roll-ups of a database, counted again from its rows by plain means."""

import json
from bisect import bisect_left
from collections import Counter, defaultdict

MINUTE, HOUR, DAY = 1, 2, 3
PERIODS = {MINUTE: 60_000_000, HOUR: 3_600_000_000, DAY: 86_400_000_000}
NAMES = ("organization", "team", "project", "key", "requested_model", "provider", "model")
#: Which names the lines of a view keep: all, what was asked of whom, who asked.
VIEWS = {0: NAMES, 1: NAMES[4:], 2: NAMES[:4]}
COUNTS = (
    "input", "cache_read", "cache_write", "cache_write_long", "input_audio", "output", "reasoning", "output_audio",
    "web_searches", "input_image", "tool_prompt", "output_image", "images", "input_audio_time", "output_audio_time",
    "characters", "search_units",
)
SUMS = (
    "requests", "errors", "attempts", "input", "cache_read", "cache_write", "output", "reasoning", "web_searches",
    "images", "input_audio_time", "output_audio_time", "characters", "search_units", "cost", "charge", "cache_savings",
    "routing_savings", "unknown_usage", "unpriced", "duration", "queue_time", "cached", "retried", "failure_cost",
)
SKETCHES = ("duration_sketch", "first_token_sketch")
NONE, PARTIAL = 0, 3


def bounds():
    """The longest duration of each bucket of a sketch: powers of 1.02 / 0.98, rounded down."""
    bound, found = 1.0, []
    while bound < 2.0**63:
        found.append(int(bound))
        bound *= (1 + 0.02) / (1 - 0.02)
    return found + [2**63 - 1]


BOUNDS = bounds()


def decoded(sketch):
    """Counts by bucket of a sketch as its column keeps it: a byte for the form, then steps and counts."""
    counts, index, numbers, number, shift = Counter(), 0, [], 0, 0
    if sketch is None:
        return counts
    assert sketch[0] == 1, sketch
    for byte in sketch[1:]:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(number)
            number, shift = 0, 0
    assert shift == 0 and len(numbers) % 2 == 0, sketch
    for step, count in zip(numbers[::2], numbers[1::2]):
        index += step
        counts[index] += count
    return counts


def recounted(rows):
    """What the roll-ups must hold: sums and sketches by period, view, start, tag and names."""
    lines = defaultdict(lambda: (Counter(), {name: Counter() for name in SKETCHES}))
    for row in rows:
        sums, latencies = figures(row)
        names = named(row)
        user = f"user:{row['user'] if row['is_user_listed'] else 'other'}" if row["user"] else None
        tags = {tag for tag in json.loads(row["tags"]) if tag and not tag.startswith("user:")}
        for tag in {""} | tags | ({user} if user else set()):
            for period, length in PERIODS.items():
                start = row["started_at"] // length * length
                for view in kept(period, tag):
                    place = tuple(names[name] if name in VIEWS[view] else "" for name in NAMES)
                    line = lines[(period, view, start, tag, *place)]
                    line[0].update(sums)
                    for sketch, bucket in latencies.items():
                        line[1][sketch][bucket] += 1
    return lines


def kept(period, tag):
    """The views that count a row under a tag, or under none: not those that would have nearly as many lines."""
    if period == MINUTE:
        return (0,) if tag else (0, 1)
    if tag.startswith("user:"):
        return (0,) if period == HOUR else (0, 2)
    return (0, 1, 2)


def figures(row):
    """What a row adds to each sum, and its buckets in the sketches."""
    is_request = bool(row["is_final"]) and not row["is_correction"]
    is_answer = is_request and row["outcome"] == 0
    has_gap = row["cost"] is None and row["attempt"] > 0 and not row["is_correction"]
    is_untold = row["usage_basis"] in (NONE, PARTIAL)
    sums = {name: row[name] or 0 for name in SUMS if name in row}
    sums |= {
        "requests": is_request, "errors": is_request and row["outcome"] != 0, "attempts": not row["is_correction"],
        "cache_write": row["cache_write"] + row["cache_write_long"],
        "unknown_usage": has_gap and is_untold, "unpriced": has_gap and not is_untold,
        "duration": is_request and row["duration"], "queue_time": is_request and row["queue_time"],
        "cached": is_answer and row["attempt"] > 0 and row["cache_read"] > 0,
        "retried": is_answer and row["attempt"] > 1 and row["status"] != 101,
        "failure_cost": row["outcome"] != 0 and not row["is_correction"] and row["cost"] or 0,
    }
    times = {"duration_sketch": row["duration"]} if is_answer else {}
    if is_answer and row["is_stream"] and row["time_to_first_token"] is not None:
        times["first_token_sketch"] = row["time_to_first_token"]
    return {name: int(value) for name, value in sums.items()}, {
        sketch: bisect_left(BOUNDS, time) for sketch, time in times.items()
    }


def named(row):
    """What a row's lines are about; names that clients made up are not told apart."""
    names = {name: row[name] for name in NAMES}
    is_unused = not any(row[count] for count in COUNTS) and row["cache_read_audio"] is None
    if not row["provider"]:
        names["requested_model"] = ""
    elif not row["is_model_listed"] and row["outcome"] != 0 and is_unused:
        names["requested_model"] = names["model"] = "other"
    return names


def differences(gateway):
    """Where the roll-ups of the database are not what its rows add up to, and how many lines there are."""
    expected = recounted(gateway.query("SELECT * FROM requests"))
    found = {}
    for line in gateway.query("SELECT * FROM rollups JOIN rollup_names ON rollup_names.id = rollups.names"):
        found[tuple(line[name] for name in ("period", "view", "start", "tag", *NAMES))] = line
    faults = []
    for key in expected.keys() | found.keys():
        if key not in found or key not in expected:
            faults.append(f"{key}: {'not there' if key not in found else 'nothing is known of it'}")
            continue
        sums, latencies = expected[key]
        wrong = {name: (found[key][name], sums[name]) for name in SUMS if found[key][name] != sums[name]}
        wrong |= {
            name: (decoded(found[key][name]), counts)
            for name, counts in latencies.items() if decoded(found[key][name]) != counts
        }
        if wrong:
            faults.append(f"{key}: {wrong}")
    return faults, len(found)
