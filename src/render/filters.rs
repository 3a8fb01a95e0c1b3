//! The functions and filters that templates have beyond minijinja's own, under Helm's names.
//!
//! Each is a function with Helm's order of arguments, and a filter on the argument that it is about:
//! `trunc(5, x)` is `x | trunc(5)`. Each has Helm's name and the same in snake case: `toYaml` and
//! `to_yaml`. A filter that Jinja has itself stays Jinja's (`replace`, `join`, `default`, `round` …).
//!
//! What differs from Helm, on purpose:
//! - A value never changes: `set`, `unset` and `merge` give a new map. Maps keep their order.
//! - Integers stay integers, and what does not fit 64 bits is an error.
//! - A text that cannot be decoded is an error; Helm goes on with the message as the value.
//! - Lengths and positions count characters, not bytes.
//! - A point in time is a text such as `2024-05-01T12:00:00Z`, and local time is UTC.
//! - What is random comes from a seed, and the time is the caller's (see [`Drawn`]).

mod arguments;
mod certificates;
mod choices;
mod ciphers;
mod dates;
mod decimal;
mod drawn;
mod encoding;
mod engine;
mod hashes;
mod json;
mod kinds;
mod lists;
mod maps;
mod numbers;
mod passwords;
mod paths;
mod printf;
mod random;
mod record;
mod regexes;
mod text;
mod toml;
mod urls;
mod versions;
mod words;
mod yaml;

use minijinja::value::{Object, Value};
use minijinja::{Environment, Error, State};
use std::error::Error as _;
use std::fmt;
use std::sync::Arc;

pub use drawn::{Draw, Drawn};
pub use engine::Said;

/// Adds the few that the embedded charts call.
pub fn add_to(env: &mut Environment<'static>) {
    for row in FUNCTIONS.iter().filter(|row| row.names().any(|name| EMBEDDED.contains(&name))) {
        row.add_to(env);
    }
}

/// Adds all of them, for the charts of users.
pub fn add_all_to(env: &mut Environment<'static>, drawn: &Drawn) {
    drawn.add_to(env);
    for row in FUNCTIONS {
        row.add_to(env);
    }
}

const EMBEDDED: [&str; 7] =
    ["sha256sum", "trunc", "trimSuffix", "without", "merge", "urlencode", "semverCompare"];

/// A function with its names.
struct Row {
    /// Helm's names, with a blank between them.
    names: &'static str,
    subject: Subject,
    call: fn(&mut State<'_, '_>, &[Value]) -> Result<Value, Error>,
}

/// Which argument a filter's piped value is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    First,
    Second,
    Last,
    /// It is no filter, or Jinja has a filter of this name.
    None,
    /// The first argument of a filter that is no function.
    Piped,
}

macro_rules! functions {
    ($($subject:ident $names:literal $function:path;)*) => {
        &[$(Row {
            names: $names,
            subject: Subject::$subject,
            call: |state, args| Value::from_function($function).call(state, args),
        }),*]
    };
}

