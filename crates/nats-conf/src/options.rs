//! Every option that nats-server 2.15 knows, as data: its names, the shape of its value, and the first
//! server version that knows it. The source of the facts is the server's `server/opts.go`.

use super::{address, nkey, size, subject};
use jinnacle_functions::time;

/// The options that may stand in a block.
pub struct Block {
    /// The options.
    pub options: &'static [Setting],
    /// What becomes of a name that is none of them.
    pub unknown: Unknown,
}

/// What the server does with a name that it does not know.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// Refuses it, unless a variable refers to it.
    Refused,
    /// Refuses it in every case.
    AlwaysRefused,
    /// Refuses it in every case, and knows only the lower case.
    ExactlyRefused,
    /// Ignores it, and knows only the lower case.
    Ignored,
}

/// One option.
pub struct Setting {
    /// Its names, the usual one first, separated by `|`.
    pub names: &'static str,
    /// The shape that its value must have.
    pub shape: Shape,
    /// The first minor version of server 2 that knows it; 0 where every one does.
    pub since: u32,
}

/// The shape that a value must have.
pub enum Shape {
    /// A boolean.
    Bool,
    /// An integer.
    Int,
    /// An integer of a range.
    IntIn(i64, i64),
    /// Any text.
    Text,
    /// A string that a predicate holds for; what it is comes first.
    TextThat(&'static str, fn(&str) -> bool),
    /// One of some words, in any case.
    Word(&'static [&'static str]),
    /// A duration, or an integer that counts seconds, which the server warns of.
    Duration,
    /// A duration, or a number that counts seconds.
    Seconds,
    /// A port, or a host and a port.
    Address,
    /// An integer, or a string of digits and one letter.
    Size,
    /// A list of which every item has a shape.
    List(&'static Shape),
    /// A block of known options.
    Block(&'static Block),
    /// A block of free names of which every value has a shape.
    Names(&'static Shape),
    /// One of several shapes, distinguished by the kind of the value.
    OneOf(&'static [Shape]),
    /// Anything.
    Any,
}

use Shape::{
    Address, Any, Block as In, Bool, Duration, Int, IntIn, List, Names, OneOf, Seconds, Size, Text,
    TextThat, Word,
};

impl Setting {
    /// Whether this is the option's name; most blocks read names in any case.
    pub fn is_called(&self, name: &str, exactly: bool) -> bool {
        self.names.split('|').any(|own| own == name || !exactly && own.eq_ignore_ascii_case(name))
    }
}

const fn set(names: &'static str, shape: Shape) -> Setting {
    Setting { names, shape, since: 0 }
}

const fn new(since: u32, names: &'static str, shape: Shape) -> Setting {
    Setting { names, shape, since }
}

const fn refusing(options: &'static [Setting]) -> Block {
    Block { options, unknown: Unknown::Refused }
}

const fn always_refusing(options: &'static [Setting]) -> Block {
    Block { options, unknown: Unknown::AlwaysRefused }
}

const DURATION_TEXT: Shape = TextThat("a duration such as \"10s\"", is_duration);
const TEXTS: Shape = OneOf(&[Text, List(&Text)]);
const URL: Shape = TextThat("a URL", address::is_url);
const URLS: Shape = List(&URL);
const NAME: Shape = TextThat("a name without spaces", |name| !name.contains(' '));
/// The underscore means "no cluster" among servers.
const CLUSTER_NAME: Shape =
    TextThat("a name without spaces other than `_`", |n| !n.contains(' ') && n != "_");
const LOSSLESS_WORD: Shape =
    TextThat("`default`, `close` or `retry`", |w| ["default", "close", "retry"].contains(&w));
const SUBJECT: Shape = TextThat("a subject such as `orders.*`", subject::is_valid);
const SUBJECTS: Shape = OneOf(&[SUBJECT, List(&SUBJECT)]);
const QUEUE: Shape =
    TextThat("a subject, optionally followed by a space and a queue", subject::is_valid_with_queue);
const MAX_I32: i64 = i32::MAX as i64;

/// The options at the top.
pub(crate) static TOP: Block = refusing(&[
    set("listen", Address),
    set("port", Int),
    set("host|net", Text),
    set("server_name", NAME),
    set("client_advertise", Text),
    set("debug", Bool),
    set("trace", Bool),
    set("trace_verbose", Bool),
    new(11, "trace_headers", Bool),
    set("logtime", Bool),
    new(9, "logtime_utc", Bool),
    set("syslog", Bool),
    set("remote_syslog", Text),
    set("logfile|log_file", Text),
    set("logfile_size_limit|log_size_limit", Int),
    new(10, "logfile_max_num|log_max_num", Int),
    set("pidfile|pid_file", Text),
    set("ports_file_dir", Text),
    set("prof_port", Int),
    new(10, "prof_block_rate", Int),
    set("http", Address),
    set("https", Address),
    set("http_port|monitor_port", Int),
    set("https_port", Int),
    set("http_base_path", Text),
    set("max_control_line", IntIn(i64::MIN, MAX_I32)),
    set("max_payload", IntIn(i64::MIN, MAX_I32)),
    set("max_pending", Int),
    set("max_connections|max_conn", Int),
    set("max_traced_msg_len", Int),
    set("max_subscriptions|max_subs", Int),
    set("max_sub_tokens|max_subscription_tokens", IntIn(1, 255)),
    // A negative number crashes the server.
    new(10, "max_closed_clients", IntIn(0, i64::MAX)),
    set("ping_interval", Duration),
    set("ping_max", Int),
    set("write_deadline", Duration),
    new(11, "write_timeout", LOSSLESS_WORD),
    set("lame_duck_duration", TextThat("a duration of at least \"30s\"", |d| lasts(d, 30))),
    set("lame_duck_grace_period", TextThat("a positive duration such as \"10s\"", |d| lasts(d, 0))),
    set("connect_error_reports", Int),
    set("reconnect_error_reports", Int),
    set("no_header_support", Bool),
    set("disable_sublist_cache|no_sublist_cache", Bool),
    new(10, "no_fast_producer_stall", Bool),
    new(12, "proxy_protocol", Bool),
    new(12, "proxies", In(&PROXIES)),
    new(12, "server_metadata", Names(&Text)),
    new(14, "feature_flags", Names(&Bool)),
    set("server_tags", TEXTS),
    set("tls", In(&TLS)),
    set("allow_non_tls", Bool),
    set("ocsp", OneOf(&[Bool, In(&OCSP)])),
    new(9, "ocsp_cache", OneOf(&[Bool, In(&OCSP_CACHE)])),
    set("authorization", In(&AUTHORIZATION)),
    set("accounts", OneOf(&[Names(&In(&ACCOUNT)), List(&Text), Any])),
    set("mappings|maps", Names(&MAPPING)),
    set("no_auth_user", Text),
    new(11, "default_sentinel", Text),
    // Its type is checked where its name is: in another case it is ignored.
    set("system_account|system", Any),
    set("no_system_account|no_system|no_sys_acc", Bool),
    set("trusted_keys|trusted", OPERATOR_KEYS),
    set("operator|operators|roots|root|root_operators|root_operator", TEXTS),
    set("resolver|account_resolver|accounts_resolver", OneOf(&[Text, In(&RESOLVER)])),
    set("resolver_tls", In(&TLS)),
    set("resolver_preload", Names(&Text)),
    set("resolver_pinned_accounts", TEXTS),
    set("cluster", In(&CLUSTER)),
    set("gateway", In(&GATEWAY)),
    set("leafnodes|leaf", In(&LEAFNODES)),
    set("jetstream", OneOf(&[Bool, ENABLED, In(&JETSTREAM)])),
    set("store_dir|storedir", Text),
    set("default_js_domain", Names(&Text)),
    set("mqtt", In(&MQTT)),
    set("websocket|ws", In(&WEBSOCKET)),
]);

const ENABLED: Shape = TextThat("`enabled` or `disabled`", is_switch);
const OPERATOR_KEY: Shape = TextThat("the public key of an operator (`O…`)", nkey::is_operator);
const OPERATOR_KEYS: Shape = OneOf(&[OPERATOR_KEY, List(&OPERATOR_KEY)]);

static PROXIES: Block = refusing(&[set("trusted", List(&In(&PROXY)))]);
static PROXY: Block =
    refusing(&[set("key|public_key", TextThat("a public nkey", nkey::is_public))]);

static OCSP: Block = Block {
    options: &[
        set("mode", Word(&["auto", "always", "must", "never"])),
        set("url", Text),
        // No form of a list that the language has is taken here.
        set("urls", TextThat("no value, as the server accepts none; use `url`", |_| false)),
    ],
    unknown: Unknown::ExactlyRefused,
};

static OCSP_CACHE: Block = always_refusing(&[
    set("type", Word(&["none", "local"])),
    set("local_store", Text),
    set("preserve_revoked", Bool),
    set("save_interval", Seconds),
]);

static OCSP_PEER: Block = always_refusing(&[
    set("verify", Bool),
    set("allowed_clockskew", Seconds),
    set("ca_timeout", Seconds),
    set("cache_ttl_when_next_update_unset", Seconds),
    set("warn_only", Bool),
    set("unknown_is_good", Bool),
    set("allow_when_ca_unreachable", Bool),
]);

/// The options of TLS, the same in every place.
pub static TLS: Block = always_refusing(&[
    set("cert_file", Text),
    set("key_file", Text),
    set("ca_file", Text),
    set("insecure", Bool),
    set("verify", Bool),
    set("verify_and_map", Bool),
    set("verify_cert_and_check_known_urls", Bool),
    new(12, "allow_insecure_cipher_suites", Bool),
    set("cipher_suites", List(&Text)),
    set("curve_preferences", List(&TextThat("a curve such as `CurveP256`", is_curve))),
    set("timeout", Seconds),
    set("connection_rate_limit", Int),
    set(
        "pinned_certs",
        List(&TextThat("the SHA-256 of a public key, 64 hexadecimal digits", is_digest)),
    ),
    new(9, "cert_store", Text),
    new(9, "cert_match_by", Text),
    new(9, "cert_match", Text),
    new(10, "ca_certs_match", OneOf(&[Text, List(&Text), Any])),
    new(10, "cert_match_skip_invalid", Bool),
    new(
        10,
        "handshake_first|first|immediate",
        OneOf(&[Bool, TextThat("a boolean, `auto` or a duration", is_handshake)]),
    ),
    new(9, "ocsp_peer", OneOf(&[Bool, In(&OCSP_PEER)])),
    new(10, "certs|certificates", List(&In(&CERTIFICATE))),
    new(10, "min_version", TextThat("`\"1.2\"` or `\"1.3\"`", |v| v == "1.2" || v == "1.3")),
]);

static CERTIFICATE: Block = Block {
    options: &[set("cert_file", Text), set("key_file", Text)],
    unknown: Unknown::ExactlyRefused,
};

static AUTHORIZATION: Block = refusing(&[
    set("user|username", Text),
    set("password|pass", Text),
    set("token", Text),
    set("timeout", Seconds),
    set("users", List(&In(&USER))),
    set("default_permissions|default_permission|permissions", In(&PERMISSIONS)),
    new(10, "auth_callout|auth_hook", In(&AUTH_CALLOUT)),
    new(12, "proxy_required", Bool),
]);

/// A user.
pub static USER: Block = refusing(&[
    set("user|username", Text),
    set("password|pass", Text),
    set(
        "nkey",
        TextThat("the public key of a user (`U…`)", |key| key.is_empty() || nkey::is_user(key)),
    ),
    set("permissions|permission|authorization", In(&PERMISSIONS)),
    set(
        "allowed_connection_types|connection_types|clients",
        OneOf(&[CONNECTION, List(&CONNECTION)]),
    ),
    new(12, "proxy_required", Bool),
]);

const CONNECTION: Shape =
    Word(&["standard", "websocket", "leafnode", "leafnode_ws", "mqtt", "mqtt_ws", "in_process"]);

static AUTH_CALLOUT: Block = refusing(&[
    set("issuer", TextThat("the public key of an account (`A…`)", nkey::is_account)),
    set("account|acc", Text),
    set("auth_users|users", List(&Text)),
    set("xkey|key", TextThat("a public curve key (`X…`)", nkey::is_curve)),
    new(11, "allowed_accounts", List(&Text)),
]);

/// What a user may publish and subscribe to.
pub static PERMISSIONS: Block = refusing(&[
    set("publish|pub|import", OneOf(&[SUBJECT, List(&SUBJECT), In(&ALLOW_DENY)])),
    set("subscribe|sub|export", OneOf(&[QUEUE, List(&QUEUE), In(&ALLOW_DENY_QUEUES)])),
    set("allow_responses|publish_allow_responses", OneOf(&[Bool, In(&RESPONSES)])),
]);

static ALLOW_DENY: Block = refusing(&[set("allow", SUBJECTS), set("deny", SUBJECTS)]);

static ALLOW_DENY_QUEUES: Block = refusing(&[
    set("allow", OneOf(&[QUEUE, List(&QUEUE)])),
    set("deny", OneOf(&[QUEUE, List(&QUEUE)])),
]);

/// Replies that a user may send.
pub static RESPONSES: Block = refusing(&[
    set("max|max_msgs|max_messages|max_responses", Int),
    set("expires|expiration|ttl", DURATION_TEXT),
]);

/// An account.
pub static ACCOUNT: Block = refusing(&[
    set("nkey", TextThat("the public key of an account (`A…`)", nkey::is_account)),
    set("users", List(&In(&USER))),
    set("default_permissions", In(&PERMISSIONS)),
    set("imports", List(&In(&IMPORT))),
    set("exports", List(&In(&EXPORT))),
    set("mappings|maps", Names(&MAPPING)),
    set("jetstream", OneOf(&[Bool, ENABLED, In(&ACCOUNT_JETSTREAM)])),
    set("limits", In(&ACCOUNT_LIMITS)),
    new(11, "msg_trace|trace_dest", OneOf(&[TRACE_SUBJECT, In(&TRACE)])),
]);

const TRACE_SUBJECT: Shape = TextThat("a subject without wildcards", subject::is_literal);

static TRACE: Block =
    refusing(&[set("dest", TRACE_SUBJECT), set("sampling", OneOf(&[IntIn(1, 100), SAMPLING]))]);

const SAMPLING: Shape =
    TextThat("a percentage from 1 to 100", |p| subject::percent(p).is_some_and(|n| n > 0));

/// The limits of an account.
pub static ACCOUNT_LIMITS: Block = refusing(&[
    set("max_connections|max_conn", Int),
    set("max_subscriptions|max_subs", Int),
    set("max_payload|max_pay", Int),
    set("max_leafnodes|max_leafs", Int),
]);

/// JetStream for an account.
pub static ACCOUNT_JETSTREAM: Block = refusing(&[
    set("max_memory|max_mem|memory|mem", Int),
    set("max_store|max_file|max_disk|store|disk", Int),
    set("max_streams|streams", Int),
    set("max_consumers|consumers", Int),
    set("max_bytes_required|max_stream_bytes|max_bytes", Bool),
    set("memory_max_stream_bytes|mem_max_stream_bytes", Int),
    set("store_max_stream_bytes|disk_max_stream_bytes", Int),
    set("max_ack_pending", Int),
    new(
        11,
        "cluster_traffic",
        TextThat("`system` or `owner`", |w| ["system", "owner", ""].contains(&w)),
    ),
]);

static IMPORT: Block = refusing(&[
    set("stream", In(&FOREIGN)),
    set("service", In(&FOREIGN)),
    set("prefix", Text),
    set("to", Text),
    set("share", Bool),
    new(11, "allow_trace", Bool),
]);

static FOREIGN: Block = refusing(&[set("account", Text), set("subject", Text)]);

/// What other accounts may import.
pub static EXPORT: Block = refusing(&[
    set("stream", Text),
    set("service", Text),
    set("response_type|response", Word(&["single", "singleton", "stream", "chunk", "chunked"])),
    set("response_threshold|threshold|response_max_time|response_time", DURATION_TEXT),
    set("accounts", List(&Text)),
    set("latency", OneOf(&[Text, In(&LATENCY)])),
    set("account_token_position", Int),
    new(11, "allow_trace", Bool),
]);

static LATENCY: Block = Block {
    options: &[
        set(
            "sampling",
            OneOf(&[
                IntIn(1, 100),
                TextThat("a percentage from 1 to 100, or `headers`", |text| {
                    text.trim().eq_ignore_ascii_case("headers")
                        || subject::percent(text).is_some_and(|n| n > 0)
                }),
            ]),
        ),
        set("subject", Text),
    ],
    unknown: Unknown::Ignored,
};

const MAPPING: Shape = OneOf(&[Text, List(&In(&DESTINATION)), In(&DESTINATION)]);

/// Where messages of a mapped subject go.
pub static DESTINATION: Block = always_refusing(&[
    set("destination|dest", Text),
    set(
        "weight",
        OneOf(&[
            IntIn(0, 100),
            TextThat("a percentage from 0 to 100", |p| subject::percent(p).is_some()),
        ]),
    ),
    set("cluster", Text),
]);

static RESOLVER: Block = Block {
    options: &[
        set("type", Word(&["full", "cache", "mem", "memory"])),
        set("dir", Text),
        set("allow_delete", Bool),
        set("hard_delete", Bool),
        set("limit", Int),
        set("ttl", DURATION_TEXT),
        set("interval", DURATION_TEXT),
        set("timeout", DURATION_TEXT),
    ],
    unknown: Unknown::Ignored,
};

static CLUSTER: Block = refusing(&[
    set("name", CLUSTER_NAME),
    set("listen", Address),
    set("port", Int),
    set("host|net", Text),
    set("routes", URLS),
    set("authorization", In(&AUTHORIZATION)),
    set("permissions", In(&PERMISSIONS)),
    set("tls", In(&TLS)),
    set("cluster_advertise|advertise", Text),
    set("no_advertise", Bool),
    set("connect_retries", Int),
    new(12, "connect_backoff", Bool),
    new(10, "pool_size", Int),
    new(10, "accounts", TEXTS),
    new(10, "compression", COMPRESSION),
    new(10, "ping_interval", Duration),
    new(10, "ping_max", Int),
    new(11, "write_deadline", Duration),
    new(11, "write_timeout", LOSSLESS_WORD),
]);

const COMPRESSION: Shape = OneOf(&[Bool, COMPRESSION_MODE, In(&COMPRESSION_OPTIONS)]);

const COMPRESSION_MODE: Shape =
    TextThat("`off`, `accept`, `s2_auto`, `s2_fast`, `s2_better` or `s2_best`", is_compression);

static COMPRESSION_OPTIONS: Block = refusing(&[
    set("mode", COMPRESSION_MODE),
    set("rtt_thresholds|thresholds|rtts|rtt", List(&DURATION_TEXT)),
]);

static GATEWAY: Block = refusing(&[
    set("name", CLUSTER_NAME),
    set("listen", Address),
    set("port", Int),
    set("host|net", Text),
    set("authorization", In(&AUTHORIZATION)),
    set("tls", In(&TLS)),
    set("advertise", Text),
    set("connect_retries", Int),
    new(12, "connect_backoff", Bool),
    set("reject_unknown_cluster|reject_unknown", Bool),
    set("gateways", List(&In(&REMOTE_GATEWAY))),
    new(11, "write_deadline", Duration),
    new(11, "write_timeout", LOSSLESS_WORD),
]);

static REMOTE_GATEWAY: Block =
    refusing(&[set("name", Text), set("tls", In(&TLS)), set("url", URL), set("urls", URLS)]);

static LEAFNODES: Block = refusing(&[
    set("listen", Address),
    set("port", Int),
    set("host|net", Text),
    set("authorization", In(&LEAF_AUTHORIZATION)),
    set("remotes", List(&In(&REMOTE))),
    set("reconnect|reconnect_delay|reconnect_interval", Duration),
    new(14, "dial_timeout", Duration),
    set("tls", In(&TLS)),
    set("leafnode_advertise|advertise", Text),
    set("no_advertise", Bool),
    set(
        "min_version|minimum_version",
        TextThat("a version of at least 2.8.0", address::is_leaf_version),
    ),
    new(10, "compression", COMPRESSION),
    new(12, "isolate_leafnode_interest|isolate", Bool),
    new(11, "write_deadline", Duration),
    new(11, "write_timeout", LOSSLESS_WORD),
]);

static LEAF_AUTHORIZATION: Block = refusing(&[
    set("user|username", Text),
    set("password|pass", Text),
    new(10, "nkey", TextThat("the public key of a user (`U…`)", nkey::is_user)),
    set("timeout", Seconds),
    set("users", List(&In(&LEAF_USER))),
    set("account", Text),
    new(12, "proxy_required", Bool),
]);

static LEAF_USER: Block = refusing(&[
    set("user|username", Text),
    set("password|pass", Text),
    set("account", Text),
    new(12, "proxy_required", Bool),
]);

static REMOTE: Block = refusing(&[
    set("url|urls", OneOf(&[URL, URLS])),
    set("account|local", Text),
    set("credentials|creds", Text),
    new(10, "nkey|seed", TextThat("the seed of a user's nkey (`SU…`)", nkey::is_user_seed)),
    set("tls", In(&TLS)),
    set("no_randomize|dont_randomize", Bool),
    set("hub", Bool),
    set("deny_imports|deny_import", SUBJECTS),
    set("deny_exports|deny_export", SUBJECTS),
    set("ws_compression|ws_compress|websocket_compress|websocket_compression", Bool),
    set("ws_no_masking|websocket_no_masking", Bool),
    new(9, "jetstream_cluster_migrate|js_cluster_migrate", OneOf(&[Bool, In(&MIGRATE)])),
    new(12, "isolate_leafnode_interest|isolate", Bool),
    new(12, "request_isolation", Bool),
    new(10, "compression", COMPRESSION),
    new(10, "first_info_timeout", Duration),
    new(14, "dial_timeout", Duration),
    new(12, "disabled", Bool),
    new(12, "proxy", In(&REMOTE_PROXY)),
    new(14, "ignore_discovered_servers", Bool),
]);

static MIGRATE: Block =
    Block { options: &[set("leader_migrate_delay", Duration)], unknown: Unknown::Ignored };

static REMOTE_PROXY: Block = refusing(&[
    set("url", Text),
    set("username", Text),
    set("password", Text),
    set("timeout", Duration),
    set("tls", In(&TLS)),
]);

static JETSTREAM: Block = refusing(&[
    set("enabled|enable", Bool),
    set("store_dir|storedir|store", Text),
    set("max_memory_store|max_mem_store|max_mem", Size),
    set("max_file_store|max_file", Size),
    set("domain", Text),
    set("encryption_key|ek|key", Text),
    new(10, "prev_encryption_key|prev_ek|prev_key", Text),
    new(9, "cipher", CIPHER),
    set("extension_hint", Text),
    set("unique_tag", Text),
    set("limits", In(&JETSTREAM_LIMITS)),
    new(11, "tpm", In(&TPM)),
    new(11, "strict", Bool),
    new(10, "sync_interval|sync", OneOf(&[TextThat("a duration or `always`", is_sync), Duration])),
    new(9, "max_outstanding_catchup", Size),
    new(11, "max_buffered_size", Size),
    new(11, "max_buffered_msgs", Int),
    new(10, "request_queue_limit", Int),
    new(14, "info_queue_limit", Int),
    new(11, "meta_compact", IntIn(0, i64::MAX)),
    new(
        11,
        "meta_compact_size",
        OneOf(&[IntIn(0, i64::MAX), TextThat("a size", |s| size::read(s).is_some_and(|n| n >= 0))]),
    ),
    new(12, "meta_compact_sync", Bool),
    new(12, "max_concurrent_io", IntIn(4, 8192)),
]);

const CIPHER: Shape = Word(&["chacha", "chachapoly", "aes"]);

static JETSTREAM_LIMITS: Block = refusing(&[
    set("max_ack_pending", Int),
    set("max_ha_assets", Int),
    set("max_request_batch", Int),
    new(15, "default_max_consumers", Int),
    set("duplicate_window", DURATION_TEXT),
    new(12, "batch", In(&BATCH)),
]);

static BATCH: Block = refusing(&[
    set("max_inflight_per_stream", Int),
    set("max_inflight_total", Int),
    set("max_msgs", Int),
    set("timeout", DURATION_TEXT),
]);

static TPM: Block = refusing(&[
    set("keys_file", Text),
    set("encryption_password", Text),
    set("srk_password", Text),
    set("pcr", Int),
    set("cipher", CIPHER),
]);

static MQTT: Block = refusing(&[
    set("listen", Address),
    set("port", Int),
    set("host|net", Text),
    set("tls", In(&TLS)),
    set("authorization|authentication", In(&SIMPLE_AUTHORIZATION)),
    set("no_auth_user", Text),
    set("ack_wait|ackwait", Duration),
    new(11, "js_api_timeout|api_timeout", Duration),
    set("max_ack_pending|max_pending|max_inflight", IntIn(0, 65_535)),
    set("js_domain", Text),
    set("stream_replicas", Int),
    set("consumer_replicas", Any),
    set("consumer_memory_storage", Bool),
    new(9, "consumer_inactive_threshold|consumer_auto_cleanup", Duration),
    new(10, "reject_qos2_publish", Bool),
    new(10, "downgrade_qos2_subscribe", Bool),
]);

static SIMPLE_AUTHORIZATION: Block = refusing(&[
    set("user|username", Text),
    set("password|pass", Text),
    set("token", Text),
    set("timeout", Any),
]);

static WEBSOCKET: Block = refusing(&[
    set("listen", Address),
    set("port", Int),
    set("host|net", Text),
    set("advertise", Text),
    set("no_tls", Bool),
    set("tls", In(&TLS)),
    set("same_origin", Bool),
    set("allowed_origins|allowed_origin|allow_origins|allow_origin|origins|origin", TEXTS),
    set("handshake_timeout", OneOf(&[Int, DURATION_TEXT])),
    set("compression|compress", Bool),
    set("authorization|authentication", In(&SIMPLE_AUTHORIZATION)),
    set("jwt_cookie", Text),
    new(11, "user_cookie", Text),
    new(11, "pass_cookie", Text),
    new(11, "token_cookie", Text),
    set("no_auth_user", Text),
    new(11, "headers", Names(&Text)),
    new(11, "ping_interval", Duration),
]);

fn is_switch(word: &str) -> bool {
    ["enabled", "enable", "disabled", "disable"].iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// The empty mode is the default; modes have older names beside the ones that messages show.
fn is_compression(mode: &str) -> bool {
    const MODES: &str = "|off|accept|s2_auto|s2_fast|s2_better|s2_best|on|enabled|true|disabled|false|auto|fast\
        |better|best|not supported|not_supported";
    MODES.split('|').any(|known| known.eq_ignore_ascii_case(mode))
}

/// The curves that a server knows.
pub const CURVES: [&str; 7] = [
    "SecP384r1MLKEM1024",
    "SecP256r1MLKEM768",
    "X25519MLKEM768",
    "X25519",
    "CurveP256",
    "CurveP384",
    "CurveP521",
];

fn is_curve(name: &str) -> bool {
    CURVES.contains(&name)
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether it is a duration as Go reads it.
pub(crate) fn is_duration(text: &str) -> bool {
    time::Duration::parse(text).is_ok()
}

/// Whether it is a duration of at least so many seconds.
fn lasts(text: &str, seconds: i64) -> bool {
    time::Duration::parse(text).is_ok_and(|all| all >= time::Duration::of_seconds(seconds))
}

fn is_handshake(text: &str) -> bool {
    let word = text.to_ascii_lowercase();
    ["true", "on", "false", "off", "auto", "auto_fallback"].contains(&word.as_str())
        || is_duration(text)
}

fn is_sync(text: &str) -> bool {
    text.eq_ignore_ascii_case("always") || is_duration(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// A name that two options of a block share would make one of them unreachable.
    #[test]
    fn names_are_lower_case_and_unique_within_a_block() {
        static ROOT: Shape = In(&TOP);
        let mut waiting = vec![&ROOT];
        let mut seen = HashSet::new();
        while let Some(shape) = waiting.pop() {
            match shape {
                In(block) if seen.insert(std::ptr::from_ref(*block)) => {
                    let names: Vec<&str> =
                        block.options.iter().flat_map(|o| o.names.split('|')).collect();
                    let distinct: HashSet<&&str> = names.iter().collect();
                    assert_eq!(distinct.len(), names.len(), "{names:?}");
                    assert!(
                        names.iter().all(|name| *name == name.to_ascii_lowercase()),
                        "{names:?}"
                    );
                    waiting.extend(block.options.iter().map(|option| &option.shape));
                }
                List(inner) | Names(inner) => waiting.push(inner),
                OneOf(shapes) => waiting.extend(shapes.iter()),
                _ => {}
            }
        }
        assert!(seen.len() > 35, "only {} blocks are within reach", seen.len());
    }
}
