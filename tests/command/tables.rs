//! Tables as people have them, by kind: each is read as its owner means it, or refused with the step to take.

use flate2::{Compression, write::GzEncoder};
use foldin_cli::data::{BadLines, Columns, DateOrder, ReadAs, Reading, Repeats, interactions};
use foldin_lab::train::Interactions;
use std::io::Write;

/// Reads a file of these bytes.
pub fn read_as(bytes: &[u8], reading: &Reading) -> foldin::Result<(Interactions, ReadAs)> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    interactions::read_as(file.path(), reading)
}

/// User, item, value and time of each interaction, by user and item.
pub fn entries(read: &Interactions) -> Vec<(String, String, f32, Option<f64>)> {
    let mut entries: Vec<_> = (read.matrix.iter().enumerate())
        .map(|(at, (user, item, value))| {
            let [user, item] =
                [&read.user_ids[user as usize], &read.item_ids[item as usize]].map(String::clone);
            (user, item, value, read.times.as_ref().map(|times| times[at]))
        })
        .collect();
    entries.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    entries
}

/// The pairs of user and item as `user-item`, with blanks between them.
fn pairs(bytes: &[u8], reading: &Reading) -> String {
    let (read, _) =
        read_as(bytes, reading).unwrap_or_else(|error| panic!("{}: {error}", String::from_utf8_lossy(bytes)));
    entries(&read).iter().map(|(user, item, ..)| format!("{user}-{item}")).collect::<Vec<_>>().join(" ")
}

fn values(text: &str) -> Vec<f32> {
    let (read, _) =
        read_as(text.as_bytes(), &Reading::default()).unwrap_or_else(|error| panic!("{text}: {error}"));
    entries(&read).iter().map(|entry| entry.2).collect()
}

fn refused(bytes: &[u8], words: &[&str]) {
    let message = match read_as(bytes, &Reading::default()) {
        Err(error) => error.to_string(),
        Ok((_, read_as)) => panic!("{}: {read_as}", String::from_utf8_lossy(bytes)),
    };
    assert!(!message.contains('\n'), "one line: {message}");
    words.iter().for_each(|word| assert!(message.contains(word), "{word:?} in {message}"));
}

fn note(text: &str, reading: &Reading) -> String {
    read_as(text.as_bytes(), reading).unwrap_or_else(|error| panic!("{text}: {error}")).1.to_string()
}

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

