//! What is embedded is prepared here: the default values without the text of their comments.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    // A new file in a folder of templates must rebuild the program.
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=values");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    for chart in ["nats"] {
        let file = format!("{chart}.yaml");
        let text = fs::read_to_string(Path::new("values").join(&file))?;
        fs::write(Path::new(&out).join(&file), without_comments(&text))?;
    }
    Ok(())
}

/// Lines that hold only a comment become empty: three quarters of the file are for people, and what
/// remains is read in each run. Every value keeps its line and column.
fn without_comments(text: &str) -> String {
    text.lines()
        .map(
            |line| {
                if line.trim_start().starts_with('#') {
                    "\n".to_owned()
                } else {
                    format!("{line}\n")
                }
            },
        )
        .collect()
}
