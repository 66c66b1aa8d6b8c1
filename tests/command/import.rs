//! Files of other libraries that are cut, contradictory or hostile are refused with the place and the remedy; that
//! whole ones are read is tested with the libraries themselves, in tests/import.

use crate::sources::{ALS, npy, spark, write_part, zip_of};
use foldin::{Model, Precision};
use foldin_cli::data::import::{self, Format, Options};
use rayon::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder with one file in it.
fn file(bytes: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("source");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn assert_refused(path: &Path, options: &Options, words: &[&str]) {
    let error = import::read(path, options).expect_err("refused");
    assert!(error.code() == "data", "{error:?}");
    let message = error.to_string();
    words.iter().for_each(|word| assert!(message.contains(word), "{word:?} in {message}"));
    assert!(!message.contains('\n'), "one line: {message}");
}

#[test]
fn what_is_no_format_is_refused_by_its_first_bytes() {
    let cases: [(&[u8], &[&str]); 8] = [
        (b"", &["empty"]),
        (b"\x80\x04\x95\x10\x00", &["pickle", "safetensors.torch.save_file"]),
        (&zip_of("model/data.pkl", b"\x80\x02"), &["PyTorch", "pickle"]),
        (&zip_of("letter.docx", b"x"), &["zip archive", "letter.docx", ".npz"]),
        (b"\x89HDF\r\n\x1a\n", &["HDF5"]),
        (b"PK\x03\x04 cut", &["damaged"]),
        (b"\x00\x01\x02\x03\xff\xfe nothing", &["neither text", "Parquet or CSV"]),
        (b"2 3\na\x00\x00\x80?\xff\xff\xff", &["binary=False"]),
    ];
    for (bytes, words) in cases {
        let (_folder, path) = file(bytes);
        assert_refused(&path, &Options::default(), words);
    }
    let missing = import::read("no/such/file", &Options::default()).unwrap_err();
    assert!(missing.code() == "io");
}

#[test]
fn numpy_headers_are_not_believed() {
    let shape = |descr: &str, shape: &str| {
        format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}")
    };
    let huge = b"\x93NUMPY\x02\x00\xff\xff\xff\xff".to_vec();
    let deep = npy(&"(".repeat(60_000), &[]);
    let cases: [(Vec<u8>, &[&str]); 8] = [
        (npy(&shape("<f4", "(2, 3)"), &[0; 20]), &["damaged"]),
        (npy(&shape("<f4", "(1000000000, 1000000000)"), &[0; 20]), &["more than 2147483648 numbers"]),
        (npy(&shape("<f4", "(6,)"), &[0; 24]), &["expected a matrix"]),
        (npy(&shape("<i4", "(2, 3)"), &[0; 24]), &["type i4", "float32"]),
        (npy(&shape("|O", "(2, 3)"), &[0; 24]), &["pickle"]),
        (npy("{'descr': ", &[]), &["damaged"]),
        (huge, &["header of 4294967295 bytes"]),
        (deep, &["nested"]),
    ];
    for (bytes, words) in cases {
        let (_folder, path) = file(bytes);
        assert_refused(&path, &Options::default(), words);
    }
}

#[test]
fn an_archive_that_unfolds_is_refused_before_it_does() {
    let zeros =
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000, 2500), }", &vec![0; 10_000_000]);
    let (_folder, path) = file(zip_of("item_factors.npy", &zeros));
    assert_refused(&path, &Options::default(), &["unfold to 10000"]);
}

