#!/usr/bin/env python3
"""Holds every crate that can be linked to deny.toml: licence, name, source. What cargo-deny finds beyond that, wildcards
and crates that are there twice, it does not look for; but it needs nothing installed."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def is_allowed(expression, allowed):
    """Whether an SPDX expression can be satisfied; an exception to a licence only permits more."""
    expression = re.sub(r" WITH [\w.-]+", "", expression.replace("/", " OR "))
    words = re.sub(r"[\w.+-]+", lambda word: word[0].lower() if word[0] in ("AND", "OR") else str(word[0] in allowed),
                   expression)
    return eval(words, {})  # only True, False, and, or, brackets


def main():
    rules = tomllib.loads((ROOT / "deny.toml").read_text())
    allowed = set(rules["licenses"]["allow"])
    exceptions = {rule["crate"]: set(rule["allow"]) for rule in rules["licenses"]["exceptions"]}
    banned = {rule["crate"] for rule in rules["bans"]["deny"]}
    sources = {f"registry+{index}" for index in rules["sources"]["allow-registry"]}
    command = ["cargo", "metadata", "--format-version", "1", "--all-features", "--locked"]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    linked = [package for package in metadata["packages"] if package["source"]]
    faults = []
    for package in linked:
        name, licence = package["name"], package["license"]
        if not licence or not is_allowed(licence, allowed | exceptions.get(name, set())):
            faults.append(f"{name}: licence {licence}")
        if name in banned:
            faults.append(f"{name}: banned")
        if package["source"] not in sources:
            faults.append(f"{name}: from {package['source']}")
    if faults or not linked:
        raise SystemExit("\n".join(faults) or "no crates were found")
    print(f"{len(linked)} crates: licences, names and sources as deny.toml allows")


if __name__ == "__main__":
    main()
