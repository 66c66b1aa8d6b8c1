//! Model files: what goes in comes out, and no bytes that are not a model get in.

use foldin::Model;
use foldin::model::{CatalogColumns, Factors, Precision, TagValues};
use foldin_cli::model_file;
use ndarray::Array2;
use proptest::prelude::*;

/// Five items of dimension 4 with everything that a model file can hold.
fn factors() -> Factors {
    let values = Array2::from_shape_fn((5, 4), |(item, d)| (item as f32 - 1.5) * (d as f32 + 0.7).sin());
    let genres = TagValues {
        vocabulary: vec!["Comedy".into(), "Sci-Fi".into()],
        codes: vec![vec![0], vec![], vec![0, 1], vec![1], vec![1]],
    };
    Factors {
        counts: Some(vec![5, 4, 3, 2, 1]),
        biases: Some(vec![0.1, 0.2, 0.3, 0.4, 0.5]),
        catalog: CatalogColumns {
            titles: Some(["Amélie", "B", "", "千と千尋の神隠し", "E"].map(String::from).to_vec()),
            tags: [("genres".to_owned(), genres)].into(),
            numbers: [("year".to_owned(), vec![2001.0, f32::NAN, 1977.0, 2001.0, 1999.0])].into(),
            places: Some(vec![[0.0, 1.0], [0.2, 0.3], [0.4, 0.5], [0.6, 0.7], [0.8, -0.9]]),
        },
        ..Factors::external(values, Some(["a", "b", "c", "d", "é"].map(String::from).to_vec()))
    }
}

fn file_bytes(precision: Precision) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    model_file::write(&Model::pack(&factors(), precision).unwrap(), &path).unwrap();
    std::fs::read(path).unwrap()
}

fn open(bytes: &[u8]) -> foldin::Result<Model> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    std::fs::write(&path, bytes).unwrap();
    let read = model_file::read(&path);
    assert_eq!(read.is_ok(), model_file::from_bytes(bytes).is_ok(), "from a file and from memory alike");
    read.map_err(|_| model_file::from_bytes(bytes).unwrap_err().inside("model".as_ref()))
}

/// The same file with its JSON header changed.
fn with_header(bytes: &[u8], change: impl FnOnce(&mut serde_json::Value)) -> Vec<u8> {
    let len = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let mut header = serde_json::from_slice(&bytes[8..8 + len]).unwrap();
    change(&mut header);
    let mut json = serde_json::to_vec(&header).unwrap();
    json.resize(json.len().next_multiple_of(8), b' ');
    [&(json.len() as u64).to_le_bytes(), json.as_slice(), &bytes[8 + len..]].concat()
}

#[test]
fn what_is_written_is_read_back_at_every_precision() {
    let given = factors();
    for (precision, tolerance) in [
        (Precision::F32, 0.0),
        (Precision::F16, 1e-3),
        (Precision::Int8, 0.5 / 127.0),
        (Precision::Int4, 0.5 / 7.0),
    ] {
        let model = open(&file_bytes(precision)).unwrap();
        assert_eq!((model.items(), model.dim(), model.precision()), (5, 4, precision));
        for (old, id) in given.ids.as_ref().unwrap().iter().enumerate() {
            let row = model.find(id).unwrap();
            assert_eq!(&model.id(row), id);
            let wanted = given.values.row(old);
            let largest = wanted.iter().fold(0f32, |max, v| max.max(v.abs()));
            for (got, wanted) in model.factor(row).iter().zip(wanted) {
                assert!((got - wanted).abs() <= tolerance * largest * 1.001, "{precision:?} {got} {wanted}");
            }
            assert_eq!(model.counts().unwrap()[row as usize], given.counts.as_ref().unwrap()[old]);
            assert_eq!(model.biases().unwrap()[row as usize], given.biases.as_ref().unwrap()[old]);
            let catalog = model.catalog();
            assert_eq!(catalog.title(row), Some(given.catalog.titles.as_ref().unwrap()[old].as_str()));
            let genres = &catalog.tag_columns()["genres"];
            assert_eq!(catalog.tag_codes(genres, row), given.catalog.tags["genres"].codes[old]);
            let year = catalog.number(&catalog.number_columns()["year"], row);
            assert_eq!(year.to_bits(), given.catalog.numbers["year"][old].to_bits());
        }
    }
}

#[test]
fn rows_lie_by_falling_norm() {
    let model = open(&file_bytes(Precision::F32)).unwrap();
    let norm = |row| model.factor(row).iter().map(|v| v * v).sum::<f32>();
    assert!((1..5).all(|row| norm(row - 1) >= norm(row)));
}

