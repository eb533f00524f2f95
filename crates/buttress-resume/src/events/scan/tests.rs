use super::*;

#[test]
fn of_a_line_no_more_is_kept_than_may_matter() {
    for size in [1, 1000, 5000] {
        let mut scan = Scan::default();
        for chunk in format!("id: {}", "x".repeat(5000)).as_bytes().chunks(size) {
            scan.blocks(chunk, |_, _| ControlFlow::Continue(()));
        }
        assert_eq!(scan.kept.len(), MAX_LINE, "{size}");
    }
}
