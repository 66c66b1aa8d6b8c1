//! What the command says of the files it reads, and how files meet: `look`, and the notes of `train`, `pack` and others.

use crate::executable;
use serde_json::Value;
use std::path::Path;
use std::process::Output;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    executable().current_dir(folder).args(arguments).output().unwrap()
}

fn words(arguments: &str) -> Vec<&str> {
    arguments.split_whitespace().collect()
}

#[track_caller]
fn done(folder: &Path, arguments: &[&str]) -> (String, String) {
    let output = run(folder, arguments);
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(output.status.success(), "{arguments:?}: {err}");
    (out, err)
}

#[track_caller]
fn refused(folder: &Path, arguments: &str) -> String {
    let output = run(folder, &words(arguments));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && output.stdout.is_empty(), "{arguments}");
    assert!(text.starts_with("error: ") && text.trim_end().lines().count() == 1, "{text}");
    text
}

const RATINGS: &str = "userId,movieId\n1,1\n1,2\n2,1\n2,3\n";

/// What `recommend` says of each item after training with this file of items, and the notes of the training.
fn trained(ratings: &str, items: &str, more: &str) -> (Value, String) {
    let folder = folder(&[("r.csv", ratings), ("i.csv", items)]);
    let (_, notes) =
        done(folder.path(), &words(&format!("train r.csv --items i.csv --dim 2 -o m.safetensors {more}")));
    let (out, _) = done(folder.path(), &words("recommend m.safetensors --count 9 --json"));
    (serde_json::from_str(&out).unwrap(), notes)
}

fn item<'a>(shelf: &'a Value, id: &str) -> &'a Value {
    shelf
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["item"] == id)
        .unwrap_or_else(|| panic!("{id} in {shelf}"))
}

#[test]
fn train_says_in_one_line_what_it_took_the_file_for() {
    let text =
        "userid\tasin\tevent_time\nu1\ta7\t1508218672000\nu1\ta7\t1508218673000\nu2\ta8\t1508218674000\n";
    let folder = folder(&[("log.tsv", text)]);
    let (out, err) = done(folder.path(), &words("train log.tsv --dim 2 -o m.safetensors --json"));
    let expected = "read as: user=col 1 \"userid\", item=col 2 \"asin\", value none, time=col 3 \"event_time\" in milliseconds; \
                    2 interactions of 2 users and 2 items, 1 repeated; fields between tab\n";
    assert_eq!(err, expected);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["read"]["columns"][1]["name"], "asin");
    assert_eq!(report["read"]["times"]["unit"], "milliseconds");
    assert_eq!(report["read"]["repeated"], 1);
    let (_, err) =
        done(folder.path(), &words("evaluate log.tsv --dim 2 --baselines none --split random --json"));
    assert!(err.starts_with("read as: user=col 1"), "{err}");
}

#[test]
fn look_shows_the_file_and_the_command_to_go_on_with() {
    let folder = folder(&[
        (
            "r.csv",
            "user;item;rating;date\n1;7;4,5;31/05/2024\n1;8;3,5;01/06/2024\n2;7;x;02/06/2024\n;9;1;02/06/2024\n",
        ),
        ("i.csv", "id,title,genres\n7,Heat,Action|Crime\n8,Babe,Drama\n"),
        ("odd.html", "<html></html>"),
    ]);
    let (out, _) = done(folder.path(), &words("look r.csv --items i.csv"));
    for part in [
        "delimited, fields between \";\", UTF-8, header",
        "<user>",
        "user = col 1 \"user\", item = col 2 \"item\", value = col 3 \"rating\", time = col 4 \"date\"",
        "2 of 1 users and 2 items",
        "2024-05-31T00:00:00Z to 2024-06-01T00:00:00Z, in dates",
        "odd lines",
        "found \"x\"",
        "genres, split by \"|\"",
        "2 of 2 items have a line",
        "go on with: foldin train r.csv --items i.csv --bad-lines skip -o model.safetensors",
    ] {
        assert!(out.contains(part), "{part:?} in {out}");
    }
    let (out, _) = done(folder.path(), &words("look r.csv --items i.csv --json"));
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["interactions"]["left_out"].as_array().unwrap().len(), 2);
    assert_eq!(document["sample"]["columns"][3]["role"], "time");
    assert_eq!(document["sample"]["rows"][0][2], "4,5");
    assert_eq!(document["density"], 1.0);
    assert_eq!(document["matching"]["matched"], 2);
    let command = document["command"].as_str().unwrap().strip_prefix("foldin ").unwrap().to_owned();
    done(folder.path(), &words(&format!("{command} --dim 2")));
    let (out, _) = done(folder.path(), &words("look i.csv"));
    assert!(out.contains("go on with: foldin train INTERACTIONS --items i.csv"), "{out}");
    assert!(refused(folder.path(), "look odd.html").contains("web page (HTML)"));
}

