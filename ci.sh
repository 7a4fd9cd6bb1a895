#!/usr/bin/env bash
# Every check of this project is one word: `./ci.sh WORD [WORD ...]`; `./ci.sh` alone lists them.
# A word is a function `word_NAME`, documented by the comment on the line above it.
set -euo pipefail
cd "$(dirname "$0")"

# Formatting of every Rust file.
word_fmt() { cargo fmt --all -- --check; }

# Clippy on every package alone, so that features do not unify, with warnings denied.
word_clippy() {
    cargo clippy -p graph-call --no-default-features -- -D warnings
    cargo clippy -p graph-call --all-features -- -D warnings
    cargo clippy -p graph-call-std --all-targets -- -D warnings
    cargo clippy -p graph-call-tests --all-targets -- -D warnings
}

# All tests, unit, integration and documentation examples.
word_test() { cargo test --workspace --locked; }

# The documentation builds without a warning.
word_doc() { RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --all-features; }

# The foreign servers of the tests, nginx and openssl, by apt where they are missing.
word_servers() {
    command -v nginx >/dev/null && command -v openssl >/dev/null && return
    # Run level 1: installed, and not started.
    apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light openssl
}

usage() {
    echo "usage: ./ci.sh WORD [WORD ...]"
    awk '/^# /{c=substr($0,3)} /^word_/{n=$1; sub(/^word_/,"",n); sub(/\(.*/,"",n); printf "  %-14s %s\n", n, c}' "$0"
}

[ $# -gt 0 ] || { usage; exit 2; }
for word in "$@"; do
    declare -F "word_$word" >/dev/null || { echo "ci.sh: no word '$word'"; usage; exit 2; }
    echo "== $word"
    "word_$word"
done
