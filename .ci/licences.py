#!/usr/bin/env python3
"""Holds every crate of every lock file of this project to deny.toml: licence, name, source. What cargo-deny finds beyond that,
wildcards and crates that are there twice, it does not look for; but it needs nothing installed.

    licences.py              checks every lock file that git knows
    licences.py --self-test  shows that each fault is found
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def is_allowed(expression, allowed):
    """Whether an SPDX expression can be satisfied; an exception to a licence only permits more."""
    expression = re.sub(r" WITH [\w.-]+", "", expression.replace("/", " OR "))
    words = re.sub(r"[\w.+-]+", lambda word: word[0].lower() if word[0] in ("AND", "OR") else str(word[0] in allowed),
                   expression)
    return eval(words, {})  # only True, False, and, or, brackets


def faults_of(packages, rules):
    """What the rules refuse, one sentence each."""
    allowed = set(rules["licenses"]["allow"])
    exceptions = {rule["crate"]: set(rule["allow"]) for rule in rules["licenses"]["exceptions"]}
    # Of a crate whose manifest does not say, the rules do.
    clarified = {rule["crate"]: rule["expression"] for rule in rules["licenses"].get("clarify", [])}
    # A banned crate may be there below the packages that its rule names, and below no other.
    banned = {rule["crate"]: set(rule.get("wrappers", [])) for rule in rules["bans"]["deny"]}
    sources = {f"registry+{index}" for index in rules["sources"]["allow-registry"]}
    faults = []
    for package in packages:
        name = package["name"]
        licence = package["license"] or clarified.get(name)
        if not licence or not is_allowed(licence, allowed | exceptions.get(name, set())):
            faults.append(f"{name}: licence {licence}")
        if name in banned and not (package["below"] and package["below"] <= banned[name]):
            faults.append(f"{name}: banned")
        if package["source"] not in sources:
            faults.append(f"{name}: from {package['source']}")
    return faults


def linked(workspace):
    """The crates of a workspace that are not its own."""
    command = ["cargo", "metadata", "--format-version", "1", "--all-features", "--locked"]
    # A workspace may name a toolchain or a target of its own in `.cargo`; what it depends on is the same for all.
    metadata = subprocess.run([*command, "--manifest-path", workspace / "Cargo.toml"], cwd=ROOT, check=True, capture_output=True)
    metadata = json.loads(metadata.stdout)
    packages, nodes = metadata["packages"], metadata["resolve"]["nodes"]
    names = {package["id"]: package["name"] for package in packages}
    for package in packages:
        # What uses it, and not what could with another feature.
        package["below"] = {names[node["id"]] for node in nodes if package["id"] in node["dependencies"]}
    return [package for package in packages if package["source"]]


def lock_files():
    tracked = subprocess.run(["git", "ls-files", "*Cargo.lock"], cwd=ROOT, check=True, capture_output=True, text=True)
    return sorted(tracked.stdout.splitlines())


def self_test(rules):
    good = {"name": "good", "license": "MIT OR GPL-3.0", "source": f"registry+{rules['sources']['allow-registry'][0]}",
            "below": {"graph-call"}}
    trials = [
        ("", {}),
        ("licence GPL-3.0", {"license": "GPL-3.0"}),
        ("licence MIT AND GPL-3.0", {"license": "MIT AND GPL-3.0"}),
        ("licence None", {"license": None}),
        ("", {"name": "u8g2-fonts", "license": None}),
        ("banned", {"name": "openssl-sys"}),
        ("", {"name": "microjson", "license": "GPL-3.0-only", "below": {"call-model"}}),
        ("banned", {"name": "microjson", "license": "GPL-3.0-only", "below": {"call-model", "graph-call-std"}}),
        ("from git+https://git.test/x", {"source": "git+https://git.test/x"}),
    ]
    for said, other in trials:
        faults = faults_of([good | other], rules)
        if len(faults) != bool(said) or (said and said not in faults[0]):
            sys.exit(f"{said or 'nothing'} should be said, and this is: {faults}")
    print(f"{len(trials)} crates are judged rightly")


def main(arguments):
    rules = tomllib.loads((ROOT / "deny.toml").read_text())
    if arguments == ["--self-test"]:
        return self_test(rules)
    faults, crates, files = [], set(), lock_files()
    for file in files:
        packages = linked((ROOT / file).parent)
        faults += [f"{file}: {fault}" for fault in faults_of(packages, rules)]
        if not packages:
            faults.append(f"{file}: no crates were found")
        crates |= {(package["name"], package["version"]) for package in packages}
    if faults or not files:
        sys.exit("\n".join(faults) or "no lock files were found")
    print(f"{len(crates)} crates of {len(files)} lock files: licences, names and sources as deny.toml allows")


main(sys.argv[1:])
