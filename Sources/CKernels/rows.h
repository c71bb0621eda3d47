// Scatter-add of rows and the search for elements that are not finite.

#ifndef MR_ROWS_H
#define MR_ROWS_H

#include <math.h>

#include "lanes.h"

MR_CLONES void MR_TYPED(mr_scatter_add_rows)(
    const real *restrict updates, const int32_t *restrict indices, real *restrict out,
    int64_t count, int64_t row) {
  for (int64_t k = 0; k < count; k++, updates += row) {
    real *to = out + indices[k] * row;
    for (int64_t i = 0; i < row; i++) to[i] += updates[i];
  }
}

MR_INLINE int any_nonfinite(lanes x) {
  // False for NaN, too.
  return __builtin_reduce_and(magnitude(x) < (real)INFINITY) == 0;
}

MR_CLONES int64_t MR_TYPED(mr_first_nonfinite)(const real *x, int64_t count) {
  int64_t i = 0;
  for (; count - i >= 4 * LANES; i += 4 * LANES) {
    // x · 0 is 0 for finite x and NaN otherwise, and a NaN survives the sum.
    lanes zeros = load(x + i) * 0 + load(x + i + LANES) * 0;
    zeros += load(x + i + 2 * LANES) * 0 + load(x + i + 3 * LANES) * 0;
    if (any_nonfinite(zeros)) break;
  }
  for (; i < count; i++) {
    if (!(fabs(x[i]) < INFINITY)) return i;
  }
  return -1;
}

#endif
