//! All tests that look at the program from outside its modules, in one binary.

mod cases;
mod check;
mod printing;
mod program;
