//! `foldin train` and `foldin recommend` for those of whom nothing is known: side files of users and items, another
//! domain, and what the command refuses of them.
//!
//! The shop has two kinds of customers: young ones have even films and books, old ones odd films and books.

use crate::executable;
use serde_json::Value;
use std::path::Path;
use std::process::Output;

const USERS: usize = 40;
const ITEMS: usize = 24;

fn command(folder: &Path, arguments: &str) -> Output {
    let mut command = executable();
    command.current_dir(folder).args(arguments.split_whitespace()).output().unwrap()
}

#[track_caller]
pub fn done(folder: &Path, arguments: &str) -> Value {
    let output = command(folder, &format!("{arguments} --json"));
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The one line that a refusal says; no model is written.
#[track_caller]
pub fn refused(folder: &Path, arguments: &str) -> String {
    let output = command(folder, &format!("{arguments} -o refused.safetensors"));
    assert!(!output.status.success() && output.stdout.is_empty(), "{arguments}");
    assert!(!folder.join("refused.safetensors").exists(), "{arguments}");
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.lines().count() == 1 && text.starts_with("error: "), "{arguments}: {text}");
    text
}

/// Interactions of even users with even items and odd ones with odd ones, but for some; ids start with `letter`.
fn interactions(letter: char) -> String {
    let pairs = (0..USERS).flat_map(|user| (0..ITEMS).map(move |item| (user, item)));
    let met = pairs.filter(|(user, item)| user % 2 == item % 2 && (user * 7 + item * 5) % 3 != 0);
    let line = |(user, item): (usize, usize)| format!("u{user},{letter}{item},{}", 1_000_000 + item * 86_400);
    let lines: Vec<String> = std::iter::once("user,item,timestamp".into()).chain(met.map(line)).collect();
    lines.join("\n")
}

pub fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    write("films.csv", interactions('f'));
    write("books.csv", interactions('b'));
    let table = |letter: char| {
        let kind = |item: usize| if item.is_multiple_of(2) { "even" } else { "odd" };
        let lines =
            (0..ITEMS).map(|item| format!("{letter}{item},Title {item},{},{}", kind(item), 1990 + item));
        std::iter::once("id,title,genres,year".into()).chain(lines).collect::<Vec<String>>().join("\n")
    };
    write("film-table.csv", table('f'));
    write("book-table.csv", table('b'));
    let age = |user: usize| if user.is_multiple_of(2) { 20 + user % 7 } else { 60 + user % 7 };
    let people = (0..USERS).map(|user| format!("u{user},{},{}", age(user), ["baker", "smith"][user % 2]));
    write(
        "people.csv",
        std::iter::once("id,age,job".into()).chain(people).collect::<Vec<String>>().join("\n"),
    );
    folder
}

/// A matrix as NumPy saves it.
pub fn npy(rows: usize, columns: usize, value: impl Fn(usize, usize) -> f32) -> Vec<u8> {
    let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    let padded = format!("{header:width$}\n", width = 117);
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((padded.len() as u16).to_le_bytes());
    file.extend(padded.as_bytes());
    file.extend((0..rows * columns).flat_map(|at| value(at / columns, at % columns).to_le_bytes()));
    file
}

/// The share of odd items among what is recommended.
fn odd(shelf: &Value) -> f64 {
    let ids: Vec<&str> =
        shelf.as_array().unwrap().iter().map(|result| result["item"].as_str().unwrap()).collect();
    let odd = ids.iter().filter(|id| id[1..].parse::<usize>().unwrap() % 2 == 1).count();
    odd as f64 / ids.len() as f64
}

