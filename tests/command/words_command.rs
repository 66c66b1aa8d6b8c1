//! `foldin words`, `train --words`, and questions in words, with a teacher that is made up: two axes of meaning, robots and hearts.
//! What the command refuses of them.

use crate::cold_command::{done, refused};
use foldin_cli::data::words;
use safetensors::{Dtype, serialize, tensor::TensorView};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;

const ITEMS: usize = 24;

/// What a word means: how much of robots, and of hearts.
const MEANS: [(&str, [f32; 2]); 8] = [
    ("robots", [1.0, 0.0]),
    ("androids", [0.95, 0.05]),
    ("starship", [0.9, 0.0]),
    ("machines", [0.85, 0.1]),
    ("love", [0.0, 1.0]),
    ("kisses", [0.05, 0.95]),
    ("wedding", [0.0, 0.9]),
    ("romance", [0.1, 0.85]),
];

/// Writes what the helper in Python would write; `change` alters the metadata and the tokeniser.
fn teach(folder: &Path, change: impl Fn(&mut HashMap<String, String>, &mut Value)) {
    // Signs and letters come first, as in vocabularies, which begin with what is said most.
    let common = "[PAD] [UNK] [CLS] [SEP] . , ' a b c d e f g h i j k l m n o p q r s t u v w x y z the and but not like";
    let words: Vec<&str> = common.split(' ').chain(MEANS.map(|(word, _)| word)).collect();
    let vocab: HashMap<&str, usize> = words.iter().enumerate().map(|(at, &word)| (word, at)).collect();
    let mut tokenizer = json!({
        "model": {"type": "WordPiece", "vocab": vocab},
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "lowercase": true},
    });
    let mut metadata: HashMap<String, String> =
        [("format", "foldin-teacher"), ("teacher", "made up"), ("licence", "none")]
            .map(|(key, value)| (key.into(), value.into()))
            .into();
    change(&mut metadata, &mut tokenizer);
    metadata.insert("tokenizer".into(), tokenizer.to_string());
    let means: HashMap<&str, [f32; 2]> = MEANS.into();
    let row = |(at, word): (usize, &&str)| {
        let [robots, hearts] = means.get(word).copied().unwrap_or([0.5, 0.5]);
        [4.0 * robots, 4.0 * hearts, 0.1 * (at as f32).sin(), 0.1 * (3.0 * at as f32).cos()]
    };
    let numbers: Vec<u8> = words.iter().enumerate().flat_map(row).flat_map(f32::to_le_bytes).collect();
    let tensor = TensorView::new(Dtype::F32, vec![words.len(), 4], &numbers).unwrap();
    std::fs::write(
        folder.join("teacher.safetensors"),
        serialize([("embeddings", tensor)], Some(metadata)).unwrap(),
    )
    .unwrap();
}

/// Even people have films of robots, odd ones films of hearts.
fn town() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (mut films, mut table) =
        (String::from("user,item\n"), String::from("id,title,genres,description,year\n"));
    for item in 0..ITEMS {
        let said =
            if item.is_multiple_of(2) { "The Starship,robots,androids" } else { "A Wedding,love,kisses" };
        writeln!(table, "f{item},{said},{}", 1980 + item).unwrap();
        for user in (0..40).filter(|user| user % 2 == item % 2 && (user * 7 + item * 5) % 3 != 0) {
            writeln!(films, "u{user},f{item}").unwrap();
        }
    }
    std::fs::write(folder.path().join("films.csv"), films).unwrap();
    std::fs::write(folder.path().join("table.csv"), table).unwrap();
    teach(folder.path(), |_, _| {});
    folder
}

pub fn distilled() -> tempfile::TempDir {
    let folder = town();
    let made = done(
        folder.path(),
        "words teacher.safetensors --catalogue table.csv --dim 4 --bits 8 -o words.safetensors",
    );
    assert_eq!(made["tokens"], json!([42, 46]), "what stands for no text has no vector");
    done(
        folder.path(),
        "train films.csv --algorithm ials --items table.csv --words words.safetensors --dim 8 -o town.safetensors",
    );
    folder
}

/// The parity of the items that were found.
fn hearts(found: &Value) -> Vec<usize> {
    let items = found.as_array().unwrap().iter();
    items.map(|item| item["item"].as_str().unwrap()[1..].parse::<usize>().unwrap() % 2).collect()
}

