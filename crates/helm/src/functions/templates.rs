//! Templates that run templates.

use jinnacle_functions::text;

use super::*;
use crate::Host;

pub static TABLE: &[Function] =
    &[Function::new("include", &[S, A], include), Function::new("tpl", &[S, A], tpl)];

fn include<'a>(rt: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    let name = a[0].text();
    let host = Host::of(rt)?;
    if !host.enter(name) {
        return Err(message(format!(
            "rendering template has a nested reference name: {}: unable to execute template",
            utf8(a[0])
        )));
    }
    let result = rt.execute(name, a[1]);
    host.leave(name);
    result.map(Value::Str)
}

/// The name that Helm gives to what is not a file.
const NAME: &str = "gotpl";

fn tpl<'a>(rt: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    let template = a[0].text();
    // Most strings hold no action and come out as they are.
    if text::find(template, b"{{").is_none() {
        return Ok(without_no_value(rt, template));
    }
    let out = rt.execute_text(NAME, template, a[1]).map_err(|fault| {
        let quoted = text::go_quoted(template);
        let quoted = String::from_utf8_lossy(&quoted);
        let what = match &fault {
            Fault::Syntax { .. } => "cannot parse template",
            _ => "error during tpl function execution for",
        };
        fault.context(&format!("{what} {quoted}: "))
    })?;
    Ok(without_no_value(rt, out))
}

fn without_no_value<'a>(rt: &Runtime<'a>, out: &'a [u8]) -> Value<'a> {
    const NO_VALUE: &[u8] = b"<no value>";
    if text::find(out, NO_VALUE).is_some() {
        rt.string(text::replace(out, NO_VALUE, b""))
    } else {
        Value::Str(out)
    }
}
