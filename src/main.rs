//! myoguide: executable, versioned guidelines for myositis.

fn main() -> std::process::ExitCode {
    myoguide::cli::run()
}
