//! WebAssembly's memory: all that it grows by is zero.

use std::alloc::{GlobalAlloc, Layout};
use std::arch::wasm32::memory_size;

/// An allocator that does not write zeros where there are some.
pub struct FreshIsZero<A>(pub A);

const PAGE: usize = 65536;

/// No allocator keeps longer notes at the start of what it gives out.
const NOTES: usize = 64;

// SAFETY: all is left to the allocator inside, but filling with zeros what is not zero already: of memory that was not
// there before, the notes that the allocator made when it came.
unsafe impl<A: GlobalAlloc> GlobalAlloc for FreshIsZero<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller vouches.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let end = memory_size(0) * PAGE;
        // SAFETY: as the caller vouches.
        let start = unsafe { self.0.alloc(layout) };
        let size = if start as usize >= end { layout.size().min(NOTES) } else { layout.size() };
        if !start.is_null() {
            // SAFETY: so many bytes were just allocated.
            unsafe { start.write_bytes(0, size) };
        }
        start
    }

    unsafe fn dealloc(&self, start: *mut u8, layout: Layout) {
        // SAFETY: as the caller vouches.
        unsafe { self.0.dealloc(start, layout) };
    }

    unsafe fn realloc(&self, start: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as the caller vouches.
        unsafe { self.0.realloc(start, layout, size) }
    }
}
