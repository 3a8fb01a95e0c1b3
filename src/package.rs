//! A chart → the archive of it.

use std::io::Write as _;

use flate2::{Compression, GzBuilder};

use crate::chart::Chart;
use crate::yaml::emit;

/// The bytes of a chart's archive: the same each time, so nothing in it tells when and where it was made.
///
/// # Errors
/// The chart holds something that no archive can.
pub fn archive(chart: &Chart) -> anyhow::Result<Vec<u8>> {
    let mut files = Vec::new();
    collect(chart, &chart.metadata.name, &mut files);
    let mut tar = tar::Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_cksum();
        tar.append_data(&mut header, path, bytes.as_slice())?;
    }
    let mut gzip = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    gzip.write_all(&tar.into_inner()?)?;
    Ok(gzip.finish()?)
}

/// The files of a chart and its subcharts below a directory, in Helm's order.
fn collect(chart: &Chart, directory: &str, files: &mut Vec<(String, Vec<u8>)>) {
    let mut add =
        |path: &str, bytes: &[u8]| files.push((format!("{directory}/{path}"), bytes.to_vec()));
    add("Chart.yaml", emit::to_yaml(&chart.metadata.to_node()).as_bytes());
    let texts = [
        ("Chart.lock", chart.lock.as_ref().map(|source| source.text())),
        ("values.yaml", chart.values_text()),
        ("values.schema.json", chart.schema.as_ref().map(|source| source.text())),
    ];
    for (path, text) in texts {
        if let Some(text) = text {
            add(path, text.as_bytes());
        }
    }
    for template in &chart.templates {
        add(&template.path, template.source.text().as_bytes());
    }
    for file in &chart.files {
        add(&file.path, &file.bytes);
    }
    for sub in &chart.dependencies {
        collect(sub, &format!("{directory}/charts/{}", sub.metadata.name), files);
    }
}
