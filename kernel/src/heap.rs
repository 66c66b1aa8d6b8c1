//! The one heap: it keeps the best of a search, and sorts whatever there is to sort. Four children to a node: half the
//! levels of two, and the greatest of four is found in little more time.

/// Children of a node: those of `at` stand from `CHILDREN at + 1` on.
const CHILDREN: usize = 4;

/// Makes a heap: no number is less than its children.
pub fn heap(numbers: &mut [u64]) {
    for at in (0..numbers.len().div_ceil(CHILDREN)).rev() {
        sink(numbers, at, numbers[at]);
    }
}

/// Lets `number` take the place of the greatest in a heap, which is on top.
pub fn replace_top(heap: &mut [u64], number: u64) {
    sink(heap, 0, number);
}

/// Puts numbers in rising order.
pub fn sort(numbers: &mut [u64]) {
    heap(numbers);
    for end in (1..numbers.len()).rev() {
        let (greatest, last) = (numbers[0], numbers[end]);
        sink(&mut numbers[..end], 0, last);
        numbers[end] = greatest;
    }
}

/// Lets `number` take the place at `at`, or one below it that is left by a greater one.
#[inline(never)]
fn sink(heap: &mut [u64], mut at: usize, number: u64) {
    loop {
        let first = CHILDREN * at + 1;
        let child = match heap.get(first..first + CHILDREN) {
            Some(&[a, b, c, d]) => {
                let (ab, cd) = (usize::from(b > a), 2 + usize::from(d > c));
                first + if a.max(b) >= c.max(d) { ab } else { cd }
            }
            _ => match (first..heap.len()).max_by_key(|&child| heap[child]) {
                Some(child) => child,
                None => break,
            },
        };
        if heap[child] <= number {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = number;
}
