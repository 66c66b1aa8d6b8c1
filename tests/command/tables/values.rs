//! What stands in a field: verdicts, times, gaps, numbers, ids, kinds of events.

use super::{THREE, entries, note, pairs, read_as, refused, values};
use foldin_cli::data::{Columns, DateOrder, Reading, Repeats};

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
    assert!(super::read_as(b"user,item,time\n1,7,soon\n", &without).unwrap().0.times.is_none());
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
        assert_eq!(super::read_as(text.as_bytes(), &ratings).unwrap().0.matrix.entries(), 2);
    }
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
fn kinds_of_events_are_values() {
    let text = "visitorid,itemid,event\n1,7,view\n1,8,addtocart\n1,8,view\n2,7,transaction\n2,9,skip\n3,7,-1\n3,8,click\n";
    let (read, read_as) = read_as(text.as_bytes(), &Reading::default()).unwrap();
    let weights: Vec<f32> = entries(&read).iter().map(|entry| entry.2).collect();
    assert_eq!(weights, [0.5, 0.7, 1.0, 0.5]);
    assert!(
        read_as.to_string().contains("view 0.5 (2)") && read_as.to_string().contains("skip left out (1)"),
        "{read_as}"
    );
    let given =
        Reading { event_weights: vec![("view".into(), 0.1), ("share".into(), 2.0)], ..Reading::default() };
    let shared = text.replace("transaction", "share");
    let (read, _) = super::read_as(shared.as_bytes(), &given).unwrap();
    assert_eq!(entries(&read).iter().map(|entry| entry.2).collect::<Vec<_>>(), [0.1, 0.7, 2.0, 0.5]);
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