const PLAIN: &str = "user,item\n1,7\n1,8\n2,7\n";
const THREE: &str = "1-7 1-8 2-7";

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
fn of_verdicts_a_no_is_left_out() {
    for (yes, no) in [("true", "false"), ("TRUE", "FALSE"), ("yes", "no"), ("1", "0"), ("1.0", "0.0")] {
        for name in ["liked", "is_click", "label:float", "Recommended"] {
            let table = format!("user,item,{name}\nu1,a,{yes}\nu1,b,{no}\nu2,a,{yes}\nu2,c,{yes}\n");
            let (read, read_as) = read_as(table.as_bytes(), &Reading::default()).unwrap();
            assert_eq!((read.item_ids.len(), read.matrix.entries()), (2, 3), "{table}");
            let said = read_as.to_string();
            assert!(said.contains(&format!("{no} left out (1)")), "{said}");
            let all = Columns { event: Some("none".into()), ..Columns::default() };
            let all = Reading { columns: all, ..Reading::default() };
            assert_eq!(pairs(table.as_bytes(), &all), "u1-a u1-b u2-a u2-c", "{table}");
        }
    }
    // Beside ratings they only say which lines count; and a column of other values is none of them.
    let rated = "user,item,rating,watched\nu1,a,5,1\nu1,b,3,0\nu2,a,2,1\n";
    let (read, _) = read_as(rated.as_bytes(), &Reading::default()).unwrap();
    assert_eq!(read.matrix.values, [5.0, 2.0]);
    let counted = "user,item,likes\nu1,a,1\nu1,b,7\nu2,a,0\n";
    assert_eq!(pairs(counted.as_bytes(), &Reading::default()), "u1-a u1-b u2-a");
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

#[test]
fn separators_quotes_and_lines_around_the_table_are_found() {
    let files = [
        "1 7 5\n1 8 4\n2 7 3\n",
        "1  7   5\n1  8   4\n2 7 3\n",
        "user item\n1 7\n1 8\n2 7\n",
        "\"user_id\"\t\"item_id\"\n\"1\"\t\"7\"\n\"1\"\t\"8\"\n\"2\"\t\"7\"\n",
        "'user','item'\n'1','7'\n'1','8'\n'2','7'\n",
        "\"user\" \"item\" \"rating\"\n\"1\" \"1\" \"7\" 5\n\"2\" \"1\" \"8\" 4\n\"3\" \"2\" \"7\" 3\n",
        "\"user\",\"item\"\n\"1\",\"1\",\"7\"\n\"2\",\"1\",\"8\"\n\"3\",\"2\",\"7\"\n",
        "1;7;4,5\n1;8;3,5\n2;7;4,5\n",
        "user|item|note\n1|7|a, b\n1|8|c\n2|7|d, e\n",
        "1|7|5\n1|8|4\n2|7|3\n",
        "user\u{1}item\n1\u{1}7\n1\u{1}8\n2\u{1}7\n",
        "# exported 2024-05-31, by shop\n# 3 rows\nuser,item\n1,7\n1,8\n2,7\n",
        "#user,item\n1,7\n1,8\n2,7\n",
        "user,item\n1,7\n# a remark, with commas, more of them\n1,8\n2,7\n",
        "user,item,rating\n1,7,4,\n1,8,3,\n2,7,5,\n",
        "user,item,rating,\n1,7,4\n1,8,3\n2,7,5\n",
        "user,item,rating,\n1,7,4,\n1,8,3,\n2,7,5,\n",
        "Report of ratings\n\nuser,item,rating\n1,7,4\n1,8,3\n2,7,5\n",
        "Ratings of the shop, all of them\nuser,item,rating\n1,7,4\n1,8,3\n2,7,5\n",
        "sep=;\nuser;item\n1;7\n1;8\n2;7\n",
        "\n\nuser,item\n1,7\n\n1,8\n2,7\n\n",
        "user,item\n1,7\n1,8\nuser,item\n2,7\n",
        ",user,item\n0,1,7\n1,1,8\n2,2,7\n",
        "user_id:token\titem_id:token\n1\t7\n1\t8\n2\t7\n",
    ];
    for text in files {
        assert_eq!(pairs(text.as_bytes(), &Reading::default()), THREE, "{text}");
    }
    let escaped = "\"user\";\"item\"\n\"1\";\"say \\\"hi\\\"; ok\"\n\"2\";\"b\"\n";
    assert_eq!(pairs(escaped.as_bytes(), &Reading::default()), "1-say \"hi\"; ok 2-b");
    let doubled = "user,item\n1,\"say \"\"hi\"\", ok\"\n2,b\n";
    assert_eq!(pairs(doubled.as_bytes(), &Reading::default()), "1-say \"hi\", ok 2-b");
    assert!(
        note("user,item\n1,7\nuser,item\n2,7\n", &Reading::default()).contains("1 repeated headers left out")
    );
}

#[test]
fn a_bad_line_is_named_by_the_line_on_which_it_begins() {
    let text = "user,item,note,rating\n1,7,\"two\nlines\",5\n1,8,\"three\n\nlines\",x\n";
    refused(text.as_bytes(), &[":4: value: expected a finite number, found \"x\""]);
    let all = (0..7).map(|line| format!("1,{line},x\n")).collect::<String>();
    refused(format!("user,item,rating\n1,7,5\n{all}").as_bytes(), &[":3:", "(7 lines: 3, 4, 5, 6, 7, ...)"]);
}

#[test]
fn columns_without_names_are_taken_where_they_fit() {
    let read = |text: &str| {
        let (read, read_as) =
            read_as(text.as_bytes(), &Reading::default()).unwrap_or_else(|error| panic!("{text}: {error}"));
        (entries(&read)[0].clone(), read_as.to_string())
    };
    let entry = |user: &str, item: &str, value, time| (user.to_owned(), item.to_owned(), value, time);
    let index = "0,25,7,4.5,1508218672\n1,25,13,4.5,1507004841\n2,27,7,5,1508758379\n3,27,13,1,1508758999\n";
    let (first, note) = read(index);
    assert_eq!(first, entry("25", "13", 4.5, Some(1_507_004_841.0)));
    assert!(note.contains("col 1 counts the lines and is left out"), "{note}");
    let cases = [
        ("7,50\n7,3\n", entry("7", "3", 1.0, None)),
        ("7,50,4.5\n7,3,2\n", entry("7", "3", 2.0, None)),
        ("7,50,1508218672\n7,3,1507004841\n", entry("7", "3", 1.0, Some(1_507_004_841.0))),
        ("7,50,1508218672,4\n7,3,1507004841,5\n", entry("7", "3", 1.0, Some(1_507_004_841.0))),
        (
            "A2SUAM1J3GNN3B,0000013714,5.0,1400457600\n",
            entry("A2SUAM1J3GNN3B", "0000013714", 5.0, Some(1_400_457_600.0)),
        ),
        (
            "0001713353,A1C6M8LCIX4M6M,5.0,1123804800\n",
            entry("A1C6M8LCIX4M6M", "0001713353", 5.0, Some(1_123_804_800.0)),
        ),
        ("11,2014-04-07T10:51:09Z,214536502,0\n", entry("11", "214536502", 1.0, Some(1_396_867_869.0))),
        (
            "151603712,\"The Elder Scrolls V\",purchase,1.0,0\n",
            entry("151603712", "The Elder Scrolls V", 1.0, None),
        ),
        ("u1\ta7\t12\nu1\ta8\t3\n", entry("u1", "a7", 12.0, None)),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text).0, expected, "{text}");
    }
    for text in [
        "alice,matrix\nbob,heat\n",
        "1,2,3,4,5\n2,9,3,4,5\n",
        "1,7,4\n2,7,5\n3,8,4\n4,9,4\n5,7,1\n",
        "who,what\nann,1\n",
    ] {
        refused(text.as_bytes(), &["no column of users found", "--user-column"]);
    }
}

