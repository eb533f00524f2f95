//! What servers, and the networks and gateways before them, tell of their own failures.

use super::*;

#[test]
fn a_failed_server_may_tell_why() {
    for (status, body, expected) in [
        (
            424,
            "ModelStreamErrorException: Input is too long for this model",
            ContextLength,
        ),
        (
            503,
            "Service Unavailable: Request dropped due to backpressure",
            Overloaded,
        ),
        (503, "Service Unavailable: nope", BadGateway),
        (
            503,
            "exceeded retry limit, last status: 503 Service Unavailable",
            BadGateway,
        ),
        // A page says no more than its status.
        (
            503,
            "<html>An error occurred while processing your request</html>",
            BadGateway,
        ),
        (504, "upstream: context deadline exceeded", TimeoutHead),
        (400, "input exceeds the context", ContextLength),
        // An answer that had begun was cut, whatever number stands beside it.
        (
            200,
            r#"data: {"error":{"code":502,"message":"Response ended prematurely"}}"#,
            StreamTruncated,
        ),
    ] {
        assert_eq!(kind(status, body), Some(expected), "{status} {body}");
    }
}

#[test]
fn a_529_says_more_than_that_somebody_behind_it_failed() {
    for (status, body, expected) in [
        (529, "Upstream provider NIM returned an error.", Overloaded),
        (
            529,
            r#"{"error":{"message":"Internal error of the backend"}}"#,
            Overloaded,
        ),
        (
            200,
            r#"{"error":{"code":529,"message":"upstream error"}}"#,
            Overloaded,
        ),
        (503, "Upstream provider NIM returned an error.", BadGateway),
    ] {
        assert_eq!(kind(status, body), Some(expected), "{status} {body}");
    }
}

#[test]
fn a_vague_code_in_a_stream_yields_to_words_of_the_server() {
    for (body, expected) in [
        (
            r#"data: {"error":{"code":"api_error","message":"Internal server error","type":"invalid_request_error"}}"#,
            ServerError,
        ),
        (
            r#"data: {"error":{"type":"invalid_request_error","message":"Something went wrong"}}"#,
            ServerError,
        ),
        (
            r#"data: {"error":{"type":"invalid_request_error","message":"messages: field required"}}"#,
            BadRequest,
        ),
        // What AWS's frames are printed as.
        (
            r#"exception{"message":"The model returned the following errors: Could not process image"}"#,
            BadRequest,
        ),
        (r#"error {"message":"the model is overloaded"}"#, Overloaded),
    ] {
        assert_eq!(kind(200, body), Some(expected), "{body}");
    }
}

#[test]
fn a_gateway_that_saw_a_stream_break_says_so() {
    for (body, expected) in [
        (
            r#"data: {"error":{"message":"upstream closed the stream before sending [DONE]","type":"upstream_error"}}"#,
            StreamTruncated,
        ),
        (
            r#"data: {"error":{"message":"upstream failed","type":"upstream_error"}}"#,
            BadGateway,
        ),
    ] {
        assert_eq!(kind(200, body), Some(expected), "{body}");
    }
}

#[test]
fn a_page_that_guesses_does_not_say_what_happened() {
    let page = |status: u16, told: &str| {
        format!(
            "<HTML><HEAD><META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html\"><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>{status} ERROR</H1>{told} We can't connect to the server for this app or website at this time. There might be too much traffic or a configuration error. Try again later.</BODY></HTML>"
        )
    };
    for (status, told, expected) in [
        (403, "Request blocked.", Permission),
        (
            502,
            "CloudFront wasn't able to resolve the origin.",
            BadGateway,
        ),
        (
            502,
            "CloudFront attempted to establish a connection with the origin, but the attempt failed.",
            BadGateway,
        ),
        (502, "", BadGateway),
    ] {
        assert_eq!(kind(status, &page(status, told)), Some(expected), "{told}");
    }
    // Without the page around it.
    let told = "CloudFront attempted to establish a connection with the origin, but it failed. There might be too much traffic.";
    assert_eq!(kind(502, told), Some(BadGateway));
    // What was blocked is what was asked, where that is said.
    for told in [
        "Request blocked: prohibited content",
        "Your request was blocked by our content policy",
        "request blocked, content filtered",
    ] {
        assert_eq!(kind(400, told), Some(ContentFiltered), "{told}");
    }
}

#[test]
fn what_a_content_network_forbids_it_has_not_fetched() {
    for (told, expected) in [
        (
            "This distribution is not configured to allow the HTTP request method that was used.",
            BadRequest,
        ),
        ("", Permission),
    ] {
        let page = format!(
            "<TITLE>ERROR: The request could not be satisfied</TITLE><H1>403 ERROR</H1>{told}"
        );
        assert_eq!(kind(403, &page), Some(expected), "{told}");
    }
}
