//! Separators, quotes, and lines that are no records.

use super::{THREE, note, pairs, read_as, refused};
use foldin_cli::data::{BadLines, Reading};

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
fn what_databases_print_around_a_table_is_left_out() {
    let text = " user_id | item_id | rating \n---------+---------+--------\n       1 |       7 |    4.5\n       2 |       7 |      3\n(2 rows)\n\n";
    let (read, told) = read_as(text.as_bytes(), &Reading::default()).unwrap();
    assert_eq!((read.users(), read.items()), (2, 1));
    assert!(told.to_string().contains("2 lines of comments or rules left out"), "{told}");
    let (read, told) = read_as(b"user~item\n1.00E+05~7\n2.00E+05~8\n", &Reading::default()).unwrap();
    assert_eq!((read.users(), read.items()), (2, 2));
    assert!(told.to_string().contains("1.00E+05 were rounded by a spreadsheet"), "{told}");
}
