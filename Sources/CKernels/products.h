// Products of small matrices: what is too small for a BLAS library to pay for its packing.

#ifndef MR_PRODUCTS_H
#define MR_PRODUCTS_H

#include "tiles.h"

/// out[r] = a[r, :] · b for contiguous rows of a: lanes add along the inner axis, then together.
MR_INLINE void dots(const real *a, const real *b, real *out, int64_t rows, int64_t inner) {
  for (int64_t r = 0; r < rows; r++) {
    const real *row = a + r * inner;
    lanes sums = 0;
    int64_t p = 0;
    for (; p + LANES <= inner; p += LANES) sums = load(row + p) * load(b + p) + sums;
    if (p < inner) {
      int64_t beyond = (rows - r) * inner - p;
      sums = load_first(row + p, inner - p, beyond, 0) * load_first(b + p, inner - p, inner - p, 0)
          + sums;
    }
    out[r] = across(SUM, sums);
  }
}

MR_CLONES void MR_TYPED(mr_products)(
    const mr_products *how, const mr_part *part, const void *left, const void *right, void *result,
    void *scratch) {
  const int64_t rows = how->rows, columns = how->columns, inner = how->inner;
  const int64_t top = part->first_row, height = part->end_row - part->first_row;
  for (int64_t index = part->first_product; index < part->end_product; index++) {
    const real *x = (const real *)left + index * how->left_stride;
    const real *y = (const real *)right + index * how->right_stride;
    real *z = (real *)result + index * rows * columns;
    if (columns == 1 && how->left_transposed) {
      // A row times a matrix: the same sums with contiguous rows on the right.
      product((strided){y, 0, 1}, x, rows, 0, z, rows, 1, top, part->end_row, inner, 0,
          scratch);
    } else if (columns == 1) {
      dots(x + top * inner, y, z + top, height, inner);
    } else {
      strided a = {x, how->left_transposed ? 1 : inner, how->left_transposed ? rows : 1};
      a.at += top * a.row;
      product(
          a, y, columns, how->right_transposed && inner > 1, z + top * columns, columns, height,
          part->first_column, part->end_column, inner, 0, scratch);
    }
  }
}

#endif
