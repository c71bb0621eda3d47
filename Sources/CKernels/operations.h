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

// The destination may be one of the operands: each vector is loaded before it is stored.
#define EACH_VECTOR(loads, result)            \
  for (int64_t i = 0; i < count; i += LANES) { \
    loads store(destination + i, result);      \
  }                                            \
  return
#define LOAD(x) lanes x = load(x##_elements + i * x##_step);
#define UNARY(result) EACH_VECTOR(LOAD(a), result)
#define BINARY(result) EACH_VECTOR(LOAD(a) LOAD(b), result)
#define TERNARY(result) EACH_VECTOR(LOAD(a) LOAD(b) LOAD(c), result)
#define ONE_OR_ZERO(condition) choose(condition, splat(1), splat(0))

/// Runs one instruction over `count` elements, a multiple of LANES.
MR_INLINE void run_operation(
    int operation, real *destination, operand a_operand, operand b_operand, operand c_operand,
    int64_t count) {
  const real *a_elements = a_operand.elements;
  const real *b_elements = b_operand.elements;
  const real *c_elements = c_operand.elements;
  int64_t a_step = a_operand.step, b_step = b_operand.step, c_step = c_operand.step;
  switch (operation) {
    case MR_NEGATE: UNARY(-a);
    case MR_ABSOLUTE: UNARY(magnitude(a));
    case MR_SIGN: UNARY(choose(a > 0, splat(1), choose(a < 0, splat(-1), a)));
    case MR_RELU: UNARY(larger(a, splat(0)));
    case MR_EXP: UNARY(exp_lanes(a));
    case MR_LOG: UNARY(log_lanes(a));
    case MR_SQRT: UNARY(__builtin_elementwise_sqrt(a));
    case MR_TANH: UNARY(tanh_lanes(a));
    case MR_SIGMOID: UNARY(sigmoid_lanes(a));
    case MR_SOFTPLUS: UNARY(softplus_lanes(a));
    case MR_SIN: UNARY(sin_lanes(a));
    case MR_COS: UNARY(cos_lanes(a));
    case MR_ADD: BINARY(a + b);
    case MR_SUBTRACT: BINARY(a - b);
    case MR_MULTIPLY: BINARY(a * b);
    case MR_DIVIDE: BINARY(a / b);
    case MR_MAXIMUM: BINARY(larger(a, b));
    case MR_MINIMUM: BINARY(smaller(a, b));
    case MR_POWER: BINARY(power_lanes(a, b));
    case MR_EQUAL: BINARY(ONE_OR_ZERO(a == b));
    case MR_LESS: BINARY(ONE_OR_ZERO(a < b));
    case MR_LESS_EQUAL: BINARY(ONE_OR_ZERO(a <= b));
    case MR_GATE: BINARY(choose(a > 0, b, splat(0)));
    case MR_SELECT: TERNARY(choose(a != 0, b, c));
    case MR_MULTIPLY_ADD: TERNARY(a * b + c);
    case MR_MULTIPLY_SUBTRACT_FROM: TERNARY(c - a * b);
    default: __builtin_trap();
  }
}

#endif
