//! `.Capabilities`.

use bumpalo::Bump;
use go_template::value::{Kind, ListType, ObjectType, Type};
use go_template::{Fault, Function, Runtime, Value};

use super::{Record, object, text, typed};
use crate::{Difference, HelmVersion};

/// What a cluster and Helm can do.
#[derive(Clone, Debug, Default)]
pub struct Capabilities {
    /// With the leading `v`: `v1.32.0`.
    pub kube_version: String,
    pub kube_major: String,
    pub kube_minor: String,
    /// `v1`, `apps/v1`, `apps/v1/Deployment`.
    pub api_versions: Vec<String>,
    pub helm_version: String,
    pub git_commit: String,
    pub git_tree_state: String,
    pub go_version: String,
    /// The version of the client library of Kubernetes; Helm 4 shows it.
    pub kube_client_version: String,
}

impl Capabilities {
    /// What a version of Helm says of itself; of the cluster nothing.
    pub fn of_helm(version: HelmVersion) -> Self {
        let (helm, client) =
            if version.has(Difference::BuildInfo) { ("v4.3", "v1.37") } else { ("v3.22", "") };
        Self {
            helm_version: helm.to_owned(),
            go_version: "go1.26.8".to_owned(),
            kube_client_version: client.to_owned(),
            ..Self::default()
        }
    }
}

/// The names of the types in a version of Helm.
struct Types {
    capabilities: ObjectType,
    kube_version: ObjectType,
    versions: ListType,
}

impl Types {
    const fn new(
        capabilities: &'static str,
        kube_version: &'static str,
        versions: &'static str,
    ) -> Self {
        Self {
            capabilities: ObjectType { name: capabilities, kind: Kind::Ptr, methods: &[] },
            kube_version: ObjectType {
                name: kube_version,
                kind: Kind::Struct,
                methods: KUBE_METHODS,
            },
            versions: ListType { name: versions, elem: Type::String, methods: SET_METHODS },
        }
    }
}

static TYPES_3: Types =
    Types::new("*chartutil.Capabilities", "chartutil.KubeVersion", "chartutil.VersionSet");

static TYPES_4: Types =
    Types::new("*common.Capabilities", "common.KubeVersion", "common.VersionSet");

static BUILD_INFO: ObjectType =
    ObjectType { name: "version.BuildInfo", kind: Kind::Struct, methods: &[] };

static KUBE_METHODS: &[Function] =
    &[Function::new("GitVersion", &[], version), Function::new("String", &[], version)];

static SET_METHODS: &[Function] = &[Function::new("Has", &[Type::String], |_, a| {
    Ok(Value::Bool(match a[0] {
        Value::List(list) => list.values().any(|item| item.text() == a[1].text()),
        _ => false,
    }))
})];

fn version<'a>(_: &mut Runtime<'a>, a: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    Ok(match a[0] {
        Value::Object(object) => object.field("Version").unwrap_or(Value::Str(b"")),
        _ => Value::Str(b""),
    })
}

/// `.Capabilities`.
pub fn capabilities<'a>(arena: &'a Bump, version: HelmVersion, from: &Capabilities) -> Value<'a> {
    let types = if version.has(Difference::TypeNames) { &TYPES_4 } else { &TYPES_3 };
    let kube_version = text(arena, &from.kube_version);
    let shown = vec![
        ("Version", kube_version),
        ("Major", text(arena, &from.kube_major)),
        ("Minor", text(arena, &from.kube_minor)),
    ];
    let mut fields = shown.clone();
    if version.has(Difference::KubeVersion) {
        fields.insert(1, ("normalizedVersion", Value::Str(b"")));
    }
    let kube = Record {
        ty: &types.kube_version,
        fields: arena.alloc_slice_copy(&fields),
        encoded: arena.alloc_slice_copy(&shown),
        printed: Some(kube_version.text()),
    };
    let mut build: Vec<(&'static str, &'static str, &str)> = vec![
        ("Version", "version", &from.helm_version),
        ("GitCommit", "git_commit", &from.git_commit),
        ("GitTreeState", "git_tree_state", &from.git_tree_state),
        ("GoVersion", "go_version", &from.go_version),
    ];
    if version.has(Difference::BuildInfo) {
        build.push(("KubeClientVersion", "kube_client_version", &from.kube_client_version));
    }
    let fields: Vec<_> = build.iter().map(|(name, _, value)| (*name, text(arena, value))).collect();
    let helm = Record {
        ty: &BUILD_INFO,
        fields: arena.alloc_slice_copy(&fields),
        encoded: arena.alloc_slice_copy(
            &build
                .iter()
                .filter(|(_, _, value)| !value.is_empty())
                .map(|(_, name, value)| (*name, text(arena, value)))
                .collect::<Vec<_>>(),
        ),
        printed: None,
    };
    let versions = from.api_versions.iter().map(|item| text(arena, item)).collect();
    let fields = arena.alloc_slice_copy(&[
        ("KubeVersion", object(arena, kube)),
        ("APIVersions", typed(arena, &types.versions, versions)),
        ("HelmVersion", object(arena, helm)),
    ]);
    object(arena, Record { ty: &types.capabilities, fields, encoded: fields, printed: None })
}
