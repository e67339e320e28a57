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
        let mut command = CommandLine::command();
        command.build();
        let mut page = Vec::new();
        clap_mangen::Man::new(command.clone()).render(&mut page)?;
        let mut text = String::from_utf8_lossy(&page).replace(".SH EXTRA", ".SH EXIT STATUS");
        for part in command.get_subcommands().filter(|part| part.get_name() != "help") {
            // One page holds all commands, and the list of them must not send the reader to pages that are not there.
            let name = part.get_name();
            text = text.replace(&format!("myoguide\\-{name}(1)"), &format!("myoguide {name}"));
            text.push_str(&format!(".SH \"myoguide {name}\"\n").to_uppercase());
            text.push_str(&section(part)?);
        }
        output::result(&text.replace("myoguide\\-help(1)", "myoguide help"))?;
        Ok(Ending::Well)
    }
}

/// What one command is and takes, as a section of the page.
fn section(command: &clap::Command) -> Result<String, Stop> {
    let mut section = Vec::new();
    let man = clap_mangen::Man::new(command.clone());
    man.render_description_section(&mut section)?;
    man.render_synopsis_section(&mut section)?;
    man.render_options_section(&mut section)?;
    man.render_extra_section(&mut section)?;
    let text = String::from_utf8_lossy(&section).replace(".SH EXTRA", ".SH EXAMPLES").replace("\nExamples:\n", "\n");
    Ok(text.replace(".SH DESCRIPTION\n", "").replace(".SH ", ".SS "))
}
