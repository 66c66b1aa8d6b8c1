//! Which column is what.

use super::{THREE, entries, note, pairs, read_as, refused};
use foldin_cli::data::{Columns, Reading};

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
