// The block machine: runs all instructions of a cluster over one block after the other.

#ifndef MR_CLUSTER_H
#define MR_CLUSTER_H

#include "cluster_layout.h"
#include "expansion.h"
#include "operations.h"
#include "reduced_rows.h"

_Static_assert(sizeof(operand) == OPERAND_BYTES, "layout_of counts on it");
_Static_assert(sizeof(expansion) == EXPANSION_BYTES, "layout_of counts on it");

/// How an input reaches the instructions: where it lies, or a row of it at a time where that lies, or
/// copied, or as one vector, or written out.
enum { IN_PLACE, ROWS, COPIED, SPLAT, EXPANDED };

/// How the iteration space is cut.
typedef struct {
  /// Elements of a block.
  int64_t length;
  /// Whether blocks begin at multiples of that, so that none crosses the end of a row.
  int aligned;
} cut;

/// The state of one run, all of it in the caller's scratch.
typedef struct {
  const mr_cluster *cluster;
  const real *const *inputs;
  real *const *outputs;
  /// One for each value: inputs, then slots.
  operand *values;
  /// For each input one of the enumeration above.
  int32_t *ways;
  expansion *expansions;
  /// For each instruction the output that its result is, or -1.
  int32_t *output_of;
  /// One block for each value, `pitch` elements apart.
  real *blocks;
  int64_t pitch;
} machine;

MR_INLINE real *block_of(const machine *m, int32_t value) { return m->blocks + value * m->pitch; }

/// Lets the last write to a slot that is an output go straight to the output's array.
MR_INLINE void find_outputs(const machine *m) {
  const mr_cluster *cluster = m->cluster;
  for (int32_t i = 0; i < cluster->code_count; i++) m->output_of[i] = -1;
  for (int32_t k = 0; k < cluster->output_count; k++) {
    for (int32_t i = cluster->code_count - 1; i >= 0; i--) {
      if (cluster->code[i].destination != cluster->output_values[k]) continue;
      if (m->output_of[i] < 0) m->output_of[i] = k;
      break;
    }
  }
}

MR_INLINE int reads(mr_instruction instruction, int32_t value) {
  return instruction.a == value || (instruction.operation >= MR_ADD && instruction.b == value)
      || (instruction.operation >= MR_SELECT && instruction.c == value);
}

/// Whether an input's array is written, as an output, before the code has read it for the last
/// time: then it cannot be read in place.
MR_INLINE int is_overwritten_early(const machine *m, int32_t input) {
  const mr_cluster *cluster = m->cluster;
  int32_t overwritten = INT32_MAX;
  for (int32_t k = 0; k < cluster->output_count; k++) {
    if (m->outputs[k] != m->inputs[input]) continue;
    // Values that no instruction writes straight to the output are copied after the code.
    overwritten = cluster->code_count;
    for (int32_t i = 0; i < cluster->code_count; i++) {
      if (m->output_of[i] == k) overwritten = i;
    }
  }
  if (overwritten == INT32_MAX) return 0;
  for (int32_t k = 0; k < cluster->output_count; k++) {
    if (cluster->output_values[k] == input) return 1;
  }
  for (int32_t i = overwritten + 1; i < cluster->code_count; i++) {
    if (reads(cluster->code[i], input)) return 1;
  }
  return 0;
}

/// The elements of a block: whole rows where rows repeat, so that one expansion serves all blocks, or
/// are reduced.
MR_INLINE int64_t block_length(int64_t repeated, int64_t reduced) {
  int64_t row = reduced > 1 ? reduced : repeated, both = row;
  while (both % LANES != 0) both *= 2;
  if (both <= MR_BLOCK_ELEMENTS) return MR_BLOCK_ELEMENTS / both * both;
  return reduced > 1 ? MR_BLOCK_ELEMENTS / reduced * reduced : MR_BLOCK_ELEMENTS;
}

/// The length of equal blocks of whole vectors that a row divides into, or 0 where these would be
/// short.
MR_INLINE int64_t block_of_row(int64_t row) {
  int64_t parts = (row + MR_BLOCK_ELEMENTS - 1) / MR_BLOCK_ELEMENTS;
  for (; row / parts >= MR_BLOCK_ELEMENTS / 4; parts++) {
    if (row % (parts * LANES) == 0) return row / parts;
  }
  return 0;
}

/// Decides how each input is read, and how long blocks are.
MR_INLINE cut prepare_inputs(const machine *m) {
  const mr_cluster *cluster = m->cluster;
  int64_t repeated = 1, rows = 0;
  for (int32_t i = 0; i < cluster->input_count; i++) {
    const mr_access *access = &cluster->accesses[i];
    int32_t way = access->kind == MR_SCALAR ? SPLAT : IN_PLACE;
    if (access->kind == MR_STRIDED) {
      expansion *e = &m->expansions[i];
      merge_axes(e, cluster->shape, access->strides.numbers, cluster->rank);
      int is_scalar = e->rank == 0 || (e->rank == 1 && e->strides[0] == 0);
      int is_contiguous = e->rank == 1 && e->strides[0] == 1;
      way = is_scalar ? SPLAT : is_contiguous ? IN_PLACE : EXPANDED;
      int64_t row = way == EXPANDED && e->strides[e->rank - 1] == 1 ? e->shape[e->rank - 1] : 0;
      // Rows in place would cut blocks elsewhere than reduced rows do.
      if (cluster->reduction_count > 0) row = 0;
      if (row > 0 && (rows > 0 ? row == rows : block_of_row(row) > 0)) {
        way = ROWS;
        rows = row;
      } else if (is_repeated_row(e)) {
        repeated = e->shape[1];
      }
    }
    real *block = block_of(m, i);
    m->values[i] = (operand){block, way != SPLAT};
    if (way == SPLAT) store(block, splat(*m->inputs[i]));
    if (way == IN_PLACE && is_overwritten_early(m, i)) way = COPIED;
    m->ways[i] = way;
  }
  return rows > 0 ? (cut){block_of_row(rows), 1} : (cut){block_length(repeated, cluster->row), 0};
}

