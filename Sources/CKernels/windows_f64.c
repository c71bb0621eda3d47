// Windows over images, for double.

#define MR_BITS 64
#include "window_products.h"

/// Windows of a block: as many as leave room for the other operands in a second-level cache, in
/// whole tiles.
int64_t mr_window_block(const mr_window_products *how, int32_t element_size) {
  const mr_windows *w = &how->windows;
  int64_t bytes = w->window_height * w->window_width * w->channels * element_size;
  int64_t windows = MR_WINDOW_BLOCK_BYTES / bytes & -(int64_t)TILE_ROWS;
  return windows < TILE_ROWS ? TILE_ROWS : windows;
}

size_t mr_window_products_scratch_bytes(const mr_window_products *how, int32_t element_size) {
  const mr_windows *w = &how->windows;
  int64_t elements = w->window_height * w->window_width * w->channels;
  int64_t block = mr_window_block(how, element_size);
  // The stripe holds the right operand's rows: as many as windows have elements, columns of the
  // other matrix, or windows of a block.
  int64_t inner = elements > how->columns ? elements : how->columns;
  if (block > inner) inner = block;
  return (size_t)((block * elements + 3 * 16 * inner) * element_size + 3 * 64);
}
