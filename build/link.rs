//! The built-in templates, compiled when the program is built: what the engine would make of them in each run, with
//! what they include already in its place. `jinnacle_jinja::engine` runs it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use minijinja::machinery::{CodeGenerator, Instruction, parse};
use minijinja::value::{Value, ValueKind};

use jinnacle_jinja_syntax::{self as text, Language, for_engine};

type Code = Vec<Instruction<'static>>;

/// The code of all charts below a directory, as a Rust table: chart, template, instructions.
pub fn charts(directory: &Path) -> io::Result<String> {
    let mut table = "static CHARTS: &[(&str, Templates)] = &[\n".to_owned();
    for chart in sorted(directory)? {
        let mut linker = Linker::default();
        linker.read(&chart, "")?;
        _ = writeln!(table, "({:?}, &[", chart.file_name().unwrap_or_default());
        for (name, code) in linker.link() {
            _ = writeln!(table, "({name:?}, &[{}]),", code.join(", "));
        }
        table += "]),\n";
    }
    Ok(table + "];\n")
}

fn sorted(directory: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let mut paths: Vec<_> =
        fs::read_dir(directory)?.map(|entry| entry.map(|e| e.path())).collect::<io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}

#[derive(Default)]
struct Linker {
    /// What the engine makes of each template.
    compiled: BTreeMap<String, Code>,
    /// The templates that others bring in by functions.
    wanted: BTreeSet<String>,
}

impl Linker {
    /// Compiles the templates of a directory. Strings live as long as the build.
    fn read(&mut self, directory: &Path, prefix: &str) -> io::Result<()> {
        for path in sorted(directory)? {
            let name =
                format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
            if path.is_dir() {
                self.read(&path, &format!("{name}/"))?;
            } else if name.ends_with(".j2") && !name.ends_with("NOTES.txt.j2") {
                let (source, _) = for_engine(&fs::read_to_string(&path)?, &name);
                let (name, source): (&'static str, &'static str) = (name.leak(), source.leak());
                let tree = parse(source, name, text::syntax()).map_err(io::Error::other)?;
                let mut generator = CodeGenerator::new(name, source);
                generator.compile_stmt(&tree);
                let (code, _) = generator.finish();
                let code = (0..).map_while(|at| code.get(at).cloned()).collect();
                self.compiled.insert(name.to_owned(), code);
            }
        }
        Ok(())
    }

    /// The code of each template that is rendered for itself, or brought in by a function.
    fn link(mut self) -> Vec<(String, Vec<String>)> {
        let is_partial = |name: &str| name.split('/').any(|part| part.starts_with('_'));
        let whole = self.compiled.keys().filter(|name| !is_partial(name));
        let mut open: Vec<String> = whole.cloned().collect();
        let mut linked = BTreeMap::new();
        while let Some(name) = open.pop() {
            let is_module = is_partial(&name) && !Language::of(&name).has_placeholders();
            let mut code = Code::new();
            let written = self.append(&name, is_module, &mut code).and_then(|()| {
                number_names(&mut code);
                code.iter().map(written).collect::<Option<_>>()
            });
            match written {
                Some(written) => drop(linked.insert(name, written)),
                None => println!("cargo::warning=the template {name} is compiled in each run"),
            }
            let wanted = std::mem::take(&mut self.wanted).into_iter();
            open.extend(wanted.filter(|name| !linked.contains_key(name)));
        }
        linked.into_iter().collect()
    }

