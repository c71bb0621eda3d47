// exp, log, tanh, sigmoid, softplus, erf, sin, cos and powers on vectors, without branches.
//
// Each function reduces its argument to a small interval, where a polynomial is accurate to the
// last bits, and undoes the reduction with bit operations. Where two terms are added, the larger
// one is exact or added last. Method of log: fdlibm's e_log.c (Sun Microsystems, 1993).

#ifndef MR_MATHEMATICS_H
#define MR_MATHEMATICS_H

#include <math.h>

#include "lanes.h"

#if MR_BITS == 64
#include "coefficients_f64.h"
#else
#include "coefficients_f32.h"
#endif

#define POLYNOMIAL(x, coefficients) \
  polynomial(x, coefficients, sizeof(coefficients) / sizeof(coefficients)[0])

/// Σ c_i x^i, even and odd powers apart, which halves the chain of dependent operations.
MR_INLINE lanes polynomial(lanes x, const real *coefficients, int count) {
  lanes square = x * x;
  lanes last = splat(coefficients[count - 1]), other = splat(coefficients[count - 2]);
#pragma clang loop unroll(full)
  for (int i = count - 3; i >= 0; i--) {
    lanes sum = last * square + coefficients[i];
    last = other;
    other = sum;
  }
  return last * x + other;
}

// MARK: Exponentials

/// x = multiple · log(2) + rest.
typedef struct {
  words multiple;
  lanes rest;
} reduced_exponent;

/// `rounded` is ROUND_TO_INTEGER plus the multiple.
MR_INLINE reduced_exponent reduce_exponent(lanes x, lanes rounded) {
  lanes multiple = rounded - ROUND_TO_INTEGER;
  lanes rest = x - multiple * LN2_HIGH;
  rest = rest - multiple * LN2_LOW;
  return (reduced_exponent){bits_of(rounded) - bits_of(splat(ROUND_TO_INTEGER)), rest};
}

MR_INLINE lanes power_of_two(words exponent) {
  return lanes_of((exponent + EXPONENT_BIAS) << MANTISSA_BITS);
}

MR_INLINE lanes exp_lanes(lanes x) {
  x = choose(x > EXP_OVERFLOWS, splat(EXP_OVERFLOWS), x);  // a NaN passes both
  x = choose(x < EXP_VANISHES, splat(EXP_VANISHES), x);
  reduced_exponent e = reduce_exponent(x, x * LOG2_E + ROUND_TO_INTEGER);
  lanes r = e.rest;
  lanes y = (r * r * POLYNOMIAL(r, EXP_POLYNOMIAL) + r) + 1;
  // In two steps, since 2^multiple alone may overflow or be subnormal where the product is neither.
  words half = e.multiple >> 1;
  return y * power_of_two(half) * power_of_two(e.multiple - half);
}

/// exp(r) - 1 - r of the rest r, added to r and to 2^multiple - 1 with what the additions lose; all
/// by halves, since 2^multiple alone may overflow.
MR_INLINE lanes expm1_lanes(lanes x) {
  lanes bounded = choose(x > EXP_OVERFLOWS, splat(EXP_OVERFLOWS), x);
  bounded = choose(bounded < -2 * TANH_IS_ONE, splat(-2 * TANH_IS_ONE), bounded);
  lanes rounded = bounded * LOG2_E + ROUND_TO_INTEGER;
  lanes multiple = rounded - ROUND_TO_INTEGER;
  lanes high = bounded - multiple * LN2_HIGH;
  lanes low = multiple * LN2_LOW;
  lanes r = high - low;
  lanes lost = (high - r) - low;
  lanes scale = power_of_two(bits_of(rounded) - bits_of(splat(ROUND_TO_INTEGER)) - 1);
  lanes larger_part = scale - (real)0.5, part = r * scale;
  lanes sum = larger_part + part;
  lanes lost_by_sum = (larger_part - sum) + part;
  lanes small = r * r * POLYNOMIAL(r, EXP_POLYNOMIAL) + lost;
  lanes y = (sum + (small * scale + lost_by_sum)) * 2;
  // Where x² no longer counts, x itself: halves of subnormal numbers and the sign of 0 are not
  // lost.
  return choose(magnitude(x) < 1 / TWO_TO_MANTISSA / 4, x, y);
}

/// With h = (exp(2|x|) - 1) / 2, tanh(|x|) = h / (1 + h). Written so that rounding errors of the
/// quotient meet the smaller term: h - h²/(1 + h) below ½, 1 - 1/(1 + h) above.
MR_INLINE lanes tanh_lanes(lanes x) {
  lanes doubled = magnitude(x) * 2;
  doubled = choose(doubled > 2 * TANH_IS_ONE, splat(2 * TANH_IS_ONE), doubled);
  // Rounded down: a rest of one sign spares h a cancellation.
  reduced_exponent e = reduce_exponent(doubled, (doubled * LOG2_E - (real)0.5) + ROUND_TO_INTEGER);
  lanes r = e.rest;
  lanes expm1 = r * r * POLYNOMIAL(r, EXPM1_POLYNOMIAL) + r;
  lanes half_scale = power_of_two(e.multiple - 1);
  lanes h = expm1 * half_scale + (half_scale - (real)0.5);
  lanes inverse = 1 / (h + 1);
  lanes y = choose(h > 1, 1 - inverse, h - h * (h * inverse));
  return with_sign(y, sign_bit(x));
}

