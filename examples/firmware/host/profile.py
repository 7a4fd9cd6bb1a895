"""Where the instructions of a parse go: by function, or by source line with what was inlined."""

import bisect
import collections
import re
import subprocess
import tempfile
from pathlib import Path

import documents
import emulator
import image as images

# One translation block per instruction, each logged: `Trace 0: host [cs/pc/flags/cflags] symbol`.
ONE_BY_ONE = ["-singlestep", "-d", "exec,nochain"]
PROGRAM_COUNTER = re.compile(rb"^Trace \d+: \S+ \[[0-9a-f]+/([0-9a-f]+)/", re.MULTILINE)


def by_address(image, document, piece):
    """How often each address is executed in one parse: a run with two repetitions minus a run with one."""
    counts = collections.Counter()
    for repetitions, sign in ((2, 1), (1, -1)):
        with tempfile.TemporaryDirectory() as directory:
            log = Path(directory) / "log"
            blob = documents.record(document, piece, repetitions) + documents.records_end()
            emulator.run(image, blob, [*ONE_BY_ONE, "-D", str(log)])
            for match in PROGRAM_COUNTER.finditer(log.read_bytes()):
                counts[int(match[1], 16)] += sign
    return {address: count for address, count in counts.items() if count > 0}


def by_function(image, counts):
    """Instructions by symbol, most first."""
    symbols = images.symbols(image)
    starts = [start for start, _, _ in symbols]
    sums = collections.Counter()
    for address, count in counts.items():
        place = bisect.bisect_right(starts, address) - 1
        start, end, name = symbols[place]
        sums[name if start <= address < max(end, start + 2) else "?"] += count
    return sums.most_common()


def by_line(image, counts):
    """Instructions by innermost source line, most first."""
    addresses = sorted(counts)
    done = subprocess.run(["arm-none-eabi-addr2line", "-e", str(image), *map(hex, addresses)], check=True,
                          capture_output=True, text=True)
    sums = collections.Counter()
    for address, place in zip(addresses, done.stdout.splitlines()):
        sums["/".join(place.split(" ")[0].split("/")[-3:])] += counts[address]
    return sums.most_common()
