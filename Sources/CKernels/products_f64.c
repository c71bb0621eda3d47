// Products of small matrices of doubles.

#define MR_BITS 64
#include "products.h"

size_t mr_products_scratch_bytes(const mr_products *how) {
  // Three vectors for each row of the right operand, and rows of the left one.
  size_t kept = how->inner >= 2 * MR_PIECE ? MR_KEPT_BYTES : 0;
  return (size_t)how->inner * 3 * sizeof(lanes) + kept;
}
