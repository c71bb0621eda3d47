// Matrices of elements of 32 or 64 bits, whatever they mean, stored the other way round.

#ifndef MR_TRANSPOSES_H
#define MR_TRANSPOSES_H

#include "clones.h"

// Elements are moved as bits, whatever type they were written as.
#if MR_BITS == 64
typedef uint64_t element __attribute__((may_alias));
#else
typedef uint32_t element __attribute__((may_alias));
#endif

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

#endif
