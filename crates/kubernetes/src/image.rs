//! Names of container images: `registry:5000/path/name:tag@sha256:…`.
//!
//! What is taken is the grammar of the distribution project (`reference/reference.go`), by which container
//! runtimes read a Pod's image.

/// What is wrong with a whole image; none if a container runtime takes it.
pub fn fault(image: &str) -> Option<String> {
    let (name, tag, digest) = parts(image);
    name_fault(name)
        .or_else(|| tag.filter(|tag| !is_tag(tag)).map(|tag| format!("`{tag}` is not a tag")))
        .or_else(|| digest.and_then(digest_fault))
}

/// What is wrong with the name of an image to which a tag is added.
pub fn repository_fault(repository: &str) -> Option<String> {
    match parts(repository) {
        (_, _, Some(_)) => Some("it has a digest, and a tag is added to it".to_owned()),
        (_, Some(tag), _) => Some(format!("it has the tag `{tag}`, and a tag is added to it")),
        (name, None, None) => name_fault(name),
    }
}

/// What is wrong with a tag, which may have a digest after it.
pub fn tag_fault(tag: &str) -> Option<String> {
    let (tag, digest) = tag.split_once('@').map_or((tag, None), |(tag, it)| (tag, Some(it)));
    if !is_tag(tag) {
        return Some("a tag has letters, digits, `_`, `.` and `-`, 128 at most".to_owned());
    }
    digest.and_then(digest_fault)
}

/// The name, the tag and the digest. A colon before a slash is that of a registry's port.
pub fn parts(image: &str) -> (&str, Option<&str>, Option<&str>) {
    let (rest, digest) = image.split_once('@').map_or((image, None), |(rest, it)| (rest, Some(it)));
    let last = rest.rfind('/').map_or(0, |slash| slash + 1);
    match rest[last..].split_once(':') {
        Some((name, tag)) => (&rest[..last + name.len()], Some(tag), digest),
        None => (rest, None, digest),
    }
}

fn name_fault(name: &str) -> Option<String> {
    let mut path = name.split('/').collect::<Vec<_>>();
    let first = path[0];
    // Without a dot or a port the first part is a part of the path.
    if path.len() > 1 && (first.contains(['.', ':']) || first == "localhost" || is_upper(first)) {
        path.remove(0);
        let (host, port) = first.split_once(':').map_or((first, "0"), |(host, port)| (host, port));
        let is_host = !host.is_empty()
            && host.chars().all(|c| c.is_ascii_alphanumeric() || "-.[]:".contains(c));
        if !is_host || port.is_empty() || !port.chars().all(|c| c.is_ascii_digit()) {
            return Some(format!("`{first}` is not a registry"));
        }
    }
    let wrong = path.into_iter().find(|part| !is_component(part))?;
    Some(match wrong {
        "" => "a part of its name is empty".to_owned(),
        _ if is_upper(wrong) => format!("`{wrong}`: expected lower case"),
        _ => format!("`{wrong}` is not a part of an image's name"),
    })
}

/// Lower-case letters and digits, with single separators between them.
fn is_component(part: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let separators = part.split(is_word).filter(|between| !between.is_empty());
    part.starts_with(is_word) && part.ends_with(is_word) && { separators }
        .all(|it| matches!(it, "." | "_" | "__") || it.chars().all(|c| c == '-'))
}

fn is_upper(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_uppercase())
}

fn is_tag(tag: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    tag.len() <= 128
        && tag.starts_with(is_word)
        && tag.chars().all(|c| is_word(c) || c == '.' || c == '-')
}

fn digest_fault(digest: &str) -> Option<String> {
    let length = match digest.split_once(':') {
        Some(("sha256", code)) => Some((code, 64)),
        Some(("sha384", code)) => Some((code, 96)),
        Some(("sha512", code)) => Some((code, 128)),
        _ => None,
    };
    let is_hex = |code: &str| code.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
    match length {
        Some((code, length)) if code.len() == length && is_hex(code) => None,
        _ => Some(format!("`{digest}` is not a digest")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_what_a_runtime_takes() {
        let digest = format!("sha256:{}", "0f".repeat(32));
        for image in
            ["nats", "nats:2.10-alpine", "localhost:5000/nats", "a.b/c/d__e-f:v1", "Reg/nats"]
        {
            assert_eq!(fault(image), None, "{image}");
        }
        assert_eq!(fault(&format!("nats:2.10@{digest}")), None);
        for image in
            ["nats:2.10:7", "nats:", "NATS", "a//b", "nats:2.10 ", "", "nats@sha256:0f", "a/b_-c"]
        {
            assert!(fault(image).is_some(), "{image}");
        }
    }

    #[test]
    fn a_repository_has_no_tag_and_a_tag_is_one() {
        for name in ["nats", "localhost:5000/nats", "registry.example.com/team/nats"] {
            assert_eq!(repository_fault(name), None, "{name}");
        }
        for name in ["nats:2.10-alpine", "localhost:5000/nats:2.10", "nats@sha256:0f", "Nats"] {
            assert!(repository_fault(name).is_some(), "{name}");
        }
        for tag in ["2.10", "v1", "latest", "2.10-alpine_x"] {
            assert_eq!(tag_fault(tag), None, "{tag}");
        }
        for tag in ["2.10:7", "-x", "a b", "a/b", "2.10@sha256:x"] {
            assert!(tag_fault(tag).is_some(), "{tag}");
        }
    }
}
