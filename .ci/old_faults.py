#!/usr/bin/env python3
"""What once went wrong: each fault is put back into a copy of this tree, and the check that would find it now has to fail.

The table is tests/old-faults.toml. A fault is one or more texts that stand in one place of the tree each, and what stood there
instead; a check is a test, and a text that it says when it fails for this reason.

    old_faults.py                fits: every text is in its one place, every check is there, and the table of docs/assurance.md is fresh
    old_faults.py write          writes that table anew
    old_faults.py run [NAME ...] the checks pass, and each of them fails where its fault is put back
    old_faults.py --self-test    shows that a fault that is not found, or does not fit, is told
"""

import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = "tests/old-faults.toml"
PAGE = "docs/assurance.md"
BEGIN, END = "<!-- from tests/old-faults.toml -->\n", "<!-- end of what once went wrong -->\n"
# A check that takes longer than this has not failed as it should.
SECONDS_MAX = 900


def faults(root=ROOT):
    return tomllib.loads((root / TABLE).read_text())["fault"]


def tests_of(fault):
    """The file in which the check stands."""
    package, test = fault["package"], fault["test"]
    folder = {"graph-call-laws": "tests/laws", "graph-call-std": "std-adapter", "graph-call-tests": "tests"}[package]
    if test == "lib":
        return f"{folder}/src/" + "/".join(fault["check"].split("::")[:-2]) + ".rs"
    return f"{folder}/tests/{test}/{fault['check'].split('::')[0]}.rs" if test == "cli" else f"{folder}/tests/{test}.rs"


def misfits(fault, root=ROOT):
    """What is wrong with a row: a text that is not in one place, a check that is not there."""
    for change in fault["change"]:
        count = (root / change["file"]).read_text().count(change["now"])
        if count != 1:
            yield f"{fault['name']}: {count} places in {change['file']} have: {change['now']!r}"
        if change["now"] == change["once"]:
            yield f"{fault['name']}: nothing is changed in {change['file']}"
    file = root / tests_of(fault)
    name = fault["check"].split("::")[-1]
    if not file.exists() or not re.search(rf"fn {name}\(", file.read_text()):
        yield f"{fault['name']}: there is no {name} in {file.relative_to(root)}"


def rows(table):
    lines = ["| once | would be found now by | which says |\n", "|---|---|---|\n"]
    for fault in table:
        *path, check = fault["check"].split("::")
        where = "/".join(path[:-1]) if fault["test"] == "lib" else fault["test"]
        lines.append(f"| {fault['what']} | `{where}`: `{check}` | {fault['says']} |\n")
    return "".join(lines)


def with_rows(page, table):
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return before + BEGIN + rows(table) + END + after


def fits():
    table = faults()
    wrong = [wrong for fault in table for wrong in misfits(fault)]
    page = (ROOT / PAGE).read_text()
    if page != with_rows(page, table):
        wrong.append(f"{PAGE} has another table: .ci/old_faults.py write")
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(table)} old faults fit")


