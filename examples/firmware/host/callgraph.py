"""The call graph of a linked Thumb image with the stack that every function takes, from its disassembly.

The prologue of a Thumb function states its frame, for Rust, C and assembly alike, so the bound is of what was linked.
An instruction that moves the stack pointer by a register is an error: then nothing would be bounded.
"""

import re
import struct
import subprocess
from dataclasses import dataclass, field

FUNCTION = re.compile(r"^([0-9a-f]+) <(.*)>:$")
INSTRUCTION = re.compile(r"^\s*([0-9a-f]+):\t(\S+)\s*(.*)$")
DESTINATION = re.compile(r"(?:^|\s)([0-9a-f]+) <")
REGISTERS = re.compile(r"\{([^}]*)\}")
FIXED_DECREMENT = re.compile(r"^sp, (?:sp, )?#(\d+)")
PRE_INDEXED = re.compile(r"\[sp, #-(\d+)\]!")
BRANCH = re.compile(r"^b(?:eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?(?:\.[nw])?$|^cbn?z$")
WRITES_SP = re.compile(r"^(?:mov|add|sub)\S* sp\b")
PROGRAM_SECTIONS = (".vector_table", ".text", ".rodata", ".data")


@dataclass
class Function:
    """One function of the image."""

    name: str
    address: int
    frame: int = 0
    calls: set = field(default_factory=set)
    tail_calls: set = field(default_factory=set)
    indirect: bool = False


@dataclass
class Graph:
    """Every function by address, and the addresses that appear as data: what an indirect call may reach."""

    functions: dict
    address_taken: set

    def named(self, pattern):
        """The functions whose whole name matches."""
        return [function for function in self.functions.values() if re.fullmatch(pattern, function.name)]


def read(image):
    """The graph of an image."""
    listing = _run("arm-none-eabi-objdump", "-dC", "--no-show-raw-insn", image)
    functions, current, words = {}, None, set()
    for line in listing.splitlines():
        if match := FUNCTION.match(line):
            current = Function(match[2], int(match[1], 16))
            functions[current.address] = current
        elif current and (match := INSTRUCTION.match(line)):
            _instruction(current, match[2], match[3].split("@")[0].strip(), words)
    starts = sorted(functions)
    for function in functions.values():
        for calls in (function.calls, function.tail_calls):
            inner = {_owner(functions, starts, address) for address in calls}
            calls.clear()
            calls.update(inner)
        function.tail_calls.discard(function.address)
    words |= _data_words(image)
    return Graph(functions, {word & ~1 for word in words if word & 1 and word & ~1 in functions})


def _instruction(function, name, operands, words):
    if name == ".word":
        words.add(int(operands, 16))
    elif name.startswith("push") or (name.startswith("stmdb") and operands.startswith("sp!")):
        function.frame += 4 * _count(operands)
    elif name.startswith("vpush"):
        function.frame += 8 * _count(operands)
    elif match := PRE_INDEXED.search(operands):
        function.frame += int(match[1])
    elif name.startswith("sub") and operands.startswith("sp"):
        if not (match := FIXED_DECREMENT.match(operands)):
            raise SystemExit(f"{function.name}: moves the stack pointer by a register: {name} {operands}")
        function.frame += int(match[1])
    elif name in ("bl", "bl.w"):
        function.calls.add(int(DESTINATION.search(operands)[1], 16))
    elif BRANCH.match(name) and (match := DESTINATION.search(operands)):
        function.tail_calls.add(int(match[1], 16))
    elif name == "blx" or (name == "bx" and operands != "lr") or name.startswith("mov") and operands.startswith("pc"):
        function.indirect = True
    elif name.startswith("ldr") and operands.startswith("pc,") and "[sp]" not in operands:
        function.indirect = True


def _count(operands):
    registers = 0
    for part in REGISTERS.search(operands)[1].split(","):
        first, _, last = part.strip().partition("-")
        registers += int(last[1:]) - int(first[1:]) + 1 if last else 1
    return registers


def _owner(functions, starts, address):
    """The function that an address is inside of: a branch inside of a function is no call."""
    low, high = 0, len(starts)
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (middle, high) if starts[middle] <= address else (low, middle)
    return starts[low]


def _data_words(image):
    """Every aligned word of the sections that hold data."""
    words = set()
    for section in PROGRAM_SECTIONS:
        dump = _run("arm-none-eabi-objdump", "-s", "-j", section, image, check=False)
        row = re.compile(r"^ [0-9a-f]+ ((?:[0-9a-f]{2,8} ){1,4})", re.MULTILINE)
        if section != ".text":
            data = b"".join(bytes.fromhex(match[1].replace(" ", "")) for match in row.finditer(dump))
            words.update(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))
    return words


def _run(*command, check=True):
    done = subprocess.run([str(part) for part in command], check=check, capture_output=True, text=True)
    return done.stdout
