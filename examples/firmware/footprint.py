#!/usr/bin/env python3
"""Measures the parser on the emulated Cortex-M4.

  footprint.py print              the figures
  footprint.py profile [SEED]     where the instructions of one parse go: by function, then by source line

  --core DIRECTORY                measure that checkout of the core package instead (default: GRAPH_CALL_CORE, or ours)
  --piece N                       profile: feed pieces of N bytes
  --variant V                     profile: whole, minified or shuffled
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "host"))

import documents
import emulator
import image as images
import profile as profiles


def cases(name):
    """(label, documents, piece) of every way in which a seed document arrives."""
    whole = documents.seed(name)
    minified = documents.minified(whole)
    return [
        ("whole", [whole], 0),
        ("minified", [minified], 0),
        ("shuffled", documents.shuffled(whole), 0),
        ("64-byte pieces", [whole], 64),
        ("byte by byte", [whole], 1),
    ]


def measure(directory):
    """The figures of the parser as a dictionary from label to number."""
    image = directory / "parser"
    plan = [(name, label, piece, document) for name in documents.SEEDS
            for label, variants, piece in cases(name) for document in variants]
    blob = b"".join(documents.record(document, piece) for _, _, piece, document in plan) + documents.records_end()
    lines = [emulator.figures(line) for line in emulator.run(image, blob)]
    sizes = {name: value for line in lines for name, value in line.items() if name.startswith("size ")}
    rows = [line for line in lines if "instructions" in line]
    assert len(rows) == len(plan), "one line per record"
    groups = {}
    for (name, label, _, _), row in zip(plan, rows):
        if not row["ok"]:
            raise SystemExit(f"{name}, {label}: refused")
        groups.setdefault(name, {}).setdefault(label, []).append(row)
    for name, labels in groups.items():
        if len({row["digest"] for rows in labels.values() for row in rows}) != 1:
            raise SystemExit(f"{name}: variants of one document were read differently")
    return {"sizes": sizes, "cases": groups,
            "flash": images.flash(image) - images.flash(directory / "empty"), "flash_all": images.flash(image)}


def mean(values):
    return sum(values) / len(values)


def print_figures(figures):
    print(f"{'document':10} {'arrives':16} {'instructions':>12} {'per byte':>9} {'stack':>6}")
    for name, labels in figures["cases"].items():
        for label, rows in labels.items():
            instructions = mean([row["instructions"] for row in rows])
            per_byte = mean([row["instructions"] / row["bytes"] for row in rows])
            stack = max(row["stack"] for row in rows)
            print(f"{name:10} {label:16} {instructions:12.0f} {per_byte:9.2f} {stack:6}")
    print(f"flash of parser + model: {figures['flash']} (image {figures['flash_all']})")
    for name, value in figures["sizes"].items():
        print(f"{name}: {value}")


def print_profile(directory, name, variant, piece):
    whole = documents.seed(name)
    document = {"whole": lambda: whole, "minified": lambda: documents.minified(whole),
                "shuffled": lambda: documents.shuffled(whole)[0]}[variant]()
    image = directory / "parser"
    counts = profiles.by_address(image, document, piece)
    total = sum(counts.values())
    print(f"{name}, {variant}, piece {piece or 'whole'}: {total} instructions, {len(document)} bytes")
    for title, rows in (("function", profiles.by_function(image, counts)), ("line", profiles.by_line(image, counts))):
        print(f"-- by {title}")
        for label, count in rows[:40]:
            print(f"{count:9} {100 * count / total:5.1f} %  {label}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["print", "profile"])
    parser.add_argument("seed", nargs="?", default="p2p", choices=documents.SEEDS)
    parser.add_argument("--core", default=os.environ.get("GRAPH_CALL_CORE"))
    parser.add_argument("--piece", type=int, default=0)
    parser.add_argument("--variant", default="whole", choices=["whole", "minified", "shuffled"])
    arguments = parser.parse_intermixed_args()
    directory = images.build("measure", arguments.core)
    if arguments.command == "print":
        print_figures(measure(directory))
    else:
        print_profile(directory, arguments.seed, arguments.variant, arguments.piece)


if __name__ == "__main__":
    main()
