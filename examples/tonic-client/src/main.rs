//! A gRPC client that retries by status and pushback, and tells the server its deadline.
//!
//! ```sh
//! cargo run -p tonic-client -- http://127.0.0.1:50051 World
//! ```
//!
//! It calls `helloworld.Greeter/SayHello`, the service that every gRPC library has as its example.

use std::process::ExitCode;
use tonic_client::greeter::Greeter;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (Some(url), Some(name), None) = (args.next(), args.next(), args.next()) else {
        eprintln!("usage: tonic-client URL NAME");
        return ExitCode::from(2);
    };
    match greet(url, name).await {
        Ok(message) => {
            println!("{message}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("tonic-client: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn greet(url: String, name: String) -> Result<String, Box<dyn std::error::Error>> {
    let mut greeter = Greeter::connect(url)?;
    let said = greeter.hello(name).await;
    Ok(said.map_err(|status| tonic_client::words(&status))?)
}