#[test]
fn names_of_the_well_known_sets_are_known() {
    let headers = [
        "member,sku,stars",
        "User-ID;ISBN;Book-Rating",
        "customer_id,article_id,t_dat",
        "uid,item,weight",
        "userID\tartistID\tweight",
        "reviewerID,asin,overall,unixReviewTime",
        "user_id,parent_asin,rating,timestamp",
        "user_id,business_id,stars,date",
        "visitorid,itemid,event,timestamp",
        "user_session,product_id,event_type,event_time",
        "userId,gameId,hours",
        "user_id,anime_id,rating",
        "CustomerID,StockCode,InvoiceDate",
        "user_id,recipe_id,date,rating",
        "msno,song_id",
        "profile_id,video_id,watch_ratio",
        "user_id,book_id,is_read,rating",
        "user_id,item,timestamp(ms)",
    ];
    for header in headers {
        let separator = header.chars().find(|c| ",;\t".contains(*c)).unwrap();
        let fields = |user: &str, item: &str| {
            let rest = header.split(separator).skip(2).map(|name| match name.to_lowercase() {
                name if name.contains("event_type") || name == "event" => "view",
                name if name.contains("time") || name.contains("dat") => "2019-10-01",
                _ => "4",
            });
            let fields: Vec<&str> = [user, item].into_iter().chain(rest).collect();
            fields.join(&separator.to_string())
        };
        let text = format!("{header}\n{}\n{}\n{}\n", fields("1", "7"), fields("1", "8"), fields("2", "7"));
        assert_eq!(pairs(text.as_bytes(), &Reading::default()), THREE, "{text}");
    }
}

#[test]
fn times_are_found_read_and_said() {
    let log = "event_time,event_type,product_id,user_id\n2019-10-01 00:00:00 UTC,view,44,541\n2019-10-05 00:00:00 UTC,view,45,554\n";
    let (read, read_as) = read_as(log.as_bytes(), &Reading::default()).unwrap();
    assert_eq!(read.times.unwrap(), [1_569_888_000.0, 1_570_233_600.0]);
    assert_eq!(read_as.times.unwrap().from, "2019-10-01T00:00:00Z");
    let scaled = |zeros: &str| {
        let text = format!(
            "user,item,timestamp\n1,7,1508218672{zeros}\n1,8,1507004841{zeros}\n2,7,1508758379{zeros}\n"
        );
        read_with_times(&text, &Reading::default())
    };
    ["000", "000000", "000000000"].iter().for_each(|zeros| assert_eq!(scaled(zeros), scaled("")));
    let mind = "user\titem\ttime\nU1\tN7\t11/11/2019 9:05:58 AM\nU1\tN8\t11/13/2019 10:05:58 PM\n";
    assert_eq!(read_with_times(mind, &Reading::default()), [1_573_463_158.0, 1_573_682_758.0]);
    let open = "user,item,date\n1,7,05/06/2024\n1,8,06/06/2024\n";
    refused(open.as_bytes(), &["05/06/2024", "--dates day-first"]);
    let told = Reading { dates: Some(DateOrder::DayFirst), ..Reading::default() };
    assert_eq!(read_with_times(open, &told), [1_717_545_600.0, 1_717_632_000.0]);
    refused(
        b"user,item,time\n1,7,1508218672\n1,8,soon\n",
        &[":3: time:", "found \"soon\"", "--bad-lines skip"],
    );
    let none = Columns { time: Some("none".into()), ..Columns::default() };
    let without = Reading { columns: none, ..Reading::default() };
    assert!(super::tables::read_as(b"user,item,time\n1,7,soon\n", &without).unwrap().0.times.is_none());
}

