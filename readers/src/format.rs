//! What a file is, by its first bytes: packed, a table, or something that is named because it is none.

use super::literal;
use super::source::refused;
use foldin::error::Result;

/// What a file is packed with.
pub(super) enum Packing {
    Gzip,
    Zip,
    Zstd,
}

/// How the records of a table are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Form {
    /// Fields with something between them, a record a line.
    Delimited,
    /// JSON or Python objects: one after the other, or in a list.
    Json,
    #[cfg_attr(
        all(target_arch = "wasm32", target_os = "unknown"),
        expect(dead_code, reason = "a page reads no Parquet")
    )]
    Parquet,
    /// A table in memory.
    Frame,
    /// `%%MatrixMarket matrix coordinate`.
    MatrixMarket,
    /// Netflix' blocks: an item and a colon, then a line a user.
    Netflix,
}

/// First bytes of files that hold no table, what they are, and what to do.
const NO_TABLES: &[(&[u8], &str, &str)] = &[
    (
        b"\x93NUMPY",
        "a NumPy array (.npy)",
        "item vectors go to `foldin pack`; interactions: save them as CSV",
    ),
    (b"\x89HDF", "HDF5", "write it as CSV: `pandas.read_hdf(file).to_csv(\"file.csv\", index=False)`"),
    (b"BZh", "packed with bzip2", "unpack it: `bunzip2 -k FILE`"),
    (b"\xfd7zXZ\0", "packed with xz", "unpack it: `unxz -k FILE`"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it and give the table"),
    (b"Rar!", "a RAR archive", "unpack it and give the table"),
    (
        b"PAR1",
        "a Parquet file, which only the command reads, and from a path",
        "give the command its path, or write it as CSV",
    ),
    (b"ORC", "an ORC file", "write it as Parquet or CSV"),
    (b"Obj\x01", "an Avro file", "write it as Parquet or CSV"),
    (
        b"ARROW1",
        "an Arrow (Feather) file",
        "write it as Parquet: `pandas.read_feather(file).to_parquet(...)`",
    ),
    (
        b"SQLite format 3\0",
        "an SQLite database",
        "export the table: `sqlite3 -header -csv FILE 'select ...'`",
    ),
    (b"%PDF", "a PDF", "give the table that it shows as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "save it as CSV UTF-8 in the spreadsheet"),
    (b"RDX", "an R workspace", "write it as CSV: `write.csv(x, \"x.csv\", row.names = FALSE)`"),
    (b"\x89PNG", "an image", "give the table as CSV"),
    (b"\xff\xd8\xff", "an image", "give the table as CSV"),
    (b"{\\rtf", "a rich text document", "save it as plain text"),
    (b"version https://git-lfs", "a pointer of Git LFS, not the file", "fetch the file: `git lfs pull`"),
];

/// The same for text, where blanks and case do not matter.
const NO_TABLE_TEXTS: &[(&str, &str, &str)] = &[
    ("<!doctype html", WEB_PAGE, FETCH_AGAIN),
    ("<html", WEB_PAGE, FETCH_AGAIN),
    ("<head", WEB_PAGE, FETCH_AGAIN),
    ("<?xml", "XML, not a table", "convert it to CSV or JSON lines"),
    ("<", "a text with tags (HTML or XML), not a table", "convert it to CSV or JSON lines"),
    ("insert into ", SQL, EXPORT_SQL),
    ("create table ", SQL, EXPORT_SQL),
    ("-- mysql dump", SQL, EXPORT_SQL),
    ("-- postgresql database dump", SQL, EXPORT_SQL),
    ("--\n-- postgresql database dump", SQL, EXPORT_SQL),
    ("/*!", SQL, EXPORT_SQL),
    ("@relation", "Weka's ARFF", "remove the lines that begin with @, and name the columns by number"),
    ("-----begin ", "an encrypted or signed text", "decrypt it first"),
    ("%pdf", "a PDF", "give the table that it shows as CSV"),
];

const WEB_PAGE: &str = "a web page (HTML), not a table: the download gave something else";
const FETCH_AGAIN: &str = "download the file again, signed in where that is needed";
const SQL: &str = "a dump of a database (SQL), not a table";
const EXPORT_SQL: &str = "export the table as CSV";

/// What must be unpacked before anything can be read.
///
/// # Errors
/// [`foldin::Problem::Data`] for what is no table.
pub(super) fn packing(name: &str, head: &[u8]) -> Result<Option<Packing>> {
    match head {
        [] => Err(refused(name, "the file is empty", "give a file with at least one line")),
        [0x1f, 0x8b, ..] => Ok(Some(Packing::Gzip)),
        [b'P', b'K', 3 | 5 | 7, ..] => Ok(Some(Packing::Zip)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Ok(Some(Packing::Zstd)),
        [0x80, 2..=5, ..] => {
            let problem = "a pickle, which is a program: reading it would run it";
            Err(refused(name, problem, "write a table in Python: `frame.to_csv(\"file.csv\", index=False)`"))
        }
        _ if head.get(257..262) == Some(b"ustar") => {
            Err(refused(name, "a tar archive", "unpack it (`tar xf FILE`) and give the table"))
        }
        _ => match NO_TABLES.iter().find(|(start, ..)| head.starts_with(start)) {
            Some((_, problem, remedy)) => Err(refused(name, *problem, *remedy)),
            None => Ok(None),
        },
    }
}

/// How the records are written; `text` is the beginning of a text file in UTF-8.
///
/// # Errors
/// [`foldin::Problem::Data`] for a text that is no table.
pub(super) fn of_text(name: &str, text: &str) -> Result<Form> {
    let start = text.trim_start();
    let lower = start.get(..start.floor_char_boundary(64)).unwrap_or_default().to_lowercase();
    if let Some((_, problem, remedy)) = NO_TABLE_TEXTS.iter().find(|(begin, ..)| lower.starts_with(begin)) {
        return Err(refused(name, *problem, *remedy));
    }
    let line = start.lines().next().unwrap_or_default().trim();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if lower.starts_with("%%matrixmarket") {
        Ok(Form::MatrixMarket)
    } else if line.strip_suffix(':').is_some_and(is_number) {
        Ok(Form::Netflix)
    } else if start.starts_with('{') || is_list(start) {
        Ok(Form::Json)
    } else {
        Ok(Form::Delimited)
    }
}

/// `[` and then an object or a list, or a whole list in the first line; a cell such as `[1 2]` is none.
fn is_list(start: &str) -> bool {
    let Some(rest) = start.strip_prefix('[') else { return false };
    let first = start.lines().next().unwrap_or_default();
    rest.trim_start().starts_with(['{', '[', ']'])
        || literal::parse(first).is_some_and(|value| value.is_array())
}
