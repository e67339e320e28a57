use clap::{Args, CommandFactory};

use super::output::{self, Stop};
use super::{CommandLine, Ending};

const EXAMPLES: &str = "\
Examples:
  myoguide man | man -l -
  myoguide man > ~/.local/share/man/man1/myoguide.1";

/// Print the manual page
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Man {}

impl Man {
    #[expect(clippy::unused_self, reason = "as every other command")]
    pub(super) fn run(&self) -> Result<Ending, Stop> {
        let mut page = Vec::new();
        let mut command = CommandLine::command();
        command.build();
        clap_mangen::Man::new(command.clone()).render(&mut page)?;
        for part in command.get_subcommands().filter(|part| part.get_name() != "help") {
            clap_mangen::Man::new(part.clone()).render_synopsis_section(&mut page)?;
            clap_mangen::Man::new(part.clone()).render_description_section(&mut page)?;
            clap_mangen::Man::new(part.clone()).render_options_section(&mut page)?;
            clap_mangen::Man::new(part.clone()).render_extra_section(&mut page)?;
        }
        output::result(&String::from_utf8_lossy(&page))?;
        Ok(Ending::Well)
    }
}
