//! `--watch`: the files that a command reads, and when one of them changes.
//!
//! They are looked at several times a second, which costs a few microseconds a file and sees changes on every
//! file system; the events of an operating system stay out on network mounts and in containers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::bail;

use crate::commands::Command;
use crate::commands::template::TemplateRequest;
use crate::commands::validate::ValidateRequest;
use crate::diagnostic::Sink;
use crate::policy;
use crate::release::HelmVersion;
use crate::source::Source;
use crate::values::{SetFlag, set};
use crate::yaml::Map;

/// How long files are left alone between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// The files that a command reads, as they were at the last look.
pub struct Watch {
    paths: Vec<PathBuf>,
    /// The directory that is written to, which may be inside of the chart.
    written: Option<PathBuf>,
    seen: State,
}

/// When a file was changed, and its length; none for one that is not there.
type State = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

impl Watch {
    /// What a command reads: values files, files after `--set-file`, the chart, settings.
    ///
    /// # Errors
    /// The words of the command are wrong, or it reads no file that could change.
    pub fn new(command: Command) -> anyhow::Result<Self> {
        let (mut paths, mut written) = (Vec::new(), None);
        match command {
            Command::Template(args) => {
                let request = TemplateRequest::new(*args, &mut Sink::new())?;
                paths.extend(request.values.files.iter().map(PathBuf::from));
                paths.extend(request.values.sets.iter().flat_map(files_behind));
                paths.push(request.chart.into());
                paths.extend(request.check);
                written = request.output_dir;
            }
            Command::Validate(args) => {
                let request = ValidateRequest::new(args)?;
                paths.extend(request.files.iter().map(PathBuf::from));
                paths.push(request.chart.into());
                paths.extend(policy::find(&std::env::current_dir()?));
            }
            _ => {}
        }
        if paths.iter().any(|path| path.as_os_str().to_string_lossy().trim() == "-") {
            bail!("--watch reads again and again: standard input can be read once");
        }
        let mut watch = Self { paths, written, seen: State::new() };
        watch.seen = watch.look();
        if watch.seen.values().all(Option::is_none) {
            bail!("--watch has nothing to watch: no file is read that is there");
        }
        Ok(watch)
    }

    /// Waits for a change, and until the files are at rest again; says when that was, and which one changed.
    pub fn wait(&mut self) -> String {
        let mut last = self.seen.clone();
        loop {
            thread::sleep(PAUSE);
            let now = self.look();
            if now == last
                && let Some(changed) = difference(&self.seen, &now)
            {
                self.seen = now;
                return format!("{}: {} changed", time_of_day(), changed.display());
            }
            last = now;
        }
    }

    fn look(&self) -> State {
        let mut state = State::new();
        let mut directories = BTreeSet::new();
        self.paths.iter().for_each(|path| self.look_at(path, &mut state, &mut directories));
        state
    }

    fn look_at(&self, path: &Path, state: &mut State, directories: &mut BTreeSet<PathBuf>) {
        let metadata = fs::metadata(path).ok();
        if !metadata.as_ref().is_some_and(fs::Metadata::is_dir) {
            let stamp = |file: fs::Metadata| Some((file.modified().ok()?, file.len()));
            state.insert(path.to_owned(), metadata.and_then(stamp));
            return;
        }
        // Links may lead in circles.
        let is_new = path.canonicalize().is_ok_and(|real| directories.insert(real));
        if !is_new || self.written.as_deref() == Some(path) {
            return;
        }
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            // What git and editors keep beside a chart changes without it.
            if !entry.file_name().to_string_lossy().starts_with(".") {
                self.look_at(&entry.path(), state, directories);
            }
        }
    }
}

/// The files that an argument of `--set-file` names.
fn files_behind((flag, argument): &(SetFlag, String)) -> Vec<PathBuf> {
    let mut files = Vec::new();
    if *flag == SetFlag::File {
        let mut name = |path: &str| {
            files.push(PathBuf::from(path));
            Ok(String::new())
        };
        let argument = Source::new(flag.flag(), argument.as_str());
        // What is wrong with the argument, the command itself says.
        let _ = set::apply(&mut Map::new(), &argument, *flag, HelmVersion::default(), &mut name);
    }
    files
}

fn difference(before: &State, now: &State) -> Option<PathBuf> {
    let changed = now.iter().find(|(path, stamp)| before.get(*path) != Some(stamp));
    let gone = || before.keys().find(|path| !now.contains_key(*path));
    changed.map(|(path, _)| path).or_else(gone).cloned()
}

fn time_of_day() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    format!("{:02}:{:02}:{:02} UTC", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
}
