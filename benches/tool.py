#!/usr/bin/env python3
"""The tool as a process: many calls beside xargs, one call and its start beside curl and jq.

    tool.py              prints the tables
    tool.py write FILE   prints them and puts them into FILE
    tool.py check        every contender does its work once; nothing is timed

The service is `graph-call serve` of the same build, on loopback.
"""

import os
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOOL = ROOT / "target/release/graph-call"
CALL = ROOT / "tests/data/group.json"
IDS = 200
JOBS = 8
LATENCY = 100  # milliseconds
ROUNDS_OF_MANY = 5
ROUNDS_OF_ONE = 60


class Service:
    """`graph-call serve`, and how to ask it."""

    def __init__(self, latency):
        arguments = [TOOL, "serve", "--until-stdin-ends", "--latency", str(latency)]
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        # All of it up to the list of faults: the pipe stays open, but nothing more comes.
        lines = {}
        for line in self.process.stdout:
            for word in ("export", "graph-call get", "curl"):
                if line.startswith(word + " "):
                    lines[word] = shlex.split(line)
            if "curl" in lines:
                break
        self.environment = {**os.environ, **dict(pair.split("=", 1) for pair in lines["export"][1:])}
        get = lines["graph-call get"]
        self.call, self.access = get[2], get[4:]
        self.curl = lines["curl"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.read()
        self.process.wait()


def run(arguments, environment=None, stdin=None):
    """Wall and CPU milliseconds of a command and all that it starts."""
    before = time.perf_counter()
    with open(os.devnull, "w") as nowhere:
        child = subprocess.Popen(arguments, env=environment, stdin=stdin, stdout=nowhere)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"{arguments[0]} ended with {child.returncode}")
    return (time.perf_counter() - before) * 1000, (usage.ru_utime + usage.ru_stime) * 1000


def in_turns(contenders, rounds):
    """Medians of each contender, each round beginning with another one."""
    taken = {name: [] for name in contenders}
    names = list(contenders)
    for number in range(rounds):
        for name in names[number % len(names):] + names[: number % len(names)]:
            taken[name].append(contenders[name]())
    return {name: tuple(statistics.median(column) for column in zip(*runs)) for name, runs in taken.items()}


def many(rounds):
    with Service(LATENCY) as service, tempfile.NamedTemporaryFile("w", suffix=".ids") as ids:
        ids.write(f"{service.call}\n" * IDS)
        ids.flush()
        tool = [TOOL, "get", "--json", *service.access]

        def get(*more):
            return lambda: run([*tool, "--ids-file", ids.name, *more], service.environment)

        def xargs():
            with open(ids.name) as stdin:
                return run(["xargs", f"-P{JOBS}", "-n1", *tool], service.environment, stdin)

        name = f"`graph-call get --jobs {JOBS}`"
        taken = in_turns({name: get("--jobs", str(JOBS)), f"`xargs -P{JOBS} -n1 graph-call get`": xargs}, rounds)
    bound = IDS / JOBS * LATENCY
    rows = [["", "ms", "of the bound", "CPU, ms"], ["the bound", f"{bound:.0f}", "1.00", ""]]
    rows += [[name, f"{wall:.0f}", f"{wall / bound:.2f}", f"{cpu:.0f}"] for name, (wall, cpu) in taken.items()]
    return rows


def one(rounds):
    with Service(0) as service:
        # A token of an hour for all: neither signs in.
        token = next(word for word in service.curl if word.startswith("Authorization: ")).rsplit(" ", 1)[1]
        environment = {**os.environ, "GRAPH_CALL_TOKEN": token}
        curl = ["curl", "--silent", "--fail", *service.curl[1:]]
        piped = f"{shlex.join(curl)} | jq -c ."
        taken = in_turns(
            {
                "`graph-call get`": lambda: run([TOOL, "get", "--json", service.call, *service.access], environment),
                "`curl`": lambda: run(curl),
                "`curl \\| jq`": lambda: run(["sh", "-c", piped]),
                "`graph-call parse`": lambda: run([TOOL, "parse", "--json", str(CALL)]),
                "`jq`": lambda: run(["jq", "-c", ".", str(CALL)]),
                "`graph-call --version`": lambda: run([TOOL, "--version"]),
                "`curl --version`": lambda: run(["curl", "--version"]),
                "`jq --version`": lambda: run(["jq", "--version"]),
            },
            rounds,
        )
    rows = [["", "ms", "CPU, ms"]]
    return rows + [[name, f"{wall:.1f}", f"{cpu:.1f}"] for name, (wall, cpu) in taken.items()]


def table(rows):
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def machine(load):
    cpu = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    versions = [subprocess.check_output([name, "--version"], text=True).split("\n")[0] for name in ("curl", "jq")]
    versions = ", ".join(" ".join(version.replace("-", " ").split()[:2]) for version in versions)
    size = TOOL.stat().st_size / 1e6
    return f"{cpu}, {os.cpu_count()} cores, load {load:.2f} when it began; {versions}. The program has {size:.1f} MB."


def put(file, name, content):
    start, end = f"<!-- {name} -->\n", f"<!-- end {name} -->"
    text = file.read_text()
    before, rest = text.split(start, 1)
    file.write_text(before + start + content + "\n" + end + rest.split(end, 1)[1])


def main(arguments):
    if arguments == ["check"]:
        many(1)
        one(1)
        return
    if arguments and (len(arguments) != 2 or arguments[0] != "write"):
        raise SystemExit("usage: tool.py [write FILE | check]")
    parts = {"tool-machine": machine(os.getloadavg()[0])}
    parts |= {"tool-many": table(many(ROUNDS_OF_MANY)), "tool-one": table(one(ROUNDS_OF_ONE))}
    for name, content in parts.items():
        print(content, end="\n\n")
        if arguments:
            put(pathlib.Path(arguments[1]), name, content)


if __name__ == "__main__":
    main(sys.argv[1:])
