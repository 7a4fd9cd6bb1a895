#!/usr/bin/env bash
# The bare-metal toolchain: `./toolchain.sh install` brings what is missing, `./toolchain.sh cargo ARGS...` runs cargo
# in this directory with it. TARGET chooses the target (thumbv7em-none-eabihf unless set).
# Where rustup has the target, that is the toolchain; else Debian's rustc with core built from its sources.
set -euo pipefail
cd "${FIRMWARE_WORKSPACE:-$(dirname "$0")}"
export TARGET="${TARGET:-thumbv7em-none-eabihf}"
here() { command -v "$1" >/dev/null 2>&1; }
rustup_has_target() { here rustup && rustup target list --installed 2>/dev/null | grep -qx "$TARGET"; }

install() {
    local missing=()
    here qemu-system-arm || missing+=(qemu-system-arm)
    here qemu-system-riscv32 || missing+=(qemu-system-misc)
    here riscv64-unknown-elf-ld || missing+=(binutils-riscv64-unknown-elf)
    here arm-none-eabi-gcc || missing+=(gcc-arm-none-eabi)
    [ -e /usr/lib/arm-none-eabi/include/stdio.h ] || missing+=(libnewlib-arm-none-eabi)
    here python3 || missing+=(python3)
    # For the C of Mbed TLS and its bindings.
    here cmake || missing+=(cmake)
    here ninja || missing+=(ninja-build)
    here clang || missing+=(clang)
    compgen -G '/usr/lib/llvm-*/lib/libclang.so*' >/dev/null || missing+=(libclang-dev)
    if ! rustup_has_target; then
        [ -x /usr/bin/rustc ] && [ -d /usr/share/doc/rustc-web ] || missing+=(rustc-web)
        [ -x /usr/bin/cargo ] && [ -d /usr/share/doc/cargo-web ] || missing+=(cargo-web)
        [ -d /usr/share/doc/rust-web-src ] || missing+=(rust-web-src)
    fi
    [ ${#missing[@]} -eq 0 ] && return
    [ "$(id -u)" = 0 ] || { echo "toolchain.sh: please install: ${missing[*]}"; exit 1; }
    apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"
}

run_cargo() {
    local command="$1"; shift
    if rustup_has_target; then
        exec cargo "$command" --target "$TARGET" "$@"
    fi
    local variable; variable="CARGO_TARGET_$(tr 'a-z-' 'A-Z_' <<<"$TARGET")_LINKER"
    case "$TARGET" in
        thumb*) export "$variable=arm-none-eabi-ld" ;;
        riscv32*) export "$variable=riscv64-unknown-elf-ld" ;;
    esac
    export RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc RUSTC_BOOTSTRAP=1
    exec /usr/bin/cargo "$command" -Zbuild-std=core,alloc --target "$TARGET" "$@"
}

case "${1:-}" in
    install) install ;;
    cargo) shift; run_cargo "$@" ;;
    *) sed -n '2,4s/^# //p' "$0"; exit 2 ;;
esac
