// Where a running cluster keeps its things in the caller's scratch.

#ifndef MR_CLUSTER_LAYOUT_H
#define MR_CLUSTER_LAYOUT_H

#include "include/CKernels.h"

enum {
  /// One block of one value. Some ten of them fit the first-level cache.
  MR_BLOCK_BYTES = 4096,
  /// Between blocks: room for a vector that is written beyond the last element, and a shift so
  /// that equal positions of blocks do not compete for the same cache sets.
  MR_BLOCK_GAP = 128,
};

#define MR_BLOCK_ELEMENTS ((int64_t)(MR_BLOCK_BYTES / sizeof(real)))

/// Offsets in bytes from the first multiple of 64 in the scratch.
typedef struct {
  int64_t blocks, pitch, values, expansions, ways, output_of, end;
} cluster_layout;

enum { OPERAND_BYTES = 16, EXPANSION_BYTES = (2 * MR_MAX_RANK + 3) * 8 };

static inline __attribute__((always_inline)) cluster_layout layout_of(const mr_cluster *cluster) {
  int64_t inputs = cluster->input_count, values = inputs + cluster->slot_count;
  cluster_layout l = {.blocks = 0, .pitch = MR_BLOCK_BYTES + MR_BLOCK_GAP};
  l.values = l.blocks + values * l.pitch;
  l.expansions = l.values + values * OPERAND_BYTES;
  l.ways = l.expansions + inputs * EXPANSION_BYTES;
  l.output_of = l.ways + inputs * (int64_t)sizeof(int32_t);
  l.end = l.output_of + cluster->code_count * (int64_t)sizeof(int32_t);
  return l;
}

#endif
