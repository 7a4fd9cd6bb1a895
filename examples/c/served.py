#!/usr/bin/env python3
"""get_call against the loopback service of the tool: `served.py TOOL GET_CALL SLOW WATCH`, three commands. The second one,
since it runs under valgrind, has a few cases only; the third one is the program of docs/c.md."""

import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECRET = "loopback-only~not-a-secret"
P2P, GROUP = "2e1a0b00-2db4-4022-9570-243709c565ab", "2f1a1100-b174-40a0-aba7-0b405e01ed92"
# The arguments, what else the environment has, the exit code, and what is printed on both streams, as a pattern.
CASES = [
    ([P2P, GROUP], {}, 0, rf"{P2P} established\n{GROUP} established\n"),
    (["-w", "1000", "changing"], {}, 0, r"(changing establishing\n)+(changing established\n)+changing terminated\n"),
    (["once.throttled.1"], {}, 0, r"again: .*status 429 .*\nonce.throttled.1 established\n"),
    (["once.unavailable.1"], {}, 0, r"again: .*status 503 .*\nonce.unavailable.1 established\n"),
    (["-w", "1000", "-u", "hold,established", "once.reset"], {}, 0, r"again: .*connection.*\nonce.reset established\n"),
    (["once.expired"], {}, 0, r"once.expired established\n"),
    (["once.other-call", "once.other-request"], {}, 0, r"once.other-call established\nonce.other-request established\n"),
    (["fault.chunked.7", "fault.until-close"], {}, 0, r"fault.chunked.7 established\nfault.until-close established\n"),
    (["fault.throttled.600"], {}, 1, r"failed: .*status 429 .*the service is busy.*\n|failed: .*asked to wait 600000 ms.*\n"),
    (["no-such-call"], {}, 1, r"failed: no-such-call: no such call: status 404 .*check the id\n"),
    (["fault.forbidden"], {}, 1, r"failed: .*status 403 from the service.*admin consent.*\n"),
    (["fault.html"], {}, 1, r"(again: .*\n)*failed: .*sign in to the network.*\n"),
    (["-t", "1500", "fault.stall.in-content"], {}, 1, r"(again: .*\n)*failed: .*the time is over.*\n"),
    (["-t", "1500", "fault.drip"], {}, 1, r"(again: .*\n)*failed: .*the time is over.*\n"),
    (["fault.reflect.message"], {}, 1, r"failed: .*\n"),
    ([P2P, GROUP], {"AZURE_CLIENT_SECRET": "wrong"}, 1, r"failed: .*AADSTS7000215.*\nfailed: .*used again.*\n"),
    ([P2P], {"AZURE_TENANT_ID": "a/b"}, 2, r"the plan's credential is incomplete or wrong\n"),
]
# By their last arguments, those of the slow command.
SHORT = ("once.reset", "fault.stall.in-content", GROUP)


