#!/usr/bin/env python3
"""Measures the parser and the exchange on the emulated Cortex-M4, and proves what can be of the linked images.

  footprint.py print            the figures and the proofs
  footprint.py write            the same, and writes them into docs/footprint.md
  footprint.py check            fails where docs/footprint.md and a fresh measure differ by more than 5 %
  footprint.py profile [SEED]   where the instructions of one parse go: by function, then by source line

  --core DIRECTORY              measure that checkout of the core package instead (default: GRAPH_CALL_CORE, or ours)
  --piece N                     profile: feed pieces of N bytes
  --variant V                   profile: whole, minified or shuffled
"""

import argparse
import os
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent / "host"))

import documents
import image as images
import measure as measures
import profile as profiles
import proofs
import report

REPORT = Path(__file__).resolve().parents[2] / "docs" / "footprint.md"


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
    parser.add_argument("command", choices=["print", "write", "check", "profile"])
    parser.add_argument("seed", nargs="?", default="p2p", choices=documents.SEEDS)
    parser.add_argument("--core", default=os.environ.get("GRAPH_CALL_CORE"))
    parser.add_argument("--piece", type=int, default=0)
    parser.add_argument("--variant", default="whole", choices=["whole", "minified", "shuffled"])
    arguments = parser.parse_intermixed_args()
    directory = images.build(["measure", "controls", "get-call", "online"], arguments.core)
    if arguments.command == "profile":
        print_profile(directory, arguments.seed, arguments.variant, arguments.piece)
        return
    figures = measures.all_figures(directory)
    proved = proofs.prove(directory, figures["stack"])
    tables = report.tables(figures, proved)
    print(tables)
    if arguments.command == "write":
        report.write(REPORT, tables)
    elif arguments.command == "check":
        report.check(REPORT, tables)
    if proved["violations"]:
        raise SystemExit("\n".join(["not proved:", *proved["violations"]]))


if __name__ == "__main__":
    main()
