// The sum or maximum of neighbors.
//
// Runs of up to RUN vectors are combined one after the other, the runs pairwise: run 1 waits for
// run 2, both for runs 3 and 4, and so on, as in counting with binary digits. So the error of a sum
// grows with the logarithm of its length and every order of addition follows from the shape alone.

#ifndef MR_REDUCED_ROWS_H
#define MR_REDUCED_ROWS_H

#include "combining.h"

enum {
  /// Rows of one run, or vectors of one accumulator.
  RUN = 32,
  /// Independent accumulators along a row, to hide the latency of an addition.
  ACCUMULATORS = 4,
  /// Enough for 2^48 runs.
  MOST_PENDING = 48,
};

/// Runs that wait for their partner, the longest first.
typedef struct {
  int64_t runs;
  int32_t count;
  lanes waiting[MOST_PENDING];
} pending;

MR_INLINE void push(pending *p, combination how, lanes run) {
  // Each trailing 1 of the number of runs is a partner of equal length.
  for (int64_t digits = p->runs++; digits & 1; digits >>= 1) {
    run = combine(how, p->waiting[--p->count], run);
  }
  p->waiting[p->count++] = run;
}

MR_INLINE lanes finish(pending *p, combination how) {
  lanes all = p->waiting[--p->count];
  while (p->count > 0) all = combine(how, p->waiting[--p->count], all);
  return all;
}

/// Combines `count` neighbors; `available` elements may be read.
MR_INLINE real reduce_row(combination how, const real *x, int64_t count, int64_t available) {
  if (count < LANES) return across(how, load_first(x, count, available, neutral(how)));
  const int64_t step = ACCUMULATORS * LANES;
  pending p;
  p.runs = p.count = 0;
  int64_t done = 0;
  while (count - done >= step) {
    int64_t steps = (count - done) / step;
    int64_t end = done + (steps < RUN ? steps : RUN) * step;
    lanes a = load(x + done), b = load(x + done + LANES);
    lanes c = load(x + done + 2 * LANES), d = load(x + done + 3 * LANES);
    for (done += step; done < end; done += step) {
      a = combine(how, a, load(x + done));
      b = combine(how, b, load(x + done + LANES));
      c = combine(how, c, load(x + done + 2 * LANES));
      d = combine(how, d, load(x + done + 3 * LANES));
    }
    push(&p, how, combine(how, combine(how, a, b), combine(how, c, d)));
  }
  lanes rest = splat(neutral(how));
  for (; count - done >= LANES; done += LANES) rest = combine(how, rest, load(x + done));
  if (done < count) {
    rest = combine(how, rest, load_first(x + done, count - done, available - done, neutral(how)));
  }
  if (p.runs > 0) rest = combine(how, finish(&p, how), rest);
  return across(how, rest);
}

#endif