fn read_with_times(text: &str, reading: &Reading) -> Vec<f64> {
    entries(&read_as(text.as_bytes(), reading).unwrap().0).iter().map(|entry| entry.3.unwrap()).collect()
}

#[test]
fn gaps_in_columns_that_are_not_needed_are_interactions_all_the_same() {
    for null in ["", "\\N", "NULL", "null", "nan", "NaN", "None", "NA", "<NA>", "-"] {
        let text = format!(
            "user_id,item_id,rating,timestamp\n25,7,4.5,1508218672\n25,13,{null},{null}\n27,7,5,1508218673\n"
        );
        let (read, read_as) = read_as(text.as_bytes(), &Reading::default()).unwrap();
        assert_eq!(entries(&read)[0], ("25".into(), "13".into(), 0.0, Some(1_508_218_672.0)), "{null}");
        let note = read_as.to_string();
        assert!(
            note.contains("1 without a value count as seen") && note.contains("1 without a time"),
            "{note}"
        );
        let ratings = Reading { need_values: true, ..Reading::default() };
        assert_eq!(super::tables::read_as(text.as_bytes(), &ratings).unwrap().0.matrix.entries(), 2);
    }
}

#[test]
fn lines_that_cannot_be_used_are_refused_together_or_left_out() {
    let text = "user,item,rating\n25,7,5\n,13,4\n27,\\N,3\n28,7\n29,7,five\n30,7,4\n";
    refused(
        text.as_bytes(),
        &[":3:", "an empty user", "an empty item", "expected 3 fields", "found \"five\"", "--bad-lines skip"],
    );
    let kept = tempfile::NamedTempFile::new().unwrap();
    let skip = Reading { bad_lines: BadLines::Skip(Some(kept.path().to_owned())), ..Reading::default() };
    assert_eq!(pairs(text.as_bytes(), &skip), "25-7 30-7");
    assert_eq!(std::fs::read_to_string(kept.path()).unwrap(), ",13,4\n27,\\N,3\n28,7\n29,7,five\n");
    assert!(
        note(text, &Reading { bad_lines: BadLines::Skip(None), ..Reading::default() })
            .contains("4 lines left out")
    );
    let all_bad = read_as(b"user,item\n,1\n,2\n", &skip).unwrap_err().to_string();
    assert!(all_bad.contains("an empty user") && all_bad.contains("no other line is left"), "{all_bad}");
}

#[test]
fn numbers_are_read_as_their_column_writes_them() {
    assert_eq!(values("user;item;rating\n25;7;4,5\n25;13;3,5\n32;7;4\n"), [3.5, 4.5, 4.0]);
    assert_eq!(values("user,item,rating\n25,7,\"4,5\"\n25,13,\"3,5\"\n"), [3.5, 4.5]);
    assert_eq!(values("user,item,value\n25,7,\"3,496\"\n25,13,\"1,200\"\n32,7,12\n"), [1200.0, 3496.0, 12.0]);
    assert_eq!(values("user;item;value\n25;7;1.234,5\n25;13;3,5\n"), [3.5, 1234.5]);
}

#[test]
fn ids_are_written_alike() {
    assert_eq!(pairs(b"userId,movieId\n1.0,7.0\n1.0,8.0\n2.0,7.0\n", &Reading::default()), THREE);
    assert_eq!(
        pairs(
            b"userId,version\n1,1.0\n",
            &Reading {
                columns: Columns { item: Some("version".into()), ..Columns::default() },
                ..Reading::default()
            }
        ),
        "1-1"
    );
    assert_eq!(pairs(b"user,item\n1,1.0\n1,1.5\n", &Reading::default()), "1-1.0 1-1.5");
    assert_eq!(
        pairs("user,item\n1,Cafe\u{301}\n2,Caf\u{e9}\n".as_bytes(), &Reading::default()),
        "1-Caf\u{e9} 2-Caf\u{e9}"
    );
    assert_eq!(pairs(b"user,item\n1, 007 \n", &Reading::default()), "1-007");
    assert!(note("user,item\n1,007\n", &Reading::default()).contains("zeros in front, which are kept"));
}

