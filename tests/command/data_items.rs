//! Item files, their columns, and how they meet the items of training.

use foldin::model::CatalogColumns;
use foldin_cli::data::{ItemTable, items};
use proptest::prelude::*;
use std::io::Write;

fn read(bytes: impl AsRef<[u8]>) -> foldin::Result<ItemTable> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes.as_ref()).unwrap();
    items::read(file.path())
}

fn columns(text: &str, ids: &[&str]) -> CatalogColumns {
    read(text).unwrap().columns_for(&ids.iter().map(|id| id.to_string()).collect::<Vec<_>>())
}

fn tags<'a>(columns: &'a CatalogColumns, name: &str, item: usize) -> Vec<&'a str> {
    let column = &columns.tags[name];
    column.codes[item].iter().map(|&code| column.vocabulary[code as usize].as_str()).collect()
}

#[test]
fn every_form_gives_the_same() {
    let files = [
        "movieId,title,genres\n1,Toy Story (1995),Animation|Comedy\n2,\"Postino, Il (1994)\",(no genres listed)\n",
        "1::Toy Story (1995)::Animation|Comedy\n2::Postino, Il (1994)::\n",
        "item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\n\
         1\tToy Story (1995)\t1995\tAnimation Comedy\n2\tPostino, Il (1994)\t1994\t\n",
    ];
    for text in files {
        let columns = columns(text, &["2", "1"]);
        assert_eq!(columns.titles.as_ref().unwrap(), &["Postino, Il (1994)", "Toy Story (1995)"]);
        assert!(tags(&columns, "genres", 0).is_empty());
        assert_eq!(tags(&columns, "genres", 1), ["Animation", "Comedy"]);
        assert_eq!(columns.numbers["year"], [1994.0, 1995.0]);
    }
}

#[test]
fn items_without_a_line_are_blank_and_others_are_left_out() {
    let columns = columns("id,name,tags,price,note\na,Apple,red|round,1.5,x\nb,Bee,,,y\n", &["z", "a"]);
    assert_eq!(columns.titles.as_ref().unwrap(), &["", "Apple"]);
    assert!(tags(&columns, "tags", 0).is_empty());
    assert_eq!(tags(&columns, "tags", 1), ["red", "round"]);
    assert!(columns.numbers["price"][0].is_nan());
    assert_eq!(columns.numbers["price"][1], 1.5);
    assert_eq!(columns.numbers.keys().collect::<Vec<_>>(), ["price"]);
}

#[test]
fn an_unknown_year_is_no_number_and_the_title_does_not_stand_in() {
    let columns = columns("item,title,year\na,A (1990),V\nb,B,1991\n", &["a", "b"]);
    assert!(columns.numbers["year"][0].is_nan());
    assert_eq!(columns.numbers["year"][1], 1991.0);
}

#[test]
fn the_last_line_of_an_item_and_the_first_column_of_a_name_count() {
    let columns = columns("item,title,title,genre,class\na,A,B,x,y\na,C,D,z,w\n", &["a"]);
    assert_eq!(columns.titles.as_ref().unwrap(), &["C"]);
    assert_eq!(tags(&columns, "genres", 0), ["z"]);
}

#[test]
fn bad_files_are_named_with_the_remedy() {
    let cases = [
        ("", "the file is empty"),
        ("what,title\na,b\n", ":1: no column of item ids found in \"what title\"; call"),
        ("item,title\n,b\n", ":2: an empty item id; "),
        (
            "item,title\na,b,c\n",
            ":2: expected 2 fields as in the first line with \",\" between them, found 3; ",
        ),
    ];
    for (text, expected) in cases {
        let message = read(text).unwrap_err().to_string();
        assert!(message.contains(expected), "{text:?} gave {message:?}");
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(bytes).map(|items| items.columns_for(&["1".to_owned()]));
    }

    #[test]
    fn no_text_of_the_format_s_own_signs_panics(
        text in r#"(item|title|year|genre|tags|x|1|V|\(1995\)|,|;|::|:|\||\t|\n|"|é| ){0,60}"#,
    ) {
        if let Ok(items) = read(text) {
            let columns = items.columns_for(&["1".to_owned(), "x".to_owned()]);
            prop_assert!(columns.numbers.values().all(|values| values.len() == 2));
        }
    }
}

#[test]
fn a_column_of_dates_is_a_number_of_seconds() {
    let table = "item_id,title,available,created_at,in_stock_since,note\n\
        1,A,2024-05-31,1717113600,31/05/2024,soon\n2,B,2024-06-01T12:00:00Z,1717113601,01/06/2024,\n3,C,,1717113602,,new\n";
    let found = read(table).unwrap();
    let ids = ["1", "2", "3"].map(String::from);
    let numbers = found.columns_for(&ids).numbers;
    assert_eq!(numbers["available"][..2], [1_717_113_600.0, 1_717_243_200.0]);
    assert!(numbers["available"][2].is_nan());
    assert_eq!(numbers["in_stock_since"][..2], [1_717_113_600.0, 1_717_200_000.0]);
    assert_eq!(numbers["created_at"][0], 1_717_113_600.0);
    let said = found.read_as().describe();
    assert!(said.contains("\"available\" a date, in seconds since 1970, 1 unknown"), "{said}");
    assert!(said.contains("\"note\" (text)"), "{said}");
    let open = read("item_id,title,since\n1,A,05/06/2024\n2,B,06/05/2024\n").unwrap();
    assert!(open.columns_for(&ids).numbers.is_empty());
    assert!(open.read_as().describe().contains("say --dates"), "{}", open.read_as().describe());
}
