//! What happens where results cannot be written: one line, exit code 1, and no file lost.

use crate::bundle_command::workshop;
use crate::executable;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Output, Stdio};

fn run(folder: &Path, arguments: &str, stdout: Stdio, stderr: Stdio) -> Output {
    let mut command = executable();
    command.current_dir(folder).args(arguments.split_whitespace());
    command.stdout(stdout).stderr(stderr).spawn().unwrap().wait_with_output().unwrap()
}

fn assert_one_line(output: &Output, words: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with("error: ") && said.lines().count() == 1, "{said}");
    words.iter().for_each(|word| assert!(said.contains(word), "{word} in {said}"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_on_stdout_is_an_error_of_one_line() {
    let folder = workshop();
    fs::write(folder.path().join("seen.csv"), "user,item\n1,1\n1,2\n2,1\n2,3\n3,2\n3,4\n").unwrap();
    fs::write(folder.path().join("vectors.csv"), "a,1,2\nb,3,4\n").unwrap();
    let report = r#"{"page":"p","sequence":1,"time":1600000000000}"#;
    fs::write(folder.path().join("events"), report).unwrap();
    let full = || Stdio::from(File::options().write(true).open("/dev/full").unwrap());
    for verb in [
        "recommend 1.safetensors --liked 1",
        "similar 1.safetensors 1",
        "inspect 1.safetensors",
        "check 1.safetensors",
        "bundle 1.safetensors -o dist",
        "check dist",
        "pack vectors.csv -o new",
        "train seen.csv -o new --dim 2 --epochs 1",
        "evaluate seen.csv --dim 2 --epochs 1",
        "monitor events",
    ] {
        for json in ["", " --json"] {
            let output = run(folder.path(), &format!("{verb}{json}"), full(), Stdio::piped());
            assert_one_line(&output, &["stdout"]);
        }
    }
    // Nobody to tell.
    let output = run(folder.path(), "recommend nothing", Stdio::piped(), full());
    assert_eq!(output.status.code(), Some(1));
    let output = run(folder.path(), "bundle 1.safetensors -o other --package none", Stdio::piped(), full());
    assert_eq!(output.status.code(), Some(1), "no panic");
}

#[test]
fn a_closed_pipe_on_stdout_is_an_error_of_one_line() {
    let folder = workshop();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = run(folder.path(), "recommend 1.safetensors --json", writer.into(), Stdio::piped());
    assert_one_line(&output, &["stdout"]);
}

#[test]
fn no_verb_writes_over_what_it_reads() {
    let folder = workshop();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("seen.csv"), "user,item\n1,1\n1,2\n2,1\n2,3\n").unwrap();
    fs::write(at("vectors.csv"), "a,1,2\nb,3,4\n").unwrap();
    fs::write(at("events"), "{}").unwrap();
    fs::hard_link(at("seen.csv"), at("same.csv")).unwrap();
    fs::create_dir(at("sub")).unwrap();
    let mut verbs = vec![
        "train seen.csv -o seen.csv",
        "train seen.csv -o sub/../seen.csv",
        "train seen.csv --items vectors.csv -o vectors.csv",
        "pack vectors.csv -o vectors.csv",
        "optimize 1.safetensors -o 1.safetensors --test seen.csv --max-loss 1%",
        "optimize 1.safetensors -o new --pruned seen.csv --test seen.csv --max-loss 1%",
        "monitor events --html events",
    ];
    // WASI does not tell that two names are one file.
    if std::env::var_os("FOLDIN_COMMAND").is_none() {
        verbs.extend(["train seen.csv -o same.csv", "pack vectors.csv --interactions seen.csv -o same.csv"]);
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(at("seen.csv"), at("link.csv")).unwrap();
        verbs.push("train seen.csv -o link.csv");
    }
    let before: Vec<_> =
        ["seen.csv", "vectors.csv", "events", "1.safetensors"].map(|f| fs::read(at(f)).unwrap()).into();
    for verb in verbs {
        let output = run(folder.path(), verb, Stdio::piped(), Stdio::piped());
        assert_one_line(&output, &["which is read"]);
    }
    let after: Vec<_> =
        ["seen.csv", "vectors.csv", "events", "1.safetensors"].map(|f| fs::read(at(f)).unwrap()).into();
    assert!(before == after);
}
