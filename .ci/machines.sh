#!/usr/bin/env bash
# The tests on machines that this one is not: `machines.sh NAME`, one of the functions below that begin with `on_`.
# Each installs what it needs, by apt, rustup or pip, says what it ran, how many tests have passed and how long that took, and fails where
# something that it needs is not to be had.
#
# Where rustup has the target, that is the toolchain; else Debian's rustc, with the standard library built from its sources.
set -euo pipefail
cd "$(dirname "$0")/.."
# A directory of its own, which can be deleted: nothing else here is built by two compilers.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}/machines"
# Nobody debugs what runs there.
export CARGO_PROFILE_DEV_DEBUG=0
mkdir -p "$CARGO_TARGET_DIR"
NAME=${1:-}
RUNS=0

# 64 bits, the first byte of a number being the highest.
on_big-endian() {
    packages qemu-user gcc-s390x-linux-gnu libc6-dev-s390x-cross
    local target=s390x-unknown-linux-gnu
    linker $target s390x-linux-gnu-gcc
    runner $target "qemu-s390x -L /usr/s390x-linux-gnu"
    slow
    tests $target -p graph-call -p graph-call-laws -- "${LAWS[@]}"
}

# Words of 32 bits.
on_narrow() {
    packages gcc-multilib
    local target=i686-unknown-linux-gnu
    tests $target -p graph-call -p graph-call-laws
    tests $target -p graph-call-std
}

# No shared library: musl in the place of glibc.
on_static() {
    packages musl-tools
    local target=x86_64-unknown-linux-musl
    tests $target -p graph-call -p graph-call-laws
    tests $target -p graph-call-std
    tests $target -p graph-call-tests --test 'drive_*' --test 'net_*' --test 'service_c*' --test service_faults --test service_loopback
}

# WebAssembly: 32 bits, no threads, no files, and a panic is the end. Node's own WASI ends with a segmentation fault after the tests of
# the heap, whose results are there by then; so it is not what runs them.
on_wasm() {
    local target=wasm32-wasip1 python="$CARGO_TARGET_DIR/wasmtime/bin/python"
    from_pypi wasmtime wasmtime==50.0.1
    runner $target "$python $PWD/.ci/wasi.py"
    if ! rustup_has $target; then
        # rustup's library brings a libc, and its compiler a linker.
        debian_rust
        local llvm libc=/usr/lib/wasm32-wasi
        llvm=$(/usr/bin/rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
        packages wasi-libc "lld-$llvm"
        linker $target "wasm-ld-$llvm"
        export "$(variable $target RUSTFLAGS)=-Clink-self-contained=no -L$libc -Clink-arg=$libc/crt1-command.o"
    fi
    slow
    tests $target -p graph-call -p graph-call-laws -- "${LAWS[@]}"
}

# Windows, as far as Wine is it. Debian's Wine is 8.0, which tells of a connection that is refused, as Windows does not always.
on_windows() {
    packages gcc-mingw-w64-x86-64 wine wine64
    local target=x86_64-pc-windows-gnu
    export WINEPREFIX="$CARGO_TARGET_DIR/wine" WINEARCH=win64 WINEDEBUG=-all
    wine wineboot --init >"$CARGO_TARGET_DIR/wine.log" 2>&1
    # The random numbers of Rust's standard library, which Wine has only in later versions.
    local library="$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll"
    [ -e "$library" ] || x86_64-w64-mingw32-gcc -shared -o "$library" -x c - -ladvapi32 <<'END'
#include <windows.h>
#include <ntsecapi.h>
__declspec(dllexport) BOOL WINAPI ProcessPrng(BYTE *data, SIZE_T length) { return RtlGenRandom(data, length); }
END
    runner $target wine
    tests $target -p graph-call -p graph-call-laws -- "${LAWS[@]}"
    tests $target -p graph-call-std --lib --bins --test credential
    # Wine does not take an authority of one's own beside the system's, so that nothing can be read by `--ca` there.
    tests $target -p graph-call-std --test cli -- parse:: shell:: sources:: \
        meanwhile::the_demo meanwhile::serve_has meanwhile::serve_stops meanwhile::serve_writes
    cargo_for $target run --quiet --locked -p graph-call-std --bin graph-call -- demo --table
}

# macOS, on both of its processors: what is compiled there, without linking or running it.
on_macos() {
    local target began
    # zig compiles the C of ring.
    from_pypi zig cargo-zigbuild==0.24.0 ziglang==0.17.0
    export PATH="$CARGO_TARGET_DIR/zig/bin:$PATH" RUSTFLAGS="-D warnings"
    for target in aarch64-apple-darwin x86_64-apple-darwin; do
        began=$SECONDS
        if rustup_has $target; then
            cargo-zigbuild clippy --quiet --locked --target $target -p graph-call -p graph-call-std --all-features
            echo "$target: clippy has nothing to say, $((SECONDS - began)) s"
        else
            # Debian's rustc has no clippy of its version.
            debian_rust
            CARGO=/usr/bin/cargo RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 cargo-zigbuild check --quiet --locked \
                -Zbuild-std=std,panic_unwind --target $target -p graph-call -p graph-call-std --all-features
            echo "$target: it compiles, $((SECONDS - began)) s"
        fi
    done
}

# Packages of PyPI, in a directory of their own: DIRECTORY PACKAGE...
from_pypi() {
    local directory="$CARGO_TARGET_DIR/$1"
    [ -e "$directory/done" ] && return
    python3 -m venv --help >/dev/null 2>&1 || packages python3-venv
    python3 -m venv --clear "$directory"
    "$directory/bin/pip" install --quiet --disable-pip-version-check "${@:2}"
    touch "$directory/done"
}

# Installs packages by apt, those that are missing.
packages() {
    local package missing=()
    for package in "$@"; do
        [[ $(dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null) == *" installed" ]] || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    echo "-- apt installs ${missing[*]}"
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -y -qq)
    [ "$(id -u)" = 0 ] || apt=(sudo "${apt[@]}")
    { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "${missing[@]}"; } >"$CARGO_TARGET_DIR/apt.log" 2>&1 ||
        { tail "$CARGO_TARGET_DIR/apt.log" >&2; return 1; }
}

