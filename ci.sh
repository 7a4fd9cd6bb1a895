#!/usr/bin/env bash
# Every check of this project is one word: `./ci.sh WORD [WORD ...]`; `./ci.sh` alone lists them.
# A word is a function `word_NAME`, documented by the comment on the line above it.
set -euo pipefail
cd "$(dirname "$0")"

# No circle of files, and no room of core that uses one above it; the check shows first that it would find each.
word_layers() {
    .ci/layers.py --self-test
    .ci/layers.py
}

# What a change of the parser needs while one works on it, in under a minute: formatting, layers, clippy of core, short laws.
word_quick() {
    local test tests=()
    # All that judges JSON, HTTP and the model by rows and rules; what runs every split of everything is left to `test`.
    for test in conformance_document exchange_answer http_answer json_lexer json_nesting law_call law_lexer model_overflow model_round_trip model_schema; do
        tests+=(--test "$test")
    done
    word_fmt
    word_layers
    cargo clippy --quiet --locked -p graph-call --all-features -- -D warnings
    cargo test --quiet --locked -p graph-call-laws "${tests[@]}"
}

# Formatting of every Rust file.
word_fmt() { cargo fmt --all -- --check; }

# Clippy on every package alone, so that features do not unify, with warnings denied.
word_clippy() {
    cargo clippy -p graph-call --no-default-features -- -D warnings
    cargo clippy -p graph-call --all-features -- -D warnings
    cargo clippy -p graph-call-std --all-targets --all-features -- -D warnings
    cargo clippy -p graph-call-std --lib --no-default-features -- -D warnings
    cargo clippy -p graph-call-laws --all-targets -- -D warnings
    cargo clippy -p graph-call-tests --all-targets -- -D warnings
}

# All tests, unit, integration and documentation examples.
word_test() { cargo test --workspace --locked; }

# The oldest Rust that the manifests name builds what is shipped, with the dependencies of the lock file.
word_msrv() {
    local oldest with=()
    oldest=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    # Where that is the default toolchain, nothing has to be fetched.
    if [[ $(rustc --version) != "rustc $oldest."* ]]; then
        rustup toolchain install "$oldest" --profile minimal
        with=("+$oldest")
    fi
    cargo "${with[@]}" check --locked -p graph-call --no-default-features
    cargo "${with[@]}" check --locked -p graph-call --all-features
    cargo "${with[@]}" check --locked -p graph-call-std --all-features
}

# The documentation builds without a warning.
word_doc() { RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --all-features; }

# The foreign servers of the tests, nginx and openssl, by apt where they are missing.
word_servers() {
    command -v nginx >/dev/null && command -v openssl >/dev/null && return
    # Run level 1: installed, and not started.
    apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light openssl
}

# cargo-deny: licences, banned crates, sources of everything linked.
word_deny() {
    need cargo-deny
    cargo deny --log-level error check bans licenses sources
}

# Licences, banned names and sources by deny.toml, without cargo-deny.
word_licences() { .ci/licences.py; }

# Writes the transcripts of docs/tool.md anew, the options and faults among them, from the tool itself.
word_tool-page() {
    GRAPH_CALL_WRITE=1 cargo test --quiet --locked -p graph-call-std --test cli -- every_transcript the_picture
}

# The tool as one file that needs nothing, for Linux: target/dist/graph-call-x86_64-linux.
word_dist-linux() {
    need_package musl-gcc musl-tools
    dist x86_64-unknown-linux-musl graph-call graph-call-x86_64-linux
    [ -z "$(ldd target/dist/graph-call-x86_64-linux 2>&1 | grep '=>')" ]
    target/dist/graph-call-x86_64-linux demo --table
}

# The tool for Windows: target/dist/graph-call-x86_64-windows.exe.
word_dist-windows() {
    need_package x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64
    dist x86_64-pc-windows-gnu graph-call.exe graph-call-x86_64-windows.exe
}

# Builds the tool for a target, without the paths of this machine in it, and puts it where it is found.
dist() {
    rustup target add "$1"
    local cargo_home=${CARGO_HOME:-$HOME/.cargo}
    RUSTFLAGS="--remap-path-prefix=$PWD=. --remap-path-prefix=$cargo_home=cargo" \
        CFLAGS="-ffile-prefix-map=$PWD=. -ffile-prefix-map=$cargo_home=cargo" \
        cargo build --release --locked --config 'profile.release.strip="symbols"' -p graph-call-std --bin graph-call --target "$1"
    mkdir -p target/dist
    cp "target/$1/release/$2" "target/dist/$3"
    ls -l "target/dist/$3"
    if grep -q -a -F -e "$PWD" -e "$cargo_home" "target/dist/$3"; then
        echo "target/dist/$3 names directories of this machine" >&2
        return 1
    fi
}

