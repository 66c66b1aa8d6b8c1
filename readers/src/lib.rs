//! Readers of what people have on disk: interactions, catalogues of items, and, natively, vectors that others trained.
//!
//! What a file is shows in its first bytes and lines, whatever its name: `source` unpacks, `text` decodes,
//! `dialect` finds separators and quotes, `table` gives records with their lines, and the readers of interactions,
//! items and users say which column is which, by the one table of [`names`]. Nothing is skipped in silence: a reader
//! says what it took a file for ([`ReadAs`]), or refuses it with file, line and remedy. Files are streamed: memory
//! holds what was read, never the text.

mod bad_lines;
mod blocks;
mod columns;
mod delimited;
mod dialect;
mod encoding;
mod events;
mod format;
mod frame;
mod ids;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub mod import;
mod input;
pub mod interactions;
mod item_columns;
pub mod items;
mod json;
mod lists;
mod literal;
pub mod look;
pub mod names;
mod numbers;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
mod parquet;
mod read_as;
mod reading;
mod source;
mod table;
mod text;
mod times;
mod unicode;
pub mod users;
mod value;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod wasm;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub mod words;
mod zip;

pub use bad_lines::BadLines;
pub use frame::{Cells, Frame};
pub use ids::Matching;
pub use input::Input;
pub use items::ItemTable;
pub use numbers::Numbers;
pub use read_as::ReadAs;
pub use reading::{Columns, Reading, Repeats};
pub use times::DateOrder;
pub use users::UserTable;
pub use value::Decimal;
