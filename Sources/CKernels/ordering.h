// The places of a row's first elements in order.

#ifndef MR_ORDERING_H
#define MR_ORDERING_H

#include "lanes.h"

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

// The result itself is the heap, of the first `count` of what has been seen: no memory is needed,
// and what does not belong there costs one comparison.
void MR_TYPED(mr_order)(
    const real *restrict x, int32_t *restrict out, int64_t rows, int64_t extent, int64_t count,
    int32_t descending) {
  if (count == 0) return;
  for (int64_t row = 0; row < rows; row++, x += extent, out += count) {
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
}

#endif
