// Windows of images cut out, added up, and multiplied with a matrix block by block.
//
// The contents of overlapping windows contain each pixel many times. A product with them never has
// more of them than one block, which stays in the second-level cache; bits are those of a product
// with all of them.

#ifndef MR_WINDOW_PRODUCTS_H
#define MR_WINDOW_PRODUCTS_H

#include "tiles.h"
#include "windows.h"

MR_CLONES void MR_TYPED(mr_patches)(
    const mr_windows *how, const real *restrict images, real *restrict patches) {
  cut_windows(how, images, patches, 0, how->images * how->rows * how->columns);
}

MR_CLONES void MR_TYPED(mr_fold_patches)(
    const mr_windows *how, const real *restrict patches, real *restrict images) {
  memset(images, 0, (size_t)pixel(how, how->images, 0, 0) * sizeof(real));
  add_windows(how, patches, images, 0, how->images * how->rows * how->columns);
}

/// One run's room: a block of contents, then a stripe for the tiles.
typedef struct {
  real *block, *stripe;
  int64_t windows, elements;
} window_room;

MR_INLINE window_room window_room_of(const mr_window_products *how, void *scratch) {
  const mr_windows *w = &how->windows;
  window_room room = {.elements = w->window_height * w->window_width * w->channels};
  room.windows = mr_window_block(how, sizeof(real));
  room.block = (real *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
  room.stripe = room.block + whole_lanes(room.windows * room.elements);
  return room;
}

MR_CLONES void MR_TYPED(mr_window_product)(
    const mr_window_products *how, const void *images, const void *right, void *result,
    int64_t first_image, int64_t end_image, void *scratch) {
  window_room room = window_room_of(how, scratch);
  int64_t each = how->windows.rows * how->windows.columns, columns = how->columns;
  for (int64_t first = first_image * each; first < end_image * each; first += room.windows) {
    int64_t end = first + room.windows < end_image * each ? first + room.windows : end_image * each;
    cut_windows(&how->windows, images, room.block, first, end);
    product(
        (strided){room.block, room.elements, 1}, right,
        how->right_transposed ? room.elements : columns, how->right_transposed, (addend){0},
        (real *)result + first * columns, columns, end - first, 0, columns, room.elements,
        (finish){0}, room.stripe);
  }
}

MR_CLONES void MR_TYPED(mr_window_gradient)(
    const mr_window_products *how, const void *images, const void *right, void *result,
    int64_t first_column, int64_t end_column, void *scratch) {
  window_room room = window_room_of(how, scratch);
  int64_t count = how->windows.images * how->windows.rows * how->windows.columns;
  int64_t columns = how->columns;
  if (count == 0) {
    for (int64_t i = 0; i < room.elements; i++) {
      for (int64_t j = first_column; j < end_column; j++) ((real *)result)[i * columns + j] = 0;
    }
  }
  for (int64_t first = 0; first < count; first += room.windows) {
    int64_t end = first + room.windows < count ? first + room.windows : count;
    cut_windows(&how->windows, images, room.block, first, end);
    // Blocks after the first add to what those before have left.
    addend so_far = {first > 0 ? result : 0, columns};
    product(
        (strided){room.block, 1, room.elements}, (const real *)right + first * columns, columns, 0,
        so_far, result, columns, room.elements, first_column, end_column, end - first,
        (finish){0}, room.stripe);
  }
}

MR_CLONES void MR_TYPED(mr_window_fold)(
    const mr_window_products *how, const void *left, const void *right, void *images,
    int64_t first_image, int64_t end_image, void *scratch) {
  window_room room = window_room_of(how, scratch);
  const mr_windows *w = &how->windows;
  int64_t each = w->rows * w->columns, columns = how->columns;
  memset(
      (real *)images + pixel(w, first_image, 0, 0), 0,
      (size_t)pixel(w, end_image - first_image, 0, 0) * sizeof(real));
  for (int64_t first = first_image * each; first < end_image * each; first += room.windows) {
    int64_t end = first + room.windows < end_image * each ? first + room.windows : end_image * each;
    product(
        (strided){(const real *)left + first * columns, columns, 1}, right,
        how->right_transposed ? columns : room.elements, how->right_transposed, (addend){0},
        room.block, room.elements, end - first, 0, room.elements, columns, (finish){0},
        room.stripe);
    add_windows(w, room.block, images, first, end);
  }
}

#endif