#[test]
fn items_without_a_line_are_said_and_none_at_all_is_an_error() {
    let ratings = "userId,movieId\n1.0,5.0\n1.0,6.0\n2.0,5.0\n";
    let (shelf, _) = trained(ratings, "movieId,title\n5,Heat\n6,Babe\n", "");
    assert_eq!((&item(&shelf, "5")["title"], &item(&shelf, "6")["title"]), (&"Heat".into(), &"Babe".into()));
    let (_, notes) = trained(RATINGS, "movieId,title\n1,Heat\n9,Babe\n", "");
    for part in ["warning: i.csv: only 1 of 3 items of r.csv are in it", "\"2\", \"3\" there", "\"9\" here"] {
        assert!(notes.contains(part), "{part:?} in {notes}");
    }
    let files = [
        ("r.csv", RATINGS),
        ("i.csv", "movieId,title\nSKU-1,Heat\nSKU-2,Babe\n"),
        ("users.csv", "user,age\nann,3\nbob,4\n"),
        ("test.csv", "userId,movieId\n1,x1\n2,x2\n"),
        ("vectors.csv", "item,v1,v2\n0,0.1,0.2\n1,0.3,-0.1\n"),
        ("clicks.csv", "user,item\n1,SKU-0\n1,SKU-1\n"),
    ];
    let folder = folder(&files);
    let none = refused(folder.path(), "train r.csv --items i.csv --dim 2 -o m.safetensors");
    assert!(
        none.contains("0 of 3 items of r.csv") && none.contains("they meet by their digits alone"),
        "{none}"
    );
    for (arguments, place) in [
        ("train r.csv --users users.csv --dim 2 -o m.safetensors", "users.csv: 0 of 2 users"),
        ("evaluate r.csv --test test.csv --dim 2 --baselines none", "r.csv: 0 of 2 items of --test"),
        (
            "pack vectors.csv --interactions clicks.csv --biases popularity -o m.safetensors",
            "clicks.csv: 0 of 2 items",
        ),
        ("pack vectors.csv --items i.csv -o m.safetensors", "i.csv: 0 of 2 items"),
    ] {
        let text = refused(folder.path(), arguments);
        assert!(text.contains(place), "{place:?} in {text}");
    }
    assert!(!folder.path().join("m.safetensors").exists());
}

#[test]
fn tags_are_taken_apart_by_what_their_column_shows() {
    let kinds = [
        "\"Animation, Comedy\"",
        "\"['Animation', 'Comedy']\"",
        "Animation|Comedy",
        "Animation;Comedy",
        "Animation/Comedy",
        "\"[\"\"Animation\"\", \"\"Comedy\"\"]\"",
        "\"[{\"\"id\"\": 16, \"\"name\"\": \"\"Animation\"\"}, {\"\"id\"\": 35, \"\"name\"\": \"\"Comedy\"\"}]\"",
        "\"{Animation,Comedy}\"",
        "\"[{'id': 16, 'name': 'Animation'}, {'id': 35, 'name': 'Comedy'}]\"",
    ];
    for kind in kinds {
        let other = |kind: &str| kind.replace("Animation", "Action");
        let thriller = kind.replace("Animation", "Action").replace("Comedy", "Thriller");
        let items = format!("movieId,title,genres\n1,Toy,{kind}\n2,Eye,{thriller}\n3,Heat,{}\n", other(kind));
        let (shelf, _) = trained(RATINGS, &items, "");
        assert_eq!(item(&shelf, "1")["tags"]["genres"], serde_json::json!(["Animation", "Comedy"]), "{kind}");
        assert_eq!(item(&shelf, "2")["tags"]["genres"], serde_json::json!(["Action", "Thriller"]), "{kind}");
    }
    let one = "movieId,title,category\n1,A,\"Clothing, Shoes & Jewelry\"\n2,B,\"Clothing, Shoes & Jewelry\"\n3,C,Books\n";
    assert_eq!(
        item(&trained(RATINGS, one, "").0, "1")["tags"]["categories"],
        serde_json::json!(["Clothing, Shoes & Jewelry"])
    );
}

