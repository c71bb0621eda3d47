// Strided copies and gathers of elements of 32 or 64 bits, whatever they mean.

#ifndef MR_COPIES_H
#define MR_COPIES_H

#include <string.h>

#include "clones.h"

#if MR_BITS == 64
typedef uint64_t element;
#define MR_SIZED(name) name##_64
#else
typedef uint32_t element;
#define MR_SIZED(name) name##_32
#endif

// MARK: Transposes

enum { TILE = 8 };

typedef element tile_row __attribute__((ext_vector_type(TILE)));
typedef tile_row tile_row_in_memory __attribute__((aligned(sizeof(element)), may_alias));

// Lanes of a, b for the three stages: pairs, pairs of pairs, halves.
#define SWAP(a, b, first, second)                                      \
  do {                                                                 \
    tile_row low = __builtin_shufflevector(a, b, first);               \
    tile_row high = __builtin_shufflevector(a, b, second);             \
    a = low;                                                           \
    b = high;                                                          \
  } while (0)
#define LIST(...) __VA_ARGS__
#define SWAP_1(a, b) SWAP(a, b, LIST(0, 8, 2, 10, 4, 12, 6, 14), LIST(1, 9, 3, 11, 5, 13, 7, 15))
#define SWAP_2(a, b) SWAP(a, b, LIST(0, 1, 8, 9, 4, 5, 12, 13), LIST(2, 3, 10, 11, 6, 7, 14, 15))
#define SWAP_4(a, b) SWAP(a, b, LIST(0, 1, 2, 3, 8, 9, 10, 11), LIST(4, 5, 6, 7, 12, 13, 14, 15))

/// out[j · out_step + i] = x[i · x_step + j] for i, j < TILE, in registers.
MR_INLINE void transpose_tile(const element *x, int64_t x_step, element *out, int64_t out_step) {
  tile_row r[TILE];
#pragma clang loop unroll(full)
  for (int i = 0; i < TILE; i++) r[i] = *(const tile_row_in_memory *)(x + i * x_step);
  SWAP_4(r[0], r[4]); SWAP_4(r[1], r[5]); SWAP_4(r[2], r[6]); SWAP_4(r[3], r[7]);
  SWAP_2(r[0], r[2]); SWAP_2(r[1], r[3]); SWAP_2(r[4], r[6]); SWAP_2(r[5], r[7]);
  SWAP_1(r[0], r[1]); SWAP_1(r[2], r[3]); SWAP_1(r[4], r[5]); SWAP_1(r[6], r[7]);
#pragma clang loop unroll(full)
  for (int i = 0; i < TILE; i++) *(tile_row_in_memory *)(out + i * out_step) = r[i];
}

/// out[j · out_step + i] = x[i · x_step + j] for i < rows, j < columns.
MR_INLINE void transpose(
    const element *x, int64_t x_step, element *out, int64_t out_step, int64_t rows,
    int64_t columns) {
  // Panels of x as wide as a cache line, so that lines of both arrays are used whole.
  enum { PANEL = 64 / sizeof(element) };
  int64_t whole_rows = rows / TILE * TILE, whole_columns = columns / TILE * TILE;
  for (int64_t panel = 0; panel < whole_columns; panel += PANEL) {
    int64_t end = panel + PANEL < whole_columns ? panel + PANEL : whole_columns;
    for (int64_t i = 0; i < whole_rows; i += TILE) {
      for (int64_t j = panel; j < end; j += TILE) {
        transpose_tile(x + i * x_step + j, x_step, out + j * out_step + i, out_step);
      }
    }
  }
  for (int64_t j = 0; j < columns; j++) {
    int64_t from = j < whole_columns ? whole_rows : 0;
    for (int64_t i = from; i < rows; i++) out[j * out_step + i] = x[i * x_step + j];
  }
}

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
