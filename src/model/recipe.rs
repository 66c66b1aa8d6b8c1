//! The algorithm that made the factors and the hyperparameters that fold-in needs to agree with training.

use super::extremes::LARGEST;
use super::{FORMAT_VERSION, POPULARITY_EXPONENT, header::format_error};
use crate::decimal::{self, Decimal};
use crate::error::{Problem, Result};
use crate::named::Named;

/// How the factors were learned.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Algorithm {
    /// Implicit alternating least squares (Hu, Koren, Volinsky 2008; Rendle et al. 2021).
    Ials,
    /// Explicit matrix factorisation with biases by stochastic gradient descent (Koren, Bell, Volinsky 2009).
    Sgd,
    /// Bayesian personalised ranking (Rendle et al. 2009).
    Bpr,
    /// What comes next: factors that learn from the order of events.
    Next,
    /// Two towers (Covington, Adams, Sargin 2016).
    TwoTower,
    /// Learned elsewhere.
    External,
}

impl Algorithm {
    const ALL: [Algorithm; 6] = [
        Algorithm::Ials,
        Algorithm::Sgd,
        Algorithm::Bpr,
        Algorithm::Next,
        Algorithm::TwoTower,
        Algorithm::External,
    ];

    /// The name in options and metadata.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Ials => "ials",
            Algorithm::Sgd => "sgd",
            Algorithm::Bpr => "bpr",
            Algorithm::Next => "next",
            Algorithm::TwoTower => "two-tower",
            Algorithm::External => "external",
        }
    }
}

/// Algorithm and hyperparameters, kept as strings in the file's metadata.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// How the factors were learned.
    pub algorithm: Algorithm,
    /// Weight of every (visitor, item) pair, observed or not (alpha0); only iALS uses it.
    pub unobserved_weight: f32,
    /// L2 regularisation (lambda).
    pub regularization: f32,
    /// Exponent nu of the frequency that scales the regularisation (Rendle et al. 2021, section 4.1).
    pub frequency_exponent: f32,
    /// Mean of all ratings, which SGD predicts differences from; 0 elsewhere.
    pub mean: f32,
}

impl Default for Recipe {
    fn default() -> Self {
        Recipe {
            algorithm: Algorithm::External,
            unobserved_weight: 0.1,
            regularization: 0.01,
            frequency_exponent: 1.0,
            mean: 0.0,
        }
    }
}

/// The metadata that a recipe is kept in.
const RESERVED: [&str; 7] = [
    "format",
    "format_version",
    "algorithm",
    "unobserved_weight",
    "regularization",
    "frequency_exponent",
    "mean",
];

/// No exponent is greater: powers of what there is on earth stay inside f64. Training takes at most 2.
const STEEPEST: f32 = 10.0;

impl Recipe {
    /// Reads it back, checking that the file is a foldin model of this format version.
    pub(crate) fn from_metadata(metadata: &Named<String>) -> Result<Recipe> {
        if metadata.get("format").map(String::as_str) != Some("foldin") {
            let found = metadata.get("format").map_or("none", String::as_str);
            return Err(format_error("__metadata__", "format=foldin", format_args!("format={found}")));
        }
        let version = metadata.get("format_version").map_or("none", String::as_str);
        if version.parse() != Ok(FORMAT_VERSION) {
            return Err(Problem::Version { expected: FORMAT_VERSION, found: version.to_string() }.into());
        }
        let name = metadata.get("algorithm").map_or("external", String::as_str);
        let algorithm = Algorithm::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
            .ok_or_else(|| format_error("algorithm", "ials, sgd, bpr, next, two-tower or external", name))?;
        let default = Recipe::default();
        let number = |key: &str, default: f32, most: f32| match metadata.get(key) {
            None => Ok(default),
            Some(written) => decimal::parse(written).filter(|number| *number <= most).ok_or_else(|| {
                format_error(key, format_args!("a number from 0 to {}", Decimal(most.into())), written)
            }),
        };
        number(POPULARITY_EXPONENT, 0.0, STEEPEST)?;
        Ok(Recipe {
            algorithm,
            unobserved_weight: number("unobserved_weight", default.unobserved_weight, LARGEST)?,
            regularization: number("regularization", default.regularization, LARGEST)?,
            frequency_exponent: number("frequency_exponent", default.frequency_exponent, STEEPEST)?,
            mean: number("mean", default.mean, LARGEST)?,
        })
    }

    /// Adds it, and the format's name and version, to `metadata`.
    pub(crate) fn write_metadata(&self, metadata: &mut Named<String>) {
        let values = [
            "foldin".into(),
            FORMAT_VERSION.to_string(),
            self.algorithm.name().into(),
            self.unobserved_weight.to_string(),
            self.regularization.to_string(),
            self.frequency_exponent.to_string(),
            self.mean.to_string(),
        ];
        RESERVED.into_iter().zip(values).for_each(|(key, value)| metadata.push(key.into(), value));
    }
}
