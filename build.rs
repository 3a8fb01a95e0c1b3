//! Templates are embedded folder by folder, so a new file in one of them must rebuild the program.

fn main() {
    println!("cargo::rerun-if-changed=templates");
}
