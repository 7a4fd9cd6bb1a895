#!/usr/bin/env bash
# Every check of this project is one word: `./ci.sh WORD [WORD ...]`; `./ci.sh` alone lists them.
# A word is a function `word_NAME`, documented by the comment on the line above it.
set -euo pipefail
cd "$(dirname "$0")"

# No circle of files, no room of core that uses one above it, and a picture of the rooms that is not out of date.
word_layers() {
    .ci/layers.py --self-test
    .ci/layers.py
    .ci/pictures.py check architecture
}

# The pages: links between files lead somewhere; charts, tables and the copies of pages that the packages hold are fresh.
word_pages() {
    .ci/pages.py --self-test
    .ci/pictures.py --self-test
    .ci/pages.py
    .ci/pictures.py check
    .ci/old_faults.py --self-test
    .ci/old_faults.py
}

# Draws the pictures of the pages, and writes the copies of pages that the packages hold.
word_pages-update() {
    .ci/pictures.py write
    .ci/pages.py write
}

# What git hands out is the same on every system: no symbolic link, and no line end that a checkout may change.
word_tree() {
    ! git ls-files --stage | grep '^120000' || { echo "a symbolic link: where it cannot be made it is a file with a path in it"; return 1; }
    ! git ls-files --eol | grep -v 'attr/-text' | grep -E '^i/(crlf|mixed)' || { echo "line ends of CR LF: see .gitattributes"; return 1; }
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

# Rust of the version that the manifests name, with formatter and clippy, as the default here: for machines of a CI.
word_rust() {
    rustup toolchain install "$(oldest_rust)" --profile minimal --component clippy,rustfmt
    rustup override set "$(oldest_rust)"
}

oldest_rust() { sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml; }

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

# The tests where the first byte of a number is the highest: core and the laws on s390x, emulated.
word_big-endian() { .ci/machines.sh big-endian; }

# The tests where a word has 32 bits: core, the laws, client and tool on i686.
word_narrow() { .ci/machines.sh narrow; }

# The tests without a shared library: core, the laws, client, tool and those over sockets, on musl.
word_static() { .ci/machines.sh static; }

# The tests without threads and files: core and the laws on WebAssembly, by wasmtime.
word_wasm() { .ci/machines.sh wasm; }

# The tests on Windows, as far as Wine is it: core, the laws, client and tool.
word_windows() { .ci/machines.sh windows; }

# What is shipped compiles for macOS on both of its processors; nothing is linked or run.
word_macos() { .ci/machines.sh macos; }

# The oldest Rust that the manifests name builds what is shipped, with the dependencies of the lock file.
word_msrv() {
    local oldest with=()
    oldest=$(oldest_rust)
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

# cargo-deny in every workspace: licences, banned crates, wildcards, sources of everything linked.
word_deny() {
    need cargo-deny
    deny bans licenses sources
}

# Licences, banned names and sources by deny.toml, in every workspace, without cargo-deny.
word_licences() {
    .ci/licences.py --self-test
    .ci/licences.py
}

# Known holes and withdrawn versions among the crates of every lock file, by the RustSec database of this day.
word_advisories() {
    need cargo-deny
    cargo deny fetch db || {
        echo "NOT CHECKED: the database of advisories, https://github.com/RustSec/advisory-db, cannot be reached from here" >&2
        return 1
    }
    deny advisories
}

# These checks of cargo-deny, in every workspace that has a lock file, by the one deny.toml.
deny() {
    local file
    git ls-files '*Cargo.lock' | while read -r file; do
        echo "-- $file"
        cargo deny --log-level error --all-features --locked --config deny.toml --manifest-path "${file%lock}toml" check "$@"
    done
}

# What is in the things that are shipped, as CycloneDX (JSON): target/dist/NAME-VERSION.cdx.json.
word_sbom() {
    .ci/sbom.py --self-test
    .ci/sbom.py target/dist
}

# The hashes of the release candidate: target/dist/SHA256SUMS.
word_checksums() {
    (
        cd target/dist
        cp ../package/*.crate .
        find . -maxdepth 1 -type f ! -name 'SHA256SUMS*' -printf '%P\n' | LC_ALL=C sort | xargs sha256sum >SHA256SUMS
        sha256sum --check SHA256SUMS
    )
}

# Brings the versions of this project's own packages into every lock file, and changes nothing else there.
word_lock-files() {
    local file
    git ls-files '*Cargo.lock' | while read -r file; do
        cargo update --quiet --workspace --manifest-path "${file%lock}toml"
    done
}

# Spelling, by .typos.toml.
word_typos() {
    need typos typos-cli
    typos
}

# Writes the transcripts of docs/tool.md anew, the options and faults among them, from the tool itself.
word_tool-page() {
    GRAPH_CALL_WRITE=1 cargo test --quiet --locked -p graph-call-std --test project -- every_transcript the_picture
    word_pages-update
}

# The packages as a registry has them: built from nothing but what they hold, and their tests run there.
word_package() {
    local version name
    version=$(version_of <Cargo.toml)
    # What is not committed would be packaged, too, under the name of a commit that does not hold it.
    rm -f target/package/*.crate
    cargo package --locked -p graph-call -p graph-call-std
    rm -rf target/unpacked && mkdir -p target/unpacked
    for name in graph-call graph-call-std; do
        tar -xzf "target/package/$name-$version.crate" -C target/unpacked
        for file in README.md LICENSE-MIT LICENSE-APACHE guide; do
            [ -e "target/unpacked/$name-$version/$file" ] || { echo "$name holds no $file"; return 1; }
        done
        # Outside of this workspace, and of any other.
        printf '\n[workspace]\n' >>"target/unpacked/$name-$version/Cargo.toml"
        (
            cd "target/unpacked/$name-$version"
            CARGO_TARGET_DIR=../../unpacked-target cargo test --quiet --all-features \
                --config "patch.crates-io.graph-call.path='../graph-call-$version'"
        )
    done
    ls -l target/package/*.crate
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

# Every two of core's features together, every single one of the adapter's, with warnings denied; all together are built by clippy.
word_features() {
    need cargo-hack
    # The default features are none, so that a combination with them is one without.
    cargo hack clippy -p graph-call --feature-powerset --depth 2 --exclude-features default -- -D warnings
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

# What the public items of both packages have lost or changed since the last release fits the version that Cargo.toml names.
word_semver() {
    local last next copy=target/semver name breaks=0
    last=${SEMVER_BASE:-$(git describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null || true)}
    [ -n "$last" ] || { echo "no release has been tagged yet: there is nothing to compare with"; return; }
    need cargo-public-api
    rm -rf "$copy" && git clone --quiet --no-hardlinks . "$copy"
    for name in graph-call graph-call-std; do
        (cd "$copy" && CARGO_TARGET_DIR=../semver-target RUSTC_BOOTSTRAP=1 \
            cargo public-api -p "$name" --all-features -sss diff --deny removed --deny changed "$(git rev-parse "$last^{commit}")..HEAD") || breaks=1
    done
    last=$(git show "$last:Cargo.toml" | version_of)
    next=$(version_of <Cargo.toml)
    echo "the last release is $last, the next one $next"
    if [ "$breaks" = 1 ] && [ "$(compatible "$last")" = "$(compatible "$next")" ]; then
        echo "what was public is gone or another: before 1.0 that takes a new minor version, from then on a new major one"
        return 1
    fi
    [ "$last" != "$next" ] || { echo "this version is released already"; return 1; }
}

# The part of a version within which nothing may break, as cargo has it.
compatible() { case $1 in 0.*) cut -d. -f1,2 <<<"$1" ;; *) cut -d. -f1 <<<"$1" ;; esac }

version_of() { sed -n 's/^version = "\(.*\)"/\1/p' | head -n 1; }

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
word_fuzz() { fuzz "${FUZZ_SECONDS:-3}" "${FUZZ_SEED:-1}"; }

# Every fuzz target for ten minutes; or those of FUZZ_TARGETS, for FUZZ_SECONDS each. With other random numbers each time.
word_fuzz-long() { fuzz "${FUZZ_SECONDS:-600}" "${FUZZ_SEED:-0}"; }

# Every fuzz target for two minutes, or for FUZZ_SECONDS, and what it has found made small: for whoever has changed a reader.
word_fuzz-round() {
    fuzz "${FUZZ_SECONDS:-120}" "${FUZZ_SEED:-0}"
    local target
    for target in ${FUZZ_TARGETS:-$(cd fuzz && cargo fuzz list)}; do
        (cd fuzz && cargo fuzz cmin --sanitizer none --target-dir target/none "$target" "corpus/$target") >"target/fuzz-$target-small.log" 2>&1 ||
            { tail -n 60 "target/fuzz-$target-small.log"; return 1; }
        echo "-- $target: $(find "fuzz/corpus/$target" -type f | wc -l) inputs reach all that it has reached"
    done
}

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

# Mutation testing, room by room; MUTANTS='--shard 0/8' (or any option of cargo-mutants) runs a part of each.
word_mutants() {
    local status=0 room
    for room in http json binder job credential; do
        "word_mutants-$room" || status=$?
    done
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

# Mutation testing of what core makes of JSON: the binder, the records, what is required.
word_mutants-binder() {
    mutants binder 60 'src/{binder/**,binder.rs,record/**,record.rs}' 'json_*' 'model_*' 'law_call' 'serde_*'
}

# Mutation testing of the job.
word_mutants-job() {
    mutants job 120 'src/{job/**,job.rs}' 'job_*' 'law_job' 'law_job_scripts'
}

# Mutation testing of the credentials of a desktop.
word_mutants-credential() {
    PACKAGE=graph-call-std mutants credential 60 'src/{credential/**,credential.rs}' credential
}

# The mutants of some files of core, against those of the laws that judge them; or of the adapter, if that is PACKAGE, against its
# own tests: NAME SECONDS FILES TEST..., where SECONDS is several times what the tests take when nothing is wrong.
mutants() {
    need cargo-mutants
    local name=$1 seconds=$2 files=$3 status=0 outcome tests
    local package=${PACKAGE:-graph-call} judges=graph-call-laws directory=core
    shift 3
    tests=("${@/#/--test=}")
    if [ "$package" != graph-call ]; then
        judges=$package directory=std-adapter tests+=(--lib)
    fi
    mkdir -p target
    # What cargo-mutants calls the baseline is the tests of core, which stand in another package.
    cargo test --quiet --locked --profile mutants -p "$judges" "${tests[@]}" >"target/mutants-$name.log" || return
    # Words of MUTANTS are options each, on purpose. A mutant that is caught is caught: no smaller example is sought.
    # shellcheck disable=SC2086
    PROPTEST_MAX_SHRINK_ITERS=0 cargo mutants --package "$package" --test-package "$judges" --file "$directory/$files" \
        --cargo-arg=--locked "${tests[@]/#/--cargo-arg=}" --output "target/mutants-$name" \
        --baseline=skip --timeout "$seconds" --build-timeout 300 ${MUTANTS:-} || status=$?
    # 2: some were missed; 3: some took too long. All else is no result.
    [[ $status =~ ^[023]$ ]] || return "$status"
    for outcome in caught unviable timeout missed; do
        echo "$name: $(wc -l <"target/mutants-$name/mutants.out/$outcome.txt") $outcome"
    done
    ! sed 's/^/missed: /' "target/mutants-$name/mutants.out/missed.txt" | grep .
}

# Each fault that there once was, put back into a copy of this tree: the check that would find it now has to fail. OLD_FAULTS names some.
word_old-faults() {
    # shellcheck disable=SC2086 # names, apart by spaces
    .ci/old_faults.py run ${OLD_FAULTS:-}
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

# Everything that comes by apt, where it is missing: compilers, QEMU, valgrind, the foreign servers of the tests.
word_packages() {
    word_toolchain
    word_servers
    need_package cmake cmake
    need_package make make
    need_package c++ g++
    need_package pkg-config pkg-config
    pkg-config --exists libssl || need_package libssl libssl-dev
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
    need_package openssl openssl
    examples/firmware/unchecked.sh
    examples/firmware/toolchain.sh cargo build --quiet --locked --release -p online
    programs
    word_firmware-try
    device --skip every_server_is_judged_so_by_both_versions
}

# The TLS of devices, on this machine: formatting, clippy, documentation examples, tests, the hostile peer's whole table among them.
word_tls() {
    word_toolchain
    (
        cd tls
        cargo fmt -- --check
        cargo clippy --locked --all-targets -- -D warnings
        cargo test --locked
        RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps
    )
}

# The table of servers that a device must reach, refuse or survive: all of it, by TLS 1.3 and by TLS 1.2.
word_tls-attacks() {
    word_toolchain
    # With the least of it, which takes another build of the C library.
    (cd tls && cargo clippy --locked --no-default-features --features libc,defmt -- -D warnings)
    need_package openssl openssl
    examples/firmware/toolchain.sh cargo build --quiet --locked --release -p online
    device every_server_is_judged_so_by_both_versions
}

# All for devices, built and run: TLS and its whole table of servers, the programs under QEMU, and what is in C.
word_devices() {
    word_tls
    word_firmware
    word_tls-attacks
    word_c
}

# Writes what TLS takes on a device into docs/firmware.md.
word_tls-costs() {
    word_toolchain
    need_package openssl openssl
    examples/firmware/toolchain.sh cargo build --quiet --locked --release -p online
    GRAPH_CALL_WRITE=1 device the_page_says_what_tls_takes
    word_pages-update
}

# A call watched on the emulated board, from `graph-call serve`: what the board logs.
word_firmware-try() {
    word_toolchain
    need defmt-print
    # Not quietly: who tries it for the first time waits for minutes.
    cargo build --locked -p graph-call-std --bin graph-call
    examples/firmware/toolchain.sh cargo build --locked --release -p embassy
    examples/firmware/try.sh
}

# Writes what the programs of the whole job take into docs/firmware.md.
word_firmware-costs() {
    word_toolchain
    need defmt-print
    programs
    GRAPH_CALL_WRITE=1 device the_page_says_what_the_programs_take
}

# Writes the pictures of the panel in docs/panel anew, as it draws them on the board.
word_firmware-pictures() {
    word_toolchain
    need defmt-print
    programs
    GRAPH_CALL_WRITE=1 device the_panel_looks_as_it_is_shown
}

# The programs of the whole job, one by one, so that none has the features of another.
programs() {
    local program
    for program in bare embassy room-panel; do
        examples/firmware/toolchain.sh cargo build --quiet --locked --release -p "$program"
    done
}

# The tests of the firmware under QEMU.
device() {
    GRAPH_CALL_FIRMWARE="$PWD/examples/firmware/target/thumbv7em-none-eabihf/release" \
        cargo test --locked -p graph-call-tests --test 'device*' -- --ignored "$@"
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
    word_pages-update
}

# The same, and fails where docs/footprint.md differs from the measure by more than 5 %.
word_footprint-check() {
    word_toolchain
    examples/firmware/footprint.py check
}

# The C interface: a fresh header, both presets by CMake, and the C programs on the desktop and on a Cortex-M4.
word_c() {
    word_toolchain
    need cbindgen
    word_packages
    (
        cd capi
        cargo fmt -- --check
        cargo clippy --locked -- -D warnings
        cargo clippy --locked --features tiny -- -D warnings
        cargo test --quiet --locked
        c_header --verify ||
            { echo "capi/include/graph_call.h is stale: ./ci.sh c-header"; exit 1; }
    )
    c_install host
    c_install device -DCMAKE_TOOLCHAIN_FILE="$PWD/capi/cmake/arm-none-eabi.cmake" \
        -DGRAPH_CALL_CARGO="env;FIRMWARE_WORKSPACE=$PWD/capi;$PWD/examples/firmware/toolchain.sh;cargo"
    make --no-print-directory -s -C examples/c check
    examples/c/packages.sh
    # Of the linked C programs, newlib allocates and formats; the library below its functions does neither.
    examples/c/sizes.py check
    cargo build --quiet --locked -p graph-call-std --bin graph-call
    make --no-print-directory -s -C examples/c check-served TOOL="$PWD/target/debug/graph-call"
}

# Builds both presets for a side, and installs them for the C programs: SIDE [OPTION OF CMAKE]...
c_install() {
    local side="capi/target/c/$1"
    cmake -S capi -B "$side/build" -DGRAPH_CALL_CARGO_DIR="$PWD/capi/target" --log-level=WARNING "${@:2}"
    cmake --build "$side/build"
    cmake --install "$side/build" --prefix "$PWD/$side/prefix" >"$side/installed"
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

# Installs a cargo tool unless it is there: COMMAND, and its PACKAGE if that has another name. The versions are here, and
# nowhere else.
need() {
    local package=${2:-$1} version
    case $package in
        cargo-deny) version=0.20.2 ;;
        cargo-fuzz) version=0.13.2 ;;
        cargo-hack) version=0.6.46 ;;
        cargo-llvm-cov) version=0.9.1 ;;
        cargo-mutants) version=27.1.0 ;;
        cargo-public-api) version=0.52.0 ;;
        cbindgen) version=0.29.4 ;;
        defmt-print) version=1.2.0 ;;
        typos-cli) version=1.52.0 ;;
        *) echo "ci.sh: no version of $package is named"; return 1 ;;
    esac
    command -v "$1" >/dev/null || cargo install --locked "$package@$version"
    { "$1" --version || "$1" "${1#cargo-}" --version; } 2>/dev/null | grep -F " $version" >/dev/null ||
        echo "note: $1 is not version $version, which these checks are tried with" >&2
}

# Installs a package by apt unless its command is there: COMMAND PACKAGE.
need_package() {
    command -v "$1" >/dev/null ||
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2"; }
}

# The laws of core's JSON again, without the blocks of sixteen bytes that a desktop has: as a device reads.
word_test-device() {
    cargo test --quiet --locked -p graph-call -p graph-call-laws --lib --test law_lexer --test json_splits --test conformance_member
}

# The long runs over real sockets: 10,000 fetches in a row, 100 clients side by side, cuts and splits at every byte.
word_endurance() {
    cargo test -p graph-call-tests --locked --test fault_answers --test fault_endurance --test fault_phases -- --ignored --nocapture
}

# Load over real sockets: 200,000 readings on two clients, 2,000 connections, 1,000 watches at once; again for SOAK_MINUTES. Prints what is held.
word_soak() {
    cargo test -p graph-call-tests --locked --test fault_soak -- --ignored --nocapture
}

# The benchmarks against other parsers, desktop and Cortex-M4: prints all tables, writes docs/benchmarks.md, draws its charts.
word_bench() {
    benches_ready
    examples/firmware/toolchain.sh install
    benches/firmware/peers.py write
    (cd benches && cargo run --release --locked --quiet --bin desktop -- write ../docs/benchmarks.md)
    word_pages-update
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
    word_pages-update
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
    word_pages-update
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