#[test]
fn traits_of_users_bring_what_people_alike_have() {
    let folder = shop();
    let at = folder.path();
    let report = done(at, "train films.csv --users people.csv --dim 8 -o films.safetensors");
    assert!(report["cold_start"]["traits"].as_u64().unwrap() > 0, "{report}");
    let shelf = |traits: &str| done(at, &format!("recommend films.safetensors --count 6 --traits {traits}"));
    for (traits, share) in [(r#"{"age":64}"#, 1.0), (r#"{"age":21,"job":"baker"}"#, 0.0)] {
        let shelf = shelf(traits);
        assert_eq!((odd(&shelf), &shelf[0]["rung"]), (share, &Value::from("prior")), "{shelf}");
    }
    let unknown = command(at, r#"recommend films.safetensors --traits {"job":"king"}"#);
    let text = String::from_utf8(unknown.stderr).unwrap();
    assert!(
        text.starts_with("error: traits: ") && text.contains("baker, smith") && text.contains("king"),
        "{text}"
    );
    std::fs::write(at.join("strangers.csv"), "id,age\nnobody,30").unwrap();
    let text = refused(at, "train films.csv --users strangers.csv");
    assert!(text.contains("strangers.csv") || text.contains("users"), "{text}");
    let text = refused(at, "train films.csv --users people.csv --algorithm bpr");
    assert!(text.contains("ials"), "{text}");
}

#[test]
fn the_rung_says_what_is_trending_or_only_popular() {
    let folder = shop();
    let at = folder.path();
    let first = |options: &str| {
        done(at, &format!("train films.csv --dim 8 -o films.safetensors {options}"));
        let shelf = done(at, "recommend films.safetensors --count 1");
        (shelf[0]["item"].as_str().unwrap().to_owned(), shelf[0]["rung"].as_str().unwrap().to_owned())
    };
    // The later an item's number, the later it was met.
    assert_eq!(first("--trend-half-life 0.5").1, "trending");
    assert!(["f22", "f23"].contains(&first("--trend-half-life 0.5").0.as_str()));
    assert_eq!(first("--trend-half-life 0").1, "popular");
    let liked = done(at, "recommend films.safetensors --liked f1 --count 1");
    assert_eq!(liked[0]["rung"], "personal");
}

#[test]
fn embeddings_of_items_must_be_theirs() {
    let folder = shop();
    let at = folder.path();
    let write = |name: &str, bytes: Vec<u8>| std::fs::write(at.join(name), bytes).unwrap();
    write("good.npy", npy(ITEMS, 4, |item, column| if column == item % 2 { 1.0 } else { 0.1 }));
    write("short.npy", npy(ITEMS - 1, 4, |_, _| 1.0));
    write("hole.npy", npy(ITEMS, 4, |item, _| if item == 3 { f32::NAN } else { 1.0 }));
    let with = "train films.csv --items film-table.csv --dim 8 --item-embeddings";
    let plain = done(at, "train films.csv --items film-table.csv --dim 8 -o films.safetensors");
    let rich = done(at, &format!("{with} good.npy -o films.safetensors"));
    let content = |report: &Value| report["cold_start"]["content"].as_u64().unwrap();
    // A row of 8 bytes and a scale for each number of the embedding.
    assert_eq!(content(&rich) - content(&plain), 4 * (8 + 4));
    let text = refused(at, &format!("{with} short.npy"));
    assert!(text.contains("23 vectors") && text.contains("24 lines"), "{text}");
    let text = refused(at, &format!("{with} hole.npy"));
    assert!(text.contains("finite"), "{text}");
    refused(at, &format!("{with} nowhere.npy"));
}

#[test]
fn a_visitor_of_another_domain_is_known_or_the_map_is_refused() {
    let folder = shop();
    let at = folder.path();
    done(at, "train books.csv --items book-table.csv --dim 6 -o books.safetensors");
    let with = "train films.csv --dim 8 --transfer-from books.safetensors";
    for way in ["--shared-users books.csv", "--items film-table.csv"] {
        let report = done(at, &format!("{with} {way} -o films.safetensors"));
        // Seven rows, one for the constant, of 8 bytes and a scale.
        assert_eq!(report["cold_start"]["transfer"], 7 * (8 + 4), "{way}");
    }
    let text = refused(at, &format!("{with} --shared-users books.csv --transfer-by procrustes"));
    assert!(text.contains("--transfer-by ridge") && text.contains('6'), "another dimension: {text}");
    std::fs::write(at.join("strangers.csv"), interactions('b').replace("u", "x").replace("xser", "user"))
        .unwrap();
    let text = refused(at, &format!("{with} --shared-users strangers.csv"));
    assert!(text.contains("0 of 40 users") && text.contains("write the ids alike"), "{text}");
    std::fs::write(at.join("colours.csv"), "id,title,colours\nf0,A,red\nf1,B,blue").unwrap();
    let text = refused(at, &format!("{with} --items colours.csv"));
    assert!(text.contains("no feature in common"), "an unrelated catalogue: {text}");
    done(at, "train books.csv --dim 6 -o bare.safetensors");
    let text = refused(at, "train films.csv --dim 8 --transfer-from bare.safetensors");
    assert!(text.contains("no content map") && text.contains("--shared-users"), "{text}");
    std::fs::write(at.join("broken.safetensors"), "not a model").unwrap();
    refused(at, "train films.csv --dim 8 --transfer-from broken.safetensors");
}

#[test]
fn baskets_are_found_by_the_name_of_their_column() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    // A customer buys both of a pair in one order, and every pair in the end.
    let lines = (0..20).flat_map(|user| {
        (0..10).map(move |at| format!("u{user},p{at},o{user}-{},{}", at / 2, 1_700_000_000 + at * 86_400))
    });
    let orders = |column: &str| {
        let header = format!("customer_id,product_id,{column},created_at");
        [header].into_iter().chain(lines.clone()).collect::<Vec<_>>().join("\n")
    };
    let train = "train orders.csv --algorithm ials --dim 4 --baskets -o model.safetensors";
    for column in ["order_id", "OrderID", "Transaction No", "bestellnummer"] {
        write("orders.csv", orders(column));
        for option in ["", "--user-column customer_id"] {
            done(folder.path(), &format!("{train} {option}"));
            let found =
                done(folder.path(), r#"similar model.safetensors p4 --options {"by":"bought-together"}"#);
            let items: Vec<&str> =
                found.as_array().unwrap().iter().map(|one| one["item"].as_str().unwrap()).collect();
            assert_eq!(items, ["p5"], "{column} {option}");
        }
    }
    // Another column is named; and a file that cannot be read is refused, never read in another way.
    write("orders.csv", orders("slip"));
    done(folder.path(), &format!("{train} --basket-column slip"));
    write("baskets.csv", format!("{}\nu1,,o9,1700000000\n", orders("order_id")));
    let error = refused(folder.path(), "train orders.csv --algorithm ials --dim 4 --baskets baskets.csv");
    assert!(error.contains("baskets.csv:202: an empty item"), "{error}");
}
