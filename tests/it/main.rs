//! All tests that look at the program from outside its modules, in one binary.

mod architecture;
mod bounds;
mod cases;
mod chart;
mod charts;
mod check;
mod completion;
mod containment;
mod documents;
mod matrix;
mod helm_versions;
mod integrations;
mod language;
mod mutations;
mod operator;
mod printing;
mod program;
mod prompt;
mod robustness;
mod rules;
mod validate;
mod values;
