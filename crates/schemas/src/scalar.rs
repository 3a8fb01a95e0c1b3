//! The one-line values: what a string or a number has to look like.
//!
//! A pattern here is what JSON schema can say without guessing; whether a port is free or a size is
//! large enough is said where the values are known together.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// Declares types that are nothing but their schema.
macro_rules! scalars {
    ($($(#[doc = $doc:literal])+ $name:ident = $schema:tt;)+) => {$(
        $(#[doc = $doc])+
        pub struct $name;

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )+};
}

scalars! {
    /// A values file, or values.
    FileOrValues = {
        "type": ["string", "object"]
    };

    /// The version of the functions' configurations.
    FunctionVersion = {
        "type": "string",
        "enum": ["jinnacle.github.io/v1"]
    };

    /// Bytes as nats.conf reads them: `k` is 1000, `kb`, `ki` and `kib` are 1024, in any case; -1 is
    /// no limit.
    Size = {
        "title": "size",
        "type": ["integer", "string"],
        "minimum": -1,
        "pattern": "^(-1|[0-9]+([kKmMgGtTpPeE]([bB]|[iI][bB]?)?)?)$",
        "examples": ["64MB", "1Gi", 1048576]
    };

    /// Bytes for nats.conf and for a volume claim, in a notation that means the same in both.
    StorageSize = {
        "title": "size",
        "type": ["integer", "string"],
        "minimum": 1,
        "pattern": "^[1-9][0-9]*([kMGTPE]|[KMGTPE]i)?$",
        "examples": ["10Gi", "500Gi"]
    };

    /// A Kubernetes quantity. The API server takes `.5`, `1.` and exponents.
    Quantity = {
        "title": "quantity",
        "type": ["string", "integer", "number"],
        "pattern": "^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$",
        "examples": ["500m", "2Gi"]
    };

    /// Bytes in the format of `GOMEMLIMIT`. The Go runtime does not start with another format.
    GoMemory = {
        "title": "memory limit",
        "type": "string",
        "pattern": "^([0-9]+(B|[KMGT]iB)?|off)?$",
        "examples": ["3600MiB", "7GiB"]
    };

    /// A Go duration. A number without a unit is refused.
    Duration = {
        "title": "duration",
        "type": "string",
        "pattern": "^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$",
        "examples": ["30s", "2m", "1h30m"]
    };

    /// A duration as Prometheus reads it.
    ScrapeDuration = {
        "title": "duration",
        "type": "string",
        "pattern": "^([0-9]+(ms|s|m|h|d|w|y))+$",
        "examples": ["15s"]
    };

    /// Seconds as a number, or a Go duration.
    Timeout = {
        "title": "number of seconds or duration",
        "type": ["number", "string"],
        "minimum": 0,
        "pattern": "^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$",
        "examples": [2, "2s"]
    };

    /// The number of a TCP port.
    Port = {
        "title": "port",
        "type": "integer",
        "minimum": 1,
        "maximum": 65535
    };

    /// The name of a port of a container: a service name by IANA's rules, with a letter in it.
    PortName = {
        "title": "port name",
        "type": "string",
        "maxLength": 15,
        "pattern": "^([a-z0-9]+-)*[0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        "examples": ["client", "tcp-metrics"]
    };

    /// A part of object names, or empty. It is truncated if it is too long.
    Name = {
        "title": "name",
        "type": "string",
        "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$",
        "examples": ["my-nats"]
    };

    /// A count of things, 0 at least.
    Count = {
        "type": "integer",
        "minimum": 0
    };

    /// A count of things, where -1 is any number of them.
    Limit = {
        "type": "integer",
        "minimum": -1
    };

    /// A number of Pods, or a percentage.
    PodCount = {
        "title": "number or percentage",
        "type": ["integer", "string"],
        "minimum": 0,
        "pattern": "^(100|[1-9]?[0-9])%$",
        "examples": [1, "50%"]
    };

    /// A percentage of messages, with or without the percent sign.
    Weight = {
        "title": "percentage",
        "type": ["integer", "string"],
        "minimum": 0,
        "maximum": 100,
        "pattern": "^(100|[1-9]?[0-9])%?$",
        "examples": ["70%", 30]
    };

    /// A percentage, with or without the percent sign, or `headers` for requests that ask to be
    /// measured.
    Sampling = {
        "title": "percentage",
        "type": ["integer", "string"],
        "minimum": 0,
        "maximum": 100,
        "pattern": "^((100|[1-9]?[0-9])%?|headers)$"
    };

    /// A list of strings, or one string.
    OneOrMore = {
        "type": ["array", "string"],
        "items": {"type": "string"}
    };

    /// The number of servers of a cluster.
    ServerCount = {
        "type": "integer",
        "minimum": 1
    };

    /// The tag of a server's image; it is a label's value, too.
    ServerVersion = {
        "title": "tag",
        "type": "string",
        "pattern": "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
        "maxLength": 63,
        "examples": ["2.10.22"]
    };

    /// The name of a file in a Secret, without a path.
    FileName = {
        "title": "plain file name",
        "type": "string",
        "pattern": "^\\.?[-_a-zA-Z0-9][-._a-zA-Z0-9]*$",
        "examples": ["ca.crt"]
    };

    /// Seconds as a number.
    Seconds = {
        "type": "number",
        "minimum": 0
    };

    /// Any value below any key.
    Anything = {
        "type": "object",
        "additionalProperties": true
    };
}
