//! Ours beside a rival's, on the same users.

use foldin_lab::evaluate::interval::{Part, bootstrap};

/// One line: a task, who is compared, and a pair of figures a judged user.
struct Line {
    task: String,
    ours: f64,
    rival: f64,
    /// Of the difference.
    interval: Option<(f64, f64)>,
    /// What `ours` must be times the rival's, at least.
    factor: f64,
}

#[derive(Default)]
pub struct Table(Vec<Line>);

impl Table {
    /// `ours` and `rival` of the same users.
    pub fn compare(&mut self, task: impl Into<String>, ours: &[f64], rival: &[f64], factor: f64) {
        let pairs = ours.iter().zip(rival);
        let parts = pairs.flat_map(|(&ours, &rival)| [ours, rival, ours - rival].map(|v| Part::of(Some(v))));
        let estimates = bootstrap(&parts.collect::<Vec<_>>(), 3, 1);
        let [Some(ours), Some(rival), Some(difference)] = estimates[..] else { return };
        let interval = difference.low.zip(difference.high);
        self.add(Line { task: task.into(), ours: ours.mean, rival: rival.mean, interval, factor });
    }

    /// Means alone, where the rival's users are not known one by one.
    pub fn means(&mut self, task: impl Into<String>, ours: f64, rival: f64) {
        self.add(Line { task: task.into(), ours, rival, interval: None, factor: 1.0 });
    }

    fn add(&mut self, line: Line) {
        eprintln!("{}", line.text());
        self.0.push(line);
    }

    pub fn print(&self) {
        println!("{:74} {:>7} {:>7} {:>6}      95 % of the difference", "NDCG@10", "ours", "rival", "ratio");
        self.0.iter().for_each(|line| println!("{}", line.text()));
    }
}

impl Line {
    fn text(&self) -> String {
        let Line { task, ours, rival, interval, factor } = self;
        let verdict = if *ours >= factor * rival { "yes" } else { "NO" };
        let interval = interval.map(|(low, high)| format!("{low:+.4} to {high:+.4}")).unwrap_or_default();
        format!("{task:74} {ours:>7.4} {rival:>7.4} {:>6.2} {verdict:4} {interval}", ours / rival)
    }
}