#[test]
fn word2vec_says_which_line_is_wrong() {
    let cases: [(&str, &[&str]); 5] = [
        ("2 3\na 1 2 3\nb 1 2\n", &[":3", "expected a word and 3 numbers"]),
        ("2 3\na 1 2 3\nb 1 2 x\n", &[":3", "\"x\""]),
        ("3 2\na 1 2\nb 1 2\n", &["expected 3 words, found 2"]),
        ("1 2\na 1 2\nb 1 2\n", &["more than the 1 words"]),
        ("1 2\na 1 inf\n", &["item a", "not finite"]),
    ];
    for (text, words) in cases {
        let (_folder, path) = file(text);
        assert_refused(&path, &Options::default(), words);
    }
    let (_folder, path) = file("2 2\nnew york 1 2\nb 3 4\n");
    let read = import::read(&path, &Options::default()).unwrap();
    assert_eq!(read.factors.ids.unwrap(), ["new york", "b"]);
}

#[test]
fn tables_say_which_line_is_wrong() {
    let named = |column: &str| Options { vector_column: Some(column.into()), ..Options::default() };
    let cases: [(&str, Options, &[&str]); 4] = [
        ("id,a,b\nx,1,2\ny,1,two\n", Options::default(), &[":3", "\"two\"", "--vector-column"]),
        (
            "id,vector\nx,[1 2]\ny,[1]\n",
            Options::default(),
            &[":3", "expected a vector of 2 numbers, found 1"],
        ),
        ("id,a\nx,1\n", named("b"), &["no column \"b\"", "id, a"]),
        ("id,vector\n", Options::default(), &["no item vectors"]),
    ];
    for (text, options, words) in cases {
        let (_folder, path) = file(text);
        assert_refused(&path, &options, words);
    }
    let (_folder, path) = file("a,0.5,1\nb,2,3\n");
    let read = import::read(&path, &Options::default()).unwrap();
    assert_eq!((read.format, read.factors.values.dim()), (Format::Table, (2, 2)));
}

#[test]
fn a_spark_folder_is_whole_or_refused() {
    let folder = spark(ALS, 2);
    let read = import::read(folder.path(), &Options::default()).unwrap();
    assert_eq!(read.factors.ids.as_ref().unwrap(), &["0", "10", "1", "11", "2", "12"]);
    assert_eq!(read.factors.values.row(3).to_vec(), [11.0, 1.0]);
    assert!(Model::pack(&read.factors, Precision::Int8).is_ok());

    let part = folder.path().join("itemFactors/part-00001-x.snappy.parquet");
    fs::remove_file(&part).unwrap();
    assert_refused(folder.path(), &Options::default(), &["part-00001", "checksum"]);
    fs::remove_file(folder.path().join("itemFactors/.part-00001-x.snappy.parquet.crc")).unwrap();
    assert_refused(
        folder.path(),
        &Options::default(),
        &["part 00001 of 3 is missing", "--allow-missing-parts"],
    );
    let allowed = Options { allow_missing_parts: true, ..Options::default() };
    assert_eq!(import::read(folder.path(), &allowed).unwrap().factors.values.nrows(), 4);

    fs::write(&part, b"PAR1 cut PAR1").unwrap();
    assert_refused(folder.path(), &Options::default(), &["part-00001", "damaged"]);
    fs::remove_file(folder.path().join("itemFactors/_SUCCESS")).unwrap();
    assert_refused(folder.path(), &Options::default(), &["_SUCCESS"]);
    fs::remove_dir_all(folder.path().join("itemFactors")).unwrap();
    assert_refused(folder.path(), &Options::default(), &["itemFactors", "missing"]);

    assert_refused(spark("org.apache.spark.ml.PipelineModel", 2).path(), &Options::default(), &["stages"]);
    assert_refused(spark(ALS, 3).path(), &Options::default(), &["rank 3", "2 numbers"]);
}

