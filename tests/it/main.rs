//! All tests that look at the program from outside its modules, in one binary.

mod cases;
mod charts;
mod printing;
mod program;
mod robustness;
mod rules;
mod validate;
mod values;
