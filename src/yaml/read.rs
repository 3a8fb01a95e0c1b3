//! Text → nodes.
