//! What is embedded is prepared here: the default values without the text of their comments.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    // A new file in a folder of templates must rebuild the program.
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=values");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    for entry in fs::read_dir("values")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let name = path.file_name().unwrap_or_default();
            fs::write(Path::new(&out).join(name), without_comments(&fs::read_to_string(&path)?))?;
        }
    }
    Ok(())
}

/// Lines that hold only a comment become empty: three quarters of the file are for people, and what
/// remains is read in each run. Every value keeps its line and column.
fn without_comments(text: &str) -> String {
    let kept = |line: &&str| !line.trim_start().starts_with('#');
    text.lines().flat_map(|line| [Some(line).filter(kept).unwrap_or(""), "\n"]).collect()
}
