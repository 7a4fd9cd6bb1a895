#!/usr/bin/env bash
# Watches a call on the emulated board, from `graph-call serve` on this machine, without TLS, and prints what the board logs:
# `./try.sh [PROGRAM]`, which is embassy_plain or bare_plain. Both, and the tool, have to be built: `./ci.sh firmware-try`.
set -euo pipefail
cd "$(dirname "$0")"
program="${1:-embassy_plain}"
image="target/thumbv7em-none-eabihf/release/$program"
announced="$(mktemp)"
../../target/debug/graph-call serve --plain 0 --for 120 >"$announced" &
trap 'kill %1; rm -f "$announced"' EXIT
until host="$(grep -o '10\.0\.2\.2:[0-9]*' "$announced")"; do
    kill -0 %1
    sleep 0.1
done
# The loopback of this machine is 10.0.2.2 in the emulator's own network, which has addresses and no time.
timeout 60 qemu-system-arm -cpu cortex-m4 -machine mps2-an386 -nographic -monitor none -nic user,model=lan9118 \
    -semihosting-config "enable=on,target=native,arg=$program,arg=$host" -kernel "$image" </dev/null | defmt-print -e "$image"
