//! Nodes → text.
