#!/usr/bin/env python3
"""Reads the imports of the Rust sources and fails on a circle of files, or where a room of core uses one that its row does
not name.

An arrow goes from the file that uses something to the file that defines it, however many `pub use` stand between them.
`mod child;` is no arrow, and neither is a `pub use` in a file that does not use the name itself: handing on is not using.
Read are `use`, paths within code, and macros, theirs `$crate` too; not read are comments, strings, `#[cfg(test)]` items and
other crates.

    layers.py                 checks the project
    layers.py PACKAGE ...     checks these packages
    layers.py --self-test     shows that each fault is found, and that a tree without one passes
"""

import re
import sys
import tempfile
from pathlib import Path

# The rooms of a package, a room being `src/NAME.rs` with the folder beside it: what a room may use, and with it what that
# room may use in turn. The root, `lib.rs`, hands on what the rooms have and is none.
ROOMS = {
    "core": {
        "drive": ["job", "exchange"],
        "job": ["exchange", "http", "json"],
        "exchange": ["http", "binder", "model"],
        "model": ["value", "cell", "binder", "json", "http", "shown"],
        "value": ["cell", "binder"],
        "cell": ["record"],
        "binder": ["json", "record"],
        "record": ["error"],
        "http": ["error"],
        "json": ["error"],
        "shown": [],
        "error": [],
        "guide": [],
    },
}
PACKAGES = ["core", "std-adapter", "capi", "benches", "benches/model", "benches/firmware/peers", "benches/firmware/heap", "tls"]

TOKEN = re.compile(
    r"""
      (?P<skip> \s+ | //[^\n]* )
    | (?P<block> /\* )
    | (?P<raw> (?:b|c)?r(?P<hashes>\#*)" )
    | (?P<string> (?:b|c)?"(?:[^"\\]|\\.)*" )
    | (?P<char> b?'(?:[^'\\\n]|\\(?:u\{[^}]*\}|x..|.))' )
    | (?P<life> '\w+ )
    | (?P<word> (?:r\#)?[A-Za-z_]\w* )
    | (?P<mark> \$crate\b | :: | . )
    """,
    re.VERBOSE | re.DOTALL,
)
ITEMS = {"fn", "struct", "enum", "union", "trait", "type", "const", "static", "mod", "macro_rules"}
ROOTS = ("crate", "$crate", "self", "super")
CLOSING = {"(": ")", "[": "]", "{": "}"}


def tokens_of(text):
    """The tokens without comments, strings and lifetimes, each with its line."""
    tokens, at, line = [], 0, 1
    while at < len(text):
        found = TOKEN.match(text, at)
        end = found.end()
        if found["block"]:
            depth = 1
            while depth and end < len(text):
                mark = re.compile(r"/\*|\*/").search(text, end)
                depth, end = (depth + (1 if mark[0] == "/*" else -1), mark.end()) if mark else (0, len(text))
        elif found["raw"]:
            close = text.find('"' + found["hashes"], end)
            end = len(text) if close < 0 else close + 1 + len(found["hashes"])
            tokens.append(('""', line))
        elif found["string"] or found["char"]:
            tokens.append(('""', line))
        elif found["word"] or found["mark"]:
            tokens.append((found[0].removeprefix("r#"), line))
        line += text.count("\n", at, end)
        at = end
    return tokens


def end_of(tokens, at):
    """The index after the bracket that closes the one at `at`."""
    depth = 0
    while at < len(tokens):
        mark = tokens[at][0]
        depth += (mark in CLOSING) - (mark in CLOSING.values())
        at += 1
        if not depth:
            break
    return at


def without_tests(tokens):
    """The tokens without the items that only tests have."""
    kept, at = [], 0
    while at < len(tokens):
        marks = [mark for mark, _ in tokens[at : at + 7]]
        if marks[:5] in (["#", "[", "cfg", "(", "test"], ["#", "[", "cfg", "(", "all"]) and "test" in marks[4:7:2]:
            at = end_of(tokens, at + 1)
            while at < len(tokens) and tokens[at][0] != ";":
                block = tokens[at][0] == "{"
                at = end_of(tokens, at) if tokens[at][0] in CLOSING else at + 1
                if block:
                    break
            else:
                at += 1
            continue
        kept.append(tokens[at])
        at += 1
    return kept


