//! Services.

use std::net::IpAddr;

use super::{Node, Report, container, filled, metadata, named, names, network, number, whole};

pub fn service(node: &Node, report: &mut Report) {
    let Some(spec) = node.at("spec") else {
        report.required(node, "spec.ports");
        return;
    };
    let kind = Some(spec.str_at("type")).filter(|kind| !kind.is_empty()).unwrap_or("ClusterIP");
    let is_headless = spec.str_at("clusterIP") == "None"
        || spec.list_at("clusterIPs").first().and_then(Node::as_str) == Some("None");
    let ports = spec.list_at("ports");
    if ports.is_empty() && !is_headless && kind != "ExternalName" {
        report.required(spec, "ports");
    }
    self::ports(spec, kind, report);
    cluster_ip(spec, kind, report);
    by_type(spec, kind, report);
    metadata::labels(spec, "selector", report);
    for ip in spec.list_at("externalIPs") {
        report.warn(ip, "the cluster might not route external addresses");
        external_ip(ip, report);
    }
    for range in spec.list_at("loadBalancerSourceRanges") {
        network::cidr(range, range.as_str().unwrap_or("").trim(), report);
    }
    if let Some((distribution, word)) = filled(spec, "trafficDistribution") {
        if !matches!(word, "PreferClose" | "PreferSameZone" | "PreferSameNode") {
            report.value(distribution, "must be `PreferSameZone` or `PreferSameNode`");
        } else if word == "PreferClose" {
            report.warn(distribution, "deprecated: use `PreferSameZone`");
        }
    }
}

fn ports(spec: &Node, kind: &str, report: &mut Report) {
    let ports = spec.list_at("ports");
    let mut names_seen: Vec<&str> = Vec::new();
    let mut node_ports: Vec<(i128, &str)> = Vec::new();
    for port in ports {
        match filled(port, "name") {
            None if ports.len() > 1 => {
                report.required_as(port, "name", "required when there are several ports");
            }
            Some((node, name)) => {
                if names_seen.contains(&name) {
                    report.duplicate(node, format!("duplicate: {name:?}"));
                }
                names_seen.push(name);
                named(port, "name", names::label, report);
            }
            None => {}
        }
        // Neither a name nor a number: the server then takes `port`.
        let is_unset = |target: &&Node| target.as_str() == Some("") || whole(target) == Some(0);
        if let Some(target) = port.at("targetPort").filter(|target| !is_unset(target)) {
            container::port_or_name(target, report);
        }
        named(port, "appProtocol", names::qualified, report);
        let protocol = Some(port.str_at("protocol")).filter(|p| !p.is_empty()).unwrap_or("TCP");
        let Some(number) = number(port, "nodePort").filter(|number| *number != 0) else { continue };
        let Some(node) = port.at("nodePort") else { continue };
        if kind == "ClusterIP" {
            report.conflict(node, "not allowed for services of type `ClusterIP`");
        }
        if !(30000..=32767).contains(&number) {
            report.warn(node, "outside of the default range 30000-32767");
        }
        if node_ports.contains(&(number, protocol)) {
            report.duplicate(node, format!("duplicate port {number}"));
        }
        node_ports.push((number, protocol));
    }
}

fn cluster_ip(spec: &Node, kind: &str, report: &mut Report) {
    let single = spec.at("clusterIP").into_iter();
    let addresses = single.chain(spec.list_at("clusterIPs"));
    for address in addresses.filter(|node| node.as_str() != Some("")) {
        let word = address.as_str().unwrap_or("");
        if kind == "ExternalName" {
            report.conflict(address, "not allowed for services of type `ExternalName`");
        } else if word == "None" && matches!(kind, "LoadBalancer" | "NodePort") {
            report.conflict(address, format!("must not be `None` for services of type `{kind}`"));
        } else if word != "None" && word.parse::<IpAddr>().is_err() {
            report.value(address, "must be an IP address or `None`");
        }
    }
    let first = spec.list_at("clusterIPs").first().and_then(Node::as_str);
    if let (Some((node, one)), Some(first)) = (filled(spec, "clusterIP"), first)
        && one != first
    {
        report.conflict(node, "must equal the first of `clusterIPs`");
    }
    let families = spec.list_at("ipFamilies");
    if families.len() > 2 || families.len() == 2 && families[0] == families[1] {
        report.duplicate(&families[families.len() - 1], "more IP families than addresses");
    }
    if let Some(policy) = spec.at("ipFamilyPolicy").filter(|_| kind == "ExternalName") {
        report.conflict(policy, "not allowed for services of type `ExternalName`");
    }
    if let Some(families) =
        spec.at("ipFamilies").filter(|_| kind == "ExternalName" && !families.is_empty())
    {
        report.conflict(families, "not allowed for services of type `ExternalName`");
    }
}

/// Fields that some types have and others have not.
fn by_type(spec: &Node, kind: &str, report: &mut Report) {
    if kind == "ExternalName" {
        match filled(spec, "externalName") {
            None => {
                report.required(spec, "externalName");
            }
            Some((node, name)) => {
                if let Some(words) = names::subdomain(name.strip_suffix('.').unwrap_or(name)) {
                    report.value(node, words);
                }
            }
        }
    }
    for field in ["loadBalancerSourceRanges", "allocateLoadBalancerNodePorts", "loadBalancerClass"]
    {
        let is_set =
            |node: &&Node| !matches!(node.as_list(), Some([])) && node.as_str() != Some("");
        if let Some(node) = spec.at(field).filter(is_set)
            && kind != "LoadBalancer"
        {
            report.conflict(node, "only allowed for services of type `LoadBalancer`");
        }
    }
    named(spec, "loadBalancerClass", names::qualified, report);
    let policy = spec.str_at("externalTrafficPolicy");
    let is_external = matches!(kind, "LoadBalancer" | "NodePort")
        || kind == "ClusterIP" && !spec.list_at("externalIPs").is_empty();
    if let Some((node, _)) = filled(spec, "externalTrafficPolicy").filter(|_| !is_external) {
        report.conflict(node, "only allowed for services of type `LoadBalancer` or `NodePort`");
    }
    if let Some(port) =
        spec.at("healthCheckNodePort").filter(|_| number(spec, "healthCheckNodePort") != Some(0))
        && !(kind == "LoadBalancer" && policy == "Local")
    {
        report
            .conflict(port, "requires the type `LoadBalancer` and `externalTrafficPolicy: Local`");
    }
}

fn external_ip(node: &Node, report: &mut Report) {
    let text = node.as_str().unwrap_or("");
    let is_padded =
        text.contains('.') && text.split('.').any(|part| part.len() > 1 && part.starts_with('0'));
    match text.parse::<IpAddr>() {
        Err(_) if is_padded => {
            report.value(node, "must not have leading zeros");
        }
        Err(_) => {
            report.value(node, "must be an IP address");
        }
        Ok(ip) => network::endpoint_ip(node, ip, report),
    }
}
