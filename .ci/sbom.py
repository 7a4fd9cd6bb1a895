#!/usr/bin/env python3
"""What is in the things that are shipped, as CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json/): one JSON file for each, with the
crates that are linked or run while it is built, their licences, and the hashes of the lock file. Tests' crates are not in it.
The same commit gives the same bytes.

    sbom.py DIRECTORY    writes DIRECTORY/NAME-VERSION.cdx.json for each of SHIPPED
    sbom.py --self-test  shows that a file of another shape is found
"""

import json
import re
import subprocess
import sys
import tomllib
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Package, its workspace, features, and what it is.
SHIPPED = [
    ("graph-call", ".", ["--all-features"], "library"),
    ("graph-call-std", ".", [], "application"),
    ("graph-call-c", "capi", [], "library"),
]
SPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562, section 6.6: names that are URLs


def purl(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def component(package, kind, checksums):
    part = {
        "type": kind,
        "bom-ref": purl(package),
        "name": package["name"],
        "version": package["version"],
        "purl": purl(package),
        # Some manifests have the slash of old instead of OR.
        "licenses": [{"expression": re.sub(r" ?/ ?", " OR ", package["license"])}],
    }
    if package["description"]:
        part["description"] = " ".join(package["description"].split())
    if package["repository"]:
        part["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    if checksum := checksums.get((package["name"], package["version"])):
        part["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    return part


def bom(name, workspace, features, kind):
    manifest = ROOT / workspace / "Cargo.toml"
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--manifest-path", manifest, *features]
    metadata = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout)
    lock = tomllib.loads(manifest.with_name("Cargo.lock").read_text())
    checksums = {(package["name"], package["version"]): package.get("checksum") for package in lock["package"]}
    packages = {package["id"]: package for package in metadata["packages"]}
    needs = {
        node["id"]: [need["pkg"] for need in node["deps"] if any(kind["kind"] != "dev" for kind in need["dep_kinds"])]
        for node in metadata["resolve"]["nodes"]
    }
    root = next(package for package in packages.values() if package["name"] == name)
    reached, ahead = set(), [root["id"]]
    while ahead:
        at = ahead.pop()
        if at not in reached:
            reached.add(at)
            ahead += needs[at]
    ordered = sorted((packages[at] for at in reached), key=purl)
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": component(root, kind, checksums)},
        "components": [component(package, "library", checksums) for package in ordered if package is not root],
        "dependencies": [
            {"ref": purl(package), "dependsOn": sorted({purl(packages[need]) for need in needs[package["id"]]})}
            for package in ordered
        ],
    }
    # Named by what it says, and not by when.
    document["serialNumber"] = f"urn:uuid:{uuid.uuid5(SPACE, json.dumps(document, sort_keys=True))}"
    return document


def faults_of(document):
    """Where a document is not as the schema of CycloneDX 1.5 has it, or does not hold together."""
    faults = []
    if (document.get("bomFormat"), document.get("specVersion"), document.get("version")) != ("CycloneDX", "1.5", 1):
        faults.append("format or version")
    if not re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", document.get("serialNumber", "")):
        faults.append("serial number")
    root = document.get("metadata", {}).get("component", {})
    parts = [root, *document.get("components", [])]
    names = [part.get("bom-ref") for part in parts]
    for part in parts:
        name = part.get("name", "a component without a name")
        if part.get("type") not in ("application", "library"):
            faults.append(f"{name}: type")
        if not re.fullmatch(r"pkg:cargo/[\w-]+@\d+\.\d+\.\d+\S*", part.get("purl", "")):
            faults.append(f"{name}: purl")
        if not [licence for licence in part.get("licenses", []) if re.fullmatch(r"[\w.+() -]+", licence.get("expression", ""))]:
            faults.append(f"{name}: licence")
        is_own = name.startswith("graph-call")
        if bool(part.get("hashes")) == is_own or any(not re.fullmatch("[0-9a-f]{64}", hash["content"]) for hash in part.get("hashes", [])):
            faults.append(f"{name}: hash")
    if len(set(names)) != len(names):
        faults.append("a component is there twice")
    needs = {need["ref"]: need["dependsOn"] for need in document.get("dependencies", [])}
    if sorted(needs) != sorted(set(names)):
        faults.append("dependencies are not those of the components")
    if not {need for all in needs.values() for need in all} <= set(names):
        faults.append("a dependency is no component")
    return faults


def self_test():
    document = bom(*SHIPPED[0])
    if faults := faults_of(document):
        sys.exit(f"nothing is wrong, and this is said: {faults}")
    trials = {
        "format or version": lambda it: it.update(specVersion="1.2"),
        "serial number": lambda it: it.update(serialNumber="1"),
        "type": lambda it: it["metadata"]["component"].update(type="crate"),
        "purl": lambda it: it["components"][0].update(purl="pkg:cargo/x"),
        "licence": lambda it: it["components"][0].update(licenses=[]),
        "hash": lambda it: it["components"][0].pop("hashes"),
        "a component is there twice": lambda it: it["components"].append(it["components"][0]),
        "dependencies are not those of the components": lambda it: it["dependencies"].pop(),
        "a dependency is no component": lambda it: it["dependencies"][0]["dependsOn"].append("pkg:cargo/none@1.0.0"),
    }
    for said, damage in trials.items():
        damaged = json.loads(json.dumps(document))
        damage(damaged)
        if not any(said in fault for fault in faults_of(damaged)):
            sys.exit(f"{said} should be said, and this is: {faults_of(damaged)}")
    print(f"{len(trials)} damaged documents are judged rightly")


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    [directory] = map(Path, arguments)
    directory.mkdir(parents=True, exist_ok=True)
    for shipped in SHIPPED:
        document = bom(*shipped)
        if faults := faults_of(document):
            sys.exit("\n".join(faults))
        root = document["metadata"]["component"]
        file = directory / f"{root['name']}-{root['version']}.cdx.json"
        file.write_text(json.dumps(document, indent=2) + "\n")
        print(f"{file}: {len(document['components'])} crates")


main(sys.argv[1:])
