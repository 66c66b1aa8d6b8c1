//! Every command in README.md and docs/ runs as it stands there, page after page, in one folder with the files that the
//! pages name.

use crate::executable;
use crate::sources::{ALS, npy, spark, write_part, zip_of};
use serde_json::json;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// In the order in which a reader follows them.
const PAGES: [&str; 9] = [
    "README.md",
    "docs/1-train.md",
    "docs/2-evaluate.md",
    "docs/3-optimize.md",
    "docs/4-deploy.md",
    "docs/5-monitor.md",
    "docs/6-cold-start.md",
    "docs/import.md",
    "docs/beyond-one-machine.md",
];

/// What may end with another code than 0: alerts are a finding, not a failure.
const ALERTS: i32 = 3;

/// The lines of the blocks marked `sh`.
fn commands(page: &str) -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(page);
    let text = fs::read_to_string(file).unwrap();
    let blocks = text.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned());
    blocks.flat_map(|block| block.lines().map(String::from).collect::<Vec<_>>()).collect()
}

#[test]
fn every_command_runs_as_it_stands_in_the_documentation() {
    let folder = tempfile::tempdir().unwrap();
    write_interactions(folder.path());
    write_sources(folder.path());
    let mut verbs: HashMap<String, usize> = HashMap::new();
    for page in PAGES {
        let commands = commands(page);
        // Those that need more than the command itself, such as Spark, run in tests of their own.
        for line in commands.iter().filter(|line| line.starts_with("foldin ")) {
            let command = line.split(" #").next().unwrap_or_default();
            let words: Vec<&str> =
                command.split_whitespace().skip(1).map(|word| word.trim_matches('\'')).collect();
            let mut command = executable();
            let output = command.current_dir(folder.path()).args(&words).output().unwrap();
            let code = output.status.code().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(code == 0 || (words[0] == "monitor" && code == ALERTS), "{page}: {line}\n{code}: {said}");
            assert!(!said.contains("note:"), "{page}: {line}\n{said}");
            *verbs.entry(words[0].to_owned()).or_default() += 1;
        }
    }
    for verb in ["train", "evaluate", "optimize", "check", "bundle", "monitor", "pack"] {
        assert!(verbs.contains_key(verb), "no page shows foldin {verb}");
    }
}

/// 150 users in three tastes among 240 items, each with 15 of their taste's.
fn write_interactions(folder: &Path) {
    let header = "user,item,timestamp\n";
    let [mut all, mut train, mut valid, mut test] = [header; 4].map(String::from);
    for user in 0..150u32 {
        for step in 0..15 {
            let item = 1 + 3 * ((user * 5 + step * 7) % 80) + user % 3;
            let line = format!("{user},{item},{}\n", 1_600_000_000 + step);
            all += &line;
            *(match step {
                0..12 => &mut train,
                12..14 => &mut valid,
                _ => &mut test,
            }) += &line;
        }
    }
    let titles: String = (1..=240).map(|item| format!("{item},Film {item},Drama|Noir\n")).collect();
    let files = [("ratings", all), ("train", train), ("valid", valid), ("test", test)];
    files.iter().for_each(|(name, text)| fs::write(folder.join(format!("{name}.csv")), text).unwrap());
    fs::write(folder.join("movies.csv"), format!("item_id,title,genres\n{titles}")).unwrap();
    let occupation = ["student", "baker", "smith"];
    let people: String =
        (0..150).map(|user| format!("{user},{},{}\n", 20 + user % 50, occupation[user % 3])).collect();
    fs::write(folder.join("people.csv"), format!("user_id,age,occupation\n{people}")).unwrap();
    let books: String = (0..150)
        .flat_map(|user| (0..5).map(move |step| format!("{user},b{}\n", (user * 7 + step * 3) % 60)))
        .collect();
    fs::write(folder.join("books.csv"), format!("user,item\n{books}")).unwrap();
    let embeddings: Vec<u8> = (0..240 * 4).flat_map(|n| ((n % 7) as f32).to_le_bytes()).collect();
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (240, 4), }";
    fs::write(folder.join("titles.npy"), npy(header, &embeddings)).unwrap();
    let report = |page: u32| {
        let shown: serde_json::Map<_, _> =
            (0..10).map(|n| ((1 + (page + n * 7) % 240).to_string(), 1.into())).collect();
        let positions = json!({ "shown": vec![1; 10], "acted": [page % 2, 0, 0] });
        let milliseconds = json!({ "recommend": { "count": 1, "p50": 2, "p95": 2, "max": 2 } });
        let time = 1_700_000_000_000u64 + u64::from(page);
        json!({ "page": page.to_string(), "sequence": 1, "time": time, "version": "v1", "shown": shown,
                "positions": positions, "milliseconds": milliseconds })
    };
    let lines: Vec<String> = (0..30).map(|page| report(page).to_string()).collect();
    fs::write(folder.join("events.ndjson"), lines.join("\n")).unwrap();
}

/// What the page on importing reads: four items of dimension 2, in every format.
fn write_sources(folder: &Path) {
    let values: Vec<u8> = (0..8).flat_map(|n| (n as f32 + 0.5).to_le_bytes()).collect();
    let array = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4, 2), }", &values);
    let write = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).unwrap();
    write("ids.txt", b"1\n2\n50\n181\n");
    write("als.npz", &zip_of("item_factors.npy", &array));
    write("items.npy", &array);
    write("item2vec.txt", b"2 2\n50 0.5 1\n181 1 0.5\n");
    write("items.csv", b"item_id,f0,f1\n50,0.5,1\n181,1,0.5\n");
    write_part(&folder.join("items.parquet"), &[1, 2, 50, 181]);
    fs::rename(spark(ALS, 2).keep(), folder.join("spark-als")).unwrap();
    let tensor = safetensors::tensor::TensorView::new(safetensors::Dtype::F32, vec![4, 2], &values).unwrap();
    let bytes = safetensors::serialize([("item_embedding.weight", tensor)], None).unwrap();
    write("torch.safetensors", &bytes);
    let package = folder.join("node_modules/foldin");
    fs::create_dir_all(package.join("dist")).unwrap();
    fs::write(package.join("package.json"), r#"{"name":"foldin","version":"0.1.0"}"#).unwrap();
    fs::write(package.join("dist/index.js"), "export class Recommender {}\n").unwrap();
}
