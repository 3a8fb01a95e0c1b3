//! Memory for a process that lives for milliseconds.
//!
//! The first blocks come one after the other from a region of huge pages, and only the last of them is ever taken
//! back. Allocators for long lives spread sizes over many pages, and to make a page costs more than all else that
//! they do: for one release this halves what the kernel does. What does not fit comes from the system's
//! allocator, or from mimalloc where that is musl's, which is slow.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::UnsafeCell;
use std::ptr;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::{AcqRel, Relaxed};

/// A render of the built-in chart takes less than 2 MiB, one huge page, when it frees nothing.
const SIZE: usize = 4 << 20;

/// A block above this is no small change: it would leave no room for those that are.
const LARGEST: usize = 256 << 10;

#[repr(align(0x20_0000))]
struct Region(UnsafeCell<[u8; SIZE]>);

// SAFETY: each byte is handed out to one owner at a time, by `take`.
unsafe impl Sync for Region {}

static REGION: Region = Region(UnsafeCell::new([0; SIZE]));
/// How much of the region is handed out. Whoever takes what another thread gave back sees its writes first.
static USED: AtomicUsize = AtomicUsize::new(0);

#[cfg(target_env = "musl")]
const REST: mimalloc::MiMalloc = mimalloc::MiMalloc;
#[cfg(not(target_env = "musl"))]
const REST: std::alloc::System = std::alloc::System;

/// The region first, then the rest.
pub struct Allocator;

/// The bytes of a block that `layout` needs, taken from the region; none if there is no room.
fn take(layout: Layout) -> Option<*mut u8> {
    if layout.size().max(layout.align()) > LARGEST {
        return None;
    }
    let mut used = USED.load(Relaxed);
    loop {
        if used == 0 {
            ask_for_huge_pages();
        }

        let start = used.checked_next_multiple_of(layout.align())?;
        let end = start.checked_add(layout.size()).filter(|end| *end <= SIZE)?;
        match USED.compare_exchange_weak(used, end, AcqRel, Relaxed) {
            // SAFETY: `start` is within the region.
            Ok(_) => return Some(unsafe { REGION.0.get().cast::<u8>().add(start) }),
            Err(now) => used = now,
        }
    }
}

/// Where in the region a block stands, if it is there.
fn offset(block: *mut u8) -> Option<usize> {
    (block as usize).checked_sub(REGION.0.get() as usize).filter(|offset| *offset < SIZE)
}

/// Has the last block end elsewhere; false if it is not the last or there is no room.
fn resize_last(start: usize, size: usize, new_size: usize) -> bool {
    let end = start.checked_add(new_size).filter(|end| *end <= SIZE);
    end.is_some_and(|end| USED.compare_exchange(start + size, end, AcqRel, Relaxed).is_ok())
}

/// A hint: without it the region is made of small pages, one at a time.
fn ask_for_huge_pages() {
    #[cfg(target_os = "linux")]
    // SAFETY: the call changes how the region's pages are made, not what is in them.
    unsafe {
        libc::madvise(REGION.0.get().cast(), SIZE, libc::MADV_HUGEPAGE);
    }
}

// SAFETY: blocks of the region are within it, aligned, and no two that are in use overlap: `USED` only moves back
// over a block that is freed or shrinks, and that nothing stands behind. All others are the rest's.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the layout is the caller's.
        take(layout).unwrap_or_else(|| unsafe { REST.alloc(layout) })
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        match offset(block) {
            Some(start) => drop(resize_last(start, layout.size(), 0)),
            // SAFETY: a block that is not in the region is the rest's.
            None => unsafe { REST.dealloc(block, layout) },
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let Some(start) = offset(block) else {
            // SAFETY: a block that is not in the region is the rest's.
            return unsafe { REST.realloc(block, layout, new_size) };
        };
        if resize_last(start, layout.size(), new_size) {
            return block;
        }
        // SAFETY: the caller's new size fits its alignment; both blocks hold at least what is copied.
        unsafe {
            let new = self.alloc(Layout::from_size_align_unchecked(new_size, layout.align()));
            if !new.is_null() {
                ptr::copy_nonoverlapping(block, new, layout.size().min(new_size));
            }
            new
        }
    }
}
