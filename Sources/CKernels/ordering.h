// The places of a row's first elements in order: by a heap where few are asked for, else by radix.

#ifndef MR_ORDERING_H
#define MR_ORDERING_H

#include "lanes.h"

#if MR_BITS == 64
typedef uint64_t ordered_key;
#else
typedef uint32_t ordered_key;
#endif

// MARK: The first few

/// Whether element i of a row comes before element j.
static inline int comes_before(const real *x, int32_t i, int32_t j, int32_t descending) {
  real a = x[i], b = x[j];
  if (a < b) return !descending;
  if (a > b) return descending;
  int first_is_nan = a != a, second_is_nan = b != b;
  return first_is_nan != second_is_nan ? second_is_nan : i < j;
}

/// Lets a place sink to where both below it come before it; the last in order is on top.
static inline void sink(
    const real *x, int32_t *heap, int64_t count, int64_t at, int32_t descending) {
  int32_t place = heap[at];
  for (int64_t below = 2 * at + 1; below < count; below = 2 * at + 1) {
    if (below + 1 < count && comes_before(x, heap[below], heap[below + 1], descending)) below++;
    if (!comes_before(x, place, heap[below], descending)) break;
    heap[at] = heap[below];
    at = below;
  }
  heap[at] = place;
}

/// The result itself is the heap, of the first `count` of what has been seen: what does not belong
/// there costs one comparison.
static void order_by_heap(
    const real *x, int32_t *out, int64_t extent, int64_t count, int32_t descending) {
  for (int64_t i = 0; i < count; i++) out[i] = (int32_t)i;
  for (int64_t at = count / 2; at-- > 0;) sink(x, out, count, at, descending);
  for (int64_t i = count; i < extent; i++) {
    if (!comes_before(x, (int32_t)i, out[0], descending)) continue;
    out[0] = (int32_t)i;
    sink(x, out, count, 0, descending);
  }
  for (int64_t left = count - 1; left > 0; left--) {
    int32_t last = out[0];
    out[0] = out[left];
    out[left] = last;
    sink(x, out, left, 0, descending);
  }
}

// MARK: All, or most

typedef struct {
  ordered_key key;
  int32_t place;
} placed_key;

/// A whole number that is ordered as elements are.
static inline ordered_key key_of(real x, int32_t descending) {
  if (x != x) return ~(ordered_key)0;
  x += 0;  // one key for both zeros
  ordered_key bits, sign = (ordered_key)1 << (MR_BITS - 1);
  memcpy(&bits, &x, sizeof bits);
  bits = bits & sign ? ~bits : bits | sign;
  return descending ? ~bits : bits;
}

enum { DIGIT_BITS = 8, DIGITS = MR_BITS / DIGIT_BITS, DIGIT_VALUES = 1 << DIGIT_BITS };

/// Sorts by one digit after the other, from the lowest, each time leaving equal ones in order.
static void order_by_radix(
    const real *x, int32_t *out, int64_t extent, int64_t count, int32_t descending,
    placed_key *from, placed_key *to) {
  int32_t counts[DIGITS][DIGIT_VALUES];
  memset(counts, 0, sizeof counts);
  for (int64_t i = 0; i < extent; i++) {
    ordered_key key = key_of(x[i], descending);
    from[i] = (placed_key){key, (int32_t)i};
    for (int digit = 0; digit < DIGITS; digit++) {
      counts[digit][key >> (digit * DIGIT_BITS) & (DIGIT_VALUES - 1)]++;
    }
  }
  for (int digit = 0; digit < DIGITS; digit++) {
    int shift = digit * DIGIT_BITS;
    // A digit that all have alike changes nothing.
    if (counts[digit][from[0].key >> shift & (DIGIT_VALUES - 1)] == extent) continue;
    int32_t next[DIGIT_VALUES], start = 0;
    for (int value = 0; value < DIGIT_VALUES; value++) {
      next[value] = start;
      start += counts[digit][value];
    }
    for (int64_t i = 0; i < extent; i++) {
      to[next[from[i].key >> shift & (DIGIT_VALUES - 1)]++] = from[i];
    }
    placed_key *swapped = from;
    from = to;
    to = swapped;
  }
  for (int64_t i = 0; i < count; i++) out[i] = from[i].place;
}

/// Whether the heap is faster: measured.
static inline int is_for_heap(int64_t extent, int64_t count) {
  return extent <= 24 || 32 * count <= extent;
}

size_t MR_TYPED(mr_order_scratch_bytes)(int64_t extent, int64_t count) {
  return is_for_heap(extent, count) ? 0 : 2 * (size_t)extent * sizeof(placed_key) + 8;
}

void MR_TYPED(mr_order)(
    const real *restrict x, int32_t *restrict out, int64_t rows, int64_t extent, int64_t count,
    int32_t descending, void *scratch) {
  if (count == 0) return;
  placed_key *first = (placed_key *)(((uintptr_t)scratch + 7) & ~(uintptr_t)7);
  for (int64_t row = 0; row < rows; row++, x += extent, out += count) {
    if (is_for_heap(extent, count)) {
      order_by_heap(x, out, extent, count, descending);
    } else {
      order_by_radix(x, out, extent, count, descending, first, first + extent);
    }
  }
}

#endif
