//! How much a template may cost. Charts come from strangers, and a loop is written quickly.

use std::cell::Cell;
use std::io::{self, Write};
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

use minijinja::value::{Kwargs, Rest, Value, ValueKind};
use minijinja::{Captured, Environment, Error, ErrorKind, State, Template, filters};

use jinnacle_jinja_syntax::{TagKind, string_end, tags, words};

/// The steps that a template may do, which takes about a second: a large chart does some ten thousand.
pub const STEPS: u64 = 5_000_000;

/// The hashes of passwords that a template may make; each takes some hundredths of a second.
const SLOW: u64 = 100;

/// The bytes of a string that a function writes.
pub const WRITTEN: usize = 16 << 20;

/// The bytes that a template may print, as many as are read of a string.
pub const PRINTED: usize = 64 << 20;

/// The lists, maps and scalars of one printed value.
pub const NODES: usize = 2_000_000;

/// How deep lists and maps may stand within each other in a printed value, as in YAML that is read.
pub const DEPTH: usize = 256;

/// How deep templates may bring in each other by functions. The engine bounds only what it includes itself.
const TEMPLATES: usize = 20;

/// How deep blocks such as `{% if %}` may stand within each other.
const BLOCKS: usize = 100;

/// The `{% elif %}`s of one `{% if %}`, each of which is compiled within the one before.
const BRANCHES: usize = 1_000;

/// The signs and words of one tag that let an expression nest.
const SIGNS: usize = 10_000;

/// The stack of a thread that renders. The engine's own recursion over templates within the bounds above
/// needs some of it, and values that a template nests as deep as its steps allow need much when they are
/// taken apart. Only what is used of it takes memory.
pub const STACK: usize = 512 << 20;

thread_local! {
    static IS_LARGE: Cell<bool> = const { Cell::new(false) };
}

/// Does work on a thread with more stack than the first one has, unless this thread is such a one.
pub fn on_a_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if IS_LARGE.get() {
        return work();
    }
    let work = Mutex::new(Some(work));
    let take = || {
        let work = work.lock().unwrap_or_else(PoisonError::into_inner).take();
        work.map(|work| work())
    };
    let on_thread = || {
        IS_LARGE.set(true);
        take()
    };
    let done = thread::scope(|scope| {
        match thread::Builder::new().stack_size(STACK).spawn_scoped(scope, on_thread) {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            // Where memory is not to be had before it is used, this thread must do.
            Err(_) => take(),
        }
    });
    done.expect("the work is taken once")
}

/// An error of a template that costs too much.
pub fn exceeded(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::OutOfFuel, message.into())
}

/// The error of a template that prints too much.
pub fn too_long() -> Error {
    exceeded(format!("the template prints more than {} MiB", PRINTED >> 20))
}

thread_local! {
    static OPEN: Cell<usize> = const { Cell::new(0) };
    /// The steps of the templates that functions brought in so far, each of which has a tank of its own.
    static STEPS_WITHIN: Cell<u64> = const { Cell::new(0) };
}

/// A template that a function of another brings in, while it is rendered.
pub struct Within;

impl Within {
    /// Begins one, unless there are too many within each other, or they did too many steps.
    pub fn begin() -> Result<Self, Error> {
        if OPEN.get() == TEMPLATES {
            return Err(exceeded(format!(
                "templates are included {TEMPLATES} deep: does one include itself?"
            )));
        }
        if STEPS_WITHIN.get() > STEPS {
            return Err(ErrorKind::OutOfFuel.into());
        }
        OPEN.set(OPEN.get() + 1);
        Ok(Self)
    }
}

impl Drop for Within {
    fn drop(&mut self) {
        OPEN.set(OPEN.get() - 1);
    }
}

/// Counts a function that takes as long as many steps do, such as the hash of a password.
pub fn slow() -> Result<(), Error> {
    STEPS_WITHIN.set(STEPS_WITHIN.get() + STEPS / SLOW);
    if STEPS_WITHIN.get() > STEPS {
        return Err(exceeded(format!("more than {SLOW} hashes of passwords in one template")));
    }
    Ok(())
}

/// Renders a template within the bounds: its text, and the state that it leaves.
pub fn render<'s>(
    template: &Template<'_, 's>,
    context: Value,
) -> Result<(String, Captured<'s>), Error> {
    if OPEN.get() == 0 {
        STEPS_WITHIN.set(0);
    }
    let mut text = Text(Vec::new());
    let captured =
        template.render_captured_to(context, &mut text).map_err(|error| match error.kind() {
            ErrorKind::WriteFailure => too_long(),
            _ => error,
        })?;
    if OPEN.get() > 0 {
        let steps = captured.state().fuel_levels().map_or(0, |(steps, _)| steps);
        STEPS_WITHIN.set(STEPS_WITHIN.get() + steps);
    }
    // The engine writes strings only.
    let text = String::from_utf8(text.0).map_err(|error| exceeded(error.to_string()))?;
    Ok((text, captured))
}

/// What a template printed so far.
struct Text(Vec<u8>);

