"""The tables of docs/footprint.md: written between two markers, and checked against a fresh measure."""

import re

import documents
from measure import ARRIVALS, SUBJECTS, mean

BEGIN, END = "<!-- measured: ./ci.sh footprint -->", "<!-- end of measured -->"
TOLERANCE = 0.05
PER_BYTE_MAX = dict(zip(ARRIVALS, (16, 18, 21, 20, 180)))
PARTS = {
    "json": "`json`: tokens",
    "binder": "`binder`: tokens into places",
    "record": "`record`: names, values, dates",
    "cell": "`cell`",
    "model": "`model`: places and their emptying, record by record",
    "http": "`http`: request, head, framing, fields",
    "exchange": "`exchange`, and the binder's loop where it is inlined",
    "job": "`job`",
    "program": "the program's loop, and the steps of the machine that are inlined into it",
    "constants": "constants: names, tables of functions, texts of the wire",
    "runtime": "of the language, and gaps",
}
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def tables(figures, proved):
    """All tables, in Markdown."""
    lines = ["### Instructions of one parse", "",
             "| document | arrives | bytes | instructions | per byte | budget |", "|---|---|---|---|---|---|"]
    for name, arrivals in _seeds(figures["parser"]):
        for arrival, rows in arrivals.items():
            lines.append(_instructions(name, arrival, rows, PER_BYTE_MAX[arrival]))
    for subject, what in (("exchange", "exchange: request, head, content"), ("job", "get of a job that has its token")):
        lines += ["", f"### Instructions of one {what}", "",
                  "| document | arrives | bytes | instructions | per byte |", "|---|---|---|---|---|"]
        for name, arrivals in _seeds(figures[subject]):
            for arrival in ("whole", "64-byte pieces", "byte by byte"):
                lines.append(_instructions(name, arrival, arrivals[arrival]))
    size = figures["sizes"]
    lines += ["", "### Memory, in bytes", "", "| what | bytes | budget |", "|---|---|---|"]
    for what, value, budget in (
            ("flash: parser and model", figures["flash"]["parser"], 14 * 1024),
            ("flash: the whole exchange", figures["flash"]["exchange"], 20 * 1024),
            ("flash: the whole job, sign-in and watch included", figures["flash"]["job"], 38_000),
            ("stack of a parse, painted", figures["stack"]["parser"], 512),
            ("stack of a parse, static bound for any input", proved["bounds"]["parser"], 512),
            ("stack of an exchange, painted", figures["stack"]["exchange"], None),
            ("stack of an exchange, static bound for any input", proved["bounds"]["exchange"], None),
            ("stack of a job, painted", figures["stack"]["job"], None),
            ("stack of a job, static bound for any input", proved["bounds"]["job"], None),
            ("RAM: `Parser`", size["Parser"], 160),
            ("RAM: `Exchange`", size["Exchange"], None),
            *((f"RAM: `Session`, {head:,} bytes of head, 2,048 of token", size[f"Session{head}"], None)
              for head in (512, 1024, 2048)),
            ("RAM: `TinyCall`", size["TinyCall"], None),
            ("RAM: `Call`", size["Call"], None),
            ("heap", 0, 0)):
        lines.append(f"| {what} | {value:,} | {'' if budget is None else f'{budget:,}'} |")
    lines += ["", "### Flash by part, in bytes: where the linker has put functions, those inlined into another counted there", "",
              "| part | parser | exchange | job |", "|---|---|---|---|"]
    parts = figures["parts"]
    for part, what in PARTS.items():
        lines.append(f"| {what} | " + " | ".join(f"{parts[subject].get(part, 0):,}" for subject in SUBJECTS) + " |")
    lines += ["", "### Whole programs, in bytes: with runtime, logger and, for the last two, network and TLS", "",
              "| program | flash | static RAM |", "|---|---|---|"]
    lines += [f"| `{name}` | {flash:,} | {ram:,} |" for name, (flash, ram) in figures["examples"].items()]
    lines += ["", "### Proofs of the linked images", "", "| of | holds |", "|---|---|"]
    lines += [f"| {what} | {'yes' if holds else '**no**'} |" for what, holds in proved["rows"]]
    lines += ["", "The deepest path of a parse, frame by frame:", "", "```text", *proved["paths"]["parser"], "```"]
    return "\n".join(lines)


def _seeds(groups):
    return [(name, groups[name]) for name in documents.SEEDS]


def _instructions(name, arrival, rows, budget=None):
    instructions = mean([row["instructions"] for row in rows])
    per_byte = mean([row["instructions"] / row["bytes"] for row in rows])
    length = mean([row["bytes"] for row in rows])
    last = "" if budget is None else f" {budget} |"
    return f"| {name} | {arrival} | {length:,.0f} | {instructions:,.0f} | {per_byte:.1f} |{last}"


def write(path, measured):
    """Puts the tables between the markers of the file."""
    before, _, after = _parts(path.read_text())
    path.write_text(f"{before}{BEGIN}\n\n{measured}\n\n{END}{after}")


def check(path, measured):
    """Fails where the file and the measure differ by more than the tolerance."""
    _, written, _ = _parts(path.read_text())
    differences = []
    rows = [[line for line in text.strip().splitlines() if line.startswith("|")] for text in (written, measured)]
    if len(rows[0]) != len(rows[1]):
        raise SystemExit(f"{path}: other tables than measured: ./ci.sh footprint")
    for old, new in zip(*rows):
        if NUMBER.sub("#", old) != NUMBER.sub("#", new) or any(
                abs(was - now) > TOLERANCE * max(now, 1) for was, now in zip(_numbers(old), _numbers(new))):
            differences.append(f"- {old}\n+ {new}")
    if differences:
        raise SystemExit("\n".join([f"{path} differs from the measure: ./ci.sh footprint", *differences]))


def _numbers(row):
    return [float(number.replace(",", "")) for number in NUMBER.findall(row)]


def _parts(text):
    before, begin, rest = text.partition(BEGIN)
    measured, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit("docs/footprint.md has lost its markers")
    return before, measured, after