#[test]
fn lists_of_items_are_taken_apart_when_asked_and_named_when_not() {
    let mind = "1\tU1\tN55 N60 N61\n2\tU2\tN55 N60\n3\tU3\tN61 N55\n";
    let columns = |item: Option<&str>| Columns {
        user: Some("2".into()),
        item: item.map(String::from),
        ..Columns::default()
    };
    let whole = Reading { columns: columns(Some("3")), ..Reading::default() };
    assert!(note(mind, &whole).contains("--explode 3"));
    let apart = Reading { columns: columns(None), explode: Some("3".into()), ..Reading::default() };
    assert_eq!(pairs(mind.as_bytes(), &apart), "U1-N55 U1-N60 U1-N61 U2-N55 U2-N60 U3-N55 U3-N61");
    for list in ["a,b", "['a', 'b']", "[\"a\",\"b\"]", "{a,b}", "a|b", "a b", "a-1 c-0 b-1"] {
        let text = format!("user,items\n1,\"{}\"\n", list.replace('"', "\"\""));
        let apart = Reading { explode: Some("items".into()), ..Reading::default() };
        assert_eq!(pairs(text.as_bytes(), &apart), "1-a 1-b", "{list}");
    }
}

#[test]
fn kinds_of_events_are_values() {
    let text = "visitorid,itemid,event\n1,7,view\n1,8,addtocart\n1,8,view\n2,7,transaction\n2,9,skip\n3,7,-1\n3,8,click\n";
    let (read, read_as) = read_as(text.as_bytes(), &Reading::default()).unwrap();
    let weights: Vec<f32> = entries(&read).iter().map(|entry| entry.2).collect();
    assert_eq!(weights, [0.5, 1.0, 1.0, 0.5]);
    assert!(
        read_as.to_string().contains("view 0.5 (2)") && read_as.to_string().contains("skip left out (1)"),
        "{read_as}"
    );
    let given =
        Reading { event_weights: vec![("view".into(), 0.1), ("share".into(), 2.0)], ..Reading::default() };
    let shared = text.replace("transaction", "share");
    let (read, _) = super::tables::read_as(shared.as_bytes(), &given).unwrap();
    assert_eq!(entries(&read).iter().map(|entry| entry.2).collect::<Vec<_>>(), [0.1, 1.0, 2.0, 0.5]);
    let unknown = text.replace("2,7,transaction", "2,7,teleport");
    refused(unknown.as_bytes(), &[":5:", "event:", "\"teleport\"", "--event-weights"]);
    // A column of this name that holds something else is not read.
    assert_eq!(pairs(b"user,item,type\n1,7,A\n1,8,B\n2,7,A\n", &Reading::default()), THREE);
}

#[test]
fn pairs_that_come_again_are_said_and_can_count() {
    let plays = "user,item\nu1,a7\nu1,a7\nu1,a7\nu1,a8\nu2,a7\n";
    assert!(note(plays, &Reading::default()).contains("3 interactions of 2 users and 2 items, 2 repeated"));
    let count = Reading { repeats: Some(Repeats::Count), ..Reading::default() };
    let counted = |text: &str| {
        entries(&read_as(text.as_bytes(), &count).unwrap().0).iter().map(|entry| entry.2).collect::<Vec<_>>()
    };
    assert_eq!(counted(plays), [3.0, 1.0, 1.0]);
    assert_eq!(counted("user,item,plays\nu1,a7,10\nu1,a7,20\nu2,a7,1\n"), [30.0, 1.0]);
}

#[test]
fn what_databases_print_around_a_table_is_left_out() {
    let text = " user_id | item_id | rating \n---------+---------+--------\n       1 |       7 |    4.5\n       2 |       7 |      3\n(2 rows)\n\n";
    let (read, told) = read_as(text.as_bytes(), &Reading::default()).unwrap();
    assert_eq!((read.users(), read.items()), (2, 1));
    assert!(told.to_string().contains("2 lines of comments or rules left out"), "{told}");
    let (read, told) = read_as(b"user~item\n1.00E+05~7\n2.00E+05~8\n", &Reading::default()).unwrap();
    assert_eq!((read.users(), read.items()), (2, 2));
    assert!(told.to_string().contains("1.00E+05 were rounded by a spreadsheet"), "{told}");
}
