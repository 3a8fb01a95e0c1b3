//! All tests that look at the program from outside its modules, in one binary.

mod cases;
mod chart;
mod printing;
mod program;
