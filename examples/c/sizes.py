#!/usr/bin/env python3
"""What the library costs a C program on a Cortex-M4, and proofs about its image: `sizes.py write` puts the figures into
docs/c.md, `sizes.py check` fails where they are off by more than 5 %. Both fail where a proof or a limit does not hold."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "examples/firmware/host"))

import image as images  # noqa: E402
import proofs  # noqa: E402

PROGRAMS = {"parse_only": "parse a call", "job_only": "the whole job"}
# The most flash of a program, in bytes: what the documentation promises.
LIMITS = {"parse_only": 27 * 1024, "job_only": 64 * 1024}
# The texts of errors are made by core's formatting, which calls through tables of its own.
SUBJECT = r"graph_call_(?!parser_message|job_text)\w+"
HEADER = ROOT / "capi/include/graph_call.h"
PROOFS = ("panics", "recursion", "indirect")
PAGE = ROOT / "docs/c.md"
HEAD = "| program | preset | flash | memory of the objects | stack, bound |\n|---|---|---|---|---|\n"
TABLE = re.compile(re.escape(HEAD) + r"(?:\|.*\n)*")


def measure():
    """The rows of the table as lists of a text or a number, and what is violated."""
    rows, problems = [], []
    indirect = proofs.Indirect(proofs.INDIRECT)
    # Beyond the firmware's: how members are found by their names.
    indirect.rows.append((r"graph_call_value", r"<graph_call::.* as graph_call::record::value::(Members|Values)>::.*"))
    # A control: what is left out of the subject does call through tables that no row is about.
    if not proofs.examine(image_of("standard", "misuse"), "graph_call_job_text", indirect)["indirect"]:
        problems.append("the proof about indirect calls finds none where there are some")
    for preset in ("standard", "tiny"):
        for program in ("misuse", *PROGRAMS):
            seen = proofs.examine(image_of(preset, program), SUBJECT, indirect)
            problems += [f"{preset} {program}: {proof}: {fault}" for proof in PROOFS for fault in seen[proof]]
        for program, does in PROGRAMS.items():
            image = image_of(preset, program)
            flash = images.flash(image)
            memory = sum(size_of(thing, preset) for thing in ("", "JOB_" if program == "job_only" else "PARSER_"))
            seen = proofs.examine(image, SUBJECT, indirect)
            if flash > LIMITS[program]:
                problems.append(f"{image}: {flash} bytes of flash, more than {LIMITS[program]}")
            rows.append([does, preset, flash, memory, seen["bound"]])
    return rows, problems


def image_of(preset, program):
    return ROOT / "capi/target/c/device" / preset / program


def size_of(thing, preset):
    """What the header says of an object's memory on a device."""
    name = f"GRAPH_CALL_{thing}SIZE_{'TINY_' if preset == 'tiny' else ''}32"
    return int(re.search(rf"#define {name} (\d+)", HEADER.read_text())[1])


def main(mode):
    rows, problems = measure()
    page = PAGE.read_text()
    table = HEAD + "".join("| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else cell for cell in row) + " |\n" for row in rows)
    print(table, end="")
    written = TABLE.search(page)
    if mode == "write":
        PAGE.write_text(page[:written.start()] + table + page[written.end():])
    else:
        there = [[cell.strip() for cell in line.strip("|").split("|")] for line in written[0][len(HEAD):].splitlines()]
        if [row[:2] for row in there] != [row[:2] for row in rows]:
            problems.append("docs/c.md has other rows: examples/c/sizes.py write")
        for old, new in zip(there, rows):
            for was, now in zip(old[2:], new[2:]):
                if abs(int(was.replace(",", "")) - now) > now * 0.05:
                    problems.append(f"docs/c.md says {was} where {now} was measured: examples/c/sizes.py write")
    print(*problems, sep="\n")
    raise SystemExit(bool(problems))


if __name__ == "__main__":
    if sys.argv[1:] not in (["write"], ["check"]):
        raise SystemExit(__doc__)
    main(sys.argv[1])
