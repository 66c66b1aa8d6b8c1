//! Model files with everything in them and a bit flipped: refused, or models of which everything can be asked.

use crate::town::{model, said, tag};
use foldin::model::NewItem;
use foldin::recommender::Ask;
use foldin::score::{self, Like, Metric, Options};
use foldin::visitor::{Event, EventKind, EventWeights, Profile};
use foldin::{Model, Recommender, Result};
use foldin_cli::model_file;
use foldin_lab::cold_start::{Content, Onboarding, Traits, Transfer, Value};
use proptest::prelude::*;
use proptest::sample::Index;
use std::sync::LazyLock;

static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    model_file::write(&model(), &path).unwrap();
    std::fs::read(path).unwrap()
});

/// Asks what pages ask.
fn ask(model: &Model) -> Result<()> {
    let mut visitor = Profile::new(model, EventWeights::default());
    visitor.record(model, &[Event { item: 0, kind: EventKind::Like, value: None, time: 0.0 }])?;
    let folded = visitor.fold_in(model);
    score::recommend(model, folded.vector(), &[], &Options::default())?;
    score::similar(model, Like::seeds(&[0], Metric::Cosine), &Options::best(3), None)?;
    visitor.explain(model, &folded, 1);
    let catalog = model.catalog();
    for row in 0..model.items() as u32 {
        let _ = (model.id(row), model.factor(row), catalog.title(row));
        for (_, tags) in catalog.tag_columns().iter() {
            catalog.tag_codes(tags, row).iter().for_each(|&code| _ = catalog.tag_name(tags, code));
        }
    }
    Ok(())
}

/// Asks what they ask while nobody is known.
fn ask_cold(model: Model) -> Result<()> {
    let features = || said(tag("odd"), Value::Number(4.0));
    let mut onboarding = Onboarding::new(model.room())?;
    onboarding.answered(0);
    onboarding.questions(3);
    Traits::belief(model.room(), &features())?;
    Transfer::open(model.room())?.map(|transfer| transfer.prior(&[0.5; 8])).transpose()?;
    let Some(content) = Content::open(model.room())? else { return Ok(()) };
    let factor = content.factor(&features(), None)?;
    let known = model.id(0);
    let mut visitor = Recommender::new(model);
    let numbers = [("size".to_owned(), 4.0)].into_iter().collect();
    let item = visitor.add(&NewItem { id: "new".into(), numbers, factor, ..NewItem::default() })?;
    visitor.place(item)?;
    visitor.remove(&known)?;
    visitor.record(&[Event { item, kind: EventKind::Like, value: None, time: 0.0 }])?;
    let diverse = Options { diversity: 0.5, ..Options::default() };
    visitor.recommend(&diverse, Ask { explain: true, ..Ask::default() })?;
    visitor.similar(&[item], Metric::Cosine, &Options::best(3), Ask::default())?;
    visitor.remove("new")?;
    visitor.restore();
    Ok(())
}

proptest! {
    #[test]
    fn whichever_bit_is_flipped_nothing_panics(at in any::<Index>(), bit in 0u8..8) {
        let mut bytes = FILE.clone();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.safetensors");
        std::fs::write(&path, bytes).unwrap();
        if let Ok(model) = model_file::read(path) {
            let _ = ask(&model);
            let _ = ask_cold(model);
        }
    }
}

#[test]
fn undamaged_everything_is_answered() -> Result<()> {
    ask(&model())?;
    ask_cold(model())
}
