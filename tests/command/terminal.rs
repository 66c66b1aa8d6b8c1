//! What the command prints where people read it.

use crate::executable;
use crate::sources::zip_of;
use foldin::model::{CatalogColumns, Factors};
use foldin::{Model, Precision};
use foldin_cli::model_file;
use ndarray::Array2;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// A model of many items with this title.
fn model(path: &Path, title: &str) {
    let factors = Factors::external(Array2::from_elem((5000, 2), 1.0), None);
    let catalog = CatalogColumns { titles: Some(vec![title.to_owned(); 5000]), ..CatalogColumns::default() };
    model_file::write(&Model::pack(&Factors { catalog, ..factors }, Precision::F32).unwrap(), path).unwrap();
}

fn similar(folder: &Path, count: &str) -> Command {
    let mut command = executable();
    command.current_dir(folder).args(["similar", "model.safetensors", "7", "--count", count]);
    command
}

#[test]
fn a_reader_that_has_gone_is_an_error_of_one_line() {
    let folder = tempfile::tempdir().unwrap();
    model(&folder.path().join("model.safetensors"), &"long ".repeat(20));
    let mut command =
        similar(folder.path(), "5000").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(command.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.contains("long"));
    let output = command.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with("error: stdout: ") && said.lines().count() == 1, "{said}");
}

#[test]
fn what_files_say_does_not_command_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    model(&folder.path().join("model.safetensors"), "\x1b[2Jgone\nforged line");
    let output = similar(folder.path(), "3").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("gone") && !text.contains('\x1b'), "{text}");
    assert_eq!(text.lines().count(), 3, "{text}");

    std::fs::write(folder.path().join("source.zip"), zip_of("\x1b[2J\nletter", b"x")).unwrap();
    let mut pack = executable();
    let output = pack.current_dir(folder.path()).args(["pack", "source.zip", "-o", "new"]).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("letter") && !text.contains('\x1b'), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_written_to_rather_than_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let mut pack = executable();
    std::fs::write(folder.path().join("vectors.csv"), "a,1,2\nb,3,4\n").unwrap();
    let output = pack.current_dir(folder.path()).args(["pack", "vectors.csv", "-o", "/dev/stdout"]).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout[8..60]).contains("__metadata__"));
}
