use super::*;

fn serve(flags: &[&str]) -> Result<Settings, String> {
    let args = ["gateway", "serve"].iter().chain(flags);
    match Cli::try_parse_from(args)
        .map_err(|error| error.to_string())?
        .command()
    {
        Command::Serve(args) => args.settings().map_err(|error| error.to_string()),
        other => Err(format!("{other:?}")),
    }
}
