//! Panics are traps in the browser: what they would say, and where in the source they stand, is taken out of a module.

use anyhow::Result;
use std::path::Path;
use walrus::ir::Value;
use walrus::{ConstExpr, Data, DataKind, FunctionKind};

/// Functions that only make up the text of a panic. No page ever sees one: it sees the trap that follows.
const PANICS: [&str; 10] = [
    "core::panicking::",
    "core::option::unwrap_failed",
    "core::option::expect_failed",
    "core::result::unwrap_failed",
    "core::slice::index::slice_index_fail",
    "core::slice::copy_from_slice_impl::len_mismatch_fail",
    "core::str::slice_error_fail",
    "alloc::raw_vec::handle_error",
    "alloc::alloc::handle_alloc_error",
    "std::alloc::rust_oom",
];

/// Lets panics trap at once: with their texts goes all that wasm-opt then finds unused.
pub fn silence(module: &Path) -> Result<()> {
    let mut wasm = walrus::Module::from_file(module)?;
    for function in wasm.funcs.iter_mut() {
        let name = without_hashes(function.name.as_deref().unwrap_or_default());
        if let FunctionKind::Local(function) = &mut function.kind
            && PANICS.iter().any(|panic| name.starts_with(panic))
        {
            let mut body = function.builder_mut().func_body();
            body.instrs_mut().clear();
            body.unreachable();
        }
    }
    let segments: Vec<_> = wasm.data.iter().map(Data::id).collect();
    for segment in segments {
        let data = wasm.data.get_mut(segment);
        if let DataKind::Active { offset: ConstExpr::Value(Value::I32(address)), .. } = data.kind {
            forget_places(&mut data.value, address as usize);
        }
    }
    wasm.emit_wasm_file(module)
}

/// Makes zeros of where panics stand in the source, which none of them tells any more, in memory that begins at `address`. A
/// place is the address of a file's name, its length, a line and a column.
fn forget_places(memory: &mut [u8], address: usize) {
    let word = |memory: &[u8], at: usize| {
        let bytes = memory.get(at..at + 4)?.try_into().expect("four bytes");
        Some(u32::from_le_bytes(bytes) as usize)
    };
    let file = |memory: &[u8], at: usize| {
        let start = word(memory, at)?.checked_sub(address)?;
        let name = start..start.checked_add(word(memory, at + 4)?)?;
        memory.get(name.clone())?.ends_with(b".rs").then_some(name)
    };
    let places: Vec<_> = (address.next_multiple_of(4) - address..memory.len())
        .step_by(4)
        .filter_map(|at| Some((at..at + PLACE, file(memory, at)?)))
        .filter(|(place, _)| place.end <= memory.len())
        .collect();
    for (place, file) in places {
        memory[place].fill(0);
        memory[file].fill(0);
    }
}

/// Bytes of a place.
const PLACE: usize = 16;

/// `core[1f2e]::str::f` is `core::str::f`, whatever the compiler.
pub fn without_hashes(name: &str) -> String {
    let parts = name.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest));
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_forgotten_and_all_else_is_kept() {
        let address = 1_048_577; // Places are aligned in memory, not in the segment.
        let mut memory = b"texta/b.rs....".to_vec();
        let place = [1_048_581u32, 6, 120, 7].map(u32::to_le_bytes).concat();
        let text = [1_048_577u32, 4, 120, 7].map(u32::to_le_bytes).concat();
        memory.resize(15, b'.');
        memory.extend([&place[..], &text, &place[..8]].concat());
        let mut wanted = memory.clone();
        wanted[4..10].fill(0);
        wanted[15..31].fill(0);
        forget_places(&mut memory, address);
        assert_eq!(memory, wanted);
    }

    #[test]
    fn hashes_are_left_out_of_names() {
        assert_eq!(without_hashes("core[1f2e]::str::f"), "core::str::f");
    }
}
