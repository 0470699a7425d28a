#!/usr/bin/env python3
"""Regenerates models.json and catalog-report.md from two published wheels.

The wheels are downloaded and unzipped, never installed, and nothing in them is executed:
the Python data file of genai-prices is read through `ast`, the JSON of litellm through `json`.
Every price is exact: decimals in, integers out, no floating point on the way.
"""
import argparse
import collections
import datetime
import json
import pathlib
from decimal import Decimal

from findings import report, skipped
from merging import merge
from quality import DATA, QUALITIES, alignments, near_misses, quality
from rows import litellm_entries
from sources import genai_providers, newest_date, read, wheel

HERE = pathlib.Path(__file__).resolve().parent

ORDER = ["provider", "id", "name", "kind", "api", "aliases", "match", "context", "max_output",
         "dimensions", "capabilities", "thinking", "efforts", "default_effort", "refuses", "deprecated",
         "legacy", "quality", "prices"]


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
    lines += quality_lines(models)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def quality_lines(models):
    """What of the models has a quality, where it comes from, and which names come close to one that has."""
    rated, chat = sum("quality" in m for m in models), sum(m["kind"] == "chat" for m in models)
    lines = ["", "## Quality", "", f"{rated} of {chat} chat models, by {len(QUALITIES)} measured models.", "",
             "| Source | Date | Models | Slope | Intercept | Correlation | In common with the first |",
             "|---|---|---:|---:|---:|---:|---:|"]
    for source, (slope, intercept, correlation, common) in alignments().items():
        count = sum(source in m for m in DATA["models"].values())
        lines.append(f"| {DATA['sources'][source]['name']} | {DATA['sources'][source]['date']} | {count} | "
                     f"{slope:.3f} | {intercept:.3f} | {correlation:.3f} | {common} |")
    lines += ["", "| Model | Quality | From |", "|---|---:|---|"]
    best = sorted(QUALITIES.items(), key=lambda entry: (-entry[1][0], entry[0]))
    lines += [f"| {model} | {value} | {', '.join(used)} |" for model, (value, used) in best]
    return lines + ["", "### Names that begin as a measured one and are not it", "",
                    ", ".join(near_misses(models)) + "."]


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
    for model in models:
        value = quality(model)
        if value is not None:
            model["quality"] = value
    write_models(options.output / "models.json", models, sources, options.date)
    write_report(options.report or HERE / "catalog-report.md", models, sources, options.date)
    print(f"{len(models)} models, {sum('prices' in m for m in models)} priced; "
          f"{(options.output / 'models.json').stat().st_size} bytes")


if __name__ == "__main__":
    main()
