//! `text/html`, for browsers: one page without scripts, pictures or anything to fetch.

use crate::Explanation;
use crate::wording::Labels;
use buttress_core::Failure;
use std::fmt::{self, Write};

/// Follows the reader's light or dark, and fits a phone.
const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1d2129;--soft:#5a6270;--line:#d9dde3;--paper:#fff;\
--card:#f5f6f8}\
@media (prefers-color-scheme:dark){:root{--ink:#e7eaee;--soft:#a3abb7;--line:#373d47;\
--paper:#16191e;--card:#1f242b}}\
*{box-sizing:border-box}\
body{margin:0;background:var(--paper);color:var(--ink);\
font:1rem/1.55 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",sans-serif}\
main{max-width:40rem;margin:0 auto;padding:clamp(1.5rem,6vw,4rem) 1.25rem;\
overflow-wrap:anywhere}\
h1{margin:0 0 .75rem;font-size:1.6rem;line-height:1.25;text-wrap:balance}\
h2{margin:1.75rem 0 .35rem;font-size:.95rem;color:var(--soft)}\
p{margin:0}\
.lead{font-size:1.125rem}\
.next{margin-top:1.75rem;padding:1rem 1.25rem 1.1rem;background:var(--card);\
border:1px solid var(--line);border-radius:.5rem}\
.next h2{margin-top:0;color:var(--ink)}\
ol{margin:0;padding-inline-start:1.4rem}\
li{margin:.4rem 0}\
footer{margin-top:2rem;padding-top:.9rem;border-top:1px solid var(--line);\
color:var(--soft);font-size:.875rem}\
footer span{margin-inline-end:1.5em}\
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.95em}";

pub(super) fn render(failure: &Failure, explanation: &Explanation) -> String {
    let mut out = String::with_capacity(4_096);
    // Writing to a `String` cannot fail.
    let _ = write(&mut out, failure, explanation);
    out
}

fn write(out: &mut String, failure: &Failure, told: &Explanation) -> fmt::Result {
    let labels = Labels::of(told);
    let title = Html(told.title());
    write!(
        out,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n\
         <p class=\"lead\">{}</p>\n",
        Html(told.language()),
        Html(told.happened()),
    )?;
    let about = [
        (&labels.side, told.side()),
        (&labels.tried, told.tried()),
        (&labels.come_back, told.come_back()),
    ];
    if !told.next_steps().is_empty() {
        write!(
            out,
            "<section class=\"next\">\n<h2>{}</h2>\n<ol>\n",
            Html(&labels.next)
        )?;
        for step in told.next_steps() {
            writeln!(out, "<li>{}</li>", Html(step))?;
        }
        out.push_str("</ol>\n</section>\n");
    }
    for (label, text) in about {
        if let Some(text) = text {
            writeln!(out, "<h2>{}</h2>\n<p>{}</p>", Html(label), Html(text))?;
        }
    }
    write!(
        out,
        "<footer>\n<span>{}<code>{}</code></span>\n",
        Html(&labels.colon(&labels.code)),
        Html(failure.kind().code())
    )?;
    if let Some(reference) = told.reference() {
        writeln!(
            out,
            "<span>{}<code>{}</code></span>",
            Html(&labels.colon(&labels.reference)),
            Html(reference.as_str())
        )?;
    }
    out.push_str("</footer>\n</main>\n</body>\n</html>\n");
    Ok(())
}

/// Text in HTML, between tags and in quoted attributes.
struct Html<'a>(&'a str);

impl fmt::Display for Html<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}
