//! The code of the README and of the guide, which must compile, and must run where it can.

macro_rules! pages {
    ($($name:ident: $path:literal,)+) => {$(
        #[doc = include_str!(concat!("../../", $path))]
        pub struct $name;
    )+};
}

pages! {
    Readme: "README.md",
    Contributing: "CONTRIBUTING.md",
    Security: "SECURITY.md",
    Index: "docs/README.md",
    Architecture: "docs/architecture.md",
    Benchmarks: "docs/benchmarks.md",
    ChoosingAStack: "docs/choosing-a-stack.md",
    ClassifyingYourOwnErrors: "docs/classifying-your-own-errors.md",
    Comparison: "docs/comparison.md",
    Gateway: "docs/gateway.md",
    LlmStreaming: "docs/llm-streaming.md",
    Ordering: "docs/ordering.md",
    Problems: "docs/problems.md",
    Testing: "docs/testing.md",
    WritingACursor: "docs/writing-a-cursor.md",
}