/// Makes the inputs' elements start ..< start + count available. A block that does not fill its
/// last vector is copied, since the instructions run over whole vectors.
MR_INLINE void load_inputs(const machine *m, int64_t start, int64_t count) {
  for (int32_t i = 0; i < m->cluster->input_count; i++) {
    real *block = block_of(m, i);
    switch (m->ways[i]) {
      case IN_PLACE:
      case ROWS: {
        int64_t index[MR_MAX_RANK];
        const real *at = m->ways[i] == IN_PLACE
            ? m->inputs[i] + start
            : element_at(m->inputs[i], &m->expansions[i], start, index);
        m->values[i].elements = at;
        if (count % LANES == 0) break;
        m->values[i].elements = block;
        // Ones behind the end, which no operation stumbles over.
        store(block + whole_lanes(count) - LANES, splat(1));
        copy_run(block, at, count);
        break;
      }
      case COPIED: copy_run(block, m->inputs[i] + start, count); break;
      case EXPANDED: {
        expansion *e = &m->expansions[i];
        if (is_repeated_row(e)) {
          int64_t phase = start % e->shape[1];
          if (phase == e->phase && count <= e->held) break;
          e->phase = phase;
          e->held = count;
          expand_row(block, m->inputs[i], phase, e->shape[1], count);
          break;
        }
        expand(block, m->inputs[i], e, start, count);
        break;
      }
      default: break;
    }
  }
}

MR_INLINE void run_code(const machine *m, int64_t start, int64_t count) {
  const mr_cluster *cluster = m->cluster;
  int writes_outputs = count % LANES == 0;
  for (int32_t i = 0; i < cluster->code_count; i++) {
    mr_instruction instruction = cluster->code[i];
    int32_t output = writes_outputs ? m->output_of[i] : -1;
    real *destination =
        output >= 0 ? m->outputs[output] + start : block_of(m, instruction.destination);
    operand a = m->values[instruction.a], b = a, c = a;
    if (instruction.operation >= MR_ADD) b = m->values[instruction.b];
    if (instruction.operation >= MR_SELECT) c = m->values[instruction.c];
    run_operation(instruction.operation, destination, a, b, c, whole_lanes(count));
    m->values[instruction.destination] = (operand){destination, 1};
  }
}

/// Copies the outputs that are not in place yet.
MR_INLINE void store_outputs(const machine *m, int64_t start, int64_t count) {
  for (int32_t k = 0; k < m->cluster->output_count; k++) {
    operand value = m->values[m->cluster->output_values[k]];
    real *out = m->outputs[k] + start;
    if (value.step == 0) {
      for (int64_t i = 0; i < count; i++) out[i] = *value.elements;
    } else if (value.elements != out) {
      copy_run(out, value.elements, count);
    }
  }
}

/// Reduces the rows of a block.
MR_INLINE void reduce_rows(const machine *m, int64_t start, int64_t count) {
  const mr_cluster *cluster = m->cluster;
  for (int32_t k = 0; k < cluster->reduction_count; k++) {
    mr_reduction reduction = cluster->reductions[k];
    const real *x = m->values[reduction.value].elements;
    real *out = m->outputs[cluster->output_count + k] + start / cluster->row;
    for (int64_t at = 0; at < count; at += cluster->row) {
      int64_t available = whole_lanes(count) - at;
      *out++ = reduction.is_maximum ? reduce_row(MAXIMUM, x + at, cluster->row, available)
                                    : reduce_row(SUM, x + at, cluster->row, available);
    }
  }
}

MR_CLONES void MR_TYPED(mr_run_cluster)(
    const mr_cluster *cluster, const void *const *inputs, void *const *outputs, int64_t start,
    int64_t end, void *scratch) {
  if (start >= end) return;  // an empty input need not have its one scalar either
  cluster_layout layout = layout_of(cluster);
  char *base = (char *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
  machine m = {
      .cluster = cluster,
      .inputs = (const real *const *)inputs,
      .outputs = (real *const *)outputs,
      .values = (operand *)(base + layout.values),
      .ways = (int32_t *)(base + layout.ways),
      .expansions = (expansion *)(base + layout.expansions),
      .output_of = (int32_t *)(base + layout.output_of),
      .blocks = (real *)(base + layout.blocks),
      .pitch = layout.pitch / (int64_t)sizeof(real),
  };
  find_outputs(&m);
  cut blocks = prepare_inputs(&m);
  while (start < end) {
    int64_t rest = blocks.aligned ? blocks.length - start % blocks.length : blocks.length;
    int64_t count = end - start < rest ? end - start : rest;
    load_inputs(&m, start, count);
    run_code(&m, start, count);
    reduce_rows(&m, start, count);
    store_outputs(&m, start, count);
    start += count;
  }
}

#endif