#[test]
fn places_on_the_map_go_along_with_their_items() {
    let bytes = file_bytes(Precision::Int8);
    let len = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header: serde_json::Value = serde_json::from_slice(&bytes[8..8 + len]).unwrap();
    let offsets = &header["map.xy"]["data_offsets"];
    let [start, end] = [0, 1].map(|at| 8 + len + offsets[at].as_u64().unwrap() as usize);
    let found = bytes[start..end].chunks(4).map(|b| f32::from_le_bytes(b.try_into().unwrap()));
    let (model, given) = (open(&bytes).unwrap(), factors());
    let ids = given.ids.unwrap();
    let place = |row: u32| {
        let old = ids.iter().position(|id| *id == model.id(row)).unwrap();
        given.catalog.places.as_ref().unwrap()[old]
    };
    assert!(found.eq((0..5).flat_map(place)));
}

#[test]
fn the_gram_matrix_is_that_of_the_rounded_rows() {
    let model = open(&file_bytes(Precision::Int4)).unwrap();
    for (i, j) in [(0, 0), (1, 3), (3, 1)] {
        let wanted: f32 = (0..5).map(|row| model.factor(row)).map(|q| q[i] * q[j]).sum();
        assert!((model.gram()[i * 4 + j] - wanted).abs() < 1e-5);
    }
}

#[test]
fn without_ids_the_row_number_is_the_id() {
    let model = Model::pack(&Factors { ids: None, ..factors() }, Precision::F32).unwrap();
    assert_eq!(model.id(model.find("3").unwrap()), "3");
    for id in ["5", "-1", "03", "+3", "", "a"] {
        assert_eq!(model.find(id).unwrap_err().code(), "unknown-item", "{id}");
    }
}

#[test]
fn numbers_that_are_not_finite_are_never_packed() {
    let mut bad = factors();
    bad.values[[2, 1]] = f32::NAN;
    for precision in Precision::ALL {
        assert_eq!(Model::pack(&bad, precision).unwrap_err().code(), "format", "{precision:?}");
    }
}

#[test]
fn columns_and_ids_that_do_not_fit_are_refused_by_name() {
    let twice = Factors { ids: Some(["a", "b", "a", "d", "e"].map(String::from).to_vec()), ..factors() };
    assert_eq!(Model::pack(&twice, Precision::F32).unwrap_err().field(), Some("ids"));
    let short = Factors { counts: Some(vec![1]), ..factors() };
    assert_eq!(Model::pack(&short, Precision::F32).unwrap_err().field(), Some("counts"));
    let odd = Factors::external(Array2::zeros((2, 3)), None);
    assert_eq!(Model::pack(&odd, Precision::Int4).unwrap_err().field(), Some("dim"));
}

#[test]
fn every_truncation_is_a_typed_error() {
    let bytes = file_bytes(Precision::Int8);
    for len in 0..bytes.len() {
        let error = open(&bytes[..len]).expect_err("a part of a file is no model");
        assert_eq!(error.code(), "format", "{len}: {error}");
    }
}

#[test]
fn every_lie_in_the_header_is_a_typed_error() {
    type Lie = fn(&mut serde_json::Value);
    let lies: [(&str, Lie, &str); 11] = [
        ("no format", |h| h["__metadata__"]["format"] = "pt".into(), "format"),
        ("another version", |h| h["__metadata__"]["format_version"] = "99".into(), "version"),
        ("unknown algorithm", |h| h["__metadata__"]["algorithm"] = "magic".into(), "format"),
        ("NaN hyperparameter", |h| h["__metadata__"]["regularization"] = "NaN".into(), "format"),
        ("zero items", |h| h["item_factors"]["shape"] = serde_json::json!([0, 4]), "format"),
        ("huge shape", |h| h["item_factors"]["shape"] = serde_json::json!([u64::MAX, 4]), "format"),
        ("wrong dtype", |h| h["item_factors"]["dtype"] = "F64".into(), "format"),
        ("overlap", |h| h["item_scales"]["data_offsets"] = h["item_gram"]["data_offsets"].clone(), "format"),
        ("offset outside", |h| h["item_gram"]["data_offsets"] = serde_json::json!([0, u64::MAX]), "format"),
        ("no ids", |h| drop(h.as_object_mut().unwrap().remove("item_ids")), "format"),
        ("no scales", |h| drop(h.as_object_mut().unwrap().remove("item_scales")), "format"),
    ];
    let bytes = file_bytes(Precision::Int8);
    assert!(open(&with_header(&bytes, |_| {})).is_ok());
    for (what, lie, code) in lies {
        let error = open(&with_header(&bytes, lie)).expect_err(what);
        assert_eq!(error.code(), code, "{what}: {error}");
    }
}

