//! Ingress, NetworkPolicy, EndpointSlice.

use std::net::IpAddr;

use super::{Node, Report, container, filled, names, number, set};

pub fn ingress(node: &Node, report: &mut Report) {
    let Some(spec) = node.at("spec") else {
        report.required(node, "spec.rules");
        return;
    };
    if spec.list_at("rules").is_empty() && spec.at("defaultBackend").is_none() {
        report.required_as(spec, "rules", "required: set it or `defaultBackend`");
    }
    let annotation = node.at(&["metadata", "annotations", "kubernetes.io/ingress.class"]);
    if let Some(annotation) = annotation.filter(|node| !node.is_null()) {
        let class = spec.str_at("ingressClassName");
        if !class.is_empty() && annotation.as_str() != Some(class) {
            report.conflict(annotation, "must be the same as `ingressClassName`");
        } else {
            report.warn(annotation, "deprecated: use `spec.ingressClassName`");
        }
    }
    super::named(spec, "ingressClassName", names::subdomain, report);
}

pub fn rule(node: &Node, report: &mut Report) {
    super::named(node, "host", names::host, report);
}

pub fn tls(node: &Node, report: &mut Report) {
    for host in node.list_at("hosts") {
        if let Some(words) = host.as_str().and_then(names::host) {
            report.value(host, words);
        }
    }
    super::named(node, "secretName", names::subdomain, report);
}

pub fn paths(node: &Node, report: &mut Report) {
    if node.list_at("paths").is_empty() && node.at("paths").is_some() {
        report.required(node, "paths");
    }
}

pub fn path(node: &Node, report: &mut Report) {
    let path = node.str_at("path");
    let is_free = node.str_at("pathType") == "ImplementationSpecific";
    let words = match path {
        "" if is_free => None,
        _ if !path.starts_with('/') => Some("must be an absolute path"),
        _ if is_free => None,
        _ if path.contains("//") || path.split('/').any(|part| matches!(part, "." | "..")) => {
            Some("must not contain `//`, `/./` or `/../`")
        }
        _ if path.to_lowercase().contains("%2f") => Some("must not contain `%2f`"),
        _ => None,
    };
    match (words, node.at("path")) {
        (Some(words), Some(node)) => {
            report.value(node, words);
        }
        (Some(words), None) => {
            report.required_as(node, "path", words);
        }
        (None, _) => {}
    }
}

pub fn backend(node: &Node, report: &mut Report) {
    match set(node, &["service", "resource"]).as_slice() {
        [] => {
            report.required_as(node, "service", "required: set it or `resource`");
        }
        [_, (_, second), ..] => {
            report.conflict(second, "not allowed together with the other backend");
        }
        _ => {}
    }
}

pub fn service_backend(node: &Node, report: &mut Report) {
    super::named(node, "name", names::label, report);
    let name = filled(node, "port.name");
    let number = number(node, "port.number").filter(|number| *number != 0);
    match (name, number) {
        (None, None) => {
            report.required_as(node, "port", "required: set its name or its number");
        }
        (Some((node, _)), Some(_)) => {
            report.conflict(node, "not allowed together with `number`");
        }
        (Some((node, name)), None) => {
            if let Some(words) = names::port(name) {
                report.value(node, words);
            }
        }
        _ => {}
    }
}

pub fn class(node: &Node, report: &mut Report) {
    let Some((controller, name)) = filled(node, "controller") else {
        report.required(node, "controller");
        return;
    };
    let is_path = |path: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "-._~%!$&'()*+,;=:/".contains(c);
        !path.is_empty() && path.chars().all(is_part)
    };
    let fits = name
        .split_once('/')
        .is_some_and(|(domain, path)| names::subdomain(domain).is_none() && is_path(path));
    if !fits || name.len() > 250 {
        report.value(controller, "must be a domain and a path, such as example.org/controller");
    }
}

/// What a class has its parameters from: a namespace is for those in one.
pub fn class_parameters(node: &Node, report: &mut Report) {
    let namespace = node.at("namespace");
    match (node.str_at("scope"), namespace) {
        ("Namespace", None) => {
            report.required_as(node, "namespace", "required for the scope `Namespace`");
        }
        ("Cluster" | "", Some(namespace)) => {
            report.conflict(namespace, "only allowed for the scope `Namespace`");
        }
        _ => {}
    }
    super::named(node, "kind", names::path_segment, report);
    super::named(node, "name", names::path_segment, report);
    super::named(node, "namespace", names::label, report);
}

/// The ranges that Services have their addresses from.
pub fn service_ranges(node: &Node, report: &mut Report) {
    if node.list_at("cidrs").is_empty() {
        report.required(node, "cidrs");
    }
    ranges(node, "cidrs", report);
}

/// Ranges of addresses, at most one of each family.
pub fn ranges(node: &Node, field: &str, report: &mut Report) {
    let mut seen: Vec<u32> = Vec::new();
    for range in node.list_at(field) {
        let text = range.as_str().unwrap_or("");
        cidr(range, text, report);
        let Some(family) = Range::read(text).map(|range| range.size) else { continue };
        if seen.contains(&family) {
            report.duplicate(range, format!("second range of the same IP family: {text:?}"));
        }
        seen.push(family);
    }
}

pub fn policy(node: &Node, report: &mut Report) {
    let kinds = node.list_at("policyTypes");
    if kinds.len() > 2
        && let Some(kinds) = node.at("policyTypes")
    {
        report.value(kinds, "must have at most two entries");
    }
}

