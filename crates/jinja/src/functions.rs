//! The functions and filters that templates have beyond minijinja's own, under Helm's names.
//!
//! Each is a function with Helm's order of arguments, and a filter on the argument that it is about:
//! `trunc(5, x)` is `x | trunc(5)`. Each has Helm's name and the same in snake case: `toYaml` and
//! `to_yaml`. A filter that Jinja has itself stays Jinja's (`replace`, `join`, `default`, `round` …).
//!
//! What differs from Helm, on purpose:
//! - A value never changes: `set`, `unset` and `merge` give a new map. Maps keep their order.
//! - Integers stay integers, and what does not fit 64 bits is an error.
//! - A string that cannot be decoded is an error; Helm goes on with the message as the value.
//! - Lengths and positions count characters, not bytes.
//! - A point in time is a string such as `2024-05-01T12:00:00Z`, and local time is UTC.
//! - What is random comes from a seed, and the time is the caller's (see [`Randomness`]).

mod arguments;
mod certificates;
mod choices;
mod ciphers;
mod dates;
mod randomness;
mod encoding;
mod engine;
mod json;
mod kinds;
mod lists;
mod maps;
mod numbers;
mod passwords;
mod printf;
mod random;
mod record;
mod regexes;
mod text;
mod toml;
mod urls;
mod versions;
mod yaml;

use jinnacle_functions::text::{swapcase, title, to_lower, to_upper, untitle};
use jinnacle_functions::{paths, urls::encoded, words};
use minijinja::value::{Object, Value};
use minijinja::{Environment, Error, State};
use std::error::Error as _;
use std::fmt;
use std::sync::Arc;

pub use randomness::Randomness;

/// Adds the few that the embedded charts call.
pub fn add_to(env: &mut Environment<'static>) {
    for row in FUNCTIONS.iter().filter(|row| row.names().any(|name| EMBEDDED.contains(&name))) {
        row.add_to(env);
    }
}

/// Adds all of them.
pub fn add_all_to(env: &mut Environment<'static>, randomness: &Randomness) {
    randomness.add_to(env);
    for row in FUNCTIONS {
        row.add_to(env);
    }
}

const EMBEDDED: [&str; 10] = [
    "sha256sum",
    "toRawJson",
    "trunc",
    "trimSuffix",
    "without",
    "merge",
    "urlencode",
    "semverCompare",
    "regexMatch",
    "regexFind",
];

/// A function with its names.
struct Row {
    /// Helm's names, with a space between them.
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
    /// It is not a filter, or Jinja has a filter of this name.
    None,
    /// The first argument of a filter that is not a function.
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
    // Strings.
    Last "abbrev" text::abbrev;
    Last "abbrevboth" text::abbrevboth;
    Last "trunc" text::trunc;
    None "trim" text::trim;
    None "upper" to_upper;
    None "lower" to_lower;
    None "title" title;
    First "untitle" untitle;
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
    First "initials" text::initials;
    First "swapcase" swapcase;
    First "snakecase" words::snakecase;
    First "kebabcase" words::kebabcase;
    First "camelcase" words::camelcase;
    Last "wrap" text::wrap;
    Last "wrapWith" text::wrap_with;
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
    // As at the end of a pipe of Helm's, the argument of the filter wins.
    Piped "merge" maps::merge_overwrite;
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

    // Languages. Our YAML has one layout, that of `toYamlPretty`.
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
    First "urlencode" encoded;
    First "sha1sum" encoding::sha1sum;
    First "sha256sum" encoding::sha256sum;
    First "sha512sum" encoding::sha512sum;
    First "adler32sum" encoding::adler32sum;

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
            for name in
                [Some(helm.to_owned()), (snake != helm).then_some(snake)].into_iter().flatten()
            {
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
    use std::collections::HashSet;

    use super::*;

    fn environment() -> Environment<'static> {
        let mut env = Environment::new();
        env.set_undefined_behavior(minijinja::UndefinedBehavior::SemiStrict);
        add_all_to(&mut env, &Randomness::new("seed", 1_714_564_800));
        env
    }

