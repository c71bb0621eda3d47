// Two numbers, two vectors or the lanes of one, made into one.

#ifndef MR_COMBINING_H
#define MR_COMBINING_H

#include <math.h>

#include "lanes.h"

typedef enum { SUM, MAXIMUM } combination;

MR_INLINE lanes combine(combination how, lanes sum, lanes next) {
  return how == SUM ? sum + next : larger(next, sum);
}

MR_INLINE real neutral(combination how) { return how == SUM ? 0 : -(real)INFINITY; }

/// Combines the lanes of one vector as a tree.
MR_INLINE real across(combination how, lanes x) {
  lanes y = x;
#if MR_BITS == 32
  y = combine(how, y, __builtin_shufflevector(
      y, y, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  y = combine(how, y, __builtin_shufflevector(
      y, y, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3));
  y = combine(how, y, __builtin_shufflevector(
      y, y, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1));
  y = combine(how, y, __builtin_shufflevector(
      y, y, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0));
#else
  y = combine(how, y, __builtin_shufflevector(y, y, 4, 5, 6, 7, 0, 1, 2, 3));
  y = combine(how, y, __builtin_shufflevector(y, y, 2, 3, 0, 1, 2, 3, 0, 1));
  y = combine(how, y, __builtin_shufflevector(y, y, 1, 0, 1, 0, 1, 0, 1, 0));
#endif
  return y[0];
}

#endif
