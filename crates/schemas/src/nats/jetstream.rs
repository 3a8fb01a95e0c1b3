use schemars::JsonSchema;

use super::Texts;
use super::reference::Entry;
use crate::scalar::{Size, StorageSize};

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Jetstream {
    /// Enables JetStream.
    enabled: bool,

    /// The JetStream domain (`domain`), which separates leaf nodes from their hub.
    domain: Option<String>,

    /// A prefix of server tags (`unique_tag`): the replicas of a stream are placed on servers with
    /// different tags.
    #[schemars(example = "az:")]
    unique_tag: Option<String>,

    /// The maximum amount of data in flight to a server that catches up
    /// (`max_outstanding_catchup`).
    max_outstanding_catchup: Option<Size>,

    /// Has no effect. Use `maxOutstandingCatchup`.
    #[schemars(rename = "max_outstanding_catchup")]
    outstanding_catchup: Option<Size>,

    /// Encrypts the files of streams. Requires a key, preferably from a Secret.
    encryption: Option<Encryption>,

    /// Streams in memory.
    mem_storage: MemStorage,

    /// Streams in files.
    file_storage: FileStorage,

    /// Without `fileStorage`: the directory of the files, on your own volume (`store_dir`).
    #[schemars(rename = "store_dir")]
    store_dir: Option<String>,

    /// Without `fileStorage`: the maximum size of the files (`max_file`).
    #[schemars(rename = "max_file")]
    max_file: Option<Size>,
}

#[derive(JsonSchema)]
struct Encryption {
    /// The key itself. Everyone who can read the ConfigMap can read it.
    key: Option<String>,

    /// The Secret with the key.
    secret: Option<Entry>,

    /// The cipher. Default: `chacha`, also called `chachapoly`.
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
    /// Enables streams in memory.
    enabled: bool,

    /// The maximum memory for streams per server (`max_mem`).
    size: Size,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct FileStorage {
    /// Enables streams in files, with a volume for each server.
    enabled: bool,

    /// Where the volume is mounted (`store_dir`).
    storage_directory: String,

    /// The size of the volume, and the maximum size of files per server (`max_file`).
    size: StorageSize,

    /// The storage class of the volume claim. Default: that of the Kubernetes cluster.
    storage_class_name: Option<String>,

    /// The access modes of the claim.
    #[schemars(length(min = 1))]
    access_modes: Vec<AccessMode>,

    /// Annotations of the claim.
    annotations: Option<Texts>,

    /// An existing volume claim, instead of one per server. Only for a single server.
    existing_claim: Option<String>,

    /// The maximum size of files in the existing claim (`max_file`).
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
