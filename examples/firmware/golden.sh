#!/usr/bin/env bash
# Builds the programs of get-call for three cores, runs them under QEMU, and compares what they log with golden files.
# `./golden.sh update` writes the golden files anew.
set -euo pipefail
cd "$(dirname "$0")"

emulate() {
    local image="target/$TARGET/release/$1" machine
    case "$TARGET" in
        thumbv7em-*) machine="qemu-system-arm -cpu cortex-m4 -machine mps2-an386" ;;
        thumbv6m-*) machine="qemu-system-arm -machine microbit" ;;
        riscv32*) machine="qemu-system-riscv32 -machine virt -bios none" ;;
    esac
    timeout 60 $machine -nographic -monitor none -semihosting-config enable=on,target=native -kernel "$image" \
        </dev/null | defmt-print -e "$image"
}

for TARGET in thumbv7em-none-eabihf thumbv6m-none-eabi riscv32imc-unknown-none-elf; do
    export TARGET
    ./toolchain.sh cargo build --quiet --locked --release -p get-call
    for program in parse get_call log_call; do
        golden="get-call/golden/$program.$TARGET.out"
        if [ "${1:-}" = update ]; then
            emulate "$program" >"$golden"
        else
            emulate "$program" | diff "$golden" - || { echo "golden.sh: $program logs something else on $TARGET"; exit 1; }
            echo "$program on $TARGET: as golden"
        fi
    done
done