def copy(to):
    """The tree as git knows it, in a copy that is changed only where the tree has."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            check=True, capture_output=True, text=True).stdout
    names = {name for name in listed.split("\0") if name and (ROOT / name).is_file()}
    if to.exists():
        for old in (file for file in to.rglob("*") if file.is_file()):
            if old.relative_to(to).as_posix() not in names:
                old.unlink()
    for name in names:
        target = to / name
        if not target.exists() or target.read_bytes() != (ROOT / name).read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
            shutil.copymode(ROOT / name, target)


def verdict(fault, output):
    """What is wrong with how the check ended where its fault was put back; nothing if it failed as it should."""
    name = re.escape(fault["check"])
    if re.search(rf"^test {name}(?: - should panic)? \.\.\. ok$", output, re.MULTILINE):
        return "NOT FOUND"
    # What a test prints may stand between its name and its end.
    if not re.search(rf"^failures:\n(?:    .*\n)*?    {name}$", output, re.MULTILINE):
        return "it does not build, or did not end"
    if fault["says"] not in output:
        return f"it failed, and did not say {fault['says']!r}"
    return None


def check(fault, tree):
    """Runs the check in a tree, and gives what it said and how long it took."""
    package, test = fault["package"], fault["test"]
    command = ["cargo", "test", "--locked", "--profile", "mutants", "-p", package]
    command += ["--all-features"] if package == "graph-call-std" else []
    command += ["--lib"] if test == "lib" else ["--test", test]
    began = time.monotonic()
    # What is tried by chance is tried with the same numbers each time; no smaller example is sought.
    chance = {"PROPTEST_RNG_SEED": "1", "PROPTEST_MAX_SHRINK_ITERS": "0"}
    environment = os.environ | chance | {"CARGO_TARGET_DIR": str(tree.parent / "target")}
    process = subprocess.Popen(command + ["--", "--exact", fault["check"]], cwd=tree, env=environment, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace", start_new_session=True)
    try:
        output = process.communicate(timeout=SECONDS_MAX)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        output = process.communicate()[0]
    return output, time.monotonic() - began


def run(names):
    table = [fault for fault in faults() if not names or fault["name"] in names]
    unknown = set(names) - {fault["name"] for fault in table}
    if unknown:
        sys.exit(f"no such fault: {', '.join(sorted(unknown))}")
    tree, wrong, passed, began = ROOT / "target/old-faults/tree", [], set(), time.monotonic()
    copy(tree)
    # Those of one file of tests after each other: less is built anew.
    for fault in sorted(table, key=lambda fault: (fault["package"], fault["test"], fault["check"])):
        key = (fault["package"], fault["test"], fault["check"])
        if key not in passed:
            output, _ = check(fault, tree)
            if not re.search(r"^test result: ok\. 1 passed", output, re.MULTILINE):
                sys.exit(f"{output}\n{fault['check']} does not pass where nothing is changed")
            passed.add(key)
        kept = {change["file"]: (tree / change["file"]).read_text() for change in fault["change"]}
        try:
            for change in fault["change"]:
                file = tree / change["file"]
                text = file.read_text()
                if text.count(change["now"]) != 1:
                    sys.exit("\n".join(misfits(fault)))
                file.write_text(text.replace(change["now"], change["once"]))
            output, seconds = check(fault, tree)
        finally:
            for name, text in kept.items():
                (tree / name).write_text(text)
        why = verdict(fault, output)
        print(f"{fault['name']}: {why or 'found'} in {seconds:.0f} s, by {fault['check']}", flush=True)
        if why:
            wrong.append(fault["name"])
            print("\n".join(output.splitlines()[-60:]))
    print(f"{len(table) - len(wrong)} of {len(table)} old faults are found, in {time.monotonic() - began:.0f} s")
    if wrong:
        sys.exit(f"not found as they should be: {', '.join(wrong)}")


def self_test():
    fault = {"name": "a", "check": "room::it_holds", "says": "a wait of 9 ms", "package": "graph-call-laws", "test": "here",
             "change": [{"file": "src/a.rs", "now": "is_good()", "once": "true"}]}
    failed = "test room::it_holds ... FAILED\n\nfailures:\n\n---- room::it_holds stdout ----\na wait of 9 ms\n\n" \
             "failures:\n    room::it_holds\n\ntest result: FAILED."
    judged = [
        (failed, None),
        ("test room::it_holds ... ok\n\ntest result: ok.", "NOT FOUND"),
        (failed.replace("9 ms", "8 ms"), "it failed, and did not say"),
        ("error: could not compile `a`", "it does not build, or did not end"),
        ("test room::it_holds ... FAILED of another", "it does not build, or did not end"),
        ("failures:\n    room::it_holds_too\n", "it does not build, or did not end"),
    ]
    for output, expected in judged:
        why = verdict(fault, output)
        if why != expected and not (expected and why and why.startswith(expected)):
            sys.exit(f"judged {why}, not {expected}:\n{output}")
    trees = [("is_good()", "fn it_holds()", 0), ("is_good() && is_good()", "fn it_holds()", 1), ("is_bad()", "fn it_holds()", 1),
             ("is_good()", "fn it_fails()", 1), ("true", "", 2)]
    tree = ROOT / "target/old-faults-self-test"
    for code, test, count in trees:
        for name, text in [("src/a.rs", code), ("tests/laws/tests/here.rs", test)]:
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_text(text)
        found = list(misfits(fault, tree))
        if len(found) != count:
            sys.exit(f"{code}, {test}: {found}")
    shutil.rmtree(tree)
    print(f"{len(judged)} ends of a check and {len(trees)} trees are judged rightly")


def main(arguments):
    match arguments:
        case []:
            fits()
        case ["write"]:
            page = ROOT / PAGE
            page.write_text(with_rows(page.read_text(), faults()))
        case ["run", *names]:
            run(names)
        case ["--self-test"]:
            self_test()
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