# Every combination of core's features, every single one of the adapter's, with warnings denied.
word_features() {
    need cargo-hack
    # The default features are none, so that a combination with them is one without.
    cargo hack clippy -p graph-call --feature-powerset --exclude-features default -- -D warnings
    cargo hack clippy -p graph-call-std --each-feature -- -D warnings
}

# Builds with the oldest dependencies that the manifests allow.
word_minimal-versions() {
    local copy=target/minimal-versions
    rm -rf "$copy" && mkdir -p "$copy"
    git ls-files -z | xargs -0 cp --parents -t "$copy"
    (
        cd "$copy"
        # What is shipped; the oldest versions of test tools are nobody's concern.
        sed -i 's/^members = .*/members = ["core", "std-adapter"]/' Cargo.toml
        export CARGO_TARGET_DIR=../minimal-versions-target
        # The flag is not stable; a stable cargo takes it when told so.
        RUSTC_BOOTSTRAP=1 cargo update --quiet -Z direct-minimal-versions
        cargo check -p graph-call --all-features
        cargo check -p graph-call-std --all-features
    )
}

# The public items of core are those of docs/api.txt: a change of the API is a change of that file.
word_api() {
    need cargo-public-api
    public_items | diff docs/api.txt - || {
        echo "the public API has changed; if that is meant: ./ci.sh api-update"
        return 1
    }
}

# Writes docs/api.txt anew.
word_api-update() {
    need cargo-public-api
    public_items >docs/api.txt.new && mv docs/api.txt.new docs/api.txt
}

# Every item by its shortest path, without the capacities' types and without what traits bring.
public_items() {
    # rustdoc lists items by a flag that is not stable; a stable one takes it when told so.
    RUSTC_BOOTSTRAP=1 cargo public-api -p graph-call --all-features -sss 2>/dev/null | sed -E 's/<const [^>]*>//g' |
        grep -vE '^impl|^(#\[[a-z_]*\] )?pub ([a-z]+ )*graph_call::model::' |
        grep -vE '::(fmt|serialize|deserialize|format|schema|member|clear|place|value|EMPTY|CHILD|NAMES|PREFIX)(\(|<|:)' |
        LC_ALL=C sort -u
}

# Where the model and published metadata differ: METADATA names files of CSDL (XML), or else it is the excerpt of the tests.
word_metadata() {
    # shellcheck disable=SC2086 # names of files, apart by spaces
    cargo run --quiet --locked -p graph-call-laws --example metadata -- ${METADATA:-tests/data/metadata.xml}
}

# Every fuzz target for a few seconds, from its named seeds, with the same random numbers on every run.
word_fuzz() { fuzz "${FUZZ_SECONDS:-5}" "${FUZZ_SEED:-1}"; }

# Every fuzz target for ten minutes; or those of FUZZ_TARGETS, for FUZZ_SECONDS each. With other random numbers each time.
word_fuzz-long() { fuzz "${FUZZ_SECONDS:-600}" "${FUZZ_SEED:-0}"; }

fuzz() {
    need cargo-fuzz
    need_package c++ g++
    local seconds=$1 seed=$2 target
    mkdir -p target
    # The parsers are safe code: no sanitizer is needed to see them fail, and without one they run faster. Only the C
    # interface has memory to get wrong: a long run watches it, at the price of a second build.
    for target in ${FUZZ_TARGETS:-$(cd fuzz && cargo fuzz list)}; do
        local sanitizer=none
        # The flag that asks for a sanitizer is not stable; a stable compiler takes it when told so.
        unset RUSTC_BOOTSTRAP
        [ "$target" != capi ] || [ "$seconds" -lt 60 ] || { sanitizer=address; export RUSTC_BOOTSTRAP=1; }
        echo "-- fuzz $target, $seconds s"
        mkdir -p "fuzz/corpus/$target"
        # The answers that the laws and the sockets are tried with are inputs here, too.
        [ "$target" != exchange ] ||
            cargo run --quiet --locked -p graph-call-laws --example hostile_corpus -- "fuzz/corpus/$target"
        (cd fuzz && cargo fuzz run --sanitizer "$sanitizer" --target-dir "target/$sanitizer" "$target" "corpus/$target" "seeds/$target" -- \
            -seed="$seed" -max_total_time="$seconds" -dict=dictionary.txt -max_len=4096 -timeout=20 -rss_limit_mb=1024 \
            -print_final_stats=1 2>&1) >"target/fuzz-$target.log" || { tail -n 60 "target/fuzz-$target.log"; return 1; }
        grep -E "cov: " "target/fuzz-$target.log" | tail -n 1
        grep -E "number_of_executed_units" "target/fuzz-$target.log"
    done
}