/// 1 / (1 + e) with e = exp(-|x|), or e / (1 + e) = e - e²/(1 + e) for negative x.
MR_INLINE lanes sigmoid_lanes(lanes x) {
  lanes e = exp_lanes(-magnitude(x));
  lanes inverse = 1 / (e + 1);
  return choose(x < 0, e - e * (e * inverse), inverse);
}

// MARK: Logarithms

/// log(1 + f) + multiple · log(2) for 1 + f between √½ and √2.
MR_INLINE lanes log_of_reduced(lanes f, lanes multiple) {
  lanes s = f / (f + 2);
  lanes z = s * s;
  lanes half_square = f * f * (real)0.5;
  lanes rest = POLYNOMIAL(z, LOG_POLYNOMIAL) * z + half_square;
  rest = s * rest + multiple * LN2_LOW;
  return multiple * LN2_HIGH - ((half_square - rest) - f);
}

/// x = 2^(biased - TWO_TO_MANTISSA - EXPONENT_BIAS) · (1 + f), 1 + f between √½ and √2.
typedef struct {
  lanes biased, f;
} reduced_number;

/// Of a normal number.
MR_INLINE reduced_number reduce_number(lanes x) {
  // Counts exponents from √½, so that the mantissa falls between √½ and √2.
  words bits = bits_of(x) + (bits_of(splat(1)) - SQRT_HALF_BITS);
  words exponent = (bits >> MANTISSA_BITS) & (2 * EXPONENT_BIAS + 1);
  words mantissa = (bits & (((word)1 << MANTISSA_BITS) - 1)) + SQRT_HALF_BITS;
  // To a real by its bits: AVX2 cannot convert 64-bit integers.
  lanes biased = lanes_of(exponent | bits_of(splat(TWO_TO_MANTISSA)));
  return (reduced_number){biased, lanes_of(mantissa) - 1};
}

MR_INLINE lanes log_lanes(lanes x) {
  words subnormal = x < SMALLEST_NORMAL;
  reduced_number n = reduce_number(choose(subnormal, x * TWO_TO_MANTISSA, x));
  lanes bias = choose(
      subnormal, splat(TWO_TO_MANTISSA + EXPONENT_BIAS + MANTISSA_BITS),
      splat(TWO_TO_MANTISSA + EXPONENT_BIAS));
  lanes y = log_of_reduced(n.f, n.biased - bias);
  y = choose(x < (real)INFINITY, y, x);  // infinity and NaN are their own logarithms
  y = choose(x < 0, splat((real)NAN), y);
  return choose(x == 0, splat(-(real)INFINITY), y);
}

/// log(1 + x): of the rounded sum, and behind it what the rounding lost, divided by the sum.
MR_INLINE lanes log1p_lanes(lanes x) {
  lanes sum = 1 + x;
  lanes lost = choose(x > 1, 1 - (sum - x), x - (sum - 1));
  reduced_number n = reduce_number(sum);
  lanes multiple = n.biased - (TWO_TO_MANTISSA + EXPONENT_BIAS);
  words is_near = multiple == 0;
  lanes y = log_of_reduced(choose(is_near, x, n.f), multiple);
  y += choose(is_near, splat(0), lost / sum);
  y = choose(x < (real)INFINITY, y, x);
  y = choose(x < -1, splat((real)NAN), y);
  y = choose(x == -1, splat(-(real)INFINITY), y);
  return choose(magnitude(x) < 1 / TWO_TO_MANTISSA / 4, x, y);  // subnormal numbers, the sign of 0
}

/// softplus(x) = max(x, 0) + log(1 + exp(-|x|))
MR_INLINE lanes softplus_lanes(lanes x) {
  lanes e = exp_lanes(-magnitude(x));
  words large = e > (real)0.41421356237309505;
  lanes f = choose(large, (e - 1) * (real)0.5, e);
  lanes multiple = choose(large, splat(1), splat(0));
  return log_of_reduced(f, multiple) + choose(x > 0, x, splat(0));
}

// MARK: The error function

/// x + x · polynomial below 1, from there on 1 - erfc(x) = 1 - exp(-x²) · polynomial.
MR_INLINE lanes erf_lanes(lanes x) {
  lanes a = magnitude(x);
  a = choose(a > ERF_IS_ONE, splat(ERF_IS_ONE), a);
  lanes z = a * a;
  lanes near = a * POLYNOMIAL(z, ERF_POLYNOMIAL) + a;
  lanes far = 1 - exp_lanes(-z) * POLYNOMIAL((a - 2) / (a + 2), ERFC_POLYNOMIAL);
  return with_sign(choose(a < 1, near, far), sign_bit(x));
}

// MARK: Sine and cosine

/// Beyond this, fewer than all bits of the multiple of π/2 would be exact.
static const real LARGEST_ANGLE = 1e6;