def without_variants(tokens):
    """The tokens with `_` for the variants of enumerations: what is named there is nothing else that bears the name."""
    tokens = list(tokens)
    for at, (word, _) in enumerate(tokens):
        if word != "enum":
            continue
        while at < len(tokens) and tokens[at][0] not in "{;":
            at += 1
        place, end = at + 1, end_of(tokens, at) - 1
        while place < end:
            name, line = tokens[place]
            if name.isidentifier() and tokens[place - 1][0] in ("{", ",", "]"):
                tokens[place] = ("_", line)
            place = end_of(tokens, place) if name in CLOSING else place + 1
    return tokens


class Module:
    """What a module defines, has imported and names."""

    def __init__(self, file, path):
        self.file, self.path = file, path
        self.children = {}
        self.items, self.macros, self.exported = set(), set(), set()
        self.made = set()  # words in macros' arguments: names that a macro may define
        self.aliases = {}  # name -> path
        self.globs = []
        self.named = []  # (path, line): what is an arrow
        self.handed_on = []  # (alias, path, line): `pub use`
        self.words = set()  # every word outside `use`
        self.called = []  # (macro, line)


class Crate:
    """The modules of one crate, from its root file."""

    def __init__(self, root):
        self.files, self.faults = set(), []
        self.root = self.read(root, (), root.parent)
        self.modules = []
        self.gather(self.root)
        self.exported = {name: module for module in self.modules for name in module.exported}
        self.macros = {name: module for module in self.modules for name in module.macros}
        self.arrows = {}  # (from, to) -> line
        for module in self.modules:
            self.draw(module)

    def gather(self, module):
        self.modules.append(module)
        for child in module.children.values():
            self.gather(child)

    def read(self, file, path, folder):
        """Reads a file as the module of this path; its children stand in the folder."""
        self.files.add(file)
        module = Module(file, path)
        self.scan(module, without_variants(without_tests(tokens_of(file.read_text()))), folder)
        return module

    def scan(self, module, tokens, folder):
        at = 0
        while at < len(tokens):
            at = self.step(module, tokens, at, folder)

    def step(self, module, tokens, at, folder):
        """Reads one item, path or token; gives the index after it."""
        word, line = tokens[at]
        module.words.add(word)
        ahead = [mark for mark, _ in tokens[at + 1 : at + 4]] + [""] * 3
        before = tokens[at - 1][0] if at else ""
        if word == "mod" and ahead[1] in ";{" and ahead[0].isidentifier():
            return self.child(module, tokens, at, folder)
        if word == "use" and before not in ("(", ",") and (ahead[0] in ROOTS or ahead[0].isidentifier() or ahead[0] in "{:"):
            end = at + 1
            while end < len(tokens) and tokens[end][0] != ";":
                end += 1
            self.use(module, tokens[at + 1 : end], (), before in ("pub", ")"))
            return end + 1
        if word == "macro_rules" and ahead[0] == "!":
            module.items.add(ahead[1])
            module.macros.add(ahead[1])
            if "macro_export" in [mark for mark, _ in tokens[max(0, at - 4) : at]]:
                module.exported.add(ahead[1])
            self.scan(module, tokens[at + 3 : end_of(tokens, at + 3)], folder)
            return end_of(tokens, at + 3)
        if word in ITEMS and ahead[0].isidentifier():
            name = ahead[1] if ahead[0] in ("fn", "unsafe", "mut") else ahead[0]
            module.items.add(name)
            return at + 1
        if word.isidentifier() and ahead[0] == "!" and ahead[1] in CLOSING and before != "::":
            module.called.append((word, line))
            module.made.update(mark for mark, _ in tokens[at + 3 : end_of(tokens, at + 2)] if mark.isidentifier())
            return at + 2
        if (word.isidentifier() or word == "$crate") and ahead[0] == "::" and before not in ("::", "."):
            path, end = [word], at + 1
            while end + 1 < len(tokens) and tokens[end][0] == "::" and tokens[end + 1][0].isidentifier():
                path.append(tokens[end + 1][0])
                end += 2
            in_visibility = word in ROOTS and before == "in"
            if len(path) > 1 and not in_visibility:
                module.named.append((tuple(path), line))
            return end
        return at + 1

    def child(self, module, tokens, at, folder):
        name = tokens[at + 1][0]
        if tokens[at + 2][0] == "{":
            end = end_of(tokens, at + 2)
            child = Module(module.file, (*module.path, name))
            self.scan(child, tokens[at + 3 : end - 1], folder / name)
            module.children[name] = child
            return end
        if ["path", "="] in [[first, then] for (first, _), (then, _) in zip(tokens[at - 8 : at], tokens[at - 7 : at])]:
            self.faults.append(f"{module.file}:{tokens[at][1]}: #[path] is not followed")
        for file in (folder / f"{name}.rs", folder / name / "mod.rs"):
            if file.is_file():
                module.children[name] = self.read(file, (*module.path, name), folder / name)
                break
        else:
            self.faults.append(f"{module.file}:{tokens[at][1]}: mod {name} has no file")
        return at + 3

    def use(self, module, tokens, prefix, is_pub):
        """One tree of a `use`."""
        path, at = list(prefix), 0
        while at < len(tokens):
            word, line = tokens[at]
            if word == "{":
                part, depth, inner = [], 0, tokens[at + 1 : end_of(tokens, at) - 1]
                for token in [*inner, (",", line)]:
                    depth += (token[0] == "{") - (token[0] == "}")
                    if token[0] == "," and not depth:
                        if part:
                            self.use(module, part, tuple(path), is_pub)
                        part = []
                    else:
                        part.append(token)
                return
            if word == "*":
                module.globs.append((tuple(path), line, is_pub))
                return
            if word == "as":
                break
            if word != "::":
                path.append(word)
            at += 1
        if path[-1] == "self" and len(path) > 1:
            path.pop()
        alias = tokens[at + 1][0] if at < len(tokens) else path[-1]
        line = tokens[0][1]
        if alias != "_":
            # A name that is a module and an item, or a type and a macro, has two imports.
            module.aliases.setdefault(alias, []).append(tuple(path))
        if is_pub:
            module.handed_on.append((alias, tuple(path), line))
        else:
            module.named.append((tuple(path), line))

    def find(self, module, path, seen=frozenset()):
        """Follows a path from a module: the module that it ends in, and whether it names something of that module.

        Nothing for what another crate has.
        """
        at, rest = module, list(path)
        if rest[0] in ("crate", "$crate"):
            at = self.root
            rest.pop(0)
        elif rest[0] in ("self", "super"):
            while rest and rest[0] in ("self", "super"):
                if rest.pop(0) == "super":
                    at = self.at(at.path[:-1])
        elif not self.has(module, rest[0]):
            return None
        for index, name in enumerate(rest):
            if name in at.children:
                at = at.children[name]
                continue
            if name in at.items:
                return at, name
            for target in at.aliases.get(name, []) if (at.path, name) not in seen else []:
                if target == (name,):
                    continue
                found = self.find(at, (*target, *rest[index + 1 :]), seen | {(at.path, name)})
                if found:
                    return found
            if name in at.aliases:
                return None  # another crate's
            if at is self.root and name in self.exported:
                return self.exported[name], name
            for strict in (True, False):
                for target, _, _ in at.globs:
                    inner = self.find(at, target, seen) if (at.path, target) not in seen else None
                    if inner and not inner[1] and self.has(inner[0], name, strict):
                        return self.find(inner[0], ("self", *rest[index:]), seen | {(at.path, target)})
            return at, name if name in at.made else None
        return at, None

    def has(self, module, name, strict=True, seen=frozenset()):
        """Whether a module defines or imports a name; not strict: or a macro in it may have defined it."""
        if name in module.children or name in module.items or name in module.aliases:
            return True
        seen = seen | {module.path}
        for path, _, _ in module.globs:
            found = self.find(module, path) if path[0] in ROOTS or path[0] in module.children else None
            if found and not found[1] and found[0].path not in seen and self.has(found[0], name, strict, seen):
                return True
        return not strict and name in module.made

    def at(self, path):
        module = self.root
        for name in path:
            module = module.children[name]
        return module

    def draw(self, module):
        used = [(path, line) for alias, path, line in module.handed_on if alias in module.words]
        throughs = {path[0] for path, _ in module.named if len(path) > 1}
        for path, line in module.named + used:
            found = self.find(module, path)
            if not found:
                continue
            target, item = found
            # A module that was imported for the paths through it: those are the arrows.
            if not item and path[-1] in throughs and path[-1] in module.aliases and target.path:
                continue
            self.arrow(module, target, line)
        for path, line, is_pub in module.globs:
            found = None if is_pub else self.find(module, path)
            if found and found[0].path != module.path[:-1]:
                self.arrow(module, found[0], line)
        for name, line in module.called:
            if name not in module.aliases and name not in module.macros and name in self.macros:
                self.arrow(module, self.macros[name], line)

    def arrow(self, module, target, line):
        if target.file != module.file:
            self.arrows.setdefault((module.file, target.file), line)


