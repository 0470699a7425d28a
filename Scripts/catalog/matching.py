"""The rules of genai-prices for the names of models."""
import re

from findings import report


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
