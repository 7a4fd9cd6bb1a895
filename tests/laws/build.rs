//! Puts the named seeds of the fuzz targets into the package: a law tries them on machines, too, that have no files of this project.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../fuzz/seeds");
    let mut table = String::from("&[\n");
    for target in sorted(&folder)? {
        println!("cargo::rerun-if-changed={}", target.display());
        writeln!(table, "({:?}, &[", name(&target))?;
        for seed in sorted(&target)? {
            writeln!(table, "({:?}, include_bytes!({seed:?})),", name(&seed))?;
        }
        table.push_str("]),\n");
    }
    println!("cargo::rerun-if-changed={}", folder.display());
    fs::write(Path::new(&env::var("OUT_DIR")?).join("seeds.rs"), table + "]\n")?;
    Ok(())
}

/// What is in a folder, always in the same order.
fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut paths =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