def circles(arrows):
    """The strongly connected sets of more than one file (Tarjan's algorithm, without recursion)."""
    onward = {}
    for start, end in arrows:
        onward.setdefault(start, []).append(end)
        onward.setdefault(end, [])
    number, low, stack, found = {}, {}, [], []
    for first in onward:
        if first in number:
            continue
        work = [(first, iter(onward[first]))]
        number[first] = low[first] = len(number)
        stack.append(first)
        while work:
            file, rest = work[-1]
            for other in rest:
                if other not in number:
                    number[other] = low[other] = len(number)
                    stack.append(other)
                    work.append((other, iter(onward[other])))
                    break
                if other in stack:
                    low[file] = min(low[file], number[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[file])
                if low[file] == number[file]:
                    at = stack.index(file)
                    if len(stack) - at > 1:
                        found.append(set(stack[at:]))
                    del stack[at:]
    return found


def allowed(rooms):
    """What each room may use: what its row names, and what those may use."""
    def reach(room):
        return {room}.union(*(reach(other) for other in rooms[room]))
    return {room: reach(room) for room in rooms}


def faults_of(base, package, rooms=None):
    """What is wrong in a package, one sentence each."""
    source = base / package / "src"
    roots = [*source.glob("lib.rs"), *source.glob("main.rs"), *source.glob("bin/*.rs"), *source.glob("bin/*/main.rs")]
    if not roots:
        return [f"{package}: no crate is there"]
    faults, read, arrows = [], set(), {}
    for root in roots:
        crate = Crate(root)
        faults += crate.faults
        read |= crate.files
        arrows |= crate.arrows

    def show(start, end):
        line = arrows[start, end]
        text = start.read_text().splitlines()[line - 1].strip()
        return f"    {start.relative_to(base)}:{line}: {text}    -> {end.relative_to(base)}"

    for file in sorted(set(source.rglob("*.rs")) - read):
        faults.append(f"{file.relative_to(base)}: no crate reads this file")
    for circle in circles(arrows):
        inside = [arrow for arrow in sorted(arrows) if circle.issuperset(arrow)]
        faults.append(f"{package}: {len(circle)} files use each other in a circle\n"
                      + "\n".join(show(*arrow) for arrow in inside))
    if rooms:
        may = allowed(rooms)

        def room(file):
            return file.relative_to(source).parts[0].removesuffix(".rs")

        for file in sorted(file for file in read if room(file) not in rooms and file not in roots):
            faults.append(f"{file.relative_to(base)}: stands in no room of .ci/layers.py")
        wrong = {}
        for start, end in sorted(arrows):
            if start not in roots and room(start) in rooms and room(end) not in may[room(start)]:
                wrong.setdefault((room(start), room(end)), []).append(show(start, end))
        for (start, end), lines in wrong.items():
            faults.append(f"{package}: room {start} may not use {'room ' * (end in rooms)}{end}\n" + "\n".join(lines))
    return faults


SELF_TEST = [
    # What a tree shows, what must be said of it ("" is nothing), its files.
    ("a clean tree", "", {
        "lib.rs": "mod low; pub mod high; pub use high::High;",
        "high.rs": "mod part; pub use part::High;",
        "high/part.rs": "use crate::low::{self, Low as Other}; pub struct High(Other, low::Low);",
        "low.rs": "//! use crate::high::High;\npub struct Low;\n#[cfg(test)] mod tests { use crate::high::High; }\n#[cfg(all(test, feature = \"x\"))] mod more { use crate::high::High; }\n"
                  'const TEXT: &str = "use crate::high::High;";  /* crate::high::High */',
    }),
    ("two files in a circle", "high.rs", {
        "lib.rs": "mod low; mod high;",
        "high.rs": "use crate::low::Low; pub struct High;",
        "low.rs": "use super::high::High; pub struct Low;",
    }),
    ("a circle through a name that is handed on and used", "circle", {
        "lib.rs": "mod high;",
        "high.rs": "mod part; pub(crate) use part::Part; pub struct High(Part);",
        "high/part.rs": "use super::High; pub struct Part(Option<Box<High>>);",
    }),
    ("a circle through a re-export", "circle", {
        "lib.rs": "mod low; mod high; pub use low::*;",
        "high.rs": "use crate::Low; pub struct High;",
        "low.rs": "pub struct Low; impl Low { fn high() -> crate::high::High { crate::high::High } }",
    }),
    ("a child that uses its parent, which uses it", "circle", {
        "lib.rs": "mod high;",
        "high.rs": "mod part; pub struct High(part::Part);",
        "high/part.rs": "use super::High; pub struct Part(Option<Box<High>>);",
    }),
    ("a parent that hands on what its children make of it", "", {
        "lib.rs": "mod high; pub use high::{Part, High};",
        "high.rs": "mod part; pub use part::Part; pub struct High; enum Kind { #[a] Part(u8), Other }",
        "high/part.rs": "use super::High; pub struct Part(High);",
    }),
    ("modules that import all of each other", "circle", {
        "lib.rs": "mod low; mod high; pub use high::*; pub use low::*;",
        "high.rs": "use crate::low::*; pub struct High(Low); fn late() -> Later { Later }",
        "low.rs": "use crate::high::*; pub struct Low; const X: Option<High> = None;",
    }),
    ("children side by side", "", {
        "lib.rs": "mod high;",
        "high.rs": "mod one; mod two; pub use one::One; pub use two::Two;",
        "high/one.rs": "pub struct One;",
        "high/two.rs": "use super::One; pub struct Two(One);",
    }),
    ("a circle through a macro", "circle", {
        "lib.rs": "#[macro_use] mod low; mod high;",
        "high.rs": "make!(); pub struct High;",
        "low.rs": "macro_rules! make { () => { const _: Option<$crate::high::High> = None; } }",
    }),
    ("a macro by the name of a function that a glob brings", "", {
        "lib.rs": "#[macro_use] mod low; mod high; pub use high::*;",
        "high.rs": "make!(); pub struct High; impl High { fn form() {} }",
        "low.rs": "#[macro_export] macro_rules! form { () => {} }\nmacro_rules! make { () => { $crate::form!(); } }",
    }),
    ("an arrow upward", "room low may not use room high", {
        "lib.rs": "mod low; mod high;",
        "high.rs": "pub struct High;",
        "low.rs": "mod part;",
        "low/part.rs": "pub struct Part(crate::high::High);",
    }),
    ("a file without a room", "stands in no room", {
        "lib.rs": "mod low; mod high; mod lost;", "high.rs": "", "low.rs": "", "lost.rs": "",
    }),
    ("a file that nobody reads", "no crate reads", {"lib.rs": "", "high.rs": ""}),
]


def self_test():
    failed = 0
    for what, said, files in SELF_TEST:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                file = Path(folder, "tree/src", name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            faults = "\n".join(faults_of(Path(folder), "tree", {"high": ["low"], "low": []}))
            if (said not in faults) if said else faults:
                failed += 1
                print(f"{what}: {said or 'nothing'} should be said, and this is:\n{faults}")
    if failed:
        sys.exit(f"{failed} of {len(SELF_TEST)} trees are judged wrongly")
    print(f"{len(SELF_TEST)} trees are judged rightly")


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    base = Path(__file__).resolve().parents[1]
    failed = 0
    for package in arguments or PACKAGES:
        faults = faults_of(base, package, ROOMS.get(package))
        failed += len(faults)
        print("\n".join(faults) if faults else f"{package}: no circle, no arrow upward")
    if failed:
        sys.exit(f"{failed} faults")


if __name__ == "__main__":
    main(sys.argv[1:])
