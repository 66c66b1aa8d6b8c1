//! How it is doing, from the reports that pages chose to send: one JSON document a line, counts only.
//!
//! A page's reports are cumulative and numbered, and its last one is what counts. So a report that comes twice, late
//! or never changes nothing but how fresh the figures are. [`Events::read`] takes the lines apart, [`summarize`]
//! turns them into a [`Summary`], with a model at hand also into coverage, novelty and [`drift`]; [`Limits`] say
//! which figures raise an alert. [`html`] and [`prometheus`] write the same summary for eyes and for machines.

mod alerts;
mod batch;
pub mod drift;
mod events;
mod groups;
pub mod html;
mod latency;
pub mod prometheus;
mod rate;
mod summary;
mod versions;

pub use alerts::{Alert, Limits};
pub use batch::{Batch, PlacementCount};
pub use events::{Broken, Events, Page};
pub use groups::{Group, groups, placements};
pub use latency::{Latency, Times};
pub use rate::{Difference, Rate};
pub use summary::{Failures, Place, Summary, summarize};
pub use versions::{Comparison, Stale, Version, clicks};