#[test]
fn numbers_that_would_make_no_finite_score_are_refused_at_open() {
    let metadata: [(&str, &str); 6] = [
        ("frequency_exponent", "1e30"),
        ("regularization", "1e30"),
        ("unobserved_weight", "1e30"),
        ("mean", "1e30"),
        ("popularity_exponent", "1e30"),
        ("popularity_exponent", "steep"),
    ];
    let bytes = file_bytes(Precision::Int8);
    for (key, value) in metadata {
        let error = open(&with_header(&bytes, |h| h["__metadata__"][key] = value.into())).expect_err(key);
        assert!(error.to_string().starts_with(&format!("model: {key}: expected a number from 0")), "{error}");
    }
    let len = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let json = String::from_utf8(bytes[8..8 + len].to_vec()).unwrap();
    let json =
        json.trim_end().replacen("{", r#"{"item_gram":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"#, 1);
    let doubled = [&(json.len() as u64).to_le_bytes(), json.as_bytes(), &bytes[8 + len..]].concat();
    assert!(open(&doubled).unwrap_err().to_string().contains("twice"));
    // A tensor's number, by its place in the file.
    let at = |name: &str, place: usize| {
        let header: serde_json::Value = serde_json::from_slice(&bytes[8..8 + len]).unwrap();
        8 + len + header[name]["data_offsets"][0].as_u64().unwrap() as usize + 4 * place
    };
    let cases = [
        ("item_scales", 0, 3e38),
        ("item_scales", 4, -6e22),
        ("item_biases", 2, 3e38),
        ("item_gram", 1, 1e30),
        ("item_gram", 0, -1.0),
        ("item_gram", 0, 1e20),
        ("item_gram", 5, f32::NAN),
    ];
    for (name, place, value) in cases {
        let mut bytes = bytes.clone();
        let at = at(name, place);
        bytes[at..at + 4].copy_from_slice(&f32::to_le_bytes(value));
        let error = open(&bytes).expect_err(name);
        assert!(error.to_string().starts_with(&format!("model: {name}: expected")), "{value}: {error}");
    }
}

#[test]
fn errors_of_hostile_headers_are_short() {
    let file = |json: &str| [&(json.len() as u64).to_le_bytes(), json.as_bytes()].concat();
    let deep = format!(r#"{{"a":{}"#, "[".repeat(20_000));
    let long = format!(r#"{{"{}":1}}"#, "x".repeat(5_000_000));
    let dtype =
        format!(r#"{{"a":{{"dtype":"{}","shape":[1],"data_offsets":[0,1]}}}}"#, r"\u001b".repeat(1_000_000));
    let many: Vec<String> =
        (0..2000).map(|n| format!(r#""t{n}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#)).collect();
    let many = format!("{{{}}}", many.join(","));
    for json in [deep, long, dtype, many] {
        let text = open(&file(&json)).unwrap_err().to_string();
        assert!(text.chars().count() <= 300 && !text.contains(char::is_control), "{text}");
    }
}

#[test]
fn a_failed_write_leaves_the_old_file() {
    let model = Model::pack(&factors(), Precision::F32).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("folder");
    std::fs::create_dir(&taken).unwrap();
    assert_eq!(model_file::write(&model, &taken).unwrap_err().code(), "io");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file stays behind");
    let file = folder.path().join("file");
    std::fs::write(&file, "old").unwrap();
    assert_eq!(model_file::write(&model, file.join("in a file")).unwrap_err().code(), "io");
    assert!(model_file::write(&model, folder.path().join("new/folder/x")).is_ok(), "folders are made");
}

proptest! {
    /// Whatever is flipped, reading ends: with a model whose every accessor works, or with an error.
    #[test]
    fn flipped_bits_never_panic(flips in prop::collection::vec((any::<prop::sample::Index>(), 0u8..8), 1..4)) {
        let mut bytes = file_bytes(Precision::Int8);
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        if let Ok(model) = open(&bytes) {
            for row in 0..model.items() as u32 {
                prop_assert!(model.factor(row).iter().all(|v| v.is_finite()));
                let _ = (model.id(row), model.catalog().title(row));
            }
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(open(&bytes).is_err());
    }
}