#[test]
fn safetensors_that_lie_are_refused() {
    let header = |json: &str, data: usize| {
        let mut bytes = (json.len() as u64).to_le_bytes().to_vec();
        bytes.extend(json.as_bytes());
        bytes.extend(vec![0; data]);
        bytes
    };
    let cases: [(Vec<u8>, &[&str]); 4] = [
        (
            header(r#"{"__metadata__":{"format":"foldin"}}"#, 0),
            &["a foldin model already", "foldin optimize"],
        ),
        (header(r#"{"item":{"dtype":"F32","shape":[2,2],"data_offsets":[0,99]}}"#, 16), &["damaged"]),
        (
            header(r#"{"a":{"dtype":"I64","shape":[2,1],"data_offsets":[0,16]}}"#, 16),
            &["--tensor", "a [2, 1]"],
        ),
        (header("{", 0), &["damaged"]),
    ];
    for (bytes, words) in cases {
        let (_folder, path) = file(bytes);
        assert_refused(&path, &Options::default(), words);
    }
}

/// Ids and the first row of what is read from `source`, with `ids` beside it.
fn packed(source: &[u8], ids: Option<&[u8]>, options: Options) -> foldin::Result<(Vec<String>, Vec<f32>)> {
    let (folder, path) = file(source);
    let side = folder.path().join("ids");
    ids.iter().for_each(|ids| fs::write(&side, ids).unwrap());
    let options = Options { ids: ids.map(|_| side), ..options };
    let read = import::read(&path, &options)?;
    Ok((read.factors.ids.unwrap_or_default(), read.factors.values.row(0).to_vec()))
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn matrix(rows: usize, values: &[f32]) -> Vec<u8> {
    let header =
        format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {}), }}\n", values.len() / rows);
    npy(&header, &floats(values))
}

#[test]
fn vectors_are_read_as_tools_print_them() {
    let texts = [
        "item_id,embedding\na,\"[ 0.1  0.2\n  0.3 -0.4]\"\nb,\"[ 0.5  0.6\n  0.7  0.8]\"\n",
        "item_id,embedding\na,\"{0.1,0.2,0.3,-0.4}\"\nb,\"{0.5,0.6,0.7,0.8}\"\n",
        "a 0.1 0.2 0.3 -0.4\nb 0.5 0.6 0.7 0.8\n",
        "2\t4\na 0.1 0.2 0.3 -0.4\nb 0.5 0.6 0.7 0.8\n",
        "\u{feff}2 4\r\na 0.1 0.2 0.3 -0.4\r\nb 0.5 0.6 0.7 0.8\r\n",
        "a\t0.1\t0.2\t0.3\t-0.4\nb\t0.5\t0.6\t0.7\t0.8\n",
        "{\"item_id\": \"a\", \"vector\": [0.1, 0.2, 0.3, -0.4]}\n{\"item_id\": \"b\", \"vector\": [0.5, 0.6, 0.7, 0.8]}\n",
    ];
    for text in texts {
        let (ids, first) = packed(text.as_bytes(), None, Options::default())
            .unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((ids, first), (vec!["a".into(), "b".into()], vec![0.1, 0.2, 0.3, -0.4]), "{text}");
    }
}

#[test]
fn ids_beside_vectors_are_read_in_every_form() {
    let vectors = matrix(2, &[0.1, 0.2, 0.3, 0.4]);
    let header = |kind: &str| format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': (2,), }}\n");
    let sides: [(Vec<u8>, [&str; 2]); 8] = [
        (b"a\nb\n".to_vec(), ["a", "b"]),
        (b"new york\nlos angeles\n".to_vec(), ["new york", "los angeles"]),
        (b"item\nmovie\n".to_vec(), ["item", "movie"]),
        (b"item\na\nb\n".to_vec(), ["a", "b"]),
        (b"[\"a\", 7]".to_vec(), ["a", "7"]),
        (b"{\"b\": 1, \"a\": 0}".to_vec(), ["a", "b"]),
        (b"{\"1\": \"b\", \"0\": \"a\"}".to_vec(), ["a", "b"]),
        (npy(&header("|S2"), b"a1b\0"), ["a1", "b"]),
    ];
    for (side, expected) in sides {
        let (ids, _) = packed(&vectors, Some(&side), Options::default()).unwrap();
        assert_eq!(ids, expected, "{}", String::from_utf8_lossy(&side));
    }
    let gaps = packed(&vectors, Some(b"{\"a\": 0, \"b\": 5}"), Options::default()).unwrap_err().to_string();
    assert!(gaps.contains("does not number all rows"), "{gaps}");
}

#[test]
fn a_row_of_padding_is_left_out_where_it_is_plain_or_told() {
    let padded = |first: f32| matrix(3, &[first, 0.0, 0.1, 0.2, 0.3, 0.4]);
    let (ids, first) = packed(&padded(0.0), Some(b"a\nb\n"), Options::default()).unwrap();
    assert_eq!((ids, first), (vec!["a".into(), "b".into()], vec![0.1, 0.2]));
    let error = packed(&padded(0.5), Some(b"a\nb\n"), Options::default()).unwrap_err().to_string();
    assert!(error.contains("2 ids for 3 vectors") && error.contains("--skip-rows 1"), "{error}");
    let skipping = Options { skip_rows: 1, ..Options::default() };
    assert_eq!(packed(&padded(0.5), Some(b"a\nb\n"), skipping).unwrap().1, [0.1, 0.2]);
    let all = Options { skip_rows: 3, ..Options::default() };
    assert!(packed(&padded(0.5), None, all).unwrap_err().to_string().contains("--skip-rows"));
}

#[test]
fn implicit_s_files_are_read_from_any_system_with_any_seed() {
    let scalar = |kind: &str, data: &[u8]| {
        npy(&format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': (), }}\n"), data)
    };
    let write = |alpha: (&str, &[u8])| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let arrays = [
            ("item_factors", matrix(2, &[0.1, 0.2, 0.3, 0.4])),
            ("user_factors", matrix(2, &[1.0; 4])),
            ("alpha", scalar(alpha.0, alpha.1)),
            ("regularization", scalar("<f8", &0.01f64.to_le_bytes())),
            ("random_state", npy("{'descr': '|O', 'fortran_order': False, 'shape': (), }\n", b"\x80\x04N.")),
        ];
        for (name, array) in arrays {
            zip.start_file(format!("{name}.npy"), zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut zip, &array).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    for alpha in [
        ("<i4", 40i32.to_le_bytes().as_slice()),
        ("<i8", &40i64.to_le_bytes()),
        ("<f8", &40f64.to_le_bytes()),
        ("|u1", &[40]),
    ] {
        let (_folder, path) = file(write(alpha));
        let read =
            import::read(&path, &Options::default()).unwrap_or_else(|error| panic!("{alpha:?}: {error}"));
        assert_eq!(read.format, Format::Implicit);
        assert!((read.factors.recipe.unobserved_weight - 1.0 / 39.0).abs() < 1e-6);
    }
}

/// A Parquet file of one column of ids and one of lists of floats.
fn parquet_of(ids: &[f64], lists: &[usize], codec: parquet::basic::Compression) -> Vec<u8> {
    use parquet::data_type::{DoubleType, FloatType};
    let schema = "message m { required double item_id; required group vector (LIST) { repeated group list { required float element; } } }";
    let schema = parquet::schema::parser::parse_message_type(schema).unwrap().into();
    let properties =
        parquet::file::properties::WriterProperties::builder().set_compression(codec).build().into();
    let mut bytes = Vec::new();
    let mut writer =
        parquet::file::writer::SerializedFileWriter::new(&mut bytes, schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<DoubleType>().write_batch(ids, None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let repetitions: Vec<i16> =
        lists.iter().flat_map(|&length| (0..length).map(|at| i16::from(at > 0))).collect();
    let values = vec![0.5; repetitions.len()];
    column
        .typed::<FloatType>()
        .write_batch(&values, Some(&vec![1; values.len()]), Some(&repetitions))
        .unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn parquet_is_read_in_every_usual_codec_and_with_float_ids() {
    use parquet::basic::Compression;
    for codec in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::ZSTD(Default::default()),
        Compression::LZ4_RAW,
        Compression::GZIP(Default::default()),
    ] {
        let bytes = parquet_of(&[50.0, 51.0], &[2, 2], codec);
        assert_eq!(packed(&bytes, None, Options::default()).unwrap().0, ["50", "51"], "{codec:?}");
    }
    let fractions = parquet_of(&[50.5, 51.0], &[2, 2], Compression::SNAPPY);
    assert!(
        packed(&fractions, None, Options::default())
            .unwrap_err()
            .to_string()
            .contains("expected an id, found 50.5")
    );
}

#[test]
fn a_parquet_file_that_unfolds_is_refused_before_it_does() {
    let bomb = parquet_of(&[1.0], &[20_000_000], parquet::basic::Compression::ZSTD(Default::default()));
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    let (_folder, path) = file(bomb);
    assert_refused(&path, &Options::default(), &["that unfold to 20000001 values", "--max-bytes"]);
}

#[test]
fn an_archive_that_lies_of_its_size_is_refused_before_it_unfolds() {
    let mut bomb = zip_of(
        "item_factors.npy",
        &npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000, 2500), }", &vec![0; 10_000_000]),
    );
    let central = bomb.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
    bomb[central + 20..central + 24].copy_from_slice(&(1u32 << 30).to_le_bytes());
    let (_folder, path) = file(bomb);
    assert!(import::read(&path, &Options::default()).is_err());
}

/// A whole file of each format.
fn whole() -> [Vec<u8>; 7] {
    let numbers: Vec<u8> = (1..=6).flat_map(|number| (number as f32).to_le_bytes()).collect();
    let matrix = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }\n", &numbers);
    let json = r#"{"item":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]}}"#;
    let folder = tempfile::tempdir().unwrap();
    let part = folder.path().join("part");
    write_part(&part, &[1, 2, 3]);
    [
        zip_of("item_factors.npy", &matrix),
        zip_of("vectors.npy", &matrix),
        matrix,
        fs::read(part).unwrap(),
        [&(json.len() as u64).to_le_bytes(), json.as_bytes(), &numbers].concat(),
        b"2 3\na 1 2 3\nb 4 5 6\n".to_vec(),
        b"id,vector\nx,[1 2]\ny,\"3,4\"\n".to_vec(),
    ]
}

#[test]
fn whichever_bit_is_flipped_and_wherever_a_file_is_cut_reading_ends() {
    let read = |bytes: &[u8]| {
        let (_folder, path) = file(bytes);
        import::read(&path, &Options::default())
    };
    for bytes in whole() {
        assert!(read(&bytes).is_ok());
        (0..bytes.len()).into_par_iter().for_each(|at| {
            let _ = read(&bytes[..at]);
            for bit in [0, 2, 5, 7] {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1 << bit;
                if let Ok(read) = read(&flipped) {
                    assert!(read.factors.values.iter().all(|value| value.is_finite()));
                }
            }
        });
    }
}

#[test]
fn rows_that_begin_with_a_number_of_the_vector_have_no_ids() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        import::read(&path, &Options::default())
    };
    for (name, sign) in [("blanks.txt", " "), ("commas.csv", ",")] {
        let message =
            read(name, &format!("1.5e-01{sign}0.2{sign}0.3\n4e-01{sign}0.5{sign}0.6\n")).unwrap_err();
        assert!(message.to_string().contains("1.5e-01, which is no id"), "{message}");
    }
    for (name, text) in [
        ("pandas.csv", ",0,1\na,0.1,0.2\nb,0.3,0.4\n"),
        ("recbole.itememb", "iid:token\titem_emb:float_seq\na\t0.1 0.2\nb\t0.3 0.4\n"),
    ] {
        let read = read(name, text).unwrap();
        assert_eq!(read.factors.ids.unwrap(), ["a", "b"], "{name}");
        assert_eq!(read.factors.values.shape(), [2, 2], "{name}");
    }
}
