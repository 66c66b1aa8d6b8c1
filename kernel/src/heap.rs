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

/// Lets `number` take the place at `at`, or one below it that is left by a greater one: down to the bottom first, whatever
/// `number` is, and up again as far as it must (Wegener 1993). Most belong near the bottom, and no step down is a guess.
#[inline(never)]
fn sink(heap: &mut [u64], top: usize, number: u64) {
    let mut at = top;
    while let Some(&[left, right]) = heap.get(2 * at + 1..2 * at + 3).and_then(|both| both.first_chunk()) {
        heap[at] = left.max(right);
        at = 2 * at + 1 + usize::from(right > left);
    }
    if let Some(&only) = heap.get(2 * at + 1) {
        heap[at] = only;
        at = 2 * at + 1;
    }
    while at > top && heap[(at - 1) / 2] < number {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = number;
}