# How cargo calls a setting of a target in the environment: TARGET NAME.
variable() { echo "CARGO_TARGET_$(tr 'a-z-' 'A-Z_' <<<"$1")_$2"; }

# What links programs for a target, and what runs them.
linker() { export "$(variable "$1" LINKER)=$2"; }
runner() { export "$(variable "$1" RUNNER)=$2"; }

# For a machine that is emulated: what runs there is worth optimising, its tests too.
slow() { export CARGO_PROFILE_DEV_OPT_LEVEL=2; }

# The laws without the long tests that show that a law can fail, which it can on each machine or on none.
LAWS=(--skip that_is_changed_is_found)

# Whether rustup has a target, or gets it.
rustup_has() {
    command -v rustup >/dev/null || return
    rustup target list --installed 2>/dev/null | grep -qx "$1" || rustup target add "$1" 2>/dev/null
}

# Debian's rustc, and the sources of its library.
debian_rust() { packages rustc-web cargo-web rust-web-src; }

# cargo for a target: TARGET COMMAND [ARGUMENT]...
cargo_for() {
    local target=$1 command=$2
    shift 2
    if rustup_has "$target"; then
        cargo "$command" --target "$target" "$@"
    else
        debian_rust
        RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc RUSTC_BOOTSTRAP=1 \
            /usr/bin/cargo "$command" -Zbuild-std=std,panic_unwind --target "$target" "$@"
    fi
}

# Builds and runs tests for a machine, and says how many have passed: TARGET [ARGUMENT OF CARGO TEST]...
tests() {
    local target=$1 what="$1: cargo test ${*:2}" log began=$SECONDS built
    log="$CARGO_TARGET_DIR/$NAME-$((++RUNS)).log"
    shift
    cargo_for "$target" test --no-run --locked "$@" >"$log" 2>&1 || failed
    built=$SECONDS
    cargo_for "$target" test --no-fail-fast --locked "$@" >"$log" 2>&1 || failed
    awk -v what="$what" -v build=$((built - began)) -v run=$((SECONDS - built)) '
        /^test result: ok/ { passed += $4; ignored += $8 }
        END {
            if (!passed) { print what ": no test ran"; exit 1 }
            printf "%s: %d tests passed, %d ignored; built in %d s, run in %d s\n", what, passed, ignored, build, run
        }' "$log"
}

# Says what has failed, and ends: for `tests`, whose words it takes.
failed() {
    grep -nE '^error|^test .* FAILED|panicked at' "$log" | head -n 40 || true
    tail -n 40 "$log"
    echo "machines.sh: $what: failed; all of it is in $log" >&2
    exit 1
}

[ $# = 1 ] && declare -F "on_$1" >/dev/null || { sed -n 's/^on_\(.*\)() {/usage: machines.sh \1/p' "$0"; exit 2; }
"on_$1"
