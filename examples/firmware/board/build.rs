//! Puts the memory map of the target's board where the linker looks for it.

use std::{env, fs, path::PathBuf};

fn main() {
    let target = env::var("TARGET").expect("cargo sets TARGET");
    let map = match target.as_str() {
        "thumbv6m-none-eabi" => "memory/microbit.x",
        "riscv32imc-unknown-none-elf" => "memory/virt.x",
        _ => "memory/mps2.x",
    };
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::copy(map, out.join("memory.x")).expect("OUT_DIR is writable");
    println!("cargo::rustc-link-search={}", out.display());
    println!("cargo::rerun-if-changed={map}");
}
