#!/usr/bin/env python3
"""What is proved about a linked image: each is a list of violations, empty when the proof holds."""

import re
import sys
from pathlib import Path

import callgraph
import image as images

# The machinery of panics and of heaps, by symbol; the handler itself is every firmware's own.
PANICS = re.compile(r"core::panicking|core::(?:option|result)::(?:unwrap|expect)_failed|slice_\w*index|"
                    r"core::slice::index|len_mismatch|core::str::slice_error|core::cell::panic|rust_begin_unwind")
HEAPS = re.compile(r"(?:^|::)(?:__rust_(?:alloc|realloc|dealloc|no_alloc)|__r[gd]l?_\w+|malloc|calloc|realloc|free|_sbrk|_malloc_r)"
                   r"|^alloc::|GlobalAlloc>::")


# Where each image's subject begins.
ROOTS = {"parser": r"parser::(?:whole|pieces)", "exchange": r"exchange::fetch", "job": r"job::get"}
# Which proof each control has to break.
CONTROLS = {"panics": "panics", "allocates": "heap", "recurses": "recursion", "calls_unlisted": "indirect"}
INDIRECT = Path(__file__).parent / "indirect.txt"


def prove(directory, painted):
    """All proofs of all images: rows for the report, the stack bounds with their paths, and what is violated."""
    indirect = Indirect(INDIRECT)
    found = {name: examine(directory / name, root, indirect) for name, root in ROOTS.items()}
    rows, violations = [], []

    def row(what, problems):
        rows.append((what, not problems))
        violations.extend(f"{what}: {problem}" for problem in problems)

    for name, seen in found.items():
        row(f"{name}: no panic can be reached", seen["panics"])
        row(f"{name}: no allocator in the image", seen["heap"])
        row(f"{name}: no function calls itself, not even through others", seen["recursion"])
        row(f"{name}: every indirect call is accounted for", seen["indirect"])
        over = painted[name] > seen["bound"]
        row(f"{name}: the painted stack stays under the static bound",
            [f"painted {painted[name]}, bound {seen['bound']}"] if over else [])
    for control, proof in CONTROLS.items():
        seen = examine(directory / control, rf"{control}::subject", indirect)
        row(f"control `{control}`: breaks its proof", [] if seen[proof] else ["it does not"])
    row("every row about indirect calls is used", indirect.unused())
    return {"rows": rows, "violations": violations, "bounds": {name: seen["bound"] for name, seen in found.items()},
            "paths": {name: seen["path"] for name, seen in found.items()}}


def examine(image, root, indirect):
    """What is found in one image below its roots."""
    graph = callgraph.read(image)
    roots = graph.named(root)
    if not roots:
        raise SystemExit(f"{image}: no function is named {root}")
    unlisted = resolve(graph, roots, indirect)
    cycles = recursion(graph, roots)
    bound, path = (0, []) if cycles else max(stack_bound(graph, one) for one in roots)
    return {"panics": panics(graph, roots), "heap": heaps(image), "recursion": cycles, "indirect": unlisted,
            "bound": bound, "path": path}


def panics(graph, roots):
    """Functions of the panic machinery reachable from the roots."""
    return sorted(graph.functions[address].name for address in _reachable(graph, roots)
                  if PANICS.search(graph.functions[address].name))


def heaps(image):
    """Symbols of an allocator anywhere in the image."""
    return sorted(name for _, _, name in images.symbols(image) if HEAPS.search(name))


class Indirect:
    """The file that says which functions an indirect call may reach: rows of `caller pattern -> callee pattern`."""

    def __init__(self, path):
        self.rows, self.used = [], set()
        for line in path.read_text().splitlines():
            if line and not line.startswith("#"):
                caller, callee = line.split(" -> ")
                self.rows.append((caller.strip(), callee.strip()))

    def callees(self, graph, function):
        """The functions that one may reach indirectly."""
        found = set()
        for caller, pattern in self.rows:
            if re.fullmatch(caller, function.name):
                self.used.add((caller, pattern))
                found |= {callee.address for callee in graph.named(pattern) if callee.address in graph.address_taken}
        return found

    def unused(self):
        """The rows that no indirect call has matched."""
        return [f"{caller} -> {callee}" for caller, callee in self.rows if (caller, callee) not in self.used]


def resolve(graph, roots, indirect):
    """Adds the indirect calls to the graph, and gives those that no row accounts for."""
    unlisted = []
    for address in _closure(graph, roots, indirect):
        function = graph.functions[address]
        if function.indirect:
            callees = indirect.callees(graph, function)
            function.calls |= callees
            if not callees:
                unlisted.append(f"no row for {function.name}")
    return sorted(unlisted)


def recursion(graph, roots):
    """Cycles reachable from the roots, as one path each."""
    found, done = [], set()

    def visit(address, path):
        if address in path:
            cycle = [graph.functions[at].name for at in path[path.index(address):]]
            found.append(" -> ".join([*cycle, cycle[0]]))
            return
        if address in done:
            return
        function = graph.functions[address]
        for callee in function.calls | function.tail_calls:
            visit(callee, [*path, address])
        done.add(address)

    for root in roots:
        visit(root.address, [])
    return found


def stack_bound(graph, root):
    """The deepest stack below a root, and the path that takes it; only for a graph without recursion."""
    memory = {}

    def depth(address):
        if address not in memory:
            function = graph.functions[address]
            # A tail call has given its own frame back.
            below = [(function.frame + depth(callee)[0], callee) for callee in function.calls]
            below += [(depth(callee)[0], callee) for callee in function.tail_calls]
            memory[address] = max([(function.frame, None), *below], key=lambda pair: pair[0])
        return memory[address]

    bytes_below, path, address = depth(root.address)[0], [], root.address
    while address is not None:
        function = graph.functions[address]
        path.append(f"{function.frame:5}  {function.name}")
        address = memory[address][1]
    return bytes_below, path


def _reachable(graph, roots):
    seen, waiting = set(), [root.address for root in roots]
    while waiting:
        address = waiting.pop()
        if address not in seen:
            seen.add(address)
            waiting.extend(graph.functions[address].calls | graph.functions[address].tail_calls)
    return seen


def _closure(graph, roots, indirect):
    """Reachable with the indirect calls followed as well."""
    seen, waiting = set(), [root.address for root in roots]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        function = graph.functions[address]
        waiting.extend(function.calls | function.tail_calls)
        if function.indirect:
            waiting.extend(indirect.callees(graph, function))
    return seen


sys.setrecursionlimit(10_000)

if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: proofs.py IMAGE ROOT-PATTERN: proves that nothing below the roots panics or recurses")
    seen = examine(Path(sys.argv[1]), sys.argv[2], Indirect(INDIRECT))
    problems = [f"{proof}: {problem}" for proof in ("panics", "recursion", "indirect") for problem in seen[proof]]
    print(f"{sys.argv[1]}: static stack bound {seen['bound']} bytes", *problems, sep="\n")
    raise SystemExit(bool(problems))
