//! x
/// r
pub async fn run(_: &mut dyn std::io::Write) -> std::io::Result<bool> { Ok(true) }