/// All of them. The signature of a function shows Helm's order of arguments.
const FUNCTIONS: &[Row] = functions! {
    // Texts.
    Last "abbrev" text::abbrev;
    Last "abbrevboth" text::abbrevboth;
    Last "trunc" text::trunc;
    None "trim" text::trim;
    None "upper" text::upper;
    None "lower" text::lower;
    None "title" text::title;
    First "untitle" text::untitle;
    Last "substr" text::substr;
    Last "repeat" text::repeat;
    Last "trimAll trimall" text::trim_all;
    Last "trimSuffix" text::trim_suffix;
    Last "trimPrefix" text::trim_prefix;
    First "nospace" text::nospace;
    Last "contains" text::contains;
    Last "hasPrefix" text::has_prefix;
    Last "hasSuffix" text::has_suffix;
    First "quote" text::quote;
    First "squote" text::squote;
    First "cat" text::cat;
    Last "indent" text::indent;
    Last "nindent" text::nindent;
    None "replace" text::replace;
    Last "plural" text::plural;
    None "split" text::split;
    Last "splitn" text::splitn;
    Last "splitList" text::split_list;
    First "toString" text::to_string;
    First "toStrings" text::to_strings;
    None "join" text::join;
    First "initials" words::initials;
    First "swapcase" words::swapcase;
    First "snakecase" words::snakecase;
    First "kebabcase" words::kebabcase;
    First "camelcase" words::camelcase;
    Last "wrap" words::wrap;
    Last "wrapWith" words::wrap_with;
    First "printf" printf::printf;
    First "print" printf::print;
    First "println" printf::println;

    // Lists.
    None "list" lists::list;
    None "tuple" lists::list;
    First "append push mustAppend mustPush" lists::append;
    First "prepend mustPrepend" lists::prepend;
    None "first" lists::first;
    First "mustFirst" lists::first;
    None "last" lists::last;
    First "mustLast" lists::last;
    First "rest mustRest" lists::rest;
    First "initial mustInitial" lists::initial;
    None "reverse" lists::reverse;
    First "mustReverse" lists::reverse;
    First "uniq mustUniq" lists::uniq;
    First "without mustWithout" lists::without;
    Last "has mustHas" lists::has;
    First "compact mustCompact" lists::compact;
    None "slice" lists::slice;
    First "mustSlice" lists::slice;
    First "concat" lists::concat;
    Last "chunk mustChunk" lists::chunk;
    First "sortAlpha" lists::sort_alpha;
    First "until" lists::until;
    First "untilStep" lists::until_step;
    First "seq" lists::seq;
    First "len" lists::len;
    First "index" lists::index;

    // Maps.
    None "dict" maps::dict;
    First "get" maps::get;
    First "set" maps::set;
    First "unset" maps::unset;
    First "hasKey" maps::has_key;
    Last "pluck" maps::pluck;
    First "keys" maps::keys;
    First "values" maps::values;
    First "pick" maps::pick;
    First "omit" maps::omit;
    Piped "merge" maps::merge_over;
    None "merge" maps::merge;
    First "mustMerge" maps::merge;
    First "mergeOverwrite mustMergeOverwrite" maps::merge_overwrite;
    First "deepCopy mustDeepCopy" maps::deep_copy;
    Last "dig" maps::dig;

    // Numbers.
    None "int" numbers::int64;
    First "int64" numbers::int64;
    First "float64" numbers::float64;
    First "atoi" numbers::atoi;
    First "toDecimal" numbers::to_decimal;
    First "add" numbers::add;
    First "add1" numbers::add1;
    First "sub" numbers::sub;
    First "mul" numbers::mul;
    First "div" numbers::div;
    First "mod" numbers::modulo;
    First "addf" numbers::addf;
    First "add1f" numbers::add1f;
    First "subf" numbers::subf;
    First "mulf" numbers::mulf;
    First "divf" numbers::divf;
    First "biggest" numbers::max;
    None "max" numbers::max;
    None "min" numbers::min;
    First "maxf" numbers::maxf;
    First "minf" numbers::minf;
    First "ceil" numbers::ceil;
    First "floor" numbers::floor;
    None "round" numbers::round;

    // Choices and kinds.
    None "default" choices::default;
    First "empty" choices::empty;
    First "coalesce" choices::coalesce;
    First "all" choices::all;
    First "any" choices::any;
    Last "ternary" choices::ternary;
    First "kindOf" kinds::kind_of;
    Last "kindIs" kinds::kind_is;
    First "typeOf" kinds::type_of;
    Last "typeIs typeIsLike" kinds::type_is;
    First "deepEqual" kinds::deep_equal;

    // Languages. Nothing is indented more in `toYamlPretty`: there is one layout.
    First "toYaml mustToYaml toYamlPretty" yaml::to_yaml;
    First "fromYaml" yaml::from_yaml;
    First "fromYamlArray" yaml::from_yaml_array;
    First "toJson mustToJson tojson" json::to_json;
    First "toPrettyJson mustToPrettyJson" json::to_pretty_json;
    First "toRawJson mustToRawJson" json::to_raw_json;
    First "fromJson" json::from_json;
    First "mustFromJson" json::from_any_json;
    First "fromJsonArray" json::from_json_array;
    First "toToml mustToToml" toml::to_toml;
    First "fromToml" toml::from_toml;

    // Encodings and hashes.
    First "b64enc" encoding::b64enc;
    First "b64dec" encoding::b64dec;
    First "b32enc" encoding::b32enc;
    First "b32dec" encoding::b32dec;
    First "urlquery" encoding::urlquery;
    First "urlencode" encoding::urlencode;
    First "sha1sum" hashes::sha1sum;
    First "sha256sum" hashes::sha256sum;
    First "sha512sum" hashes::sha512sum;
    First "adler32sum" hashes::adler32sum;

    // Regular expressions.
    Second "regexMatch mustRegexMatch" regexes::is_match;
    Second "regexFind mustRegexFind" regexes::find;
    Second "regexFindAll mustRegexFindAll" regexes::find_all;
    Second "regexReplaceAll mustRegexReplaceAll" regexes::replace_all;
    Second "regexReplaceAllLiteral mustRegexReplaceAllLiteral" regexes::replace_all_literal;
    Second "regexSplit mustRegexSplit" regexes::split;
    First "regexQuoteMeta" regexes::quote_meta;

    // Paths, URLs, versions.
    First "base osBase" paths::base;
    First "dir osDir" paths::dir;
    First "clean osClean" paths::clean;
    First "ext osExt" paths::ext;
    First "isAbs osIsAbs" paths::is_abs;
    First "urlParse" urls::url_parse;
    First "urlJoin" urls::url_join;
    First "semver" versions::semver;
    Last "semverCompare" versions::semver_compare;

    // Dates.
    None "now" dates::now;
    Last "date" dates::date;
    Second "dateInZone date_in_zone" dates::date_in_zone;
    First "htmlDate" dates::html_date;
    First "htmlDateInZone" dates::html_date_in_zone;
    Last "dateModify mustDateModify date_modify must_date_modify" dates::date_modify;
    First "ago" dates::ago;
    First "duration" dates::duration;
    First "durationRound" dates::duration_round;
    Last "toDate mustToDate" dates::to_date;
    First "unixEpoch" dates::unix_epoch;

    // Random, and secrets.
    First "randAlphaNum" random::alpha_num;
    First "randAlpha" random::alpha;
    First "randNumeric" random::numeric;
    First "randAscii" random::ascii;
    First "randBytes" random::bytes;
    First "randInt" random::int;
    None "uuidv4" random::uuidv4;
    First "shuffle" random::shuffle;
    First "bcrypt" passwords::bcrypt;
    None "htpasswd" passwords::htpasswd;
    None "derivePassword" passwords::derive_password;
    Last "encryptAES" ciphers::encrypt_aes;
    Last "decryptAES" ciphers::decrypt_aes;
    First "genPrivateKey" certificates::gen_private_key;
    First "genCA" certificates::gen_ca;
    First "genCAWithKey" certificates::gen_ca_with_key;
    First "genSelfSignedCert" certificates::gen_self_signed_cert;
    First "genSelfSignedCertWithKey" certificates::gen_self_signed_cert_with_key;
    First "genSignedCert" certificates::gen_signed_cert;
    First "genSignedCertWithKey" certificates::gen_signed_cert_with_key;
    First "buildCustomCert" certificates::build_custom_cert;

    // The engine and the cluster.
    First "tpl" engine::tpl;
    First "include" engine::include;
    Last "required" engine::required;
    First "fail" engine::fail;
    None "lookup" engine::lookup;
    First "getHostByName" engine::get_host_by_name;
};

