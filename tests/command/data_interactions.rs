//! Interaction files in every form that is read, and what is said of those that are not.

use foldin_cli::data::{Columns, interactions};
use foldin_lab::train::Interactions;
use proptest::prelude::*;
use std::io::Write;

fn read_with(bytes: &[u8], columns: &Columns) -> foldin::Result<Interactions> {
    let mut file = tempfile::Builder::new().prefix("ratings").tempfile().unwrap();
    file.write_all(bytes).unwrap();
    interactions::read(file.path(), columns)
}

fn read(text: &str) -> foldin::Result<Interactions> {
    read_with(text.as_bytes(), &Columns::default())
}

/// User, item, value and time of each entry, by user and item as they first appear.
fn entries(text: &str) -> Vec<(String, String, f32, Option<f64>)> {
    let read = read(text).unwrap();
    let row =
        |user: usize| (read.matrix.offsets[user]..read.matrix.offsets[user + 1]).map(move |at| (user, at));
    let entry = |(user, at): (usize, usize)| {
        let item = read.matrix.columns[at] as usize;
        let time = read.times.as_ref().map(|times| times[at]);
        (read.user_ids[user].clone(), read.item_ids[item].clone(), read.matrix.values[at], time)
    };
    (0..read.users()).flat_map(row).map(entry).collect()
}

fn message(text: &str) -> String {
    let error = read(text).unwrap_err();
    assert_eq!(error.code(), "data");
    error.to_string()
}

#[test]
fn every_separator_and_header_gives_the_same() {
    let expected = [
        ("7".to_owned(), "50".to_owned(), 5.0, Some(10.0)),
        ("7".to_owned(), "3".to_owned(), 2.5, Some(20.0)),
        ("2".to_owned(), "50".to_owned(), 1.0, Some(30.0)),
    ];
    let files = [
        "userId,movieId,rating,timestamp\n7,50,5,10\n7,3,2.5,20\n2,50,1,30\n",
        "\u{feff}user_id,item_id,value,time\r\n7,50,5,10\r\n7,3,2.5,20\r\n2,50,1,30",
        "user_id:token\titem_id:token\trating:float\ttimestamp:float\n7\t50\t5\t10\n7\t3\t2.5\t20\n2\t50\t1\t30\n",
        "timestamp;Rating;ITEM;User\n10;5;50;7\n20;2.5;3;7\n30;1;50;2\n",
        "7\t50\t5\t10\n7\t3\t2.5\t20\n2\t50\t1\t30\n",
        "7::50::5::10\n7::3::2.5::20\n2::50::1::30\n",
        "\n7 , 50 , 5 , 10\n\n\"7\",3,2.5,20\n2,50,1,30\n\n",
        "user,item,score,date\n7,50,5,1970-01-01T00:00:10Z\n7,3,2.5,1970-01-01 00:00:20\n2,50,1,1970-01-01T01:00:30+01:00\n",
    ];
    for text in files {
        assert_eq!(entries(text), expected, "{text}");
    }
}

#[test]
fn milliseconds_are_seconds() {
    let entries = entries("user,item,timestamp\na,b,1700000000000\na,c,1700000000\n");
    assert!(entries.iter().all(|entry| entry.3 == Some(1_700_000_000.0)));
}

#[test]
fn without_values_each_interaction_counts_one() {
    assert_eq!(entries("user,item\nann,book\n"), [("ann".into(), "book".into(), 1.0, None)]);
}

#[test]
fn the_last_of_a_duplicate_pair_wins() {
    let read = read("user,item,rating,time\na,x,1,9\na,y,2,8\na,x,5,7\n").unwrap();
    assert_eq!(read.matrix.values, [5.0, 2.0]);
    assert_eq!(read.times.unwrap(), [7.0, 8.0]);
    assert_eq!(read.order, [2, 1]);
}

