//! What every `cargo test` runs of the fuzz targets. More: FOLDIN_MUTANTS=100000 cargo test -p foldin-fuzz.

use foldin::Recommender;
use foldin_cli::{model_check, model_file};
use foldin_fuzz::{TARGETS, run};

fn inputs(usual: usize) -> usize {
    std::env::var("FOLDIN_MUTANTS").ok().and_then(|count| count.parse().ok()).unwrap_or(usual)
}

#[test]
fn no_mutated_model_panics_or_answers_with_what_is_no_number() {
    let tally = run::run(&TARGETS[0], 7, |made| made < inputs(3000))
        .unwrap_or_else(|(_, what)| panic!("a model {what}"));
    assert!(tally.outcomes > 50, "mutants of many kinds: {tally:?}");
}

#[test]
fn every_other_target_stands_its_corpus_and_what_is_made_of_it() {
    for target in &TARGETS[1..] {
        let tally = run::run(target, 7, |made| made < inputs(500));
        let tally = tally.unwrap_or_else(|(_, what)| panic!("{}: an input {what}", target.name));
        assert!(tally.corpus > 0 && tally.outcomes > 5, "{}: {tally:?}", target.name);
    }
}

/// They were written by version 0.1.0, and files of format version 1 open for good.
#[test]
fn every_model_of_the_corpus_opens_and_passes() {
    for entry in std::fs::read_dir(run::corpus(&TARGETS[0])).unwrap() {
        let path = entry.unwrap().path();
        let mut recommender = Recommender::new(model_file::read(&path).unwrap());
        for outcome in model_check::outcomes(&mut recommender) {
            assert!(outcome.holds, "{}: {outcome:?}", path.display());
        }
    }
}
