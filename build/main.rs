//! What is embedded is prepared here: deflated schemas, and the compiled templates.

mod link;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::DeflateEncoder;

fn main() -> io::Result<()> {
    // A new file in a directory of templates must rebuild the program.
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=schemas");
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    for name in ["matrix", "jinnaclechart", "jinnaclecheck"] {
        pack(&Path::new("schemas").join(name).with_extension("json"), &out)?;
    }
    let linked = link::charts(Path::new("templates"))?;
    fs::write(out.join("linked.rs"), linked)
}

/// Writes a file deflated.
fn pack(path: &Path, out: &Path) -> io::Result<()> {
    let file = fs::File::create(out.join(path.file_name().unwrap_or_default()))?;
    let mut packed = DeflateEncoder::new(file, Compression::best());
    packed.write_all(&fs::read(path)?)?;
    packed.finish()?;
    Ok(())
}
