//! The demonstration keeps its word.

use gateway::demo;

#[tokio::test]
async fn what_can_be_saved_is_and_nothing_else_looks_as_if_it_were() {
    let mut out = Vec::new();
    let is_right = demo::run(&mut out, false).await.unwrap();
    assert!(is_right, "{}", String::from_utf8_lossy(&out));
}
