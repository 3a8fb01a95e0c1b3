//! All tests that look at the program from outside its modules, in one binary.

mod cases;
mod chart;
mod charts;
mod check;
mod fleet;
mod integrations;
mod operator;
mod printing;
mod program;
mod robustness;
mod rules;
mod validate;
mod values;
