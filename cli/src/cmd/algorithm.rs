//! The options that choose and steer an algorithm, shared by the verbs that train.

use clap::ValueEnum;
use foldin_lab::auto::candidates::Axis;
#[cfg(feature = "deep")]
use foldin_lab::train::two_tower;
use foldin_lab::train::{Interactions, Options, bpr, ials, next, sgd};

/// How factors are learned.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub enum Algorithm {
    /// The data decide: `next` and some settings of `ials` look for an interaction of each user that was held out (the
    /// last one, or without times a random one); the best is trained on everything. Of data with more than 300,000
    /// interactions they learn from a sample of the users.
    Auto,
    /// Implicit feedback: alternating least squares, for rankings.
    Ials,
    /// Explicit ratings: factors and biases by gradient descent, for predicting ratings.
    Sgd,
    /// Implicit feedback: pairs of a chosen and another item, by gradient descent.
    Bpr,
    /// Order: factors that learn what comes next, by times or by --in-order.
    Next,
    /// Deep: a user tower over past items and traits, an item tower over ids and features.
    #[cfg(feature = "deep")]
    TwoTower,
}

/// How iALS moves a factor.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Solver {
    /// To the minimum at once; takes a regularisation of 0.
    Exact,
    /// 16 coordinates at a time (iALS++): as good after the usual epochs, much faster for a large --dim.
    Blocks,
    /// A preconditioned step down the gradient: as good too, and the fastest.
    Gradients,
}

impl From<Solver> for ials::Solver {
    fn from(solver: Solver) -> Self {
        match solver {
            Solver::Exact => ials::Solver::Exact,
            Solver::Blocks => ials::Solver::Blocks,
            Solver::Gradients => ials::Solver::Gradients,
        }
    }
}

/// How BPR draws the items that an observed one is compared with.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sampling {
    /// Each as often.
    Uniform,
    /// As often as they occur.
    Popular,
}

impl From<Sampling> for bpr::Sampling {
    fn from(sampling: Sampling) -> Self {
        match sampling {
            Sampling::Uniform => bpr::Sampling::Uniform,
            Sampling::Popular => bpr::Sampling::Popular,
        }
    }
}

