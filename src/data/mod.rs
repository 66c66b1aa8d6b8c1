//! Readers of what people have on disk: interactions, and catalogues of items. Native only.
//!
//! Every file is a table of text: CSV, TSV, `;`, `|` or `::` between fields, gzipped or not, with or without a
//! header, in UTF-8. A line that cannot be used is an [`crate::Error::Data`] that names file, line and remedy;
//! nothing is skipped in silence. Files are streamed: memory holds what was read, never the text.

mod columns;
pub mod interactions;
pub mod items;
mod numbers;
mod table;

pub use columns::Columns;
pub use items::ItemTable;
