//! A table in memory: a data frame of Python, for example.

use super::table::{Fault, Records};
use csv::StringRecord;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// Cells in rows and columns, as the text that a file would hold.
pub trait Cells: Send + Sync {
    /// The names of the columns.
    fn names(&self) -> Vec<String>;

    /// How many rows there are.
    fn rows(&self) -> usize;

    /// The cell's text; empty where it holds nothing.
    fn text(&self, row: usize, column: usize) -> Cow<'_, str>;
}

/// Cells with the name that errors give them.
#[derive(Clone)]
pub struct Frame {
    /// E.g. `interactions`.
    pub name: String,
    /// What it holds.
    pub cells: Arc<dyn Cells>,
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} rows of {}", self.name, self.cells.rows(), self.cells.names().join(", "))
    }
}

/// Its rows; the first has the names.
pub(super) struct Rows {
    cells: Arc<dyn Cells>,
    columns: usize,
    read: usize,
}

impl Rows {
    pub fn of(frame: &Frame) -> Rows {
        Rows { cells: frame.cells.clone(), columns: frame.cells.names().len(), read: 0 }
    }
}

impl Records for Rows {
    fn read(&mut self, record: &mut StringRecord) -> Result<bool, Fault> {
        record.clear();
        if self.read > self.cells.rows() {
            return Ok(false);
        }
        match self.read.checked_sub(1) {
            None => record.extend(self.cells.names()),
            Some(row) => {
                (0..self.columns).for_each(|column| record.push_field(&self.cells.text(row, column)))
            }
        }
        self.read += 1;
        Ok(true)
    }

    /// Rows have no lines: their number, with the names as the first.
    fn line(&self) -> u64 {
        self.read as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Columns, Input, interactions, items};

    struct Grid(Vec<Vec<&'static str>>);

    impl Cells for Grid {
        fn names(&self) -> Vec<String> {
            self.0[0].iter().map(|&name| name.to_owned()).collect()
        }

        fn rows(&self) -> usize {
            self.0.len() - 1
        }

        fn text(&self, row: usize, column: usize) -> Cow<'_, str> {
            self.0[row + 1][column].into()
        }
    }

    fn frame(name: &str, rows: &[&[&'static str]]) -> Input {
        let cells = Arc::new(Grid(rows.iter().map(|row| row.to_vec()).collect()));
        Input::Frame(Frame { name: name.into(), cells })
    }

    #[test]
    fn a_frame_is_read_as_its_file_would_be() {
        let rows: [&[&str]; 4] =
            [&["item", "user", "rating"], &["50", "7.0", "4"], &["50", "8.0", ""], &["1", "7.0", "2"]];
        let read = interactions::read(frame("interactions", &rows), &Columns::default()).unwrap();
        assert_eq!(
            (read.user_ids, read.item_ids),
            (vec!["7".into(), "8".into()], vec!["50".into(), "1".into()])
        );
        assert_eq!(read.matrix.values, [4.0, 2.0, 0.0]);
        let films: [&[&str]; 2] = [&["id", "title"], &["50", "Star Wars (1977)"]];
        let table = items::read(frame("items", &films)).unwrap();
        assert_eq!(table.columns_for(&["50".into()]).numbers["year"], [1977.0]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_row() {
        let told = |rows: &[&[&'static str]]| {
            interactions::read(frame("interactions", rows), &Columns::default()).unwrap_err().to_string()
        };
        let error = told(&[&["user", "item"], &["7", "50"], &["", "50"]]);
        assert!(error.starts_with("interactions:3: an empty user"), "{error}");
        let error = told(&[&["item", "rating"], &["50", "4"]]);
        assert!(error.contains("no column of users found in \"item rating\""), "{error}");
        assert!(told(&[&["user", "item"]]).contains("at least one interaction"));
        assert!(told(&[&[]]).contains("no column of users"), "{}", told(&[&[]]));
    }
}
