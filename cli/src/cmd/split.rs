//! The options that say what is hidden, shared by the verbs that measure.

use clap::ValueEnum;
use foldin_lab::evaluate::Split;
use foldin_lab::train::Interactions;

/// What is hidden and must be found.
#[derive(Clone, clap::Args)]
#[command(next_help_heading = "Split")]
pub struct SplitArgs {
    /// What is hidden and must be found.
    #[arg(long, value_enum, default_value = "leave-last-out")]
    split: SplitName,
    /// random and stratified: the share of interactions that is hidden; strong: the share of users that is not trained on.
    #[arg(long, value_name = "SHARE", default_value_t = 0.25)]
    test_share: f64,
    /// strong: the share of a test user's interactions that is given.
    #[arg(long, value_name = "SHARE", default_value_t = 0.8)]
    given_share: f64,
    /// k-fold: the number of parts.
    #[arg(long, default_value_t = 5)]
    folds: usize,
    /// Of random splits.
    #[arg(long, default_value_t = 1)]
    split_seed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum SplitName {
    /// The last interaction of each user by time; by place in the file without times.
    LeaveLastOut,
    /// A random share of all interactions.
    Random,
    /// A random share of each user's interactions.
    Stratified,
    /// All interactions in turn.
    KFold,
    /// Unseen users: a part of what they did is given, the rest hidden.
    Strong,
}

impl SplitArgs {
    pub fn split(&self) -> Split {
        match self.split {
            SplitName::LeaveLastOut => Split::LeaveLastOut,
            SplitName::Random => Split::Random { hidden: self.test_share },
            SplitName::Stratified => Split::Stratified { hidden: self.test_share },
            SplitName::KFold => Split::KFold { folds: self.folds },
            SplitName::Strong => Split::Strong { users: self.test_share, given: self.given_share },
        }
    }

    pub fn seed(&self) -> u64 {
        self.split_seed
    }

    /// In words, for the report.
    pub fn describe(&self, interactions: &Interactions) -> String {
        let percent = |share: f64| format!("{} %", (share * 100.0).round());
        match self.split {
            SplitName::LeaveLastOut if interactions.times.is_some() => {
                "last interaction by time hidden".into()
            }
            SplitName::LeaveLastOut => "no times: last interaction in the file's order hidden".into(),
            SplitName::Random => format!("random {} of the interactions hidden", percent(self.test_share)),
            SplitName::Stratified => {
                format!("random {} of each user's interactions hidden", percent(self.test_share))
            }
            SplitName::KFold => format!("{} random folds", self.folds),
            SplitName::Strong => format!(
                "{} of the users unseen in training, {} of their interactions given",
                percent(self.test_share),
                percent(self.given_share)
            ),
        }
    }
}