impl Row {
    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.names.split(' ')
    }

    fn add_to(&'static self, env: &mut Environment<'static>) {
        for helm in self.names() {
            let function = Value::from_object(Function { row: self, name: helm });
            let snake = snake_case(helm);
            for name in [Some(helm.to_owned()), (snake != helm).then_some(snake)].into_iter().flatten() {
                if self.subject != Subject::None {
                    env.add_filter(name.clone(), move |state: &mut State, args: &[Value]| {
                        self.piped(helm, state, args)
                    });
                }
                if self.subject != Subject::Piped {
                    env.add_global(name, function.clone());
                }
            }
        }
    }

    /// Calls it as a filter: the first of the arguments is the piped value.
    fn piped(&self, name: &str, state: &mut State, args: &[Value]) -> Result<Value, Error> {
        let place = match self.subject {
            Subject::Second => 1.min(args.len().saturating_sub(1)),
            Subject::Last => args.len().saturating_sub(1),
            _ => 0,
        };
        let mut args = args.to_vec();
        args[..=place].rotate_left(1);
        self.call(name, state, &args)
    }

    fn call(&self, name: &str, state: &mut State, args: &[Value]) -> Result<Value, Error> {
        (self.call)(state, args).map_err(|error| {
            if error.source().is_some() || error.name().is_some() {
                return error;
            }
            let detail = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
            Error::new(error.kind(), format!("`{name}`: {detail}"))
        })
    }
}

