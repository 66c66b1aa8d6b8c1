//! Files of other libraries, written by hand: whole ones, to be broken by tests.

use parquet::data_type::{FloatType, Int32Type};
use parquet::file::writer::SerializedFileWriter;
use std::fs;
use std::io::Write;
use std::path::Path;
use tempfile::TempDir;

/// A `.npy` file with this header and data.
pub fn npy(header: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

pub fn zip_of(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(bytes).unwrap();
    zip.finish().unwrap().into_inner()
}

/// A Parquet file with these ids, each with the vector [id, 1].
pub fn write_part(path: &Path, ids: &[i32]) {
    let schema = "message spark { optional int32 id; optional group features (LIST) {
                  repeated group list { required float element; } } }";
    let schema = parquet::schema::parser::parse_message_type(schema).unwrap().into();
    let mut writer =
        SerializedFileWriter::new(fs::File::create(path).unwrap(), schema, Default::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int32Type>().write_batch(ids, Some(&vec![1; ids.len()]), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let values: Vec<f32> = ids.iter().flat_map(|&id| [id as f32, 1.0]).collect();
    let repetitions = [0, 1].repeat(ids.len());
    column
        .typed::<FloatType>()
        .write_batch(&values, Some(&vec![2; values.len()]), Some(&repetitions))
        .unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
}

/// An ALSModel's folder with three parts of item factors.
pub fn spark(class: &str, rank: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| folder.path().join(path);
    fs::create_dir_all(at("metadata")).unwrap();
    fs::write(at("metadata/part-00000"), format!("{{\"class\":\"{class}\",\"rank\":{rank}}}\n")).unwrap();
    fs::create_dir_all(at("itemFactors")).unwrap();
    fs::write(at("itemFactors/_SUCCESS"), "").unwrap();
    for part in 0..3 {
        write_part(&at(&format!("itemFactors/part-{part:05}-x.snappy.parquet")), &[part, part + 10]);
        fs::write(at(&format!("itemFactors/.part-{part:05}-x.snappy.parquet.crc")), "crc").unwrap();
    }
    folder
}

pub const ALS: &str = "org.apache.spark.ml.recommendation.ALSModel";
