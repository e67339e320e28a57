//! Rebuilds the program when a file is put into `rules/` or taken out: the macro that embeds them sees only changes
//! inside files it already knows.

fn main() {
    println!("cargo::rerun-if-changed=rules");
}
