//! The ids of all rules, from the headings of their pages. A constant function over the pages would be evaluated again by
//! each crate that names a rule, which took 5 seconds in each.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=rules.md");
    let pages = fs::read_to_string("rules.md")?;
    let headings = pages.lines().filter_map(|line| line.strip_prefix("## "));
    let ids: String = headings.map(|id| format!("RuleId({id:?}), ")).collect();
    let directory = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&directory).join("rules.rs"), format!("[{ids}]"))
}
