"""Runs a firmware image under QEMU, with records in its memory, and reads what it prints."""

import re
import subprocess
import tempfile
from pathlib import Path

RECORDS_ADDRESS = 0x2100_0000
SECONDS_MAX = 300
MACHINE = ["qemu-system-arm", "-cpu", "cortex-m4", "-machine", "mps2-an386", "-nographic", "-monitor", "none",
           "-semihosting-config", "enable=on,target=native"]
# Every instruction takes 128 ns of emulated time: timers count instructions, the same on every run.
COUNTING = ["-icount", "shift=7,align=off,sleep=off"]


def run(image, blob, arguments=()):
    """The lines that the image prints; it must end with exit status 0."""
    with tempfile.TemporaryDirectory() as directory:
        records = Path(directory) / "records"
        records.write_bytes(blob)
        command = [*MACHINE, *COUNTING, *arguments, "-device",
                   f"loader,file={records},addr={RECORDS_ADDRESS:#x},force-raw=on", "-kernel", str(image)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=SECONDS_MAX, check=False)
    text = done.stdout.decode(errors="replace")
    if done.returncode != 0:
        raise SystemExit(f"{image}: exit status {done.returncode} under QEMU\n{text[-2000:]}")
    return text.splitlines()


def figures(line):
    """The `name=number` pairs of a line."""
    return {name.strip(): int(number) for name, number in re.findall(r"([\w ]+)=(\d+)", line)}
