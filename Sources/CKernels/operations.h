// One tight loop for each operation of a cluster.

#ifndef MR_OPERATIONS_H
#define MR_OPERATIONS_H

#include "mathematics.h"

/// A value of a cluster within the current block.
typedef struct {
  const real *elements;
  /// 1, or 0 if `elements` is one vector that stands for every element.
  int64_t step;
} operand;

MR_INLINE lanes one_or_zero(words condition) { return choose(condition, splat(1), splat(0)); }

// The destination may be one of the operands: each vector is loaded before it is stored.
#define EACH_VECTOR(loads, result)            \
  for (int64_t i = 0; i < count; i += LANES) { \
    loads store(destination + i, result);      \
  }                                            \
  return
#define LOAD(x) lanes x = load(x##_elements + i * x##_step);

/// Runs one instruction over `count` elements, a multiple of LANES.
MR_INLINE void run_operation(
    int operation, real *destination, operand a_operand, operand b_operand, operand c_operand,
    int64_t count) {
  const real *a_elements = a_operand.elements;
  const real *b_elements = b_operand.elements;
  const real *c_elements = c_operand.elements;
  int64_t a_step = a_operand.step, b_step = b_operand.step, c_step = c_operand.step;
  switch (operation) {
#define MR_UNARY(name, number, result) \
  case name: EACH_VECTOR(LOAD(a), result);
#define MR_BINARY(name, number, result) \
  case name: EACH_VECTOR(LOAD(a) LOAD(b), result);
#define MR_TERNARY(name, number, result) \
  case name: EACH_VECTOR(LOAD(a) LOAD(b) LOAD(c), result);
#include "operation_list.h"
    default: __builtin_trap();
  }
}

#endif
