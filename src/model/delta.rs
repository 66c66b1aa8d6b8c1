//! What one visitor's fine-tuning adds to some rows of a model that all visitors share.

/// Numbers added to a few rows, in f32 beside the packed rows, which stay as they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delta {
    /// Rising.
    rows: Vec<u32>,
    /// [rows, dim]
    values: Vec<f32>,
}

impl Delta {
    /// `values` [rows, dim] for `rows`, which rise.
    ///
    /// # Panics
    /// When `values` are not as many numbers for each of the rows.
    pub fn new(rows: Vec<u32>, values: Vec<f32>) -> Delta {
        assert!(values.len().is_multiple_of(rows.len().max(1)) && rows.is_sorted(), "a row each, in order");
        Delta { rows, values }
    }

    /// The rows with what is added to each, [dim].
    pub fn iter(&self) -> impl Iterator<Item = (u32, &[f32])> {
        self.rows.iter().copied().zip(self.values.chunks_exact(self.dim()))
    }

    /// What is added to each of the rows, [dim].
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut [f32]> {
        let dim = self.dim();
        self.values.chunks_exact_mut(dim)
    }

    /// Leaves all rows as they are in the model but those that `keep` says yes to.
    pub fn retain(&mut self, keep: impl Fn(u32) -> bool) {
        let kept = self.iter().filter(|(row, _)| keep(*row));
        let (rows, values): (Vec<u32>, Vec<&[f32]>) = kept.unzip();
        *self = Delta { values: values.concat(), rows };
    }

    pub(super) fn of(&self, row: u32) -> Option<&[f32]> {
        let at = self.rows.binary_search(&row).ok()?;
        Some(&self.values[at * self.dim()..][..self.dim()])
    }

    /// What is added to a row, [dim]; None where it stays as it is.
    pub fn of_mut(&mut self, row: u32) -> Option<&mut [f32]> {
        let (at, dim) = (self.rows.binary_search(&row).ok()?, self.dim());
        Some(&mut self.values[at * dim..][..dim])
    }

    fn dim(&self) -> usize {
        (self.values.len() / self.rows.len().max(1)).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_and_left_out() {
        let mut delta = Delta::new(vec![3, 7], vec![1.0, 2.0, 3.0, 4.0]);
        assert_eq!(delta.of(7), Some(&[3.0, 4.0][..]));
        assert_eq!(delta.of(5), None);
        delta.retain(|row| row != 3);
        assert_eq!(delta.iter().collect::<Vec<_>>(), [(7, &[3.0, 4.0][..])]);
        delta.retain(|_| false);
        assert_eq!(delta.iter().count(), 0);
        assert_eq!(delta, Delta::default());
    }
}
