"""Runs the measuring firmware on every document in every way it may arrive."""

import documents
import emulator
import image as images

SUBJECTS = ("parser", "exchange", "job")
EXAMPLES = ("parse", "get_call", "plain", "secure")
ARRIVALS = ("whole", "minified", "shuffled", "64-byte pieces", "byte by byte")


def all_figures(directory):
    """Every figure of the parser, of the exchange and of the job."""
    subjects = {name: _run(directory / name) for name in SUBJECTS}
    sizes = {name: value for line in emulator.run(directory / "sizes", b"")
             for name, value in emulator.figures(line).items()}
    empty = images.flash(directory / "empty")
    stack = {name: _stack(groups) for name, groups in subjects.items()}
    flash = {name: images.flash(directory / name) - empty for name in SUBJECTS}
    empty_parts = images.parts(directory / "empty")
    parts = {name: _beyond(images.parts(directory / name), empty_parts) for name in SUBJECTS}
    examples = {name: (images.flash(directory / name), images.static_ram(directory / name)) for name in EXAMPLES}
    return {"examples": examples, **subjects, "sizes": sizes, "stack": stack, "flash": flash, "parts": parts}


def _beyond(parts, empty):
    """What each part of an image has more than one that does nothing."""
    return {part: parts.get(part, 0) - empty.get(part, 0) for part in {**empty, **parts}}


def mean(values):
    return sum(values) / len(values)


def _run(image):
    """Rows by document and arrival."""
    plan = [(name, arrival, piece, document) for name in documents.SEEDS
            for arrival, variants, piece in _arrivals(documents.seed(name)) for document in variants]
    plan += [("deep", arrival, piece, documents.deep()) for arrival, piece in (("whole", 0), ("byte by byte", 1))]
    blob = b"".join(documents.record(document, piece) for _, _, piece, document in plan) + documents.records_end()
    rows = [emulator.figures(line) for line in emulator.run(image, blob)]
    if len(rows) != len(plan):
        raise SystemExit(f"{image}: {len(rows)} lines for {len(plan)} records")
    groups = {}
    for (name, arrival, _, _), row in zip(plan, rows):
        if not row["ok"]:
            raise SystemExit(f"{image}: {name}, {arrival}: refused")
        groups.setdefault(name, {}).setdefault(arrival, []).append(row)
    for name, arrivals in groups.items():
        if len({row["digest"] for rows in arrivals.values() for row in rows}) != 1:
            raise SystemExit(f"{image}: the variants of {name} were read differently")
    return groups


def _arrivals(whole):
    """(arrival, documents, piece) of every way in which a seed document arrives."""
    minified = documents.minified(whole)
    return zip(ARRIVALS, ([whole], [minified], documents.shuffled(whole), [whole], [whole]), (0, 0, 0, 64, 1))


def _stack(groups):
    return max(row["stack"] for arrivals in groups.values() for rows in arrivals.values() for row in rows)