pub fn policy_port(node: &Node, report: &mut Report) {
    let Some(port) = node.at("port") else {
        if let Some(end) = node.at("endPort") {
            report.conflict(end, "requires a `port`");
        }
        return;
    };
    container::port_or_name(port, report);
    if let Some(end) = node.at("endPort") {
        if port.as_str().is_some() {
            report.conflict(end, "requires a numeric `port`");
        } else if number(node, "endPort") < number(node, "port") {
            report.value(end, "must be at least `port`");
        }
    }
}

pub fn peer(node: &Node, report: &mut Report) {
    match set(node, &["podSelector", "namespaceSelector", "ipBlock"]).as_slice() {
        [] => {
            report.required_as(node, "podSelector", "required: set it or another peer");
        }
        [_, ..] => {
            if let (Some(block), 2..) = (
                node.at("ipBlock"),
                set(node, &["podSelector", "namespaceSelector", "ipBlock"]).len(),
            ) {
                report.conflict(block, "not allowed together with selectors");
            }
        }
    }
}

pub fn ip_block(node: &Node, report: &mut Report) {
    let Some((whole, text)) = filled(node, "cidr") else { return };
    cidr(whole, text, report);
    let Some(outer) = Range::read(text) else { return };
    for except in node.list_at("except") {
        let text = except.as_str().unwrap_or("");
        match Range::read(text) {
            Some(inner) if inner.length > outer.length && outer.contains(inner) => {
                cidr(except, text, report);
            }
            Some(_) => {
                report.value(except, "must be within `cidr`");
            }
            None => cidr(except, text, report),
        }
    }
}

/// An IP address, which the server wants without leading zeros, and of IPv4 not written as one of IPv6.
pub fn address(node: &Node, report: &mut Report) {
    let text = node.as_str().unwrap_or("");
    match text.parse() {
        Ok(IpAddr::V6(ip)) if ip.to_ipv4_mapped().is_some() => {
            report.value(node, "must be an IPv4 address, not an IPv4-mapped IPv6 address");
        }
        Ok(_) => {}
        Err(_) => {
            report.value(node, "must be an IP address");
        }
    }
}

/// A range of addresses that begins where its length says.
pub fn cidr(node: &Node, text: &str, report: &mut Report) {
    let Some(range) = Range::read(text) else {
        report.value(node, "must be a range of addresses such as 10.9.8.0/24");
        return;
    };
    if range.bits & range.rest() != 0 {
        report.value(node, format!("must not have bits set beyond the first {}", range.length));
    }
}

#[derive(Clone, Copy)]
struct Range {
    bits: u128,
    length: u32,
    size: u32,
}

impl Range {
    fn read(text: &str) -> Option<Self> {
        let (ip, length) = text.split_once('/')?;
        if length.len() > 1 && length.starts_with('0') {
            return None;
        }
        let length: u32 = length.parse().ok()?;
        let (bits, size) = match ip.parse().ok()? {
            IpAddr::V4(ip) => (ip.to_bits().into(), 32),
            IpAddr::V6(ip) if ip.to_ipv4_mapped().is_some() => return None,
            IpAddr::V6(ip) => (ip.to_bits(), 128),
        };
        (length <= size).then_some(Self { bits, length, size })
    }

    /// The bits after the length.
    fn rest(self) -> u128 {
        match self.size - self.length {
            128 => u128::MAX,
            free => (1 << free) - 1,
        }
    }

    fn contains(self, other: Self) -> bool {
        self.size == other.size && (self.bits | self.rest()) == (other.bits | self.rest())
    }
}

pub fn endpoint_slice(node: &Node, report: &mut Report) {
    let kind = node.str_at("addressType");
    for address in
        node.list_at("endpoints").iter().flat_map(|endpoint| endpoint.list_at("addresses"))
    {
        let text = address.as_str().unwrap_or("");
        match (kind, text.parse::<IpAddr>()) {
            ("IPv4", Ok(ip @ IpAddr::V4(_))) | ("IPv6", Ok(ip @ IpAddr::V6(_))) => {
                endpoint_ip(address, ip, report)
            }
            ("IPv4" | "IPv6", _) => {
                report.value(address, format!("must be an {kind} address"));
            }
            ("FQDN", _) => {
                if let Some(words) = names::subdomain(text) {
                    report.value(address, words);
                }
            }
            _ => {}
        }
    }
    let mut seen: Vec<&str> = Vec::new();
    for port in node.list_at("ports") {
        let name = port.str_at("name");
        if seen.contains(&name) {
            let at = port.at("name").unwrap_or(port);
            report.duplicate(at, format!("duplicate: {name:?}"));
        }
        seen.push(name);
        super::named(port, "name", names::label, report);
        super::named(port, "appProtocol", names::qualified, report);
    }
}

pub fn endpoint_address(node: &Node, report: &mut Report) {
    let Some((node, text)) = filled(node, "ip") else { return };
    match text.parse() {
        Ok(ip) => endpoint_ip(node, ip, report),
        Err(_) => {
            report.value(node, "must be an IP address");
        }
    }
}

/// An address that traffic can be sent to.
pub fn endpoint_ip(node: &Node, ip: IpAddr, report: &mut Report) {
    let is_link_local = match ip {
        IpAddr::V4(ip) => ip.is_link_local() || ip.octets()[..3] == [224, 0, 0],
        IpAddr::V6(ip) => ip.segments()[0] & 0xffc0 == 0xfe80 || ip.segments()[0] == 0xff02,
    };
    if ip.is_unspecified() || ip.is_loopback() || is_link_local {
        report.value(node, "must not be a loopback, link-local, multicast or unspecified address");
    }
}
