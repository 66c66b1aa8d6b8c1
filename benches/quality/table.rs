//! The table of tasks with their anchors.

/// What a task must reach.
#[derive(Clone, Copy)]
pub enum Target {
    AtLeast(f64),
    AtMost(f64),
}

/// One line: a figure for each seed, and what it is compared with.
pub struct Line {
    pub task: &'static str,
    pub metric: &'static str,
    pub anchors: String,
    pub target: Target,
    pub ours: Vec<f64>,
}

#[derive(Default)]
pub struct Table(Vec<Line>);

impl Table {
    /// Adds a line and shows it at once: the whole table takes minutes.
    pub fn add(&mut self, line: Line) {
        eprintln!("{}", line.text());
        self.0.push(line);
    }

    pub fn extend(&mut self, lines: impl IntoIterator<Item = Line>) {
        lines.into_iter().for_each(|line| self.add(line));
    }

    pub fn print(&self) {
        println!("{:44} {:12} {:>8}  {:>9}  {:24} anchors", "task", "metric", "ours", "target", "by seed");
        self.0.iter().for_each(|line| println!("{}", line.text()));
    }
}

impl Line {
    fn text(&self) -> String {
        let mean = mean(&self.ours);
        let (target, reached) = match self.target {
            Target::AtLeast(target) => (format!(">= {target:.4}"), mean >= target),
            Target::AtMost(target) => (format!("<= {target:.4}"), mean <= target),
        };
        let seeds: Vec<String> = self.ours.iter().map(|value| format!("{value:.4}")).collect();
        let verdict = if reached { "yes" } else { "NO" };
        format!(
            "{:44} {:12} {mean:>8.4}  {target:>9} {verdict:3} {:24} {}",
            self.task,
            self.metric,
            seeds.join(" "),
            self.anchors
        )
    }
}

pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
