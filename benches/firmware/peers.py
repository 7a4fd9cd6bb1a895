#!/usr/bin/env python3
"""Measures graph-call beside the peers that run on a Cortex-M4, with the harness of examples/firmware.

  peers.py print     the table
  peers.py write     the same, and puts it into docs/benchmarks.md

Every image fills a call from the same documents and prints a digest of all that it holds: all images must agree.
"""

import os
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "examples" / "firmware" / "host"))

import documents
import emulator
import image as images

REPORT = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- firmware -->", "<!-- end firmware -->"

# Image, package, what it is measured against, and whether it takes pieces.
SUBJECTS = {
    "graph-call": ("graph-call", "peers", "empty-graph-call", True),
    "serde-json-core, escapes decoded": ("serde-json-core", "peers", "empty", False),
    "serde-json-core into `&str`, escapes left": ("serde-json-core-references", "peers", "empty", False),
    "serde_json + embedded-alloc": ("heap", "heap", "empty", False),
    "picojson, slice": ("picojson-slice", "peers", "empty", False),
    "picojson, stream": ("picojson-stream", "peers", "empty", True),
    "microjson": ("microjson", "peers", "empty", False),
}
PIECE = 64


def build():
    """Builds each package alone: a heap in one must not bring one to the other."""
    toolchain = ROOT / "examples" / "firmware" / "toolchain.sh"
    for package in ("peers", "heap"):
        subprocess.run([str(toolchain), "cargo", "build", "--quiet", "--release", "--locked", "-p", package], check=True,
                       env={**os.environ, "TARGET": images.TARGET, "FIRMWARE_WORKSPACE": str(HERE)})
    return HERE / "target" / images.TARGET / "release"


def plan(takes_pieces):
    """(document, arrival, bytes, piece) of everything that an image reads."""
    for name in documents.SEEDS:
        whole = documents.seed(name)
        yield name, "whole", whole, 0
        yield name, "minified", documents.minified(whole), 0
        for variant in documents.shuffled(whole):
            yield name, "shuffled", variant, 0
        if takes_pieces:
            yield name, "pieces", whole, PIECE


def run(image, takes_pieces):
    """The rows of an image by (document, arrival), and the sizes that it states."""
    wanted = list(plan(takes_pieces))
    blob = b"".join(documents.record(text, piece) for _, _, text, piece in wanted) + documents.records_end()
    lines = [emulator.figures(line) for line in emulator.run(image, blob)]
    sizes = {name: value for line in lines for name, value in line.items() if name.startswith("size ")}
    rows = [line for line in lines if "instructions" in line]
    if len(rows) != len(wanted):
        raise SystemExit(f"{image}: {len(rows)} lines for {len(wanted)} records")
    groups = {}
    for (name, arrival, _, _), row in zip(wanted, rows):
        if not row["ok"]:
            raise SystemExit(f"{image}: {name}, {arrival}: refused")
        groups.setdefault((name, arrival), []).append(row)
    return groups, sizes


def compare(results):
    """Aborts where two images filled different calls."""
    for name in documents.SEEDS:
        seen = {}
        for subject, (groups, _) in results.items():
            for (document, _), rows in groups.items():
                if document == name:
                    seen.update({row["digest"]: subject for row in rows})
        if len(seen) != 1:
            raise SystemExit(f"{name} was read differently by {' and '.join(seen.values())}")


def cell(groups, name, arrival):
    rows = groups.get((name, arrival))
    if not rows:
        return "cannot"
    return f"{sum(row['instructions'] / row['bytes'] for row in rows) / len(rows):.1f}"


def table(directory, results):
    head = ["instructions per byte", *(f"{name} {arrival}" for name in documents.SEEDS
                                       for arrival in ("whole", "minified", "shuffled", "pieces")),
            "flash added", "stack", "RAM: call", "heap"]
    lines = [f"| {' | '.join(head)} |", "|---|" + "---:|" * (len(head) - 1)]
    for subject, (image, _, empty, _) in SUBJECTS.items():
        groups, sizes = results[subject]
        cells = [cell(groups, name, arrival) for name in documents.SEEDS
                 for arrival in ("whole", "minified", "shuffled", "pieces")]
        flash = images.flash(directory / image) - images.flash(directory / empty)
        stack = max(row["stack"] for rows in groups.values() for row in rows)
        cells += [f"{flash:,}", f"{stack:,}", f"{sizes['size call']:,}", f"{sizes.get('size heap', 0):,}"]
        lines.append(f"| {subject} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    if sys.argv[1:] not in (["print"], ["write"]):
        raise SystemExit(__doc__)
    directory = build()
    results = {subject: run(directory / image, takes_pieces)
               for subject, (image, _, _, takes_pieces) in SUBJECTS.items()}
    compare(results)
    measured = table(directory, results)
    print(measured)
    if sys.argv[1] == "write":
        before, rest = REPORT.read_text().split(BEGIN)
        _, after = rest.split(END)
        REPORT.write_text(f"{before}{BEGIN}\n{measured}\n{END}{after}")


if __name__ == "__main__":
    main()
