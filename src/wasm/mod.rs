//! The boundary to JavaScript: classes whose methods convert, call one room and convert back.
//!
//! JavaScript fetches and stores; nothing here does. A model's bytes are written by JavaScript straight into
//! a [`ModelBuffer`] as they arrive, and [`Engine`] reads them there. Numbers cross in typed arrays and texts
//! one by one: what turns whole objects of any shape around is more code than most pages need.

mod arriving;
mod buffer;
mod engine;
mod header;
mod items;
mod question;
mod visitor;

use foldin_kernel::FreshIsZero;
use rlsf::SmallGlobalTlsf;

/// Two-level segregated fit (Masmano et al. 2004): constant time, in several KB less than the standard allocator.
#[global_allocator]
static ALLOCATOR: FreshIsZero<SmallGlobalTlsf> = FreshIsZero(SmallGlobalTlsf::new());
