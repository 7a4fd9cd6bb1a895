//! Reads the notifications in the files that are named, and says what happened: `notifications FILE...`.

use graph_call::capacity::Heap;
use graph_call::{ParseOptions, Parser};
use graph_call_notifications::CommsNotifications;

fn main() -> Result<(), Box<dyn core::error::Error>> {
    let mut news = CommsNotifications::<Heap>::empty();
    for path in std::env::args_os().skip(1) {
        // Microsoft's documentation prints commas too many.
        let mut parser = Parser::with_options(ParseOptions::new().trailing_commas(true));
        let path = std::path::Path::new(&path);
        let body = std::fs::read(path)?;
        let end = parser.feed(&mut news, &body).and_then(|()| parser.finish(&mut news));
        end.map_err(|error| format!("{}: {error}", path.display()))?;
        for change in news.value.iter() {
            let url = change.resource_url.as_str().or_else(|| change.resource.as_str()).unwrap_or("?");
            let state = change.resource_data.get().and_then(|call| call.state.as_str()).unwrap_or("?");
            println!("{url}: {}, {state}", change.change_type.as_str().unwrap_or("?"));
        }
    }
    Ok(())
}
