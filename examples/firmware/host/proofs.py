"""What is proved about a linked image: each is a list of violations, empty when the proof holds."""

import re
import sys

import callgraph
import image as images

# The machinery of panics and of heaps, by symbol; the handler itself is every firmware's own.
PANICS = re.compile(r"core::panicking|core::(?:option|result)::(?:unwrap|expect)_failed|slice_\w*index|"
                    r"core::slice::index|len_mismatch|core::str::slice_error|core::cell::panic|rust_begin_unwind")
HEAPS = re.compile(r"^(?:__rust_(?:alloc|realloc|dealloc|no_alloc)|__rg_|__rdl_|malloc|calloc|realloc|free|_sbrk|_malloc_r)"
                   r"|^alloc::")


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
        self.rows = []
        for line in path.read_text().splitlines():
            if line and not line.startswith("#"):
                caller, callee = line.split(" -> ")
                self.rows.append((caller.strip(), callee.strip()))

    def callees(self, graph, function):
        """The functions that one may reach indirectly."""
        return {callee.address for caller, pattern in self.rows if re.fullmatch(caller, function.name)
                for callee in graph.named(pattern) if callee.address in graph.address_taken}


def resolve(graph, roots, indirect):
    """Adds the indirect calls to the graph; the violations are calls and functions that no row accounts for."""
    violations, reached = [], set()
    for address in _closure(graph, roots, indirect):
        function = graph.functions[address]
        if function.indirect:
            callees = indirect.callees(graph, function)
            if not callees:
                violations.append(f"indirect call without a row: {function.name}")
            function.calls |= callees
            reached |= callees
    return violations, reached


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