#[test]
fn columns_are_chosen_by_name_or_number() {
    let by_name = Columns { user: Some("who".into()), item: Some("What".into()), ..Columns::default() };
    let read = read_with(b"what,who\nx,ann\n", &by_name).unwrap();
    assert_eq!((read.user_ids, read.item_ids), (vec!["ann".to_owned()], vec!["x".to_owned()]));
    let by_number = Columns { user: Some("3".into()), item: Some("1".into()), ..Columns::default() };
    let read = read_with(b"x,5,ann\ny,4,ann\n", &by_number).unwrap();
    assert_eq!((read.users(), read.items(), read.matrix.values), (1, 2, vec![1.0, 1.0]));
    let missing = Columns { user: Some("whom".into()), ..Columns::default() };
    let error = read_with(b"user,item\na,b\n", &missing).unwrap_err().to_string();
    assert!(error.contains(":1: no column \"whom\" among 2 columns; give --user-column"), "{error}");
}

#[test]
fn gzip_is_read_as_is() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"user,item\na,b\n").unwrap();
    let packed = packed.finish().unwrap();
    assert_eq!(read_with(&packed, &Columns::default()).unwrap().users(), 1);
    let error = read_with(&packed[..packed.len() - 9], &Columns::default()).unwrap_err();
    assert_eq!(error.code(), "io");
}

#[test]
fn bad_lines_are_named_with_the_remedy() {
    let cases = [
        ("", ": the file is empty; give a file"),
        ("\n\n", ": the file is empty; give a file"),
        ("user,item,rating\n", "no line after the header; "),
        (
            "user,item,rating\na,b,5\na,c,five\n",
            ":3: value: expected a finite number, found \"five\"; correct",
        ),
        ("user,item,rating\na,b,inf\n", ":2: value: expected a finite number, found \"inf\"; "),
        ("user,item,rating\na,b,1e99\n", ":2: value: expected a finite number, found \"1e99\"; "),
        ("user,item,rating\n\n\na,b,x\n", ":4: value: expected a finite number, found \"x\"; "),
        ("user,item,rating\r\n\r\na,b,1\r\na,b,x", ":4: value: expected a finite number, found \"x\"; "),
        ("user,item,time\na,b,noon\n", ":2: time: expected seconds or milliseconds since 1970, or a date"),
        (
            "user,item,rating\na,b,1\na,b\n",
            ":3: expected 3 fields as in the first line with \",\" between them, found 2; correct it, or leave such lines out",
        ),
        (
            "1::2::3\n1::2::3::4\n",
            ":2: expected 3 fields as in the first line with \"::\" between them, which no field may hold, found 4; ",
        ),
        ("user,item\n,b\n", ":2: an empty user; "),
        ("user,item\na, \n", ":2: an empty item; "),
        ("whom,item\na,b\n", ":1: no column of users found in \"whom item\"; name it with --user-column"),
        ("user,thing\na,b\n", ":1: no column of items found in \"user thing\"; name it with --item-column"),
        (
            "just words\n",
            ":1: no column of users found in \"just words\" (no header, and nothing shows which",
        ),
    ];
    for (text, expected) in cases {
        let message = message(text);
        assert!(message.contains(expected), "{text:?} gave {message:?}, expected {expected:?}");
    }
}

#[test]
fn an_unclosed_quote_does_not_fill_the_memory() {
    let text = format!("user,item\na,b\n\"{}", "c,d\n".repeat(1 << 20));
    let message = message(&text);
    assert!(message.contains(":3: a line of more than 1 MiB; "), "{message}");
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_with(&bytes, &Columns::default());
    }

    #[test]
    fn no_text_of_the_format_s_own_signs_panics(
        text in r#"(user|item|rating|time|1|5|-|NaN|,|;|::|:|\||\t|\n|\r|"|é| ){0,60}"#,
    ) {
        if let Ok(read) = read(&text) {
            prop_assert!(read.check().is_ok());
            prop_assert_eq!(read.matrix.rows(), read.users());
            prop_assert!(read.matrix.columns.iter().all(|&item| (item as usize) < read.items()));
        }
    }
}
