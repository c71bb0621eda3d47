// Strided copies and gathers of elements of 32 or 64 bits, whatever they mean.

#ifndef MR_COPIES_H
#define MR_COPIES_H

#include <string.h>

#include "transposes.h"

#if MR_BITS == 64
#define MR_SIZED(name) name##_64
#else
#define MR_SIZED(name) name##_32
#endif

// MARK: Strided copies

typedef struct {
  int64_t extent, from, to;
} axis;

MR_INLINE int64_t distance(int64_t stride) { return stride < 0 ? -stride : stride; }

/// Sorts the axes by falling stride in the output, so that it is written in order, and merges
/// those that continue one another. Returns how many are left, or -1 if there is nothing to copy.
MR_INLINE int32_t sorted_axes(
    axis *axes, const int64_t *shape, const int64_t *from, const int64_t *to, int32_t rank) {
  int32_t count = 0;
  for (int32_t d = 0; d < rank; d++) {
    if (shape[d] == 0) return -1;
    if (shape[d] == 1) continue;
    int32_t place = count++;
    for (; place > 0 && distance(axes[place - 1].to) < distance(to[d]); place--) {
      axes[place] = axes[place - 1];
    }
    axes[place] = (axis){shape[d], from[d], to[d]};
  }
  int32_t merged = 0;
  for (int32_t d = 0; d < count; d++) {
    axis next = axes[d];
    if (merged > 0) {
      axis *last = &axes[merged - 1];
      if (last->from == next.from * next.extent && last->to == next.to * next.extent) {
        *last = (axis){last->extent * next.extent, next.from, next.to};
        continue;
      }
    }
    axes[merged++] = next;
  }
  return merged;
}

MR_INLINE void copy_line(const element *x, element *out, axis a) {
  if (a.from == 1 && a.to == 1) {
    memcpy(out, x, (size_t)a.extent * sizeof(element));
  } else if (a.from == 0 && a.to == 1) {
    element value = *x;
    for (int64_t i = 0; i < a.extent; i++) out[i] = value;
  } else {
    for (int64_t i = 0; i < a.extent; i++) out[i * a.to] = x[i * a.from];
  }
}

MR_CLONES void MR_SIZED(mr_strided_copy)(
    const void *restrict source, void *restrict destination, const int64_t *shape,
    const int64_t *x_strides, const int64_t *out_strides, int32_t rank) {
  const element *x = source;
  element *out = destination;
  axis axes[MR_MAX_RANK];
  int32_t count = sorted_axes(axes, shape, x_strides, out_strides, rank);
  if (count < 0) return;
  if (count == 0) {
    *out = *x;
    return;
  }
  // The line is the last axis. If x is contiguous along another axis, these two are a transpose.
  axis line = axes[--count], rows = {1, 0, 0};
  if (line.to == 1 && line.from != 1 && line.from != 0) {
    for (int32_t d = count - 1; d >= 0; d--) {
      if (axes[d].from != 1) continue;
      rows = axes[d];
      count--;
      for (int32_t e = d; e < count; e++) axes[e] = axes[e + 1];
      break;
    }
  }
  int64_t index[MR_MAX_RANK] = {0};
  while (1) {
    if (rows.extent > 1) {
      transpose(x, line.from, out, rows.to, line.extent, rows.extent);
    } else {
      copy_line(x, out, line);
    }
    int32_t d = count - 1;
    for (; d >= 0; d--) {
      x += axes[d].from;
      out += axes[d].to;
      if (++index[d] < axes[d].extent) break;
      x -= axes[d].from * axes[d].extent;
      out -= axes[d].to * axes[d].extent;
      index[d] = 0;
    }
    if (d < 0) return;
  }
}

// MARK: Gathers

MR_CLONES void MR_SIZED(mr_gather_rows)(
    const void *restrict x, const int32_t *restrict indices, void *restrict out, int64_t count,
    int64_t row) {
  const element *from = x;
  element *to = out;
  if (row == 1) {
    for (int64_t k = 0; k < count; k++) to[k] = from[indices[k]];
    return;
  }
  for (int64_t k = 0; k < count; k++) {
    memcpy(to + k * row, from + indices[k] * row, (size_t)row * sizeof(element));
  }
}

#endif