/// A row as a function under one of its names.
struct Function {
    row: &'static Row,
    name: &'static str,
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the function `{}`", self.name)
    }
}

impl Object for Function {
    fn repr(self: &Arc<Self>) -> minijinja::value::ObjectRepr {
        minijinja::value::ObjectRepr::Plain
    }

    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        self.row.call(self.name, state, args)
    }
}

/// `toYaml` → `to_yaml`, `genCAWithKey` → `gen_ca_with_key`.
fn snake_case(name: &str) -> String {
    let bytes = name.as_bytes();
    let mut snake = String::with_capacity(name.len() + 4);
    for (at, byte) in bytes.iter().enumerate() {
        if byte.is_ascii_uppercase() {
            let begins = at > 0 && !bytes[at - 1].is_ascii_uppercase();
            if begins || at > 0 && bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase) {
                snake.push('_');
            }
        }
        snake.push(char::from(byte.to_ascii_lowercase()));
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment() -> Environment<'static> {
        let mut env = Environment::new();
        add_all_to(&mut env, &Drawn::new("seed", 1_714_564_800));
        env
    }

    /// Helm's expression, the same in Jinja, and the JSON of what Helm 3.22 makes of it.
    const RECORDED: [(&str, &str); 11] = [
        ("choices", include_str!("../../tests/functions/choices.tsv")),
        ("dates", include_str!("../../tests/functions/dates.tsv")),
        ("encodings", include_str!("../../tests/functions/encodings.tsv")),
        ("languages", include_str!("../../tests/functions/languages.tsv")),
        ("lists", include_str!("../../tests/functions/lists.tsv")),
        ("maps", include_str!("../../tests/functions/maps.tsv")),
        ("numbers", include_str!("../../tests/functions/numbers.tsv")),
        ("paths", include_str!("../../tests/functions/paths.tsv")),
        ("regexes", include_str!("../../tests/functions/regexes.tsv")),
        ("text", include_str!("../../tests/functions/text.tsv")),
        ("words", include_str!("../../tests/functions/words.tsv")),
    ];

    #[test]
    fn functions_do_what_helm_s_do() {
        let env = environment();
        let mut wrong = Vec::new();
        for (file, rows) in RECORDED {
            for row in rows.lines() {
                let columns: Vec<&str> = row.split('\t').collect();
                let [helm, jinja, recorded] = columns[..] else { panic!("{file}: {row}") };
                let printed = env
                    .render_str(&format!("{{{{ to_raw_json({jinja}) }}}}"), ())
                    .unwrap_or_else(|error| format!("{error:#}"));
                if printed != recorded {
                    wrong.push(format!("{file}: {helm}\n   {jinja}\n   helm {recorded}\n   here {printed}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
