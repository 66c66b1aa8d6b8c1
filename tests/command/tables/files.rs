//! What a file is: packed, in another encoding or format, or no table at all.

use super::{PLAIN, THREE, entries, pairs, read_as, refused, values};
use flate2::{Compression, write::GzEncoder};
use foldin_cli::data::{Columns, Reading, interactions};
use std::io::Write;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn utf_16(text: &str, little: bool, mark: bool) -> Vec<u8> {
    let mark = mark.then_some('\u{feff}').map(String::from).unwrap_or_default();
    let units: Vec<u16> = (mark + text).encode_utf16().collect();
    units.iter().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

#[test]
fn what_is_packed_or_in_another_encoding_is_read() {
    let lines = PLAIN.as_bytes();
    let files: Vec<Vec<u8>> = vec![
        lines.to_vec(),
        gzip(lines),
        gzip(&gzip(lines)),
        zstd::encode_all(lines, 0).unwrap(),
        zip(&[("ratings.csv", lines)]),
        zip(&[("set/README.txt", b"read me"), ("set/ratings.csv", lines), ("__MACOSX/x", b"")]),
        utf_16(PLAIN, true, true),
        utf_16(PLAIN, false, true),
        utf_16(PLAIN, true, false),
        utf_16(&PLAIN.replace('\n', "\r\n").replace(',', "\t"), true, true),
        PLAIN.replace('\n', "\r").into_bytes(),
        PLAIN.replace('\n', "\r\n").into_bytes(),
        format!("\u{feff}{PLAIN}").into_bytes(),
    ];
    for file in files {
        assert_eq!(pairs(&file, &Reading::default()), THREE);
    }
    let latin = b"user,item\nu1,Caf\xe9\nu2,Caf\xe9\n";
    assert_eq!(pairs(latin, &Reading::default()), "u1-Caf\u{e9} u2-Caf\u{e9}");
    let cyrillic = b"user,item\nu1,\xcc\xe8\xf0\n";
    let reading = Reading { encoding: Some("windows-1251".into()), ..Reading::default() };
    assert_eq!(pairs(cyrillic, &reading), "u1-\u{41c}\u{438}\u{440}");
    // Longer texts tell by themselves.
    for (label, text) in [
        ("windows-1251", "Мир Труд Май Сказки Книга"),
        ("gbk", "红楼梦 三国演义 水浒传 西游记"),
        ("shift_jis", "となりのトトロ もののけ姫 千と千尋の神隠し"),
        ("euc-kr", "기생충 올드보이 살인의 추억 부산행"),
        ("windows-1253", "Ζορμπάς Οδύσσεια Ιλιάδα Αντιγόνη"),
        ("windows-1250", "Příliš žluťoučký kůň úpěl ďábelské ódy"),
    ] {
        let words: Vec<&str> = text.split(' ').collect();
        let table = words.iter().map(|word| format!("u1,{word}\n")).collect::<String>();
        let bytes = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(&table).0.into_owned();
        let (read, _) = read_as(&[b"user,item\n", &bytes[..]].concat(), &Reading::default()).unwrap();
        assert_eq!(read.item_ids, words, "{label}");
    }
    // The first such byte far behind the beginning.
    let late = format!("user,item\n{}", "u1,i1\n".repeat(60_000)).into_bytes();
    let (read, _) = read_as(&[late.as_slice(), b"u2,Caf\xe9\n"].concat(), &Reading::default()).unwrap();
    assert_eq!(read.item_ids, ["i1", "Caf\u{e9}"]);
}

#[test]
fn json_is_read_in_every_form() {
    let files = [
        "{\"user_id\":\"1\",\"item_id\":7}\n{\"user_id\":\"1\",\"item_id\":8}\n{\"user_id\":\"2\",\"item_id\":7}\n",
        "[{\"user\":1,\"item\":7},{\"user\":1,\"item\":8},{\"user\":2,\"item\":7}]",
        "[\n  {\n    \"user\": 1,\n    \"item\": 7\n  },\n  {\"user\": 1, \"item\": 8}, {\"user\": 2, \"item\": 7}\n]\n",
        "{'user': '1', 'item': u'7'}\n{'user': '1', 'item': '8', 'text': \"it's\"}\n{'user': '2', 'item': '7'}\n",
        "{\"user\":{\"id\":1},\"item\":{\"id\":7}}\n{\"user\":{\"id\":1},\"item\":{\"id\":8}}\n{\"user\":{\"id\":2},\"item\":{\"id\":7}}\n",
        "[[1,7,5],[1,8,4],[2,7,3]]",
        "[\"1\",\"7\",5]\n[\"1\",\"8\",4]\n[\"2\",\"7\",4]\n",
        "{\"data\":[{\"user\":1,\"item\":7},{\"user\":1,\"item\":8},{\"user\":2,\"item\":7}]}",
        "{\"user\":{\"0\":1,\"1\":1,\"2\":2},\"item\":{\"0\":7,\"1\":8,\"2\":7}}",
        "{\"columns\":[\"user\",\"item\"],\"index\":[0,1,2],\"data\":[[1,7],[1,8],[2,7]]}",
    ];
    for text in files {
        assert_eq!(pairs(text.as_bytes(), &Reading::default()), THREE, "{text}");
    }
    let broken = "{\"user\":1,\"item\":7}\n{\"user\":1,\"it\n{\"user\":2,\"item\":7}\n";
    refused(broken.as_bytes(), &[":2:", "expected a JSON object", "--bad-lines skip"]);
    refused(format!("{{\"a\":{}", "[".repeat(100_000)).as_bytes(), &["JSON"]);
}

#[test]
fn matrices_and_blocks_are_read() {
    let netflix = "1:\n1488844,3,2005-09-06\n822109,5,2005-05-13\n2:\n1488844,4,2005-09-05\n";
    let (read, _) = read_as(netflix.as_bytes(), &Reading::default()).unwrap();
    let first = ("1488844".to_owned(), "1".to_owned(), 3.0, Some(1_125_964_800.0));
    assert_eq!((read.matrix.entries(), &entries(&read)[0]), (3, &first));
    let market = "%%MatrixMarket matrix coordinate real general\n% by scipy\n2 8 3\n1 7 5\n1 8 4.5\n2 7 3\n";
    assert_eq!(pairs(market.as_bytes(), &Reading::default()), THREE);
    assert_eq!(values(market), [5.0, 4.5, 3.0]);
    refused(market.replace(" 3\n1", " 4\n1").as_bytes(), &["3 entries", "announce 4"]);
    refused(b"%%MatrixMarket matrix array real general\n2 2\n1\n2\n3\n4\n", &["MatrixMarket", "coordinate"]);
}

#[test]
fn what_is_no_table_is_named_with_the_step_to_take() {
    let cases: [(&[u8], &[&str]); 22] = [
        (
            b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>",
            &["web page (HTML)", "download"],
        ),
        (b"\n  <HTML lang=en>\n", &["web page"]),
        (b"<?xml version=\"1.0\"?><ratings/>", &["XML"]),
        (&zip(&[("xl/workbook.xml", b"x"), ("[Content_Types].xml", b"x")]), &["Excel workbook", "CSV"]),
        (&zip(&[("word/document.xml", b"x"), ("[Content_Types].xml", b"x")]), &["Office"]),
        (&zip(&[("a.csv", b"user,item\n"), ("b.csv", b"user,item\n")]), &["a.csv, b.csv", "unpack it"]),
        (&zip(&[("data.npy", b"\x93NUMPY")]), &["NumPy", "foldin pack"]),
        (&zip(&[]), &["empty zip"]),
        (b"PK\x03\x04 cut", &["zip archive that cannot be read"]),
        (b"\x93NUMPY\x01\x00v\x00{'descr': '<f4'}", &["NumPy array", "foldin pack"]),
        (b"\x80\x04\x95\x10\x00\x00", &["pickle", "to_csv"]),
        (b"\x89HDF\r\n\x1a\n", &["HDF5", "to_csv"]),
        (b"BZh91AY&SY", &["bzip2", "bunzip2"]),
        (b"\xfd7zXZ\0\0", &["xz", "unxz"]),
        (b"7z\xbc\xaf\x27\x1c\0", &["7z"]),
        (b"SQLite format 3\0\x10", &["SQLite", "sqlite3 -header -csv"]),
        (b"%PDF-1.7", &["PDF"]),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", &["old Excel", "CSV"]),
        (b"PAR1 cut PAR1", &["Parquet file that cannot be read"]),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", &["Git LFS", "git lfs pull"]),
        (b"INSERT INTO `ratings` VALUES (1,7,5),(1,8,4);\n", &["SQL", "CSV"]),
        (b"\x00\x01\x02\x03 nothing \x00\xff", &["neither text"]),
    ];
    for (bytes, words) in cases {
        refused(bytes, words);
    }
    refused(b"", &["the file is empty"]);
    refused(&gzip(b""), &["the file is empty"]);
}

#[test]
fn what_unfolds_without_end_is_refused_before_it_does() {
    let bomb = gzip(&gzip(&format!("1,2,{}\n", "x".repeat(1000)).into_bytes().repeat(100_000)));
    refused(&bomb, &["it unfolds to more than", "--max-bytes"]);
    let small = gzip(PLAIN.as_bytes());
    let reading = Reading { max_bytes: Some(10), ..Reading::default() };
    assert!(read_as(&small, &reading).unwrap_err().to_string().contains("more than 10 bytes"));
    let deep = (0..5).fold(PLAIN.as_bytes().to_vec(), |bytes, _| gzip(&bytes));
    refused(&deep, &["packed more than 3 times"]);
    #[cfg(unix)]
    for device in ["/dev/zero", "/dev/random"] {
        let error = interactions::read(device, &Columns::default()).unwrap_err().to_string();
        assert!(error.contains("a device, which may never end"), "{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    let error = interactions::read(folder.path(), &Columns::default()).unwrap_err().to_string();
    assert!(error.contains("a folder, not a table"), "{error}");
}
