// Products of matrices: of small ones, which are too small for a BLAS library to pay for its packing,
// and of large ones where there is no such library for this processor.

#ifndef MR_PRODUCTS_H
#define MR_PRODUCTS_H

#include <string.h>

#include "tiles.h"

/// The lanes of eight vectors added up, each like `across` does.
MR_INLINE void across_eight(const lanes v[8], real *out) {
#define FOLD(a, b, low, high) \
  (__builtin_shufflevector(a, b, low) + __builtin_shufflevector(a, b, high))
#if MR_BITS == 32
#define HALVES(a, b)                                                      \
  FOLD(a, b, LIST(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), \
      LIST(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
#define QUARTERS(a, b)                                                    \
  FOLD(a, b, LIST(0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27), \
      LIST(4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
#define EIGHTHS(a, b)                                                     \
  FOLD(a, b, LIST(0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29), \
      LIST(2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
  lanes pairs = EIGHTHS(
      QUARTERS(HALVES(v[0], v[4]), HALVES(v[2], v[6])),
      QUARTERS(HALVES(v[1], v[5]), HALVES(v[3], v[7])));
  half_lanes sums = FOLD(
      pairs, pairs, LIST(0, 2, 4, 6, 8, 10, 12, 14), LIST(1, 3, 5, 7, 9, 11, 13, 15));
  *(half_tile_in_memory *)out = sums;
#undef EIGHTHS
#else
#define HALVES(a, b) \
  FOLD(a, b, LIST(0, 1, 2, 3, 8, 9, 10, 11), LIST(4, 5, 6, 7, 12, 13, 14, 15))
#define QUARTERS(a, b) \
  FOLD(a, b, LIST(0, 1, 8, 9, 4, 5, 12, 13), LIST(2, 3, 10, 11, 6, 7, 14, 15))
  lanes even = QUARTERS(HALVES(v[0], v[4]), HALVES(v[2], v[6]));
  lanes odd = QUARTERS(HALVES(v[1], v[5]), HALVES(v[3], v[7]));
  store(out, FOLD(even, odd, LIST(0, 8, 2, 10, 4, 12, 6, 14), LIST(1, 9, 3, 11, 5, 13, 7, 15)));
#endif
#undef QUARTERS
#undef HALVES
#undef FOLD
}

/// out[r] = a[r, :] · b for contiguous rows of a: lanes add along the inner axis, then together.
MR_INLINE void dots(const real *a, const real *b, real *out, int64_t rows, int64_t inner) {
  int64_t whole = inner / LANES * LANES;
  lanes last = load_first(b + whole, inner - whole, inner - whole, 0);
  for (int64_t first = 0; first < rows; first += 8) {
    int64_t count = rows - first < 8 ? rows - first : 8;
    lanes sums[8];
    for (int64_t r = 0; r < 8; r++) sums[r] = 0;
    for (int64_t r = 0; r < count; r++) {
      const real *row = a + (first + r) * inner;
      lanes sum = 0;
      for (int64_t p = 0; p < whole; p += LANES) sum = load(row + p) * load(b + p) + sum;
      if (whole < inner) {
        int64_t beyond = (rows - first - r) * inner - whole;
        sum = load_first(row + whole, inner - whole, beyond, 0) * last + sum;
      }
      sums[r] = sum;
    }
    real together[8];
    across_eight(sums, together);
    for (int64_t r = 0; r < count; r++) out[first + r] = together[r];
  }
}

enum {
  /// Rows of a stripe of the right operand that stay in the first cache, with a tile's rows of the
  /// left.
  PIECE = MR_PIECE,
  /// Elements of the left operand that stay in the second.
  KEPT = MR_KEPT_BYTES / sizeof(real),
};

/// Whether the left operand is packed: where many columns read it, or its columns lie far apart, and
/// there is enough of it.
MR_INLINE int is_packed(const mr_products *how) {
  int is_far = how->left_transposed && how->columns > 1 && how->rows >= 512;
  return how->rows >= 32 && how->inner >= 64 && (how->columns >= 256 || is_far);
}

/// Rows of the left operand from `row` on, and of their elements those from `p` on: tiles of rows
/// whose elements lie in the order in which a tile of the result reads them.
MR_INLINE strided packed(
    strided a, int64_t row, int64_t p, int64_t rows, int64_t length, real *scratch) {
  const int64_t most = tile_rows();
  const real *from = a.at + row * a.row + p * a.column;
  for (int64_t first = 0; first < rows; first += most) {
    int64_t height = rows - first < most ? rows - first : most;
    const real *tile = from + first * a.row;
    real *to = scratch + first * length;
    if (a.column == 1) {
      transpose((const element *)tile, a.row, (element *)to, most, height, length);
    } else if (height == TILE_ROWS) {
      for (int64_t q = 0; q < length; q++) {
        for (int64_t r = 0; r < TILE_ROWS; r += LANES / 4) {
          copy_quarter(tile + q * a.column + r, to + q * TILE_ROWS + r);
        }
      }
    } else {
      for (int64_t q = 0; q < length; q++) {
        for (int64_t r = 0; r < height; r++) to[q * most + r] = tile[q * a.column + r];
      }
    }
  }
  return (strided){scratch, 1, most, most * length};
}

/// The least parts of equal size, a multiple of `unit`, into which so many are cut that each is at
/// most `most`.
MR_INLINE int64_t equal_parts(int64_t count, int64_t most, int64_t unit) {
  int64_t parts = (count + most - 1) / most, units = (count + unit - 1) / unit;
  return (units + parts - 1) / parts * unit;
}

/// A product; where the left operand `packs`, for some of its rows at a time, and for one piece of the
/// inner axis after the other, which is added to those before.
MR_INLINE void product_in_pieces(
    int packs, strided a, const real *b, int64_t b_row, int transposed, addend add, real *out,
    int64_t out_row, int64_t rows, int64_t first, int64_t end, int64_t inner, finish how,
    real *scratch) {
  const int64_t kept_rows = KEPT / PIECE / tile_rows() * tile_rows();
  const int64_t block = packs ? equal_parts(rows, kept_rows, tile_rows()) : rows;
  const int64_t piece = packs ? equal_parts(inner, PIECE, 1) : inner;
  for (int64_t top = 0; top < rows; top += block) {
    int64_t height = rows - top < block ? rows - top : block, p = 0;
    addend start = {moved(add.at, top * add.row), add.row};
    do {
      int64_t length = inner - p < piece ? inner - p : piece;
      finish now = {0, 0, 0};
      if (p + length == inner) now = (finish){how.is_relu, moved(how.gate, top * how.row), how.row};
      product(
          packs ? packed(a, top, p, height, length, scratch) : a, b + p * (transposed ? 1 : b_row),
          b_row, transposed, start, out + top * out_row, out_row, height, first, end, length, now,
          packs ? scratch + KEPT : scratch);
      start = (addend){out + top * out_row, out_row};
      p += length;
    } while (p < inner);
  }
}

MR_CLONES void MR_TYPED(mr_products)(
    const mr_products *how, const mr_part *part, const void *left, const void *right,
    const void *addends, const void *gates, void *result, void *scratch) {
  const int64_t rows = how->rows, columns = how->columns, inner = how->inner;
  const int64_t top = part->first_row, height = part->end_row - part->first_row;
  if (part->end_column <= part->first_column || height <= 0) return;
  for (int64_t index = part->first_product; index < part->end_product; index++) {
    const real *x = (const real *)left + index * how->left_stride;
    const real *y = (const real *)right + index * how->right_stride;
    const real *add = moved(addends, index * how->addend_stride);
    const real *gate = moved(gates, index * rows * columns);
    real *z = (real *)result + index * rows * columns;
    if (columns == 1 && !how->left_transposed && !add && !gate && !how->relu) {
      dots(x + top * inner, y, z + top, height, inner);
      continue;
    }
    strided a = {x, how->left_transposed ? 1 : inner, how->left_transposed ? rows : 1, 0};
    a.at += top * a.row;
    int transposed = how->right_transposed && inner > 1, packs = is_packed(how);
    int64_t y_row = transposed ? inner : columns, z_row = columns, a_rows = height;
    int64_t first = part->first_column, last = part->end_column;
    addend from = {moved(add, top * how->addend_row), how->addend_row};
    finish end = {how->relu, moved(gate, top * columns), columns};
    z += top * columns;
    if (columns == 1 && how->left_transposed && (!add || how->addend_row == 1)) {
      // A row times a matrix: the same sums with contiguous rows on the right.
      a = (strided){y, 0, 1, 0};
      y = x + top, y_row = rows, transposed = 0, z_row = rows, a_rows = 1;
      first = 0, last = height;
    }
    product_in_pieces(
        packs, a, y, y_row, transposed, from, z, z_row, a_rows, first, last, inner, end, scratch);
  }
}

#endif
