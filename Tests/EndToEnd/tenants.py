"""Tenants, limits and budgets, made as another process of the operator would make them."""

import json
import time


def insert(gateway, kind, identifier, **fields):
    """Makes a resource; the gateway knows of it within a moment."""
    now = time.time_ns() // 1000
    gateway.change(
        "INSERT INTO resources (kind, id, version, created_at, updated_at, json) VALUES (?, ?, 1, ?, ?, ?)",
        kind, identifier, now, now, json.dumps(fields),
    )
    return identifier


def team(gateway, name, organization="org_1", **fields):
    """A team with a project and a key of its own; returns the key's text and id."""
    if not gateway.query("SELECT 1 FROM resources WHERE id = ?", organization):
        insert(gateway, "organization", organization, name=organization)
    insert(gateway, "team", f"team_{name}", name=name, organization=organization, **fields)
    insert(gateway, "project", f"proj_{name}", name=name, team=f"team_{name}")
    key = gateway.new_key(name)
    gateway.change("UPDATE keys SET project = ? WHERE id = ?", f"proj_{name}", key["id"])
    return key


def settle():
    """Waits until a running gateway has taken over what was made."""
    time.sleep(0.4)