#[test]
fn a_text_is_recommended_by_and_what_is_like_it_found() {
    let folder = distilled();
    let ask = |question: &str| hearts(&done(folder.path(), question));
    let asked = |verb: &str, text: &str| {
        let mut command = crate::executable();
        let output = command.current_dir(folder.path()).args([
            verb,
            "town.safetensors",
            "--words",
            "words.safetensors",
        ]);
        let output = output.args(["--text", text, "--count", "5", "--json"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        hearts(&serde_json::from_slice(&output.stdout).unwrap())
    };
    assert_eq!(asked("recommend", "Machines, like a starship!"), [0; 5]);
    assert_eq!(asked("recommend", "romance but not machines"), [1; 5]);
    assert_eq!(asked("similar", "romance"), [1; 5]);
    assert_eq!(
        ask(
            "recommend town.safetensors --words words.safetensors --text androids --liked f1,f3,f5,f7 --count 3"
        ),
        [1; 3]
    );
}

#[test]
fn what_cannot_be_is_refused_in_one_line() {
    let folder = distilled();
    let at = folder.path();
    let says = |expected: &str, arguments: &str| {
        let said = refused(at, arguments);
        assert!(said.contains(expected), "{arguments}: {said}");
    };
    let asked = |text: &str, words: &str, model: &str| {
        let mut command = crate::executable();
        let output = command
            .current_dir(at)
            .args(["recommend", model, "--words", words, "--text", text])
            .output()
            .unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    for text in ["", "ꙮ ☃", "\u{1}\u{2}", "1999999"] {
        let said = asked(text, "words.safetensors", "town.safetensors");
        assert_eq!(said, "error: text: expected a word that the table knows, found none\n", "{text:?}");
    }
    done(at, "words teacher.safetensors --dim 2 -o other.safetensors");
    let said = asked("robots", "other.safetensors", "town.safetensors");
    assert!(said.starts_with("error: words: expected the table that the model was trained with"), "{said}");
    done(at, "train films.csv --algorithm ials --items table.csv --dim 8 -o plain.safetensors");
    let said = asked("robots", "words.safetensors", "plain.safetensors");
    assert!(said.contains("expected a model that learned from words"), "{said}");
    let said = asked("robots", "plain.safetensors", "town.safetensors");
    assert!(said.contains("format: expected foldin-words, found foldin"), "{said}");
    says("format: expected foldin-teacher, found foldin", "words plain.safetensors");
    says("at most 4", "words teacher.safetensors --dim 6");
    teach(at, |_, tokenizer| tokenizer["model"]["type"] = "Unigram".into());
    says("tokenizer's model: expected WordPiece, found Unigram", "words teacher.safetensors --dim 2");
    teach(at, |_, tokenizer| tokenizer["model"]["vocab"]["robots"] = 900.into());
    says("each number from 0 once", "words teacher.safetensors --dim 2");
    teach(at, |_, tokenizer| tokenizer["model"]["vocab"]["more"] = 3.into());
    says("embeddings: expected F32 [47, width]", "words teacher.safetensors --dim 2");
    teach(at, |metadata, _| drop(metadata.remove("licence")));
    says("licence: expected a text, found none", "words teacher.safetensors --dim 2");
}

#[test]
fn a_damaged_table_is_refused_wherever_it_is_cut_or_changed() {
    let folder = distilled();
    let path = folder.path().join("words.safetensors");
    let bytes = std::fs::read(&path).unwrap();
    assert!(words::read(&path).is_ok());
    for length in (0..bytes.len()).step_by(97) {
        std::fs::write(&path, &bytes[..length]).unwrap();
        assert!(words::read(&path).is_err(), "{length} bytes of {}", bytes.len());
    }
    for at in (0..bytes.len()).step_by(13) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x80;
        std::fs::write(&path, changed).unwrap();
        // A changed number makes another table, never a panic.
        let _ = words::read(&path).map(|words| words.wish("robots but not love", &[]));
    }
}

/// Hugging Face's `tokenizers` is the oracle (tests/words/golden.py); `FOLDIN_TOKENS` names a longer file of the same.
#[test]
fn words_are_cut_as_the_teacher_cuts_them() {
    let file = std::env::var("FOLDIN_TOKENS").unwrap_or_else(|_| "tests/words/golden.json".into());
    let golden = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)).unwrap();
    let golden: Value = serde_json::from_slice(&golden).unwrap();
    let texts = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    let mut vocabulary = texts(&golden["vocabulary"]);
    vocabulary.retain(|token| token != "[UNK]");
    vocabulary.sort();
    let mut offsets = vec![0];
    vocabulary.iter().for_each(|token| offsets.push(offsets[offsets.len() - 1] + token.len() as u32));
    let tokens =
        foldin_words::Tokens::new(vocabulary.concat().into_bytes(), offsets, vocabulary.len()).unwrap();
    let rules = foldin_words::Rules {
        clean_text: true,
        chinese_characters: true,
        strip_accents: true,
        lowercase: true,
    };
    let cases = golden["cases"].as_array().unwrap();
    let mut different = Vec::new();
    for case in cases {
        let text = case[0].as_str().unwrap();
        let plain = foldin_words::plain(text, rules);
        let cut = |word: &str| match tokens.of_word(word) {
            none if none.is_empty() => vec!["[UNK]".to_owned()],
            some => some.into_iter().map(|token| tokens.get(token).to_owned()).collect(),
        };
        let found: Vec<String> = plain.split(' ').filter(|word| !word.is_empty()).flat_map(cut).collect();
        if plain != case[1].as_str().unwrap() || found != texts(&case[2]) {
            different.push(text);
        }
    }
    println!("{} of {} texts differ", different.len(), cases.len());
    assert!(different.is_empty(), "{:?}", &different[..different.len().min(5)]);
    assert!(cases.len() > 30);
}
