#!/usr/bin/env bash
# The library as others get it: by find_package, by pkg-config, as a module of Zephyr, as a component of ESP-IDF. What
# stands beside each of the last two is its build system's part, as far as it can be played here.
set -euo pipefail
cd "$(dirname "$0")"
root="$(cd ../.. && pwd)"
out="$root/capi/target/c"
device=(-DCMAKE_TOOLCHAIN_FILE="$root/capi/cmake/arm-none-eabi.cmake")
cargo="env;FIRMWARE_WORKSPACE=$root/capi;$root/examples/firmware/toolchain.sh;cargo"
qemu() { timeout 60 qemu-system-arm -cpu cortex-m4 -machine mps2-an386 -nographic -monitor none \
    -semihosting-config enable=on,target=native -kernel "$1" </dev/null; }
build() { cmake -S "$1" -B "$out/package/$2" --log-level=WARNING "${@:3}" && cmake --build "$out/package/$2"; }

echo "find_package, desktop and device"
build package host -DCMAKE_PREFIX_PATH="$out/host/prefix"
build package device -DCMAKE_PREFIX_PATH="$out/device/prefix" "${device[@]}"
"$out/package/host/read_call_graph_call" | diff - read_call.standard.out
"$out/package/host/read_call_tiny" | diff - read_call.tiny.out
qemu "$out/package/device/read_call_graph_call" | diff - read_call.standard.out
qemu "$out/package/device/read_call_tiny" | diff - read_call.tiny.out

echo "the programs of docs/c.md"
./page.py "$out/page"
warnings="-Wall -Wextra -Wconversion -Wshadow -Werror -pedantic"
build "$out/page" page -DCMAKE_PREFIX_PATH="$out/host/prefix" -DCMAKE_C_STANDARD=99 -DCMAKE_C_EXTENSIONS=OFF -DCMAKE_C_FLAGS="$warnings"
[ "$("$out/package/page/parse" <"$root/tests/data/p2p.json")" = "Calling Bot" ]

echo "pkg-config"
export PKG_CONFIG_PATH="$out/host/prefix/lib/pkgconfig"
for package in graph_call graph_call_tiny; do
    read -ra flags <<<"$(pkg-config --cflags --libs "$package")"
    cc misuse.c "${flags[@]}" -o "$out/package/$package"
    "$out/package/$package"
done

echo "a module of Zephyr"
build package/zephyr zephyr "${device[@]}" -DCONFIG_GRAPH_CALL_RUST_TARGET=thumbv7em-none-eabihf -DCONFIG_GRAPH_CALL_TINY=y \
    -DGRAPH_CALL_CARGO="$cargo" -DGRAPH_CALL_CARGO_DIR="$root/capi/target"
qemu "$out/package/zephyr/misuse"

echo "a component of ESP-IDF"
TARGET=riscv32imc-unknown-none-elf build package/esp-idf esp-idf -DGRAPH_CALL_CARGO="$cargo" \
    -DGRAPH_CALL_CARGO_DIR="$root/capi/target"
riscv64-unknown-elf-nm "$out/package/esp-idf/graph_call/libgraph_call.a" 2>"$out/package/nm" | grep -q 'T graph_call_job_step'
