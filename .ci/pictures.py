#!/usr/bin/env python3
"""The pictures of the pages, as SVG that is readable on light and on dark ground: charts of the figures in the tables of the same
page, and the rooms of core with the arrows that its imports are.

    pictures.py write [NAME ...]   draws them anew
    pictures.py check [NAME ...]   fails where one is not what would be drawn
    pictures.py --self-test        shows that another figure is another picture, and that a lost table is found
"""

import re
import sys
import textwrap
from html import escape
from pathlib import Path

import layers

ROOT = Path(__file__).resolve().parents[1]

STYLE = """<style>
text { font: 12px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
.title { font-size: 14px; font-weight: 600; } .dim { fill: #59636e; } .end { text-anchor: end; } .middle { text-anchor: middle; }
.bar { fill: #afb8c1; } .own { fill: #0969da; } .mark { stroke: #cf222e; stroke-width: 2; }
.box { fill: #f6f8fa; stroke: #59636e; } .arrow { fill: none; stroke: #59636e; stroke-width: 1.3; } .head { fill: #59636e; }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc; } .dim { fill: #9198a1; } .bar { fill: #59636e; } .own { fill: #4493f8; } .mark { stroke: #f85149; }
.box { fill: #21262d; stroke: #9198a1; } .arrow { stroke: #9198a1; } .head { fill: #9198a1; }
}
</style>"""


def svg(width, height, label, parts):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
            f'aria-label="{escape(label)}">\n{STYLE}\n' + "\n".join(parts) + "\n</svg>\n")


# Charts.

class Panel:
    """Bars of one scale: a title, and rows of what, figure as it is written, mark (a bound to stay under, or nothing)."""

    def __init__(self, title, rows):
        self.title, self.rows = title, rows


def number(cell):
    """The first number of a cell: `1.82 (1.78 to 1.87)` is 1.82, `refuses` is none."""
    found = re.match(r"[\d,]+(\.\d+)?", cell)
    return float(found[0].replace(",", "")) if found else None


def table(page, start):
    """The table whose first line starts so: its titles, and its rows of cells without their marks."""
    lines = (ROOT / page).read_text().splitlines()
    at = next((at for at, line in enumerate(lines) if line.startswith(start)), None)
    if at is None:
        raise SystemExit(f"{page} has no table {start}")
    rows = []
    while at < len(lines) and lines[at].startswith("|"):
        # A bar within code is written with a stroke before it.
        cells = re.split(r"(?<!\\)\|", lines[at].strip().removeprefix("|").removesuffix("|"))
        rows.append([cell.strip().replace("`", "").replace("\\|", "|") for cell in cells])
        at += 1
    return rows[0], rows[2:]


def columns(page, start, names, leave_out=r"$^", titles=None):
    """A panel for each of these columns of a table."""
    head, rows = table(page, start)
    rows = [row for row in rows if not re.search(leave_out, row[0])]
    return [Panel((titles or {}).get(name, name), [(row[0], row[head.index(name)], None) for row in rows]) for name in names]


def desktop_time():
    other = r"pieces|every value|by value|used again|^floor|nanoseconds"
    names = ["p2p, one line", "group, one line", "large"]
    return columns("docs/benchmarks.md", "| times as fast as serde_json (owned)", names, other,
                   {name: f"{name}: times as fast as serde_json into Strings; longer is faster" for name in names})


def device():
    titles = {"group whole": "instructions per byte; shorter is better", "flash added": "flash, bytes", "stack": "stack, bytes",
              "RAM: call": "RAM of the call, bytes"}
    return columns("docs/benchmarks.md", "| instructions per byte | p2p whole", list(titles), titles=titles)


def clients():
    titles = {"p50, us": "a warm get, microseconds; shorter is faster", "CPU, us": "CPU of a warm get, microseconds",
              "instructions": "instructions of a warm get"}
    return columns("docs/benchmarks.md", "| a warm get |", list(titles), titles=titles)


def tool():
    titles = {"ms": "one process, milliseconds; shorter is faster", "CPU, ms": "its CPU, milliseconds"}
    return columns("docs/benchmarks.md", "|  | ms | CPU, ms |", list(titles), titles=titles)