impl Write for Text {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > PRINTED {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where in a template the author nests more than the engine's compiler can follow, and what to say of it:
/// it descends into blocks, branches and expressions without a bound of its own.
pub fn nesting(text: &str) -> Option<(Range<usize>, String)> {
    let mut branches: Vec<usize> = Vec::new();
    let mut closed = 0;
    for tag in tags(text) {
        closed = tag.range.end;
        if tag.kind == TagKind::Comment {
            continue;
        }
        if signs(text[tag.inner()].as_bytes()) > SIGNS {
            let message = format!("an expression of more than {SIGNS} signs");
            return Some((tag.range.start..tag.range.start + 2, message));
        }
        if tag.kind != TagKind::Statement {
            continue;
        }
        let mut words = words(text, tag.inner());
        match words.next().map_or("", |word| word.text) {
            "elif" => {
                let Some(last) = branches.last_mut() else { continue };
                *last += 1;
                if *last > BRANCHES {
                    let message = format!("more than {BRANCHES} branches of one `{{% if %}}`");
                    return Some((tag.range.clone(), message));
                }
            }
            "set" if words.any(|word| word.text == "=") => {}
            word if word.starts_with("end") => drop(branches.pop()),
            "if" | "for" | "with" | "set" | "macro" | "call" | "filter" | "block"
            | "autoescape" => {
                branches.push(0);
                if branches.len() > BLOCKS {
                    let message = format!("more than {BLOCKS} blocks within each other");
                    return Some((tag.range.clone(), message));
                }
            }
            _ => {}
        }
    }
    // A tag that is not closed is read to the end of the text.
    let open = ["{{", "{%"].iter().filter_map(|open| text[closed..].find(open)).min()? + closed;
    (signs(&text.as_bytes()[open..]) > SIGNS)
        .then(|| (open..open + 2, format!("an expression of more than {SIGNS} signs")))
}

/// The signs and words that nest, strings left out: commas and colons only go on.
fn signs(tag: &[u8]) -> usize {
    if tag.len() <= SIGNS {
        return 0;
    }
    let mut count = 0;
    let mut at = 0;
    while at < tag.len() {
        match tag[at] {
            quote @ (b'"' | b'\'') => at = string_end(tag, at, quote),
            b',' | b':' | b'_' => {}
            b if b.is_ascii_punctuation() => count += 1,
            b'n' | b'i' | b'a' | b'o' if at == 0 || !tag[at - 1].is_ascii_alphanumeric() => {
                let word = tag[at..].split(|b| !b.is_ascii_alphanumeric()).next();
                let nests = matches!(word, Some(b"not" | b"if" | b"is" | b"in" | b"and" | b"or"));
                count += usize::from(nests);
            }
            _ => {}
        }
        at += 1;
    }
    count
}

/// Refuses values whose parts are too many to be walked by a filter of the engine: lists that are joined
/// and repeated are not made until then.
pub fn countable(values: &[Value]) -> Result<(), Error> {
    for value in values {
        if matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable)
            && value.try_iter()?.take(NODES + 1).count() > NODES
        {
            return Err(exceeded(format!("a list of more than {NODES} items")));
        }
    }
    Ok(())
}

/// The engine's own filters, within bounds.
pub fn add_to(environment: &mut Environment<'static>) {
    environment.set_fuel(Some(STEPS));
    environment.add_filter("replace", |text: &str, old: &str, new: &str| {
        let made = text.matches(old).count().saturating_mul(new.len());
        if made > PRINTED {
            return Err(exceeded(format!("the replaced text is longer than {PRINTED} bytes")));
        }
        Ok(text.replace(old, new))
    });
    let walk = |environment: &mut Environment<'static>, name: &'static str, filter: Value| {
        environment.add_filter(
            name,
            move |state: &mut State, value: Value, Rest(mut args): Rest<Value>, named: Kwargs| {
                args.insert(0, value);
                countable(&args)?;
                let lists = matches!(name, "batch" | "slice").then(|| args.get(1)).flatten();
                if lists.and_then(Value::as_usize).is_some_and(|count| count > NODES) {
                    return Err(exceeded(format!("lists of more than {NODES} items")));
                }
                if named.args().next().is_some() {
                    args.push(named.into());
                }
                filter.call(state, &args)
            },
        );
    };
    macro_rules! walk {
        ($($filter:ident)*) => {
            $(walk(environment, stringify!($filter), Value::from_function(filters::$filter));)*
        };
    }
    walk! { length list sort unique sum min max reverse last groupby zip dictsort batch slice }
    walk(environment, "count", Value::from_function(filters::length));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nests_is_counted_and_what_goes_on_is_not() {
        for (text, fault) in [
            ("{{ [".to_owned() + &"{'a': 1}, ".repeat(4_000) + "] }}", ""),
            ("{{ ".to_owned() + &"not ".repeat(10_001) + "1 }}", "an expression of more than"),
            ("{{ ".to_owned() + &"- ".repeat(10_001) + "1 }}", "an expression of more than"),
            ("{{ ".to_owned() + &"- ".repeat(10_001), "an expression of more than"),
            (format!("{{{{ '{}' }}}}", "- not ".repeat(10_001)), ""),
            ("{% if a %}{% endif %}".repeat(300), ""),
            ("{% set a = 1 %}".repeat(300), ""),
            ("{% if a %}".repeat(101), "more than 100 blocks"),
            ("{% set a %}".repeat(101), "more than 100 blocks"),
            (format!("{{% if a %}}{}", "{% elif a %}".repeat(1_001)), "more than 1000 branches"),
        ] {
            let found = nesting(&text).map_or(String::new(), |(_, message)| message);
            assert!(found.starts_with(fault) && found.is_empty() == fault.is_empty(), "{found}");
        }
    }
}
