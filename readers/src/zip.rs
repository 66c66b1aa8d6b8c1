//! The table in a zip archive.

use super::input::Input;
use super::source::refused;
use ::zip::ZipArchive;
use foldin::error::Result;
use std::io::BufReader;

/// A file in a zip archive.
pub(super) struct Entry {
    pub name: String,
    /// Where its bytes start, and how many there are.
    pub start: u64,
    pub packed: u64,
    pub deflated: bool,
}

/// The one table of an archive; those with several, and other files that are archives in truth, are refused by name.
pub(super) fn only_table(input: &Input) -> Result<Entry> {
    let place = input.to_string();
    let damaged = |error: ::zip::result::ZipError| {
        refused(&place, format!("a zip archive that cannot be read: {error}"), "download or export it again")
    };
    let file = BufReader::new(input.open()?.0);
    let mut archive = ZipArchive::new(file).map_err(damaged)?;
    let mut names: Vec<(usize, String)> = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(damaged)?;
        let name = entry.name().map_err(damaged)?.into_owned();
        if entry.is_file() && !name.starts_with("__MACOSX/") && !name.ends_with(".DS_Store") {
            names.push((index, name));
        }
    }
    let has = |end: &str| names.iter().any(|(_, name)| name.ends_with(end));
    if has("xl/workbook.xml") {
        return Err(refused(
            &place,
            "an Excel workbook (.xlsx)",
            "save the sheet as CSV UTF-8 and give that",
        ));
    }
    if has("content.xml") && has("mimetype") {
        return Err(refused(&place, "an OpenDocument file (.ods)", "save the sheet as CSV and give that"));
    }
    if has("[Content_Types].xml") {
        return Err(refused(&place, "an Office document", "save the table that it holds as CSV"));
    }
    if has(".npy") {
        let remedy = "item vectors go to `foldin pack`; interactions: save them as CSV";
        return Err(refused(&place, "an archive of NumPy arrays (.npz)", remedy));
    }
    if has("data.pkl") {
        return Err(refused(
            &place,
            "a PyTorch file, which is a pickle",
            "write a table: `frame.to_csv(...)`",
        ));
    }
    let is_about = |name: &str| {
        let name = name.rsplit('/').next().unwrap_or(name).to_lowercase();
        ["readme", "license", "licence", "copying"].iter().any(|word| name.starts_with(word))
    };
    let tables: Vec<&(usize, String)> = names.iter().filter(|(_, name)| !is_about(name)).collect();
    let [(index, name)] = tables[..] else {
        let listed: Vec<&str> = tables.iter().take(6).map(|(_, name)| name.as_str()).collect();
        let (problem, remedy) = match listed.first() {
            None => ("an empty zip archive".to_owned(), "give the table".to_owned()),
            Some(first) => (
                format!("a zip archive of {} files (it has {})", tables.len(), listed.join(", ")),
                format!("unpack it and give one of them, e.g. {first}"),
            ),
        };
        return Err(refused(&place, problem, remedy));
    };
    let entry = archive.by_index_raw(*index).map_err(damaged)?;
    if entry.encrypted() {
        return Err(refused(
            &place,
            format!("a zip archive with a password around {name}"),
            "unpack it first",
        ));
    }
    let deflated = match entry.compression() {
        ::zip::CompressionMethod::Stored => false,
        ::zip::CompressionMethod::Deflated => true,
        other => {
            let problem = format!("{name} is packed with {other}, which is not read");
            return Err(refused(&place, problem, format!("unpack it and give {name}")));
        }
    };
    let start = entry.data_start().ok_or_else(|| {
        refused(&place, "a zip archive that cannot be read", "unpack it and give its table")
    })?;
    Ok(Entry { name: name.clone(), start, packed: entry.compressed_size(), deflated })
}