    /// Adds the code of a template. A module is run for what it defines: what it prints is left out, and
    /// its macros print strings, whichever template they are part of now.
    fn append(&mut self, name: &str, is_module: bool, into: &mut Code) -> Option<()> {
        use Instruction as I;
        let code = self.compiled.get(name)?.clone();
        let (mut own, mut places) = (Vec::new(), Vec::new());
        let (mut at, mut macro_end) = (0, 0);
        while at < code.len() {
            let place = into.len();
            let taken = match &code[at..] {
                [
                    I::BeginCapture(_),
                    I::PushWith,
                    I::LoadConst(name),
                    I::Include(false),
                    I::EndCapture,
                    I::ExportLocals,
                    I::PopFrame,
                    ..,
                ] => {
                    self.import(name.as_str()?, into)?;
                    7
                }
                [I::LoadConst(name), I::Include(false), ..] => {
                    self.append(name.as_str()?, is_module, into)?;
                    2
                }
                [I::EmitRaw(_), ..] if is_module && at >= macro_end => 1,
                [I::Emit, ..] if is_module => {
                    into.extend([I::ApplyFilter(text::VERBATIM, Some(1), 0), I::Emit]);
                    1
                }
                [one, ..] => {
                    match one {
                        I::Jump(end) if matches!(code[*end as usize - 1], I::Return) => {
                            macro_end = *end as usize;
                        }
                        I::CallFunction("include_text", Some(1)) => match code.get(at - 1) {
                            Some(I::LoadConst(name)) => {
                                self.wanted.insert(name.as_str()?.to_owned());
                            }
                            _ => return None,
                        },
                        _ => {}
                    }
                    own.push(place);
                    into.push(one.clone());
                    1
                }
                [] => 1,
            };
            places.extend(std::iter::repeat_n(place, taken));
            at += taken;
        }
        places.push(into.len());
        for index in own {
            let instruction = &mut into[index];
            match instruction {
                I::Jump(to)
                | I::JumpIfFalse(to)
                | I::JumpIfFalseOrPop(to)
                | I::JumpIfTrueOrPop(to)
                | I::Iterate(to)
                | I::BuildMacro(_, to, _) => *to = u32::try_from(places[*to as usize]).ok()?,
                _ => {}
            }
        }
        Some(())
    }

    /// Adds the import of a module. One without macros is the same for all templates of a render.
    fn import(&mut self, name: &str, into: &mut Code) -> Option<()> {
        use Instruction as I;
        if self.compiled.get(name)?.iter().any(|one| matches!(one, I::BuildMacro(..))) {
            into.push(I::PushWith);
            self.append(name, true, into)?;
            into.extend([I::LoadConst("".into()), I::ExportLocals, I::PopFrame]);
        } else {
            self.wanted.insert(name.to_owned());
            into.extend([I::LoadConst(name.into()), I::CallFunction(text::MODULE, Some(1))]);
        }
        Some(())
    }
}

/// Numbers the filters and tests again, by which the engine finds each once only.
fn number_names(code: &mut Code) {
    let (mut filters, mut tests) = (Vec::new(), Vec::new());
    let number = |known: &mut Vec<&'static str>, name| {
        let at = known.iter().position(|known| *known == name).unwrap_or_else(|| {
            known.push(name);
            known.len() - 1
        });
        // The engine keeps fifty; another is looked up each time.
        u8::try_from(at).ok().filter(|at| *at < 50).unwrap_or(u8::MAX)
    };
    for instruction in code {
        match instruction {
            Instruction::ApplyFilter(name, _, id) => *id = number(&mut filters, name),
            Instruction::PerformTest(name, _, id) => *id = number(&mut tests, name),
            _ => {}
        }
    }
}

/// An instruction in Rust; none for what our templates do not use.
fn written(instruction: &Instruction) -> Option<String> {
    use Instruction as I;
    Some(match instruction {
        I::LoadConst(value) => format!("Code::Const({})", constant(value)?),
        I::BeginCapture(_) | I::CompareAndPreserve(_) | I::Include(_) => return None,
        other => format!("Code::Is(Instruction::{other:?})"),
    })
}

fn constant(value: &Value) -> Option<String> {
    Some(match value.kind() {
        ValueKind::Undefined => "Const::Undefined".to_owned(),
        ValueKind::None => "Const::None".to_owned(),
        ValueKind::Bool => format!("Const::Bool({})", value.is_true()),
        ValueKind::Number => format!("Const::Int({})", value.as_i64()?),
        ValueKind::String => format!("Const::Text({:?})", value.as_str()?),
        ValueKind::Seq => {
            let items = value.try_iter().ok()?.map(|item| constant(&item));
            let kind = if value.is_tuple() { "Tuple" } else { "List" };
            format!("Const::{kind}(&[{}])", items.collect::<Option<Vec<_>>>()?.join(", "))
        }
        ValueKind::Map => {
            let pairs = value.try_iter().ok()?.map(|key| {
                let item = value.get_item(&key).ok()?;
                Some(format!("({}, {})", constant(&key)?, constant(&item)?))
            });
            let kind = if value.is_kwargs() { "Arguments" } else { "Map" };
            format!("Const::{kind}(&[{}])", pairs.collect::<Option<Vec<_>>>()?.join(", "))
        }
        _ => return None,
    })
}
