// Constants of mathematics.h for float.
//
// Polynomials are minimax (Sollya's fpminimax) in the forms written in mathematics.h, on the
// reduced intervals: r as stated for exp, |f/(2+f)| <= 3 - 2√2 for log, |r| <= π/4 for sin, cos.

enum { MANTISSA_BITS = 23, EXPONENT_BIAS = 127 };

static const real ROUND_TO_INTEGER = 0x1.8p23f;  // adding it leaves the integer in the low bits
static const real TWO_TO_MANTISSA = 0x1p23f;
static const real SMALLEST_NORMAL = 0x1p-126f;
static const word SQRT_HALF_BITS = 0x3f3504f3;

static const real LOG2_E = 0x1.715476p0f;
static const real LN2_HIGH = 0x1.62e8p-1f;  // 14 bits: exact times any exponent
static const real LN2_LOW = -0x1.e8082ep-16f;
static const real EXP_OVERFLOWS = 89.0f, EXP_VANISHES = -104.0f;
static const real TANH_IS_ONE = 10.0f, ERF_IS_ONE = 4.0f;

// (exp(r) - 1 - r) / r² for |r| <= log(2)/2; relative error of exp 2^-26.5
static const real EXP_POLYNOMIAL[] = {
    0x1p-1f, 0x1.5554dcp-3f, 0x1.5554e8p-5f, 0x1.120c38p-7f, 0x1.6d4e78p-10f};
// The same for 0 <= r <= log(2); relative error of exp(r) - 1 2^-30
static const real EXPM1_POLYNOMIAL[] = {
    0x1p-1f, 0x1.555568p-3f, 0x1.554faap-5f, 0x1.11a1e2p-7f, 0x1.5f7f78p-10f, 0x1.0e6b72p-12f};
// (log((1+s)/(1-s)) - 2s) / s³ in s²
static const real LOG_POLYNOMIAL[] = {
    0x1.555556p-1f, 0x1.99986ep-2f, 0x1.24c134p-2f, 0x1.ce88ccp-3f};
// (sin(r)/r - 1) / r² in r²
static const real SIN_POLYNOMIAL[] = {-0x1.555552p-3f, 0x1.110be4p-7f, -0x1.9ab296p-13f};
// (cos(r) - 1 + r²/2) / r⁴ in r²
static const real COS_POLYNOMIAL[] = {0x1.555554p-5f, -0x1.6c129cp-10f, 0x1.9bc614p-16f};
// erf(x)/x - 1 in x² for |x| <= 1; absolute error 2^-29.6 (this and the next by Remez's exchange)
static const real ERF_POLYNOMIAL[] = {
    0x1.06eba8p-3f, -0x1.81273ep-2f, 0x1.ce2d2p-4f, -0x1.b7fbb6p-6f, 0x1.5419fap-8f,
    -0x1.a485f8p-11f, 0x1.4ae4c6p-14f};
// exp(x²) erfc(x) in (x - 2)/(x + 2) for 1 <= x <= 4; error of erfc 2^-34.7
static const real ERFC_POLYNOMIAL[] = {
    0x1.058672p-2f, -0x1.b57036p-2f, 0x1.eeea02p-3f, -0x1.4387c2p-4f, 0x1.e8de38p-9f,
    0x1.d8aedep-8f};
