//! All tests that look at the program from outside its modules, in one binary.

mod cases;
mod operator;
mod printing;
mod program;
