use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::output::{self, Stop};
use super::{CommandLine, Ending};

const EXAMPLES: &str = "\
Examples:
  myoguide completions bash > ~/.local/share/bash-completion/completions/myoguide
  myoguide completions fish > ~/.config/fish/completions/myoguide.fish";

/// Print a completion script
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Completions {
    /// For which shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self) -> Result<Ending, Stop> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut CommandLine::command(), "myoguide", &mut script);
        output::result(&String::from_utf8_lossy(&script))?;
        Ok(Ending::Well)
    }
}