#if MR_BITS == 64
typedef lanes wide_lanes;
typedef words wide_words;
#else
typedef double wide_lanes __attribute__((ext_vector_type(LANES)));
typedef int64_t wide_words __attribute__((ext_vector_type(LANES)));
#endif

/// x = quadrant · π/2 + rest + error with |rest| <= π/4; in double for floats, too.
typedef struct {
  words quadrant;
  lanes rest, error;
} reduced_angle;

MR_INLINE reduced_angle reduce_angle(lanes x) {
  const double round = 0x1.8p52;
  wide_lanes wide = __builtin_convertvector(x, wide_lanes);
  wide_lanes rounded = wide * 0x1.45f306dc9c883p-1 + round;
  wide_lanes multiple = rounded - round;
  wide_words quadrant;
  memcpy(&quadrant, &rounded, sizeof quadrant);
  // Parts of π/2 of 33, 33 and 53 bits: products with a multiple of up to 20 bits are exact.
  wide_lanes first = wide - multiple * 0x1.921fb544p0;
#if MR_BITS == 64
  lanes middle = multiple * 0x1.0b4611a6p-34;
  lanes last = multiple * 0x1.3198a2e037073p-69;
  lanes rest = first - (middle + last);
  lanes error = ((first - rest) - middle) - last;
#else
  wide_lanes exact = first - multiple * 0x1.0b4611a626331p-34;
  lanes rest = __builtin_convertvector(exact, lanes);
  lanes error = __builtin_convertvector(exact - __builtin_convertvector(rest, wide_lanes), lanes);
#endif
  return (reduced_angle){__builtin_convertvector(quadrant, words), rest, error};
}

/// ±sin or ±cos of the rest, as the quadrant says: the sine of the whole angle.
MR_INLINE lanes sin_in_quadrant(reduced_angle angle, words quadrant) {
  lanes r = angle.rest, z = r * r;
  lanes half = z * (real)0.5;
  lanes sine = r * z * POLYNOMIAL(z, SIN_POLYNOMIAL) + angle.error;
  lanes first = 1 - half;
  // What 1 - half lost in rounding, and the derivative times the error.
  lanes lost = ((1 - first) - half) - r * angle.error;
  lanes cosine = z * z * POLYNOMIAL(z, COS_POLYNOMIAL) + lost;
  lanes y = choose((quadrant & 1) != 0, first + cosine, r + sine);
  return lanes_of(bits_of(y) ^ ((quadrant & 2) << (MR_BITS - 2)));
}

/// Replaces the lanes of y whose angle is too large by libm's result.
static __attribute__((noinline, unused)) void sin_of_large(real *y, const real *x, int is_cosine) {
  for (int i = 0; i < LANES; i++) {
    if (!(fabs(x[i]) > LARGEST_ANGLE)) continue;
    y[i] = (real)(is_cosine ? cos(x[i]) : sin(x[i]));
  }
}

MR_INLINE lanes with_large_angles(lanes y, lanes x, int is_cosine) {
  if (__builtin_expect(__builtin_reduce_or(magnitude(x) > LARGEST_ANGLE) == 0, 1)) return y;
  real results[LANES], angles[LANES];
  store(results, y);
  store(angles, x);
  sin_of_large(results, angles, is_cosine);
  return load(results);
}

MR_INLINE lanes sin_lanes(lanes x) {
  // On |x|, so that the sign of a zero survives.
  reduced_angle angle = reduce_angle(magnitude(x));
  lanes y = sin_in_quadrant(angle, angle.quadrant);
  return with_large_angles(lanes_of(bits_of(y) ^ sign_bit(x)), x, 0);
}

MR_INLINE lanes cos_lanes(lanes x) {
  reduced_angle angle = reduce_angle(x);
  return with_large_angles(sin_in_quadrant(angle, angle.quadrant + 1), x, 1);
}

// MARK: Powers

static __attribute__((noinline, unused)) void power_by_libm(
    real *y, const real *a, const real *b, const word *done) {
  for (int i = 0; i < LANES; i++) {
    if (!done[i]) y[i] = MR_BITS == 64 ? pow(a[i], b[i]) : powf(a[i], b[i]);
  }
}

/// Common exponents lane by lane (so that a lane's bits never depend on its neighbors), the
/// others in libm.
MR_INLINE lanes power_lanes(lanes a, lanes b) {
  words squared = b == 2, same = b == 1, root = b == (real)0.5, inverse = b == -1;
  // C's pow differs from the square root at -0 (+0) and at -infinity (+infinity).
  lanes square_root = __builtin_elementwise_sqrt(a + 0);
  square_root = choose(a == -(real)INFINITY, splat((real)INFINITY), square_root);
  lanes y = choose(squared, a * a, choose(same, a, choose(root, square_root, 1 / a)));
  words done = squared | same | root | inverse;
  if (__builtin_reduce_and(done) != 0) return y;
  real results[LANES], bases[LANES], exponents[LANES];
  word finished[LANES];
  store(results, y);
  store(bases, a);
  store(exponents, b);
  memcpy(finished, &done, sizeof finished);
  power_by_libm(results, bases, exponents, finished);
  return load(results);
}

#endif