/// Which algorithm, and its hyperparameters.
#[derive(Clone, clap::Args)]
#[command(next_help_heading = "Algorithm and hyperparameters")]
pub struct AlgorithmArgs {
    /// How factors are learned.
    #[arg(long, value_enum, default_value = "auto")]
    algorithm: Algorithm,
    /// Length of a factor [default: 64]
    #[arg(long)]
    dim: Option<usize>,
    /// Passes over the interactions [default: ials 16, sgd 40, bpr 120, next at most 12, two-tower 30]
    #[arg(long)]
    epochs: Option<usize>,
    /// Of everything random: the same seed gives the same model.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// L2 regularisation; next: weight decay [default: ials 0.07 / (1 + A / D), at most 0.01, where of all pairs of a user
    /// and an item a share D was observed and A is the default of --unobserved-weight; sgd 0.08, bpr 0.02, next 0,
    /// two-tower 0.000001]
    #[arg(long)]
    regularization: Option<f32>,
    /// ials: weight of a pair that was not observed, where an observed one weighs 1 more [default: 0.3 x root of D / 0.05,
    /// at most 0.3, where of all pairs of a user and an item a share D was observed]
    #[arg(long, alias = "alpha")]
    unobserved_weight: Option<f32>,
    /// ials: how far that weight grows with the frequency of the item, at most 1 [default: 0]
    #[arg(long)]
    popularity_exponent: Option<f32>,
    /// ials: how far a user counts less for the items the more they did, at most 1 [default: 0]
    #[arg(long)]
    activity_exponent: Option<f32>,
    /// ials: how far regularisation grows with the frequency of a user or an item [default: 1]
    #[arg(long)]
    exponent: Option<f32>,
    /// ials: an interaction of value v weighs 1 + CONFIDENCE x v [default: 0, values do not matter]
    #[arg(long)]
    confidence: Option<f32>,
    /// ials: learn from --items too: how much each tag, each span of a number, and each tag within a span (the comedies
    /// of the eighties) counts as one more user who has its items [default: 0, only interactions matter]
    #[arg(long, value_name = "WEIGHT")]
    content_weight: Option<f32>,
    /// ials: how a sweep moves a factor [default: gradients]
    #[arg(long, value_enum)]
    solver: Option<Solver>,
    /// sgd, bpr, next, two-tower: length of the first steps [default: 0.02, 0.05, 0.006, 0.01]
    #[arg(long)]
    learning_rate: Option<f32>,
    /// sgd, bpr: by what the length of the steps is multiplied after each epoch [default: 0.96, 0.98]
    #[arg(long)]
    decay: Option<f32>,
    /// bpr: how the items are drawn that an observed one is compared with [default: uniform]
    #[arg(long, value_enum)]
    sampling: Option<Sampling>,
    /// next: passes without gain on each user's last event after which the search for the best number of passes ends;
    /// 0: no search, just --epochs [default: 3]
    #[arg(long, value_name = "EPOCHS")]
    search_patience: Option<usize>,
    /// next: the newest events that have a weight each; older ones share one [default: 100]
    #[arg(long)]
    places: Option<usize>,
    /// next: items drawn to stand for all others in a step [default: 1024 where there are more than 4,096 items]
    #[arg(long)]
    sampled_items: Option<usize>,
    /// next: without times, the file's lines are in the order in which things happened
    #[arg(long)]
    in_order: bool,
    /// two-tower: what is minimised [default: softmax]
    #[cfg(feature = "deep")]
    #[arg(long, value_enum)]
    loss: Option<Loss>,
    /// two-tower: width of the user tower's hidden layer [default: 128]
    #[cfg(feature = "deep")]
    #[arg(long)]
    hidden: Option<usize>,
    /// next: events sought in a step; two-tower: users in one [default: next a 200th of all, 128 to 1024, two-tower 32]
    #[arg(long)]
    batch: Option<usize>,
    /// two-tower: items in a softmax beside the batch's own [default: 4096]
    #[cfg(feature = "deep")]
    #[arg(long)]
    candidates: Option<usize>,
    /// next, two-tower: share of a history that is not seen while learning [default: 0.2, 0.5]
    #[arg(long)]
    dropout: Option<f32>,
    /// next: share of a vector's numbers that is hidden while learning [default: 0.3]
    #[arg(long)]
    vector_dropout: Option<f32>,
}

/// What the two towers minimise.
#[cfg(feature = "deep")]
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Loss {
    /// Cross-entropy of a user's items in the catalogue, sampled where it is large: for rankings.
    Softmax,
    /// Squared error of ratings.
    Mse,
}

impl AlgorithmArgs {
    /// The algorithm that was asked for.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whether `next` is asked for and there is no order that it could learn from: iALS stands in.
    pub fn lacks_order(&self, interactions: &Interactions) -> bool {
        self.algorithm == Algorithm::Next && interactions.times.is_none() && !self.in_order
    }

    /// The hyperparameters: given ones, and what suits the data. For `auto` those of iALS, the first candidate.
    pub fn options(&self, interactions: &Interactions) -> Options {
        match self.algorithm {
            Algorithm::Next if self.lacks_order(interactions) => Options::Ials(self.ials(interactions)),
            Algorithm::Auto | Algorithm::Ials => Options::Ials(self.ials(interactions)),
            Algorithm::Sgd => Options::Sgd(self.sgd()),
            Algorithm::Bpr => Options::Bpr(self.bpr()),
            Algorithm::Next => Options::Next(self.next()),
            #[cfg(feature = "deep")]
            Algorithm::TwoTower => Options::TwoTower(self.two_tower()),
        }
    }

    /// The options of iALS that nobody gave, so that they may be searched.
    pub fn free(&self) -> Vec<Axis> {
        let is_free = |axis: &Axis| match axis {
            Axis::UnobservedWeight => self.unobserved_weight.is_none(),
            Axis::Regularization => self.regularization.is_none(),
            Axis::PopularityExponent => self.popularity_exponent.is_none(),
        };
        Axis::ALL.into_iter().filter(is_free).collect()
    }

