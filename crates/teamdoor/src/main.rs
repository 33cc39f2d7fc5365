//! The command `teamdoor`.

use std::process::ExitCode;

fn main() -> ExitCode {
    teamdoor::run(std::env::args_os(), &mut std::io::stdout(), &mut std::io::stderr())
}
