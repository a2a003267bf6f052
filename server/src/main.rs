//! The command line of the central service.

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match bianfang_server::cli::run(bianfang_server::cli::Command::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("bianfang-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}