# Mutation testing of core's HTTP and JSON; MUTANTS='--shard 0/8' (or any option of cargo-mutants) runs a part of each.
word_mutants() {
    local status=0
    word_mutants-http || status=$?
    word_mutants-json || status=$?
    return "$status"
}

# Mutation testing of core's HTTP and of the exchange.
word_mutants-http() {
    mutants http 30 'src/{http/**,exchange.rs,exchange/**}' 'http_*' 'exchange_*' 'law_http' 'law_answer'
}

# Mutation testing of core's JSON.
word_mutants-json() {
    mutants json 60 'src/json/**' 'conformance_*' 'json_*' 'model_*' 'law_lexer' 'law_call'
}

# The mutants of some files of core, against those tests that judge them: NAME SECONDS FILES TEST..., where SECONDS is
# several times what the tests take when nothing is wrong.
mutants() {
    need cargo-mutants
    local name=$1 seconds=$2 files=$3 status=0 outcome tests
    shift 3
    tests=("${@/#/--test=}")
    mkdir -p target
    # What cargo-mutants calls the baseline is the tests of core, which stand in another package.
    cargo test --quiet --locked --profile mutants -p graph-call-laws "${tests[@]}" >"target/mutants-$name.log" || return
    # Words of MUTANTS are options each, on purpose. A mutant that is caught is caught: no smaller example is sought.
    # shellcheck disable=SC2086
    PROPTEST_MAX_SHRINK_ITERS=0 cargo mutants --package graph-call --test-package graph-call-laws --file "core/$files" \
        --cargo-arg=--locked "${tests[@]/#/--cargo-arg=}" --output "target/mutants-$name" \
        --baseline=skip --timeout "$seconds" --build-timeout 300 ${MUTANTS:-} || status=$?
    # 2: some were missed; 3: some took too long. All else is no result.
    [[ $status =~ ^[023]$ ]] || return "$status"
    for outcome in caught unviable timeout missed; do
        echo "$name: $(wc -l <"target/mutants-$name/mutants.out/$outcome.txt") $outcome"
    done
    ! sed 's/^/missed: /' "target/mutants-$name/mutants.out/missed.txt" | grep .
}

# How much of core the tests reach, by line and region.
word_coverage() {
    need cargo-llvm-cov
    # Profiles are read only by the LLVM that the compiler has.
    local llvm
    llvm=$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
    need_package "llvm-cov-$llvm" "llvm-$llvm"
    LLVM_COV=$(command -v "llvm-cov-$llvm") LLVM_PROFDATA=$(command -v "llvm-profdata-$llvm")
    export LLVM_COV LLVM_PROFDATA
    cargo llvm-cov clean --workspace
    cargo llvm-cov --locked --no-report --package graph-call --package graph-call-laws
    # The loops over a connection have their tests beside those over sockets, and need none.
    cargo llvm-cov --locked --no-report --package graph-call-tests --test 'drive_*'
    cargo llvm-cov report --summary-only --ignore-filename-regex '(tests|std-adapter)/'
}

# The bare-metal toolchain and QEMU, by apt where they are missing.
word_toolchain() {
    examples/firmware/toolchain.sh install
    command -v valgrind >/dev/null || [ "$(id -u)" != 0 ] || apt-get install -qy --no-install-recommends valgrind
}

# The firmware: what it logs on three emulated cores, and its own network against the loopback service, TLS included.
word_firmware() {
    word_toolchain
    need defmt-print
    (cd examples/firmware && cargo fmt -- --check)
    examples/firmware/golden.sh
    examples/firmware/toolchain.sh cargo build --quiet --locked --release -p online
    GRAPH_CALL_FIRMWARE="$PWD/examples/firmware/target/thumbv7em-none-eabihf/release" \
        cargo test --locked -p graph-call-tests --test device -- --ignored
}

# Measures instructions, flash, stack and RAM on a Cortex-M4, proves the linked images, writes docs/footprint.md.
word_footprint() {
    word_toolchain
    examples/firmware/footprint.py write
    word_readme
}

# Writes the README's table anew, from docs/footprint.md and the sizes on this machine.
word_readme() {
    GRAPH_CALL_WRITE=1 cargo test --quiet --locked -p graph-call-laws --test documents the_readme_states_the_footprint
}