    /// An option that only iALS has, where one was given: it says that iALS is wanted.
    pub fn only_of_ials(&self) -> Option<&'static str> {
        let given = [
            ("--unobserved-weight", self.unobserved_weight.is_some()),
            ("--popularity-exponent", self.popularity_exponent.is_some()),
            ("--activity-exponent", self.activity_exponent.is_some()),
            ("--exponent", self.exponent.is_some()),
            ("--confidence", self.confidence.is_some()),
            ("--content-weight", self.content_weight.is_some()),
            ("--solver", self.solver.is_some()),
        ];
        given.into_iter().find_map(|(name, given)| given.then_some(name))
    }

    fn ials(&self, interactions: &Interactions) -> ials::Options {
        let default = ials::Options::suited_to(interactions);
        ials::Options {
            dim: self.dim.unwrap_or(default.dim),
            epochs: self.epochs.unwrap_or(default.epochs),
            unobserved_weight: self.unobserved_weight.unwrap_or(default.unobserved_weight),
            popularity_exponent: self.popularity_exponent.unwrap_or(default.popularity_exponent),
            activity_exponent: self.activity_exponent.unwrap_or(default.activity_exponent),
            regularization: self.regularization.unwrap_or(default.regularization),
            frequency_exponent: self.exponent.unwrap_or(default.frequency_exponent),
            confidence: self.confidence.unwrap_or(default.confidence),
            solver: self.solver.map_or(default.solver, ials::Solver::from),
            seed: self.seed,
            content: default.content,
            content_weight: self.content_weight.unwrap_or(default.content_weight),
        }
    }

    fn sgd(&self) -> sgd::Options {
        let default = sgd::Options::default();
        sgd::Options {
            dim: self.dim.unwrap_or(default.dim),
            epochs: self.epochs.unwrap_or(default.epochs),
            learning_rate: self.learning_rate.unwrap_or(default.learning_rate),
            decay: self.decay.unwrap_or(default.decay),
            regularization: self.regularization.unwrap_or(default.regularization),
            seed: self.seed,
        }
    }

    fn bpr(&self) -> bpr::Options {
        let default = bpr::Options::default();
        bpr::Options {
            dim: self.dim.unwrap_or(default.dim),
            epochs: self.epochs.unwrap_or(default.epochs),
            learning_rate: self.learning_rate.unwrap_or(default.learning_rate),
            decay: self.decay.unwrap_or(default.decay),
            regularization: self.regularization.unwrap_or(default.regularization),
            sampling: self.sampling.map_or(default.sampling, bpr::Sampling::from),
            seed: self.seed,
        }
    }

    /// The hyperparameters of `next`.
    pub fn next(&self) -> next::Options {
        let default = next::Options::default();
        next::Options {
            dim: self.dim.unwrap_or(default.dim),
            epochs: self.epochs.unwrap_or(default.epochs),
            patience: self.search_patience.unwrap_or(default.patience),
            places: self.places.unwrap_or(default.places),
            batch: self.batch,
            negatives: self.sampled_items,
            learning_rate: self.learning_rate.unwrap_or(default.learning_rate),
            dropout: self.dropout.unwrap_or(default.dropout),
            vector_dropout: self.vector_dropout.unwrap_or(default.vector_dropout),
            regularization: self.regularization.unwrap_or(default.regularization),
            in_order: self.in_order,
            seed: self.seed,
        }
    }
}

#[cfg(feature = "deep")]
impl AlgorithmArgs {
    fn two_tower(&self) -> two_tower::Options {
        let default = two_tower::Options::default();
        two_tower::Options {
            dim: self.dim.unwrap_or(default.dim),
            hidden: self.hidden.unwrap_or(default.hidden),
            epochs: self.epochs.unwrap_or(default.epochs),
            batch: self.batch.unwrap_or(default.batch),
            candidates: self.candidates.unwrap_or(default.candidates),
            learning_rate: self.learning_rate.unwrap_or(default.learning_rate),
            regularization: self.regularization.unwrap_or(default.regularization),
            dropout: self.dropout.unwrap_or(default.dropout),
            loss: self.loss.map_or(default.loss, |loss| match loss {
                Loss::Softmax => two_tower::Loss::Softmax,
                Loss::Mse => two_tower::Loss::Mse,
            }),
            seed: self.seed,
            side: two_tower::Side::default(),
        }
    }
}