#[test]
fn keys_are_no_features_and_a_price_with_a_gap_is_one() {
    let items = "book_id,goodreads_book_id,isbn13,original_publication_year,title,price,blurb\n\
                 1,2767052,9780439023480,2008,A,9.99,good\n2,3,9780439554930,1997,B,-,better\n3,41865,9780316015840,2005,C,$11.99,best\n";
    let (shelf, notes) = trained(&RATINGS.replace("movieId", "book_id"), items, "--content-weight 3");
    let numbers = &item(&shelf, "3")["numbers"];
    assert_eq!(numbers["year"], 2005.0);
    assert!((numbers["price"].as_f64().unwrap() - 11.99).abs() < 1e-5, "{numbers}");
    assert_eq!(numbers.as_object().unwrap().len(), 2, "{numbers}");
    assert!(item(&shelf, "2")["numbers"]["price"].is_null());
    for part in [
        "\"goodreads_book_id\" (a key)",
        "\"isbn13\" (a key)",
        "\"blurb\" a description, for --words",
        "\"price\" a number, 1 unknown",
    ] {
        assert!(notes.contains(part), "{part:?} in {notes}");
    }
}

#[test]
fn item_files_are_read_as_interactions_are() {
    let ratings = "customer_id,article_id\na1,51\na1,52\nb2,51\n";
    let files = [
        "article_id,prod_name\n51,Vest top\n52,Strap top\n",
        "51|Vest top|Clothes\n52|Strap top, long|Clothes\n",
        "51::Vest top::Clothes\n52::Strap:: top::Clothes\n",
        "{\"article_id\": 51, \"name\": \"Vest top\"}\n{\"article_id\": \"52\", \"name\": \"x\"}\n",
        "\"item_id\";\"title\"\n\"51\";\"Vest top\"\n\"52\";\"Peter \\\"Pan\\\"; 2\"\n",
    ];
    for text in files {
        assert_eq!(item(&trained(ratings, text, "").0, "51")["title"], "Vest top", "{text}");
    }
    let (shelf, _) = trained(ratings, files[2], "");
    assert_eq!(item(&shelf, "52")["title"], "Strap:: top");
    assert_eq!(item(&trained(ratings, files[4], "").0, "52")["title"], "Peter \"Pan\"; 2");
    let (_, notes) = trained(ratings, "article_id,shade\n51,red\n52,blue\n", "");
    assert!(notes.contains("no column of titles among article_id, shade"), "{notes}");
    let named = "number,title\n51,Vest top\n52,x\n";
    assert_eq!(item(&trained(ratings, named, "--item-id-column number").0, "51")["title"], "Vest top");
    let dates = "51|Vest top|01-Jan-1995\n52|x y|01-Jan-1996\n";
    assert!(item(&trained(ratings, dates, "").0, "51")["tags"].is_null(), "a date is no genre");
}

