use schemars::JsonSchema;

use super::Texts;
use super::reference::Entry;
use crate::scalar::{Size, StorageSize};

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Jetstream {
    /// Turns JetStream on.
    enabled: bool,

    /// Sets the JetStream of these servers apart from that of the servers they are a leaf node of
    /// (`domain`).
    domain: Option<String>,

    /// The prefix of a server tag in which the servers of a stream's replicas have to differ
    /// (`unique_tag`).
    #[schemars(example = "az:")]
    unique_tag: Option<String>,

    /// How much is sent ahead to a server that has to catch up (`max_outstanding_catchup`).
    max_outstanding_catchup: Option<Size>,

    /// Has no effect: see `maxOutstandingCatchup`.
    #[schemars(rename = "max_outstanding_catchup")]
    outstanding_catchup: Option<Size>,

    /// Encrypts the files of streams. There has to be a key: here, or better in a Secret.
    encryption: Option<Encryption>,

    /// Streams in memory.
    mem_storage: MemStorage,

    /// Streams in files.
    file_storage: FileStorage,

    /// Without `fileStorage`: the folder of the files, on a volume of your own (`store_dir`).
    #[schemars(rename = "store_dir")]
    store_dir: Option<String>,

    /// Without `fileStorage`: what the files may take (`max_file`).
    #[schemars(rename = "max_file")]
    max_file: Option<Size>,
}

#[derive(JsonSchema)]
struct Encryption {
    /// The key itself. Who may read the ConfigMap can read it.
    key: Option<String>,

    /// The Secret with the key.
    secret: Option<Entry>,

    /// The cipher: `chacha`, which is `chachapoly` too, unless it is said.
    cipher: Option<Cipher>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
enum Cipher {
    Chacha,
    Chachapoly,
    Aes,
}

#[derive(JsonSchema)]
struct MemStorage {
    /// Allows streams in memory.
    enabled: bool,

    /// What all of them on one server may take (`max_mem`).
    size: Size,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct FileStorage {
    /// Allows streams in files, and claims a volume for each server.
    enabled: bool,

    /// Where the volume is mounted (`store_dir`).
    storage_directory: String,

    /// The size of the volume, and what the files on one server may take (`max_file`).
    size: StorageSize,

    /// The storage class of the claim. Unset, the default of the Kubernetes cluster.
    storage_class_name: Option<String>,

    /// The access modes of the claim.
    #[schemars(length(min = 1))]
    access_modes: Vec<AccessMode>,

    /// Annotations of the claim.
    annotations: Option<Texts>,

    /// A claim that is there already, instead of one for each server; so there can be one server
    /// only.
    existing_claim: Option<String>,

    /// What the files may take in the existing claim (`max_file`).
    claim_storage_size: Option<Size>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
#[expect(clippy::enum_variant_names, reason = "these are the words of Kubernetes")]
enum AccessMode {
    ReadWriteOnce,
    ReadOnlyMany,
    ReadWriteMany,
    ReadWriteOncePod,
}
