// Products of small matrices of doubles.

#define MR_BITS 64
#include "products.h"

size_t mr_products_scratch_bytes(const mr_products *how) {
  if (is_packed(how)) return MR_KEPT_BYTES + 3 * sizeof(lanes) * MR_PIECE;
  // Three vectors for each row of the right operand.
  return (size_t)how->inner * 3 * sizeof(lanes);
}