    /// Helm's expression, the same in Jinja, and the JSON of what Helm 3.22 makes of it.
    const RECORDED: [(&str, &str); 11] = [
        ("choices", include_str!("../tests/functions/choices.tsv")),
        ("dates", include_str!("../tests/functions/dates.tsv")),
        ("encodings", include_str!("../tests/functions/encodings.tsv")),
        ("languages", include_str!("../tests/functions/languages.tsv")),
        ("lists", include_str!("../tests/functions/lists.tsv")),
        ("maps", include_str!("../tests/functions/maps.tsv")),
        ("numbers", include_str!("../tests/functions/numbers.tsv")),
        ("paths", include_str!("../tests/functions/paths.tsv")),
        ("regexes", include_str!("../tests/functions/regexes.tsv")),
        ("text", include_str!("../tests/functions/text.tsv")),
        ("words", include_str!("../tests/functions/words.tsv")),
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
                    wrong.push(format!(
                        "{file}: {helm}\n   {jinja}\n   helm {recorded}\n   here {printed}"
                    ));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// Values, and what Helm's `toJson`, `toPrettyJson` and `toYaml` print for them.
    const VALUES: &str = include_str!("../tests/functions/values.jsonl");

    #[test]
    fn json_is_helm_s_and_yaml_means_the_same() {
        let env = environment();
        for line in VALUES.lines() {
            let row = json::from_json(line).unwrap();
            let render = |expression: &str| {
                env.render_str(&format!("{{{{ {expression} }}}}"), &row)
                    .unwrap_or_else(|error| error.to_string())
            };
            // Helm's numbers are floats; ours are exact.
            if render("value") != "9007199254740993" {
                assert_eq!(render("toJson == to_json(value)"), "True", "{line}");
                assert_eq!(render("toPrettyJson == to_pretty_json(value)"), "True", "{line}");
            }
            let keys = "from_yaml('a:\n' ~ nindent(2, TEXT))";
            for text in ["toYaml", "to_yaml(value)"] {
                let read = keys.replace("TEXT", text);
                let same = render(&format!("to_json({read}.a) == to_json(value)"));
                // The corpus has Helm's reading of a large float, and a line separator that it loses.
                let is_lossy = line.contains("9007199254740993") || line.contains('\u{2028}');
                // A literal block of a string alone ends where its YAML was cut off.
                let is_cut =
                    text == "toYaml" && line.contains(r"\n") && !line.starts_with(r#"{"value": {"#);
                assert!(same == "True" || is_lossy || is_cut, "{line}\n{}", render(text));
            }
            let order =
                |text: &str| render(&format!("(value is mapping) and (from_yaml({text}) | keys)"));
            assert_eq!(order("toYaml"), order("to_yaml(value)"), "{line}");
        }
    }

    /// What Helm does otherwise, or what it cannot do.
    #[test]
    fn functions_differ_from_helm_where_they_say_so() {
        let env = environment();
        for (expression, printed) in [
            (r#""héllo" | trunc(2)"#, "hé"),
            (r#""x" | default("y")"#, "x"),
            (r#"default("y", missing)"#, "y"),
            (r#"missing | ternary("a", "b")"#, "cannot convert undefined to bool"),
            (r#"{"a": 1, "b": 2, "c": 3} | without("a", "c") | to_json"#, r#"{"b":2}"#),
            (
                r#"({"a": {"x": 1}, "b": 1} | merge({"a": {"y": 2}, "b": 3})) | to_json"#,
                r#"{"a":{"x":1,"y":2},"b":3}"#,
            ),
            (r#"none | merge({"c": 3}) | to_json"#, r#"{"c":3}"#),
            (r#"{"z": 1, "a": 2} | set("m", 3) | keys | join(" ")"#, "z a m"),
            (r#"dict({"a": 1}, b=2) | to_json"#, r#"{"a":1,"b":2}"#),
            (r#""a b/ü" | urlencode"#, "a%20b%2F%C3%BC"),
            (r#"12345678 | quote"#, r#""12345678""#),
            (r#"1000000.0 | to_string"#, "1000000"),
            (r#"90 | duration"#, "1m30s"),
            (r#"now()"#, "2024-05-01T12:00:00Z"),
            (r#"now() | date("02.01.2006 15h")"#, "01.05.2024 12h"),
            (r#"now() | date_in_zone("15:04 MST -07:00", "+05:30")"#, "17:30 +0530 +05:30"),
            (r#"now() | date_modify("-25h30m1.5s")"#, "2024-04-30T10:29:58.5Z"),
            (r#"ago("2024-05-01T09:58:30.6Z")"#, "2h1m29s"),
            (r#""2023-01-01" | duration_round"#, "1y"),
            (
                r#""2024-05-01T24:00:00Z" | date("2006")"#,
                "is not a date such as `2024-05-01T12:00:00Z`",
            ),
            (r#""2023-02-29" | date("2006")"#, "is not a date such as"),
            (r#"date_in_zone("15:04 MST", 0, "Europe/Berlin")"#, "01:00 CET"),
            (r#"date_in_zone("2006", 0, "Mars/Base")"#, "unknown time zone `Mars/Base`"),
            (r#"date_modify("soon", 0)"#, "`soon` is not a duration such as `1h30m`"),
            (r#"(semver("1.2.3")).Minor"#, "2"),
            (r#"semver("one")"#, "invalid version `one`"),
            (r#"semver_compare("nope", "1.2.3")"#, "invalid version constraint"),
            (r#""*" | b64dec"#, "`b64dec`: invalid base 64"),
            (r#""/w==" | b64dec"#, "holds bytes that are no text"),
            (r#""[1]" | from_json"#, "the JSON is a list, not a map"),
            (r#""{" | from_json"#, "`fromJson`: invalid JSON"),
            (r#""a" | from_json_array"#, "invalid JSON"),
            (r#""{}" | from_json_array"#, "the JSON is a map, not a list"),
            (r#""- a" | from_yaml"#, "the YAML is a list, not a map"),
            (r#""a: 1" | from_yaml_array"#, "the YAML is a map, not a list"),
            (r#""a: [" | from_yaml"#, "`fromYaml`: invalid YAML"),
            (r#""a = " | from_toml"#, "`fromToml`: invalid TOML"),
            (r#""d = 2024-05-01" | from_toml | to_json"#, r#"{"d":"2024-05-01"}"#),
            (r#"[1, 2] | to_toml"#, "expected a map, found a list"),
            (r#"now | to_json"#, "a function has no JSON"),
            (r#"regex_match("(", "x")"#, "invalid regular expression"),
            (r#"regex_match("(a{1000}){1000}", "x")"#, "invalid repeat count"),
            (r#""x" | repeat(9999999999)"#, "9999999999 are too many"),
            (r#""x" | repeat(-1)"#, "there cannot be -1 of something"),
            (r#"until(2000000)"#, "there are more than"),
            (r#"add(9223372036854775807, 1)"#, "9223372036854775807 + 1 does not fit 64 bits"),
            (r#"div(1, 0)"#, "1 cannot be divided by zero"),
            (r#"divf(1, 0)"#, "a division is by zero"),
            (r#"int64(1e300)"#, "does not fit 64 bits"),
            (r#"slice([1], 2, 1)"#, "a list of 1 has no values from 2 to 1"),
            (r#"printf("%d", "a")"#, "`%d` cannot print a string"),
            (r#"printf("%s")"#, "missing value for `%s`"),
            (r#"printf("a", 1)"#, "has no place for 1 of the values"),
            (r#"printf("%y", 1)"#, "unknown verb `%y`"),
            (r#"5 | append(1)"#, "`append`: expected a list, found a number"),
            (r#"{"a": 1} | dig("a", "b", 0)"#, "`b`: expected a map, found a number"),
            (r#""a:b" | htpasswd("x")"#, "unknown filter"),
            (r#"htpasswd("a:b", "x")"#, "a user's name holds no colon"),
            (r#"derive_password(1, "tall", "p", "u", "s")"#, "it is one of `maximum`, `long`"),
            (r#"decrypt_aes("p", "AAAA")"#, "this is not encrypted with this password"),
            (r#"rand_int(3, 3)"#, "no integer between 3 and 3"),
            (r#"gen_private_key("rsa")"#, "of the kind `ecdsa` or `ed25519`, not `rsa`"),
            (r#"lookup("v1", "Secret", "ns", "name") | to_json"#, "{}"),
            (r#"get_host_by_name("example.com")"#, ""),
            (r#"fail("no way")"#, "no way"),
            (r#"required("give it", "")"#, "give it"),
            (r#"missing | required("give it")"#, "give it"),
            (r#"0 | required("give it")"#, "0"),
        ] {
            let printed_here = env
                .render_str(&format!("{{{{ {expression} }}}}"), ())
                .unwrap_or_else(|error| error.to_string());
            let is_error = printed_here.contains(" (in ");
            let same =
                if is_error { printed_here.contains(printed) } else { printed_here == printed };
            assert!(same, "{expression}\n   due  {printed}\n   here {printed_here}");
        }
    }

    #[test]
    fn every_function_is_called_by_a_test() {
        let own =
            include_str!("functions.rs").split_once("mod tests {").map_or("", |(_, tests)| tests);
        let words: HashSet<&str> = RECORDED
            .iter()
            .map(|(_, rows)| *rows)
            .chain([own, include_str!("functions/certificates.rs")])
            .flat_map(|text| text.split(|c: char| !c.is_alphanumeric() && c != '_'))
            .collect();
        for row in FUNCTIONS {
            let is_tested = row
                .names()
                .any(|name| words.contains(name) || words.contains(snake_case(name).as_str()));
            assert!(is_tested, "no test calls `{}`", row.names);
        }
    }

    #[test]
    fn names_are_helm_s_and_the_same_in_snake_case() {
        for (helm, snake) in [
            ("toYaml", "to_yaml"),
            ("genCAWithKey", "gen_ca_with_key"),
            ("encryptAES", "encrypt_aes"),
            ("b64enc", "b64enc"),
            ("getHostByName", "get_host_by_name"),
        ] {
            assert_eq!(snake_case(helm), snake);
        }
    }

    #[test]
    fn the_charts_words_are_the_source_of_the_error() {
        let env = environment();
        for (expression, rule) in
            [(r#"fail("no")"#, "template/fail"), (r#""" | required("no")"#, "template/required")]
        {
            let error = env.render_str(&format!("{{{{ {expression} }}}}"), ()).unwrap_err();
            let source = error.source().unwrap();
            let error = source.downcast_ref::<crate::engine::FunctionError>().unwrap();
            assert_eq!((error.rule.as_str(), error.message.as_str()), (rule, "no"));
        }
    }

    #[test]
    fn texts_and_files_are_templates() {
        let mut env = environment();
        env.add_template("name", "{{ values.name }}-{{ kind }}").unwrap();
        env.add_template("outer", "{% include 'name' %}").unwrap();
        env.add_template("loop", "{{ include('loop') }}").unwrap();
        let context = minijinja::context!(values => minijinja::context!(name => "nats", text => "{{ values.name | upper }}"), kind => "box");
        for (template, printed) in [
            (r#"{{ tpl(values.text) }}"#, "NATS"),
            (r#"{{ values.text | tpl({"values": {"name": "x"}}) }}"#, "X"),
            (r#"{% set kind = "own" %}{{ tpl("{{ kind }}") }}"#, "own"),
            (r#"{{ tpl("{% include 'outer' %}", {"values": {"name": "x"}, "kind": 1}) }}"#, "x-1"),
            (r#"{{ include("name") }}"#, "nats-box"),
            (r#"{{ include("name", {"values": {"name": "y"}, "kind": 2}) | upper }}"#, "Y-2"),
            (r#"{{ tpl("{{ fail('deep') }}") }}"#, "deep"),
            (r#"{{ include("loop") }}"#, "does one include itself?"),
            (r#"{{ tpl("{{", 5) }}"#, "unexpected end of input"),
        ] {
            let here =
                env.render_str(template, &context).unwrap_or_else(|error| format!("{error:#}"));
            assert!(
                here == printed || here.contains("(in ") && here.contains(printed),
                "{template}\n{here}"
            );
        }
    }

    #[test]
    fn random_values_depend_on_the_seed_the_template_and_the_count() {
        let rendered = |seed: &str, name: &str, text: &str| {
            let mut env = Environment::new();
            let randomness = Randomness::new(seed, 1_714_564_800);
            add_all_to(&mut env, &randomness);
            env.add_template("macros", "{% macro drawn() %}{{ randAlpha(9) }}{% endmacro %}")
                .unwrap();
            Randomness::begin(name);
            let text = env.render_str(text, ()).unwrap();
            (text, randomness.draws())
        };
        let all = "{{ rand_alpha_num(20) }} {{ randAlpha(9) }} {{ randNumeric(9) }} {{ randAscii(9) | len }} \
            {{ randBytes(6) | len }} {{ uuidv4() }} {{ shuffle('abcdef') | list | sort | join }} {{ randInt(5, 8) >= 5 }}";
        let (first, draws) = rendered("1", "a", all);
        assert_eq!(first, rendered("1", "a", all).0);
        assert_ne!(first, rendered("2", "a", all).0);
        assert_ne!(first, rendered("1", "b", all).0);
        let shape = regex::Regex::new(
            r"^[0-9A-Za-z]{20} [A-Za-z]{9} \d{9} 9 8 [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12} abcdef True$",
        );
        assert!(shape.unwrap().is_match(&first), "{first}");
        assert_eq!(draws.len(), 8);
        assert_eq!(
            draws[1],
            randomness::Draw { template: "a".to_owned(), function: "randAlphaNum" }
        );
        let (twice, draws) = rendered("1", "a", "{{ randAlpha(9) }} {{ randAlpha(9) }}");
        let (one, other) = twice.split_once(' ').unwrap();
        assert_ne!(one, other);
        assert_eq!(draws.len(), 1);
        assert_eq!(rendered("1", "a", "{{ 1 }}").1, []);
        let within = r#"{{ tpl("{{ randAlpha(9) }}") }} {% import "macros" as m %}{{ m.drawn() }}"#;
        assert_eq!(rendered("1", "a", within).0, twice);
    }

    #[test]
    fn passwords_are_hashed_as_htpasswd_does() {
        let env = environment();
        let line =
            env.render_str("{{ htpasswd('ann', 'secret') }} {{ bcrypt('secret') }}", ()).unwrap();
        let (line, hash) = line.split_once(' ').unwrap();
        assert!(line.starts_with("ann:$2a$10$") && hash.starts_with("$2a$10$"));
        assert_eq!((line.len(), hash.len()), (64, 60));
    }

    #[test]
    fn nothing_panics_on_odd_arguments() {
        let env = environment();
        let odd = [
            "none",
            "true",
            "0",
            "-1",
            "1",
            "9223372036854775807",
            "(0 - 9223372036854775807 - 1)",
            "1e308",
            "-0.5",
            "''",
            "'a'",
            "'%*d %999999999d'",
            "'é\u{0}\n'",
            "[]",
            "[1, 'a', none]",
            "{}",
            "{'a': {'b': []}}",
            "170141183460469231731687303715884105727",
            "missing",
            "now",
            "'2024-05-01'",
            "'-99999999999999h'",
        ];
        // These are slow by design, and take no shape of argument that others do not.
        let slow = ["bcrypt", "htpasswd", "derivePassword", "seq", "until", "untilStep"];
        let mut answers = 0;
        for row in FUNCTIONS.iter().filter(|row| row.subject != Subject::Piped) {
            let name = row.names().next().unwrap();
            if slow.contains(&name) {
                continue;
            }
            for (index, a) in odd.iter().enumerate() {
                for b in odd.iter().cycle().skip(index).step_by(3).take(8) {
                    for args in [
                        a.to_string(),
                        format!("{a}, {b}"),
                        format!("{a}, {b}, {a}"),
                        format!("{b}, {a}, {b}, {b}, {a}"),
                    ] {
                        let text = format!("{{{{ {name}({args}) | string | length }}}}");
                        answers += usize::from(env.render_str(&text, ()).is_ok());
                    }
                }
            }
        }
        assert!(answers > 10_000, "{answers} of the calls worked");
    }
}
