//! Links the programs with the sections that defmt keeps its texts in.

fn main() {
    println!("cargo::rustc-link-arg-bins=-Tdefmt.x");
}
