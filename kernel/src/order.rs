//! Order among numbers: the least of a search, and all of whatever there is to sort.

/// Puts the number in its place that has `at` less ones, those in front of it and all others behind. No two are alike.
/// (Hoare's "Algorithm 65: Find", 1961, by Lomuto's partition, which needs no branches: what comes is not to be guessed.)
pub fn select(mut numbers: &mut [u64], mut at: usize) {
    while numbers.len() > 1 {
        let last = numbers.len() - 1;
        // Somewhere: no order in which numbers are likely to come has all pivots at an end.
        let somewhere = (last as u32).wrapping_mul(0x9E37_79B9) as usize % numbers.len();
        numbers.swap(last, somewhere);
        let pivot = numbers[last];
        let mut less = 0;
        for place in 0..last {
            numbers.swap(place, less);
            less += usize::from(numbers[less] < pivot);
        }
        numbers.swap(less, last);
        if at == less {
            return;
        }
        let (front, behind) = numbers.split_at_mut(less);
        if at < less {
            numbers = front;
        } else {
            numbers = &mut behind[1..];
            at -= less + 1;
        }
    }
}

/// Children of a node of the heap: those of `at` stand from `CHILDREN at + 1` on. Four have half the levels of two, and the
/// greatest of four is found in little more time.
const CHILDREN: usize = 4;

/// Puts numbers in rising order, by a heap: no number in it is less than its children.
pub fn sort(numbers: &mut [u64]) {
    for at in (0..numbers.len().div_ceil(CHILDREN)).rev() {
        sink(numbers, at, numbers[at]);
    }
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
