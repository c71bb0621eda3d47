// Sums and maxima along one axis, in the order of reduced_rows.h.

#ifndef MR_REDUCTIONS_H
#define MR_REDUCTIONS_H

#include "reduced_rows.h"

/// Combines `reduced` vectors `inner` elements apart.
MR_INLINE lanes reduce_columns(combination how, const real *x, int64_t reduced, int64_t inner) {
  if (reduced <= RUN) {
    lanes sum = load(x);
    for (int64_t row = 1; row < reduced; row++) sum = combine(how, sum, load(x + row * inner));
    return sum;
  }
  pending p;
  p.runs = p.count = 0;
  for (int64_t row = 0; row < reduced;) {
    int64_t end = reduced - row < RUN ? reduced : row + RUN;
    lanes sum = load(x + row * inner);
    for (row++; row < end; row++) sum = combine(how, sum, load(x + row * inner));
    push(&p, how, sum);
  }
  return finish(&p, how);
}

/// One run of several vectors of columns, in the order of `reduce_columns`.
MR_INLINE void reduce_one_run(
    combination how, const real *x, real *out, int64_t reduced, int64_t inner) {
  lanes a = load(x), b = load(x + LANES);
  lanes c = load(x + 2 * LANES), d = load(x + 3 * LANES);
  for (int64_t row = 1; row < reduced; row++) {
    x += inner;
    a = combine(how, a, load(x));
    b = combine(how, b, load(x + LANES));
    c = combine(how, c, load(x + 2 * LANES));
    d = combine(how, d, load(x + 3 * LANES));
  }
  store(out, a);
  store(out + LANES, b);
  store(out + 2 * LANES, c);
  store(out + 3 * LANES, d);
}

/// Four vectors of columns at once; for each the same order as `reduce_columns`.
MR_INLINE void reduce_wide_columns(
    combination how, const real *x, real *out, int64_t reduced, int64_t inner) {
  pending p[ACCUMULATORS];
  for (int k = 0; k < ACCUMULATORS; k++) p[k].runs = p[k].count = 0;
  for (int64_t row = 0; row < reduced;) {
    int64_t end = reduced - row < RUN ? reduced : row + RUN;
    const real *from = x + row * inner;
    lanes a = load(from), b = load(from + LANES);
    lanes c = load(from + 2 * LANES), d = load(from + 3 * LANES);
    for (row++; row < end; row++) {
      from += inner;
      a = combine(how, a, load(from));
      b = combine(how, b, load(from + LANES));
      c = combine(how, c, load(from + 2 * LANES));
      d = combine(how, d, load(from + 3 * LANES));
    }
    push(&p[0], how, a);
    push(&p[1], how, b);
    push(&p[2], how, c);
    push(&p[3], how, d);
  }
  for (int k = 0; k < ACCUMULATORS; k++) store(out + k * LANES, finish(&p[k], how));
}

/// Fewer columns than lanes: a vector reaches into the next row, and those lanes are ignored.
MR_INLINE void reduce_narrow_columns(
    combination how, const real *x, real *out, int64_t reduced, int64_t inner, int64_t available) {
  pending p;
  p.runs = p.count = 0;
  for (int64_t row = 0; row < reduced;) {
    int64_t end = reduced - row < RUN ? reduced : row + RUN;
    lanes sum = splat(neutral(how));
    for (; row < end; row++) {
      int64_t left = available - row * inner;
      const real *from = x + row * inner;
      lanes next = left >= LANES ? load(from) : load_first(from, inner, left, 0);
      sum = combine(how, sum, next);
    }
    push(&p, how, sum);
  }
  lanes all = finish(&p, how);
  for (int64_t i = 0; i < inner; i++) out[i] = all[i];
}

MR_INLINE void reduce(
    combination how, const real *restrict x, real *restrict out, int64_t outer, int64_t reduced,
    int64_t inner) {
  if (reduced == 0) {
    for (int64_t i = 0; i < outer * inner; i++) out[i] = neutral(how);
    return;
  }
  int64_t available = outer * reduced * inner;
  for (int64_t o = 0; o < outer; o++) {
    if (inner == 1) {
      *out = reduce_row(how, x, reduced, available);
    } else if (inner < LANES) {
      reduce_narrow_columns(how, x, out, reduced, inner, available);
    } else {
      int64_t i = 0;
      for (; inner - i >= ACCUMULATORS * LANES; i += ACCUMULATORS * LANES) {
        if (reduced <= RUN) {
          reduce_one_run(how, x + i, out + i, reduced, inner);
        } else {
          reduce_wide_columns(how, x + i, out + i, reduced, inner);
        }
      }
      for (; inner - i >= LANES; i += LANES) {
        store(out + i, reduce_columns(how, x + i, reduced, inner));
      }
      // The last vector overlaps the one before it and finds the same results there.
      i = inner - LANES;
      if (inner % LANES != 0) store(out + i, reduce_columns(how, x + i, reduced, inner));
    }
    x += reduced * inner;
    out += inner;
    available -= reduced * inner;
  }
}

MR_CLONES void MR_TYPED(mr_sum)(
    const real *restrict x, real *restrict out, int64_t outer, int64_t reduced, int64_t inner) {
  reduce(SUM, x, out, outer, reduced, inner);
}

MR_CLONES void MR_TYPED(mr_add_to)(const real *restrict x, real *restrict out, int64_t count) {
  for (int64_t i = 0; i < count; i++) out[i] += x[i];
}

MR_CLONES void MR_TYPED(mr_max)(
    const real *restrict x, real *restrict out, int64_t outer, int64_t reduced, int64_t inner) {
  reduce(MAXIMUM, x, out, outer, reduced, inner);
}

#endif
