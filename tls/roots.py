#!/usr/bin/env python3
"""Makes the roots of a device, in DER one after the other, of certificates in PEM.

  roots.py BUNDLE.pem -o roots.der                      all of a file
  roots.py BUNDLE.pem -o roots.der "Global Root G2"     those with one of the texts in their names

A bundle is a file such as /etc/ssl/certs/ca-certificates.crt. Needs openssl.
"""

import argparse
import pathlib
import re
import ssl
import subprocess

PEM = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)


def ask(der, *questions):
    """What openssl says of a certificate, a line for each question."""
    command = ["openssl", "x509", "-inform", "DER", "-noout", "-nameopt", "RFC2253", *questions]
    return subprocess.run(command, input=der, capture_output=True, check=True).stdout.decode().splitlines()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    arguments = parser.parse_intermixed_args()
    roots, missing = [], set(arguments.names)
    for pem in PEM.findall(arguments.bundle.read_text()):
        der = ssl.PEM_cert_to_DER_cert(pem)
        named = {name for name in arguments.names if name.encode() in der}
        if der in roots or (arguments.names and not named):
            continue
        subject, end = ask(der, "-subject", "-enddate")
        missing -= named
        roots.append(der)
        print(f"{len(der):5} bytes, {end.replace('notAfter=', 'until ')}, {subject.replace('subject=', '')}")
    if missing or not roots:
        raise SystemExit(f"{arguments.bundle} has no such certificate: {', '.join(sorted(missing)) or 'none at all'}")
    arguments.output.write_bytes(b"".join(roots))
    print(f"{arguments.output}: {len(roots)} roots, {sum(map(len, roots))} bytes")


if __name__ == "__main__":
    main()
