//! The one heap: it keeps the best of a search, and sorts whatever there is to sort.

/// Makes a heap: no number is less than its children, those of `at` standing at `2 at + 1` and `2 at + 2`.
pub fn heap(numbers: &mut [u64]) {
    for at in (0..numbers.len() / 2).rev() {
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
    while let Some(&left) = heap.get(2 * at + 1) {
        let right = heap.get(2 * at + 2).copied().unwrap_or(0);
        let child = 2 * at + 1 + usize::from(right > left);
        let greater = left.max(right);
        if greater <= number {
            break;
        }
        heap[at] = greater;
        at = child;
    }
    heap[at] = number;
}