class Service:
    """The loopback service; its end ends it."""

    def __init__(self, tool, directory):
        self.ca = directory / "ca.pem"
        command = [tool, "serve", "--ca-file", str(self.ca), "--until-stdin-ends"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        said = ""
        while "curl --cacert" not in said:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit(f"{tool} serve said nothing: {said}")
            said += line
        self.port = re.search(r"https://localhost:(\d+)", said)[1]
        exported = re.search(r"^export (.*)$", said, re.MULTILINE)[1]
        self.environment = dict(word.split("=", 1) for word in shlex.split(exported))
        self.token = re.search(r"Bearer ([\w.-]+)", said)[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate()


def run(command, arguments, environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AZURE_", "GRAPH_CALL_"))}
    done = subprocess.run([*command, *arguments], env=clean | environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=120)
    return done.returncode, done.stdout


def served(command, service, cases):
    """What is not as it has to be, of the cases, a token from outside, and a service that is not trusted."""
    problems = []
    host = ["-h", f"localhost:{service.port}", "-c", str(service.ca)]

    def expect(arguments, environment, code, pattern, secrets):
        started = time.monotonic()
        found, printed = run(command, arguments, environment)
        wrong = found != code or not re.fullmatch(pattern, printed)
        if wrong or any(secret in printed for secret in secrets):
            problems.append(f"{' '.join(arguments)}: {found}\n{printed}")
        print(f"{time.monotonic() - started:6.1f} s  {' '.join(arguments[4:])} {'' if not wrong else 'WRONG'}")

    # First, since a case makes every token that was issued invalid.
    token = {"GRAPH_CALL_TOKEN": service.token}
    expect([*host, P2P], token, 0, rf"{P2P} established\n", [service.token])
    expect([*host, "once.unauthorized"], token, 1, r"failed: .*with this credential.*\n", [service.token])
    # The system's authorities did not sign its certificate.
    distrust = r"(again: .*\n)*failed: .*the peer did not prove to be the host at localhost.*read along.*\n"
    expect([*host[:2], "-t", "9000", P2P], token, 1, distrust, [service.token])
    for arguments, environment, code, pattern in cases:
        expect([*host, *arguments], service.environment | environment, code, pattern, [SECRET, "eyJ"])
    return problems


def impostor(command, directory, token):
    """A host whose certificate has another name, by an authority that is trusted: it sees no byte of a request."""
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, cwd=directory, capture_output=True)

    new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj"]
    openssl(*new, "/CN=authority", "-x509", "-keyout", "root.key", "-out", "root.pem")
    openssl(*new, "/CN=localhost", "-keyout", "host.key", "-out", "host.csr")
    for name, code in (("other.example", 1), ("localhost", 1)):
        (directory / "names").write_text(f"subjectAltName=DNS:{name}\n")
        openssl("x509", "-req", "-in", "host.csr", "-CA", "root.pem", "-CAkey", "root.key", "-extfile", "names",
                "-out", "host.pem")
        serve = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", "host.pem", "-key", "host.key"]
        server = subprocess.Popen(serve, cwd=directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True)
        port = None
        while port is None:
            found = re.search(r"ACCEPT 127.0.0.1:(\d+)", server.stdout.readline())
            port = found and found[1]
        arguments = ["-h", f"localhost:{port}", "-c", str(directory / "root.pem"), "-t", "4000", P2P]
        found, printed = run(command, arguments, {"GRAPH_CALL_TOKEN": token})
        server.kill()
        seen = server.communicate()[0]
        has_token = token in seen
        # The second name is the control: the very same host with the right name is sent the token.
        if found != code or has_token != (name == "localhost"):
            yield f"impostor as {name}: {found}, sent the token: {has_token}\n{printed}\n{seen}"
        print(f"          impostor named {name}: {'is sent the token, as it has to be' if has_token else 'sees nothing'}")


def page(command, service):
    """What is not as it has to be, of the program that docs/c.md shows: what it does, and what it says where it cannot."""
    host, known, wrong = f"localhost:{service.port}", service.environment, {"AZURE_CLIENT_SECRET": "wrong"}
    for arguments, environment, code, pattern in [
        (["changing", host, str(service.ca)], known, 0, r"(establishing\n)+(established\n)+terminated\n"),
        (["no-such-call", host, str(service.ca)], known, 1, r"no such call: status 404 .*\n"),
        (["changing", host, str(service.ca)], known | wrong, 1, r"refused: .*AADSTS7000215.*, request [-0-9a-f]{36}\n"),
        (["changing", host, str(service.ca)], {}, 2, r"AZURE_TENANT_ID.* are not set\n"),
        (["changing", host, "no-such-file"], known, 2, r"the file of authorities cannot be read\n"),
        ([], known, 2, r"the plan's call id is none\n"),
    ]:
        found, printed = run([command], arguments, environment)
        if found != code or not re.fullmatch(pattern, printed):
            yield f"the page's program, {arguments}: {found}\n{printed}"
    print("          the program of docs/c.md watches a call to its end")


def main(tool, command, slow, watch):
    with tempfile.TemporaryDirectory() as name, Service(tool, Path(name)) as service:
        problems = served(command.split(), service, CASES)
        problems += impostor(command.split(), Path(name), service.token)
    with tempfile.TemporaryDirectory() as name, Service(tool, Path(name)) as service:
        problems += page(watch, service)
        problems += served(slow.split(), service, [case for case in CASES if case[0][-1] in SHORT])
    print(*problems, sep="\n")
    raise SystemExit(bool(problems))


if __name__ == "__main__":
    main(*sys.argv[1:])
