//! x
mod input;
mod lines;
mod words;
fn main() {
    let _ = lines::answer(std::io::stdin().lock(), &mut std::io::stdout().lock());
    let _ = input::Input::text;
}
