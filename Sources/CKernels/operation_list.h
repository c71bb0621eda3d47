// The elementwise operations of the block machine, a row each: name, number, and the result for
// vectors of operands a, b, c. Both `mr_operation` and the machine's loops are made of these rows,
// so that there is nothing else to extend; whoever includes them defines what a row becomes.
//
// A number tells how many operands there are: one below `MR_ADD`, three from `MR_SELECT` on.

MR_UNARY(MR_NEGATE, 1, -a)
MR_UNARY(MR_ABSOLUTE, 2, magnitude(a))
/// -1, 0 or 1; zeros keep their sign and NaN stays NaN.
MR_UNARY(MR_SIGN, 3, choose(a > 0, splat(1), choose(a < 0, splat(-1), a)))
MR_UNARY(MR_EXP, 4, exp_lanes(a))
/// Natural logarithm: NaN below 0, -infinity at both zeros.
MR_UNARY(MR_LOG, 5, log_lanes(a))
MR_UNARY(MR_SQRT, 6, __builtin_elementwise_sqrt(a))
MR_UNARY(MR_TANH, 9, tanh_lanes(a))
/// 1 / (1 + exp(-a)), without overflow and without cancellation.
MR_UNARY(MR_SIGMOID, 10, sigmoid_lanes(a))
/// log(1 + exp(a)), without overflow and with full relative accuracy for very negative a.
MR_UNARY(MR_SOFTPLUS, 11, softplus_lanes(a))
/// Vectorized for |a| <= 1e6, element by element in libm beyond.
MR_UNARY(MR_SIN, 12, sin_lanes(a))
/// Vectorized for |a| <= 1e6, element by element in libm beyond.
MR_UNARY(MR_COS, 13, cos_lanes(a))
/// The larger of a and 0; NaN stays NaN.
MR_UNARY(MR_RELU, 14, larger(a, splat(0)))
/// exp(a) - 1 with full relative accuracy near 0.
MR_UNARY(MR_EXPM1, 15, expm1_lanes(a))
/// log(1 + a) with full relative accuracy near 0: NaN below -1, -infinity at -1.
MR_UNARY(MR_LOG1P, 16, log1p_lanes(a))
/// The error function, 2/√π ∫ exp(-t²) dt from 0 to a.
MR_UNARY(MR_ERF, 17, erf_lanes(a))

MR_BINARY(MR_ADD, 32, a + b)
MR_BINARY(MR_SUBTRACT, 33, a - b)
MR_BINARY(MR_MULTIPLY, 34, a * b)
MR_BINARY(MR_DIVIDE, 35, a / b)
/// The larger of a and b, b where they are equal, NaN where either is NaN.
MR_BINARY(MR_MAXIMUM, 36, larger(a, b))
/// The smaller of a and b, b where they are equal, NaN where either is NaN.
MR_BINARY(MR_MINIMUM, 37, smaller(a, b))
/// a to the power b. Exponents 2, 1, 0.5 and -1 are vectorized, others go to libm.
MR_BINARY(MR_POWER, 38, power_lanes(a, b))
/// Comparisons give 1 or 0; any comparison with NaN gives 0.
MR_BINARY(MR_EQUAL, 39, one_or_zero(a == b))
MR_BINARY(MR_LESS, 40, one_or_zero(a < b))
MR_BINARY(MR_LESS_EQUAL, 41, one_or_zero(a <= b))
/// b where a > 0, otherwise 0.
MR_BINARY(MR_GATE, 42, choose(a > 0, b, splat(0)))

/// a != 0 ? b : c (a NaN selects b).
MR_TERNARY(MR_SELECT, 64, choose(a != 0, b, c))
/// a * b + c, rounded once where the CPU has a fused multiply-add (all but the baseline).
MR_TERNARY(MR_MULTIPLY_ADD, 65, a * b + c)
/// c - a * b, rounded like `MR_MULTIPLY_ADD`.
MR_TERNARY(MR_MULTIPLY_SUBTRACT_FROM, 66, c - a * b)

#undef MR_UNARY
#undef MR_BINARY
#undef MR_TERNARY