#[test]
fn ids_with_commas_are_given_alone_or_in_quotes() {
    let folder =
        folder(&[("r.csv", "user,item\n1,\"Warhammer 40,000\"\n1,Dota 2\n2,\"Warhammer 40,000\"\n2,7\n")]);
    done(folder.path(), &words("train r.csv --dim 2 -o m.safetensors"));
    let liked = |liked: &[&str]| {
        let arguments = ["recommend", "m.safetensors", "--json"]
            .into_iter()
            .chain(liked.iter().flat_map(|id| ["--liked", id]));
        let (out, _) = done(folder.path(), &arguments.collect::<Vec<_>>());
        let shelf: Value = serde_json::from_str(&out).unwrap();
        shelf
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["item"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let without = |shelf: Vec<String>, ids: &[&str]| {
        assert!(!shelf.is_empty() && ids.iter().all(|id| !shelf.contains(&id.to_string())), "{shelf:?}")
    };
    without(liked(&["Warhammer 40,000"]), &["Warhammer 40,000"]);
    without(liked(&["\"Warhammer 40,000\",7"]), &["Warhammer 40,000", "7"]);
    without(liked(&["Dota 2,7"]), &["Dota 2", "7"]);
    without(liked(&["Dota 2", "Warhammer 40,000"]), &["Dota 2", "Warhammer 40,000"]);
    assert!(refused(folder.path(), "recommend m.safetensors --liked nope").contains("unknown item \"nope\""));
}

#[test]
fn every_verb_reads_what_train_reads() {
    let log = "customer_id;sku;event_time\n1;7;2019-10-01 00:00:00 UTC\n1;8;2019-10-02 00:00:00 UTC\n2;7;2019-10-03 00:00:00 UTC\n2;8;2019-10-04 00:00:00 UTC\n";
    let folder = folder(&[("r.csv", log), ("v.csv", "item,v1,v2\n7,0.1,0.2\n8,0.3,-0.1\n")]);
    done(folder.path(), &words("train r.csv --dim 2 -o m.safetensors"));
    let (out, _) = done(folder.path(), &words("recommend m.safetensors --batch r.csv"));
    assert_eq!(out.lines().count(), 2, "{out}");
    done(folder.path(), &words("pack v.csv --interactions r.csv --biases popularity -o p.safetensors"));
    done(folder.path(), &words("evaluate r.csv --dim 2 --test r.csv --baselines none"));
    assert!(
        refused(folder.path(), "train r.csv --min-value 3 --dim 2 -o m.safetensors")
            .contains("no column of values")
    );
}

#[test]
fn unknown_items_of_a_batch_are_counted_and_said() {
    let log = "user,item\n1,7\n1,8\n2,7\n2,9\n3,8\n3,9\n";
    let batch = |item: &str| format!("user,item\na,7\nb,8\nc,9\nd,{item}\na,8\n");
    let folder = folder(&[("r.csv", log), ("some.csv", &batch("x")), ("none.csv", "user,item\na,x\n")]);
    done(folder.path(), &words("train r.csv --dim 2 -o m.safetensors"));
    let (out, told) = done(folder.path(), &words("recommend m.safetensors --batch some.csv --count 2"));
    assert_eq!(out.lines().count(), 4, "who has unknown items alone is answered, too: {out}");
    assert!(told.contains("3 of 4 items of some.csv") && told.contains("\"x\""), "{told}");
    let message = refused(folder.path(), "recommend m.safetensors --batch none.csv");
    assert!(message.contains("0 of 1 items of none.csv"), "{message}");
}

#[test]
fn sessions_of_a_test_need_no_user_in_common() {
    let sessions = |first: usize| {
        let clicks =
            (first..first + 8).flat_map(|s| (0..4).map(move |at| format!("s{s},i{}\n", (s + at) % 6)));
        clicks.fold("session,item\n".to_owned(), |text, line| text + &line)
    };
    let folder = folder(&[
        ("train.csv", &sessions(0)),
        ("test.csv", &sessions(100)),
        ("odd.csv", "session,item\nz,q\nz,r\n"),
    ]);
    let next = "evaluate train.csv --dim 2 --algorithm ials --protocol next --baselines none --k 3";
    done(folder.path(), &words(&format!("{next} --test test.csv")));
    let message = refused(folder.path(), &format!("{next} --test odd.csv"));
    assert!(message.contains("0 of 2 items of --test"), "{message}");
}

#[test]
fn evaluate_reads_the_items_once() {
    let log = (0..60)
        .map(|at| format!("{},{}\n", at % 10, at * 7 % 13))
        .fold("user,item\n".to_owned(), |a, b| a + &b);
    let items = (0..13)
        .map(|at| format!("{at},T{at},G{}\n", at % 3))
        .fold("item,title,genres\n".to_owned(), |a, b| a + &b);
    let folder = folder(&[("r.csv", &log), ("i.csv", &items)]);
    let line =
        "evaluate r.csv --items i.csv --algorithm ials --dim 2 --split k-fold --folds 3 --baselines none";
    let (_, told) = done(folder.path(), &words(line));
    assert_eq!(told.matches("items read as").count(), 1, "{told}");
}

#[cfg(unix)]
#[test]
fn what_a_pipe_sends_is_looked_at_too() {
    use std::io::Write;
    use std::process::Stdio;
    // WASI does not tell a pipe from a file.
    if std::env::var_os("FOLDIN_COMMAND").is_some() {
        return;
    }
    let mut look = executable();
    look.args(["look", "/dev/stdin"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut look = look.spawn().unwrap();
    look.stdin.take().unwrap().write_all(b"user,item\n1,7\n1,8\n2,7\n").unwrap();
    let output = look.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("3 of 2 users and 2 items"), "{output:?}");
}
