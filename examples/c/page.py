#!/usr/bin/env python3
"""The programs of docs/c.md, as files: `page.py DIRECTORY` writes CMakeLists.txt, each block of C under the name in its
first line, and what they take from here."""

import re
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main(directory):
    directory.mkdir(parents=True, exist_ok=True)
    blocks = FENCE.findall((HERE.parents[1] / "docs/c.md").read_text())
    found = [text for language, text in blocks if language == "cmake"]
    parse = "\nadd_executable(parse parse.c)\ntarget_link_libraries(parse PRIVATE graph_call::graph_call)\n"
    (directory / "CMakeLists.txt").write_text("".join(found) + parse)
    for text in (text for language, text in blocks if language == "c"):
        name = re.match(r"/\* (\w+\.c) \*/\n", text)
        if not name:
            raise SystemExit(f"a block of C has no name: {text[:60]}")
        (directory / name[1]).write_text(text)
    for name in ("connection.c", "connection.h"):
        shutil.copy(HERE / name, directory)


main(Path(sys.argv[1]))