def footprint():
    _, parses = table("docs/footprint.md", "| document | arrives | bytes | instructions | per byte | budget |")
    _, memory = table("docs/footprint.md", "| what | bytes | budget |")
    panels = [Panel("instructions per byte of a parse; the line is the budget",
                    [(f"{row[0]}, {row[1]}", row[4], row[5]) for row in parses])]
    for start, title in (("flash: ", "flash, bytes"), ("stack ", "stack, bytes"), ("RAM: ", "RAM, bytes")):
        panels.append(Panel(f"{title}; the line is the budget" if start != "RAM: " else title,
                            [(row[0].removeprefix(start), row[1], row[2]) for row in memory if row[0].startswith(start)]))
    return panels


CHARTS = {
    "benchmarks-desktop": ("How fast parsers fill a call on a desktop", desktop_time, r"graph-call"),
    "benchmarks-device": ("What parsers cost on a Cortex-M4", device, r"graph-call"),
    "benchmarks-clients": ("What a get costs in HTTP clients", clients, r"graph-call"),
    "benchmarks-tool": ("What the tool costs as a process", tool, r"graph-call"),
    "footprint": ("What graph-call costs on a Cortex-M4", footprint, r""),
}
WIDTH, LABELS, ROW, FIGURES = 760, 280, 19, 70


def chart(name):
    title, read, own = CHARTS[name]
    parts, y = [], 8
    for panel in read():
        parts.append(f'<text x="8" y="{y + 14}" class="title">{escape(panel.title)}</text>')
        y += 26
        figures = [number(cell) for row in panel.rows for cell in row[1:] if cell]
        most = max((figure for figure in figures if figure is not None), default=0) or 1

        def along(figure):
            return LABELS + figure / most * (WIDTH - LABELS - FIGURES)

        for what, cell, mark in panel.rows:
            figure, text = number(cell), re.sub(r" \(.*", "", cell)
            kind = "own" if re.search(own, what) else "bar"
            parts.append(f'<text x="{LABELS - 8}" y="{y + 12}" class="end">{escape(what)}</text>')
            if figure is not None:
                parts.append(f'<rect x="{LABELS}" y="{y + 2}" width="{along(figure) - LABELS:.1f}" height="{ROW - 6}" rx="2" class="{kind}"/>')
            reach = along(figure or 0)
            if mark and number(mark) is not None:
                at = along(number(mark))
                parts.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{y}" y2="{y + ROW - 2}" class="mark"/>')
                reach = max(reach, at) if at - reach < 60 else reach
            parts.append(f'<text x="{reach + 6:.1f}" y="{y + 12}" class="dim">{escape(text)}</text>')
            y += ROW
        y += 12
    return svg(WIDTH, y, title, parts)


# The rooms of core.

BOX, HIGH, APART, BETWEEN = 260, 62, 34, 30


def rooms():
    """Room -> the rooms that it uses, by its imports, without those that it reaches through others anyway."""
    source = ROOT / "core/src"
    arrows = layers.Crate(source / "lib.rs").arrows

    def room(file):
        return file.relative_to(source).parts[0].removesuffix(".rs")

    uses = {room(start): set() for start, _ in arrows} | {room(end): set() for _, end in arrows}
    for start, end in arrows:
        if room(start) != room(end):
            uses[room(start)].add(room(end))
    uses.pop("lib", None)

    def reach(start):
        found, ahead = set(), list(uses[start])
        while ahead:
            at = ahead.pop()
            if at not in found:
                found.add(at)
                ahead += uses[at]
        return found

    return {start: {end for end in ends if not any(end in reach(other) for other in ends - {end})} for start, ends in uses.items()}


def meanings():
    """Room -> what it is for, as the map of ARCHITECTURE.md says, in two lines at most."""
    text = (ROOT / "ARCHITECTURE.md").read_text().split("### `core/src`")[1].split("\n### ")[0]
    found = re.findall(r"^- `([^`]+)`: (.*)$", text, re.MULTILINE)
    return {name.removesuffix("/").removesuffix(".rs"): textwrap.wrap(meaning.replace("`", ""), 42, max_lines=2, placeholder=" ...")
            for name, meaning in found}


