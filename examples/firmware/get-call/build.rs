//! Links the programs with the sections that defmt keeps its texts in, and tells them how large the board is.

fn main() {
    println!("cargo::rustc-link-arg-bins=-Tdefmt.x");
    println!("cargo::rustc-check-cfg=cfg(small_board)");
    if std::env::var("TARGET").is_ok_and(|target| target == "thumbv6m-none-eabi") {
        println!("cargo::rustc-cfg=small_board");
    }
}