/// The options of `foldin train` that stand for `options`.
pub fn command_line(options: &Options) -> String {
    match options {
        Options::Ials(o) => format!(
            "--algorithm ials --dim {} --epochs {} --unobserved-weight {} --popularity-exponent {} \
             --activity-exponent {} --regularization {} --exponent {} --confidence {} --content-weight {} --solver {} \
             --seed {}",
            o.dim,
            o.epochs,
            o.unobserved_weight,
            o.popularity_exponent,
            o.activity_exponent,
            o.regularization,
            o.frequency_exponent,
            o.confidence,
            o.content_weight,
            o.solver.name(),
            o.seed
        ),
        Options::Sgd(o) => format!(
            "--algorithm sgd --dim {} --epochs {} --learning-rate {} --decay {} --regularization {} --seed {}",
            o.dim, o.epochs, o.learning_rate, o.decay, o.regularization, o.seed
        ),
        Options::Bpr(o) => format!(
            "--algorithm bpr --dim {} --epochs {} --learning-rate {} --decay {} --regularization {} --sampling {} \
             --seed {}",
            o.dim,
            o.epochs,
            o.learning_rate,
            o.decay,
            o.regularization,
            o.sampling.name(),
            o.seed
        ),
        Options::Next(o) => {
            let given =
                |name: &str, value: Option<usize>| value.map_or(String::new(), |v| format!(" --{name} {v}"));
            format!(
                "--algorithm next --dim {} --epochs {} --search-patience {} --places {}{}{} --learning-rate {} \
                 --dropout {} --vector-dropout {} --regularization {}{} --seed {}",
                o.dim,
                o.epochs,
                o.patience,
                o.places,
                given("batch", o.batch),
                given("sampled-items", o.negatives),
                o.learning_rate,
                o.dropout,
                o.vector_dropout,
                o.regularization,
                if o.in_order { " --in-order" } else { "" },
                o.seed
            )
        }
        #[cfg(feature = "deep")]
        Options::TwoTower(o) => format!(
            "--algorithm two-tower --dim {} --hidden {} --epochs {} --batch {} --candidates {} --learning-rate {} \
             --regularization {} --dropout {} --loss {} --seed {}",
            o.dim,
            o.hidden,
            o.epochs,
            o.batch,
            o.candidates,
            o.learning_rate,
            o.regularization,
            o.dropout,
            o.loss.name(),
            o.seed
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        algorithm: AlgorithmArgs,
    }

    fn read(line: &str) -> Options {
        let command = Command::parse_from(std::iter::once("foldin").chain(line.split_whitespace()));
        command.algorithm.options(&Interactions::default())
    }

    #[test]
    fn a_printed_command_gives_the_options_that_it_stands_for() {
        let lines = [
            "--algorithm ials --dim 7 --epochs 5 --unobserved-weight 0.7 --popularity-exponent 0.25 \
             --activity-exponent 0.1 --regularization 0.2 --exponent 0.5 --confidence 2 --content-weight 3 \
             --solver exact --seed 3",
            "--algorithm sgd --dim 7 --epochs 5 --learning-rate 0.7 --decay 0.5 --regularization 0.2 --seed 3",
            "--algorithm bpr --dim 7 --epochs 5 --learning-rate 0.7 --decay 0.5 --regularization 0.2 --sampling \
             popular --seed 3",
            "--algorithm next --dim 7 --epochs 5 --search-patience 0 --places 9 --batch 11 --sampled-items 13 \
             --learning-rate 0.7 --dropout 0.25 --vector-dropout 0.125 --regularization 0.2 --in-order --seed 3",
            "--algorithm next",
            #[cfg(feature = "deep")]
            "--algorithm two-tower --dim 7 --hidden 9 --epochs 5 --batch 11 --candidates 13 --learning-rate 0.7 \
             --regularization 0.2 --dropout 0.25 --loss mse --seed 3",
        ];
        for line in lines {
            let options = read(line);
            assert_eq!(read(&command_line(&options)), options, "{line}");
        }
    }
}
