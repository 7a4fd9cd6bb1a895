#!/usr/bin/env python3
"""The pages of this project: their links, and their copies in the packages.

A package holds what its registry page and its documentation show: its README, and below `guide/` the pages that its module
`guide` has. Those are copies of the project's pages with other links, since neither a registry nor rustdoc has the files beside a
page: a link to a page that a guide has leads there, a link to a file that none has is plain text, and pictures are left out.

    pages.py              every link between files leads somewhere, and every copy is fresh
    pages.py write        writes the copies anew
    pages.py --self-test  shows that each fault is found
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[1]

# Page of the project -> where its copy stands.
COPIES = {
    "README.md": "core/README.md",
    "docs/firmware.md": "core/guide/firmware.md",
    "docs/c.md": "core/guide/c.md",
    "docs/footprint.md": "core/guide/footprint.md",
    "docs/benchmarks.md": "core/guide/benchmarks.md",
    "docs/assurance.md": "core/guide/assurance.md",
    "ARCHITECTURE.md": "core/guide/why.md",
    "SECURITY.md": "core/guide/security.md",
    "CHANGELOG.md": "core/guide/changelog.md",
    "docs/desktop.md": "std-adapter/guide/desktop.md",
    "docs/tool.md": "std-adapter/guide/tool.md",
}
# A page that is the README of its package beside having a place in a guide.
READMES = {"docs/c.md": "capi/README.md"}
CRATES = {"core": "graph-call", "std-adapter": "graph-call-std"}
# What else a copy may lead to.
ELSEWHERE = {
    "core/src/model/capacity.rs": "https://docs.rs/graph-call/latest/graph_call/model/capacity/index.html",
    "LICENSE-APACHE": "https://www.apache.org/licenses/LICENSE-2.0",
    "LICENSE-MIT": "https://opensource.org/license/mit",
}

FENCE = re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
INLINE = re.compile(r"(?P<image>!?)\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]\((?P<to>[^()\s]+)\)")
REFERENCE = re.compile(r"\[(?P<text>[^\[\]]+)\]\[(?P<name>[^\[\]]+)\]")
DEFINITION = re.compile(r"^\[(?P<name>[^\[\]]+)\]: (?P<to>\S+)\n?", re.MULTILINE)
BRACKETS = re.compile(r"(?<![\]!\\])\[([^\[\]]+)\](?![\[(:])")
HTML = re.compile(r"<(?:img|source)\b[^>]*\b(?:src|srcset)=\"(?P<to>[^\"]+)\"|<a\b[^>]*\bhref=\"(?P<link>[^\"]+)\"")


def is_elsewhere(link):
    return "://" in link or link.startswith("mailto:")


def resolve(page, link, root=ROOT):
    """The file that a link of a page names, from the root; and the heading in it."""
    path, _, heading = unquote(link).partition("#")
    target = (root / page).parent / path if path else root / page
    try:
        return target.resolve().relative_to(root.resolve()).as_posix(), heading
    except ValueError:
        return None, heading


def without_code(text):
    """The text with blanks for code, so that places stay."""
    def blank(found):
        return re.sub(r"[^\n]", " ", found[0])
    return CODE.sub(blank, FENCE.sub(blank, text))


def anchors(text):
    """The anchors of the headings, as hosts make them, and those that a page names itself."""
    found, seen = set(), {}
    for line in FENCE.sub("", text).splitlines():
        if heading := re.match(r"#{1,6} +(.*?)\s*#*$", line):
            title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading[1])
            name = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
            count = seen.get(name, 0)
            seen[name] = count + 1
            found.add(f"{name}-{count}" if count else name)
    return found | set(re.findall(r"\b(?:id|name)=\"([^\"]+)\"", text))


def links(text):
    """Every link of a page with its line."""
    bare = without_code(text)
    for pattern, group in ((INLINE, "to"), (DEFINITION, "to"), (HTML, "to"), (HTML, "link")):
        for found in pattern.finditer(bare):
            if found[group]:
                yield found[group], bare.count("\n", 0, found.start()) + 1


def faults_of(root, pages):
    """The links that lead nowhere, one sentence each."""
    faults = []
    for page in pages:
        text = (root / page).read_text()
        names = {found["name"] for found in DEFINITION.finditer(text)}
        bare = without_code(text)
        for found in REFERENCE.finditer(bare):
            if found["name"] not in names:
                faults.append(f"{page}:{bare.count(chr(10), 0, found.start()) + 1}: no definition of [{found['name']}]")
        for link, line in links(text):
            if is_elsewhere(link):
                continue
            target, heading = resolve(page, link, root)
            if target is None or not (root / target).exists():
                faults.append(f"{page}:{line}: nothing at {link}")
            elif heading and target.endswith(".md") and heading not in anchors((root / target).read_text()):
                faults.append(f"{page}:{line}: no heading #{heading} in {target}")
    return faults


def copy(source, target):
    """The copy of a page, as it has to be there."""
    package, _, place = target.partition("/")
    text = (ROOT / source).read_text()

    def lead(link):
        """Where a link leads from the copy; nothing if it cannot."""
        if is_elsewhere(link) or link.startswith("#"):
            return link
        file, heading = resolve(source, link)
        heading = f"#{heading}" if heading else ""
        if file == "README.md" or file == "std-adapter/README.md":
            return f"https://docs.rs/{CRATES['core' if file == 'README.md' else 'std-adapter']}{heading}"
        if file in COPIES:
            other, _, name = COPIES[file].partition("/guide/")
            name = name.removesuffix(".md")
            if other == package and place != "README.md":
                return f"../{name}/index.html{heading}"
            crate = CRATES[other]
            return f"https://docs.rs/{crate}/latest/{crate.replace('-', '_')}/guide/{name}/index.html{heading}"
        return ELSEWHERE.get(file)

    lost = {found["name"] for found in DEFINITION.finditer(text) if lead(found["to"]) is None}

    def inline(found):
        if found["image"]:
            return "" if not is_elsewhere(found["to"]) else found[0]
        to = lead(found["to"])
        return f"[{found['text']}]({to})" if to else found["text"]

    def definition(found):
        to = lead(found["to"])
        return f"[{found['name']}]: {to}\n" if to else ""

    def prose(part):
        part = re.sub(r"<picture>.*?</picture>\n*|<img\b[^>]*>\n*", "", part, flags=re.DOTALL)
        part = INLINE.sub(inline, part)
        part = REFERENCE.sub(lambda found: found["text"] if found["name"] in lost else found[0], part)
        part = DEFINITION.sub(definition, part)
        # rustdoc takes what stands in brackets for the name of an item.
        for found in reversed(list(BRACKETS.finditer(without_code(part)))):
            part = f"{part[: found.start()]}\\[{found[1]}\\]{part[found.end() :]}"
        return part

    parts, at = [], 0
    for fence in FENCE.finditer(text):
        parts += [prose(text[at : fence.start()]), fence[0]]
        at = fence.end()
    parts.append(prose(text[at:]))
    copied = re.sub(r"\n{3,}", "\n\n", "".join(parts))
    return f"<!-- Written by `./ci.sh pages-update` from {source}. -->\n\n{copied.strip()}\n"


def self_test():
    trees = [
        ("links that lead somewhere", "", "# A b\n[x](#a-b) [y](other.md#c) ![z](z.svg) [q][q] `[no](no.md)`\n\n[q]: other.md\n"),
        ("a file that is not there", "nothing at no.md", "[x](no.md)\n"),
        ("a file outside of the project", "nothing at ../../x.md", "[x](../../x.md)\n"),
        ("a heading that is not there", "no heading #d in other.md", "[x](other.md#d)\n"),
        ("a heading of the page itself", "no heading #d in page.md", "[x](#d)\n"),
        ("a picture that is not there", "nothing at no.svg", '<img src="no.svg">\n'),
        ("a name without a definition", "no definition of [q]", "[x][q]\n"),
    ]
    failed = 0
    for what, said, text in trees:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "page.md").write_text(text)
            (root / "other.md").write_text("# B\n\n## C\n")
            (root / "z.svg").write_text("")
            faults = "\n".join(faults_of(root, ["page.md"]))
        if (said not in faults) if said else faults:
            failed += 1
            print(f"{what}: {said or 'nothing'} should be said, and this is: {faults}")
    if failed:
        sys.exit(f"{failed} of {len(trees)} pages are judged wrongly")
    print(f"{len(trees)} pages are judged rightly")


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    stale = []
    copies = [*COPIES.items(), *READMES.items()]
    for source, target in copies:
        file, fresh = ROOT / target, copy(source, target)
        if not file.is_file() or file.read_text() != fresh:
            stale.append(f"{target} is not what {source} says: ./ci.sh pages-update")
            if arguments == ["write"]:
                file.parent.mkdir(exist_ok=True)
                file.write_text(fresh)
    if arguments == ["write"]:
        return print(f"{len(stale)} copies written")
    tracked = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.md"], cwd=ROOT, check=True, capture_output=True, text=True)
    guides = {target for target in COPIES.values() if "/guide/" in target}
    pages = [page for page in tracked.stdout.splitlines() if (ROOT / page).is_file() and page not in guides]
    faults = faults_of(ROOT, pages) + stale
    if faults or len(pages) < 10:
        sys.exit("\n".join(faults) or "the pages were not found")
    print(f"{len(pages)} pages: every link leads somewhere; {len(copies)} copies in the packages are fresh")


main(sys.argv[1:])
