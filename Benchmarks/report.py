"""From rounds to figures, as a table or as JSON."""

import statistics
import sys
import time

from measurements import Figure, Measurement


def median(values: list[float]) -> float:
    return statistics.median(values) if values else float("nan")


def figure_value(m: Measurement, f: Figure, name: str) -> float:
    value = median([f.value(run) for run in m.runs.get(name, [])])
    if f.added and name != "direct":
        value -= median([f.value(run) for run in m.runs["direct"]])
    return value


def has_direct_value(f: Figure) -> bool:
    """The mock alone has latencies, but no gateway whose CPU time and memory could be counted."""
    return f.added or f.label in ("chunks delivered in time", "jitter p99", "transit p99")


def show(value: float) -> str:
    if value != value:
        return "–"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def ratio(value: float, reference: float) -> str:
    # An added latency may come out as nothing or less than nothing; a ratio to it says nothing.
    if value != value or reference != reference or reference <= 0 or value < 0:
        return "–"
    return f"{value / reference:.2f}"


def table_rows(measurements: list[Measurement], names: list[str]) -> tuple[list[str], list[list[str]]]:
    ratios = [("sira", "nginx"), ("sira", "baseline"), ("baseline", "nginx")]
    ratios = [pair for pair in ratios if set(pair) <= set(names)]
    header = ["", "direct", *names, *(f"{a}/{b}" for a, b in ratios), "aim"]
    rows = []
    for m in measurements:
        rows.append([m.title] + [""] * (len(header) - 1))
        for f in m.figures:
            values = {name: figure_value(m, f, name) for name in names}
            direct = figure_value(m, f, "direct") if m.direct and has_direct_value(f) else None
            rows.append([f"  {f.label}" + (f", {f.unit}" if f.unit else ""),
                         "" if direct is None else show(direct),
                         *(show(values[name]) for name in names),
                         *(ratio(values[a], values[b]) for a, b in ratios),
                         f.aim])
    return header, rows


def print_table(header: list[str], rows: list[list[str]], markdown: bool) -> None:
    if markdown:
        print("| " + " | ".join(header) + " |")
        print("| --- |" + " ---: |" * (len(header) - 2) + " --- |")
        for row in rows:
            first = f"**{row[0]}**" if not row[0].startswith(" ") else row[0].strip()
            print("| " + " | ".join([first, *row[1:]]) + " |")
        return
    label = max(len(row[0]) for row in rows if row[0].startswith(" "))
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(1, len(header))]
    for row in [header, *rows]:
        if row is not header and not row[0].startswith(" "):
            print(f"\n{row[0]}")
            continue
        cells = [cell.rjust(width) for cell, width in zip(row[1:-1], widths)]
        print("  ".join([row[0].ljust(label), *cells, row[-1]]).rstrip())


def as_json(measurements: list[Measurement], names: list[str], notes: list[str]) -> dict:
    return {
        "when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "notes": notes,
        "measurements": [{
            "name": m.name,
            "title": m.title,
            "figures": [{
                "label": f.label, "unit": f.unit, "added": f.added, "aim": f.aim,
                # JSON has no way to write "not a number".
                "values": {name: value for name in names if (value := figure_value(m, f, name)) == value},
            } for f in m.figures],
            "runs": {name: [vars(run) for run in runs] for name, runs in m.runs.items()},
        } for m in measurements],
    }


def progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