# The same, and fails where docs/footprint.md differs from the measure by more than 5 %.
word_footprint-check() {
    word_toolchain
    examples/firmware/footprint.py check
}

# The C interface: its header is fresh, and the C programs run on the desktop under valgrind and on a Cortex-M4.
word_c() {
    word_toolchain
    need cbindgen
    (
        cd capi
        cargo fmt -- --check
        cargo clippy --locked -- -D warnings
        c_header --verify ||
            { echo "capi/include/graph_call.h is stale: ./ci.sh c-header"; exit 1; }
        cargo build --locked --release
    )
    FIRMWARE_WORKSPACE=capi examples/firmware/toolchain.sh cargo build --quiet --locked --release
    make --no-print-directory -C examples/c check
    # Of the linked C program, newlib allocates and formats; the library below its functions does neither.
    examples/firmware/host/proofs.py capi/target/c/device/misuse 'graph_call_(?!parser_message)\w+'
}

# Writes the C header anew.
word_c-header() {
    need cbindgen
    (cd capi && c_header)
}

c_header() {
    # Rows of macros are constants only once the compiler has expanded them, by a flag that is not stable; a stable one
    # takes it when told so.
    RUSTC_BOOTSTRAP=1 cbindgen --quiet --config cbindgen.toml --output include/graph_call.h "$@"
}

# Installs a cargo tool unless it is there.
need() { command -v "$1" >/dev/null || cargo install --locked "$1"; }

# Installs a package by apt unless its command is there: COMMAND PACKAGE.
need_package() {
    command -v "$1" >/dev/null ||
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2"; }
}

# The long runs over real sockets: 10,000 fetches in a row, 100 clients side by side, cuts and splits at every byte.
word_endurance() {
    cargo test -p graph-call-tests --locked --test fault_answers --test fault_endurance --test fault_phases -- --ignored --nocapture
}

# Load over real sockets: 200,000 readings on two clients, 2,000 connections, 1,000 watches at once; again for SOAK_MINUTES. Prints what is held.
word_soak() {
    cargo test -p graph-call-tests --locked --test fault_soak -- --ignored --nocapture
}

# The benchmarks against other parsers, desktop and Cortex-M4: prints all tables and writes docs/benchmarks.md.
word_bench() {
    benches_ready
    examples/firmware/toolchain.sh install
    benches/firmware/peers.py write
    (cd benches && cargo run --release --locked --quiet --bin desktop -- write ../docs/benchmarks.md)
}

# The same without timing: all parsers fill equal calls, and the instruction counts keep their bounds.
word_bench-check() {
    benches_ready
    (cd benches && cargo fmt --all -- --check && cargo clippy --release --workspace --locked -- -D warnings)
    (cd benches && cargo run --release --locked --quiet --bin desktop -- check)
}

# graph-call's clients beside other HTTP clients, on loopback: prints the tables and writes their part of docs/benchmarks.md.
word_bench-clients() {
    need_package valgrind valgrind
    need_package strace strace
    (cd benches/clients && cargo build --release --locked && cargo run --release --locked --quiet --bin clients -- write ../../docs/benchmarks.md)
}

# The same without timing: every client gets the same call, warm and cold, and decodes the same.
word_bench-clients-check() {
    (cd benches/clients && cargo fmt -- --check && cargo clippy --locked -- -D warnings)
    (cd benches/clients && cargo run --locked --quiet --bin clients -- check)
}

# The tool as a process beside xargs, curl and jq: prints the tables and writes their part of docs/benchmarks.md.
word_bench-tool() {
    cargo build --release --locked --quiet -p graph-call-std --bin graph-call
    benches/tool.py write docs/benchmarks.md
}

# Every command that the tool is measured beside does its work; nothing is timed.
word_bench-tool-check() {
    cargo build --release --locked --quiet -p graph-call-std --bin graph-call
    benches/tool.py check
}

benches_ready() {
    need_package valgrind valgrind
    (cd benches && cargo build --release --locked --workspace)
}

usage() {
    echo "usage: ./ci.sh WORD [WORD ...]"
    awk '/^# /{c=substr($0,3)} /^word_/{n=$1; sub(/^word_/,"",n); sub(/\(.*/,"",n); printf "  %-17s %s\n", n, c}' "$0"
}

[ $# -gt 0 ] || { usage; exit 2; }
for word in "$@"; do
    declare -F "word_$word" >/dev/null || { echo "ci.sh: no word '$word'"; usage; exit 2; }
    echo "== $word"
    "word_$word"
done
