//! Solving symmetric positive definite systems, in f64 and in a fixed order of operations, so that the browser
//! and the command get the same bits.

/// The upper triangle U of `A = Uᵀ U`, row-major [n, n]; what lies below the diagonal is never read.
#[derive(Clone, Debug)]
pub struct Cholesky {
    upper: Vec<f64>,
    n: usize,
}

impl Cholesky {
    /// Factorises `a`, of which only the upper triangle is read.
    ///
    /// A pivot that rounding or a regularisation of zero left without substance is lifted to a tiny share of
    /// the largest diagonal entry, so that the solution is always finite.
    pub fn new(mut a: Vec<f64>, n: usize) -> Cholesky {
        let largest = (0..n).map(|i| a[i * n + i]).fold(0.0, f64::max);
        let floor = (largest * 1e-12).max(f64::MIN_POSITIVE);
        for k in 0..n {
            let (done, rest) = a.split_at_mut((k + 1) * n);
            let row = &mut done[k * n + k..];
            let pivot = row[0].max(floor).sqrt();
            row[0] = pivot;
            row[1..].iter_mut().for_each(|v| *v /= pivot);
            for (below, i) in rest.chunks_exact_mut(n).zip(k + 1..n) {
                let factor = row[i - k];
                for (v, u) in below[i..].iter_mut().zip(&row[i - k..]) {
                    *v -= factor * u;
                }
            }
        }
        Cholesky { upper: a, n }
    }

    /// Solves `A x = b` in place.
    pub fn solve(&self, b: &mut [f64]) {
        let (upper, n) = (&self.upper, self.n);
        for k in 0..n {
            b[k] /= upper[k * n + k];
            let (head, tail) = b.split_at_mut(k + 1);
            for (v, u) in tail.iter_mut().zip(&upper[k * n + k + 1..(k + 1) * n]) {
                *v -= head[k] * u;
            }
        }
        for k in (0..n).rev() {
            let row = &upper[k * n..(k + 1) * n];
            let known: f64 = row[k + 1..].iter().zip(&b[k + 1..]).map(|(u, x)| u * x).sum();
            b[k] = (b[k] - known) / row[k];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_worked_example() {
        // A = [[4, 2], [2, 3]], b = [2, 5]: x = [-0.5, 2].
        let mut b = [2.0, 5.0];
        Cholesky::new(vec![4.0, 2.0, f64::NAN, 3.0], 2).solve(&mut b);
        assert!((b[0] + 0.5).abs() < 1e-12 && (b[1] - 2.0).abs() < 1e-12, "{b:?}");
    }

    #[test]
    fn a_singular_matrix_gives_a_finite_answer() {
        let mut b = [1.0, 1.0];
        Cholesky::new(vec![1.0, 1.0, 1.0, 1.0], 2).solve(&mut b);
        assert!(b.iter().all(|x| x.is_finite()), "{b:?}");
        let mut b = [1.0];
        Cholesky::new(vec![0.0], 1).solve(&mut b);
        assert!(b[0].is_finite());
    }
}
