//! Readers of what people have on disk: interactions, catalogues of items, and vectors that others trained. Native only.
//!
//! Every file but those that [`import`] reads is a table of text: CSV, TSV, `;`, `|` or `::` between fields, gzipped or not, with or without a
//! header, in UTF-8. A line that cannot be used is an [`foldin::Problem::Data`] that names file, line and remedy;
//! nothing is skipped in silence. Files are streamed: memory holds what was read, never the text.

mod columns;
pub mod import;
pub mod interactions;
pub mod items;
mod numbers;
mod table;
pub mod users;

pub use columns::Columns;
pub use items::ItemTable;
pub use numbers::Numbers;
pub use users::UserTable;
