"""Builds the firmware and reads what the linked image weighs."""

import os
import re
import subprocess
from pathlib import Path

FIRMWARE = Path(__file__).resolve().parents[1]
TARGET = "thumbv7em-none-eabihf"
# What is written to the device's flash.
FLASH_SECTIONS = (".vector_table", ".text", ".rodata", ".data")
RAM_SECTIONS = (".data", ".bss", ".uninit")
# Whose a function is: of a trait's, the type's for which it is there.
ROOM = re.compile(r"\bgraph_call::(\w+)")
LIBRARY = re.compile(r"\b(core|alloc|compiler_builtins|heapless|zeroize|memchr)::|^(__aeabi_|mem)")


def build(packages, core=None):
    """Builds packages, on another checkout of the core package if asked, and gives the directory of the images."""
    directory = FIRMWARE / "target" / ("other-core" if core else "")
    command = [str(FIRMWARE / "toolchain.sh"), "cargo", "build", "--quiet", "--release"]
    command += [argument for package in packages for argument in ("-p", package)]
    if core:
        command += ["--config", f'paths=["{Path(core).resolve()}"]']
    subprocess.run(command, check=True, env={**os.environ, "TARGET": TARGET, "CARGO_TARGET_DIR": str(directory)})
    return directory / TARGET / "release"


def flash(image):
    """Bytes of flash that the image takes."""
    return _sections(image, FLASH_SECTIONS)


def parts(image):
    """Bytes of flash by what they are for: each room of core, as far as functions have its names, and the rest."""
    found = {}
    for start, end, name in symbols(image):
        room = ROOM.search(name)
        part = room[1] if room else "runtime" if LIBRARY.search(name) else "program"
        found[part] = found.get(part, 0) + end - start
    found["constants"] = _sections(image, (".rodata", ".data"))
    found["runtime"] = found.get("runtime", 0) + flash(image) - sum(found.values())
    return found


def static_ram(image):
    """Bytes of RAM that are taken before anything runs."""
    return _sections(image, RAM_SECTIONS)


def _sections(image, names):
    listing = subprocess.run(["arm-none-eabi-size", "-A", str(image)], check=True, capture_output=True, text=True)
    rows = (line.split() for line in listing.stdout.splitlines())
    return sum(int(row[1]) for row in rows if len(row) == 3 and row[0] in names)


def symbols(image):
    """Every function of the image as (start, end, demangled name), by address."""
    listing = subprocess.run(["arm-none-eabi-nm", "-C", "-S", "-n", str(image)], check=True, capture_output=True,
                             text=True)
    found = []
    for line in listing.stdout.splitlines():
        row = line.split(maxsplit=3)
        if len(row) == 4 and row[2] in "tTwW":
            start = int(row[0], 16) & ~1
            found.append((start, start + int(row[1], 16), row[3]))
    return found