def architecture():
    uses, meaning = rooms(), meanings()
    depth = {}

    def deep(room):
        depth.setdefault(room, 1 + max((deep(other) for other in uses[room]), default=-1))
        return depth[room]

    lines = {}
    for room in sorted(uses, key=lambda room: -deep(room)):
        lines.setdefault(deep(room), []).append(room)
    levels = sorted(lines, reverse=True)
    width = max(len(line) for line in lines.values()) * (BOX + APART) + APART + 60
    place = {}
    for index, level in enumerate(levels):
        users = {room: [user for user in uses if room in uses[user]] for room in lines[level]}
        is_far = {room: any(depth[user] > level + 1 for user in users[room]) for room in users}
        middle = {room: sum(place[user][0] for user in users[room]) / max(1, len(users[room])) for room in users}
        ordered = sorted(lines[level], key=lambda room: (is_far[room], middle[room], room))
        left = (width - len(ordered) * (BOX + APART) + APART) / 2
        for number_, room in enumerate(ordered):
            place[room] = (left + number_ * (BOX + APART) + BOX / 2, 12 + index * (HIGH + BETWEEN))
    parts = ['<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
             '<path d="M0 0L8 4L0 8z" class="head"/></marker></defs>']
    for start in sorted(uses):
        for end in sorted(uses[start]):
            (x, y), (to, below) = place[start], place[end]
            if depth[start] == depth[end] + 1:
                path = f"M{x:.0f} {y + HIGH}C{x:.0f} {y + HIGH + 18} {to:.0f} {below - 18} {to:.0f} {below - 1}"
            else:
                # Past the boxes between, on the side where the other room stands.
                side = 1 if to >= x else -1
                edge = x + side * BOX / 2
                out = edge + side * 60 if abs(to - x) < BOX else to
                path = f"M{edge:.0f} {y + HIGH / 2:.0f}C{out:.0f} {y + HIGH / 2:.0f} {out:.0f} {below - 60} {to + side * 40:.0f} {below - 1}"
            parts.append(f'<path d="{path}" class="arrow" marker-end="url(#head)"/>')
    for room, (x, y) in place.items():
        parts.append(f'<rect x="{x - BOX / 2:.0f}" y="{y}" width="{BOX}" height="{HIGH}" rx="6" class="box"/>')
        parts.append(f'<text x="{x:.0f}" y="{y + 19}" class="title middle">{room}</text>')
        for line, words in enumerate(meaning[room]):
            parts.append(f'<text x="{x:.0f}" y="{y + 36 + 16 * line}" class="dim middle">{escape(words)}</text>')
    height = 12 + len(levels) * (HIGH + BETWEEN)
    return svg(width, height, "The rooms of core; an arrow goes from the one that uses to the one that is used", parts)


PICTURES = {name: (lambda name=name: chart(name)) for name in CHARTS} | {"architecture": architecture}


def self_test():
    global table
    real = table
    before = chart("benchmarks-tool")

    def changed(page, start):
        head, rows = real(page, start)
        return head, [[cell.replace("1", "2") for cell in row] for row in rows]

    table = changed
    if chart("benchmarks-tool") == before:
        sys.exit("another figure draws the same picture")
    table = real
    try:
        table("docs/benchmarks.md", "| no such table |")
        sys.exit("a lost table is not found")
    except SystemExit as end:
        if "has no table" not in str(end):
            raise
    # `layers.py` reads the same imports, and names what each room may use at most.
    most = layers.allowed(layers.ROOMS["core"])
    if wrong := [f"{start} -> {end}" for start, ends in rooms().items() for end in ends if end not in most[start]]:
        sys.exit(f"arrows that are not allowed: {wrong}")
    print("another figure is another picture, and a lost table is found")


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    [what, *names] = arguments
    stale = []
    for name in names or PICTURES:
        file, drawn = ROOT / f"docs/{name}.svg", PICTURES[name]()
        if what == "write":
            file.write_text(drawn)
        elif not file.is_file() or file.read_text() != drawn:
            stale.append(f"docs/{name}.svg shows what was: ./ci.sh pages-update draws it anew")
    if stale:
        sys.exit("\n".join(stale))
    print(f"{len(names or PICTURES)} pictures {'drawn' if what == 'write' else 'show what the tables and the imports say'}")


if __name__ == "__main__":
    main(sys.argv[1:])
