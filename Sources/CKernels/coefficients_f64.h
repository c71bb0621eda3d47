// Constants of mathematics.h for double; see coefficients_f32.h.

enum { MANTISSA_BITS = 52, EXPONENT_BIAS = 1023 };

static const real ROUND_TO_INTEGER = 0x1.8p52;
static const real TWO_TO_MANTISSA = 0x1p52;
static const real SMALLEST_NORMAL = 0x1p-1022;
static const word SQRT_HALF_BITS = 0x3fe6a09e667f3bcd;

static const real LOG2_E = 0x1.71547652b82fep0;
static const real LN2_HIGH = 0x1.62e42fefa4p-1;  // 41 bits
static const real LN2_LOW = -0x1.8432a1b0e2634p-43;
static const real EXP_OVERFLOWS = 710.0, EXP_VANISHES = -746.0;
static const real TANH_IS_ONE = 20.0, ERF_IS_ONE = 6.0;

// Relative errors 2^-61.9 and 2^-59.9.
static const real EXP_POLYNOMIAL[] = {
    0x1p-1,
    0x1.5555555555557p-3,
    0x1.5555555555557p-5,
    0x1.1111111110045p-7,
    0x1.6c16c16c1569dp-10,
    0x1.a01a01ac27466p-13,
    0x1.a01a01ab9d95ap-16,
    0x1.71de018a4f3f5p-19,
    0x1.27e4cf9f09ac7p-22,
    0x1.af4f19600e896p-26,
    0x1.1f8710b95a077p-29};
static const real EXPM1_POLYNOMIAL[] = {
    0x1p-1,
    0x1.5555555555545p-3,
    0x1.55555555566dcp-5,
    0x1.11111110a838bp-7,
    0x1.6c16c192ff853p-10,
    0x1.a019f9532bcb1p-13,
    0x1.a01b19c271efp-16,
    0x1.71c6acabcbdddp-19,
    0x1.292830648eba8p-22,
    0x1.9920f43b9268ap-26,
    0x1.8172d950717aep-29};
static const real LOG_POLYNOMIAL[] = {
    0x1.5555555555558p-1,
    0x1.999999999528ep-2,
    0x1.2492492e01479p-2,
    0x1.c71c62ce93b59p-3,
    0x1.7462bb6a69decp-3,
    0x1.39fd7ee584955p-3,
    0x1.2b631d1808f57p-3};
static const real SIN_POLYNOMIAL[] = {
    -0x1.5555555555555p-3,
    0x1.1111111110c7ap-7,
    -0x1.a01a019e9eaf3p-13,
    0x1.71de37ae58afcp-19,
    -0x1.ae601d50afbbdp-26,
    0x1.5e1034164c948p-33};
static const real COS_POLYNOMIAL[] = {
    0x1.5555555555555p-5,
    -0x1.6c16c16c168c8p-10,
    0x1.a01a019f37923p-16,
    -0x1.27e4fa01e4aebp-22,
    0x1.1eeb56ab58d42p-29,
    -0x1.90729f7507f02p-37};
// Absolute error 2^-56.9.
static const real ERF_POLYNOMIAL[] = {
    0x1.06eba8214db68p-3,
    -0x1.812746b0379c2p-2,
    0x1.ce2f21a041018p-4,
    -0x1.b82ce312062bcp-6,
    0x1.565bccfa9a825p-8,
    -0x1.c02db072f3fep-11,
    0x1.f9a2bf73f0c68p-14,
    -0x1.f4ca94990cb86p-17,
    0x1.b9827b1885f9bp-20,
    -0x1.5c16e30fb0d45p-23,
    0x1.d784936618cc2p-27,
    -0x1.acdff90b8ebd8p-31};
// For 1 <= x <= 6; error of erfc 2^-60.6.
static const real ERFC_POLYNOMIAL[] = {
    0x1.058671b52c776p-2,
    -0x1.b57034efd3f56p-2,
    0x1.eeea7dc8a790cp-3,
    -0x1.437f0b68ccc85p-4,
    0x1.e947158ad7a2bp-9,
    0x1.ca95ed864dbedp-8,
    -0x1.bc258dbfae325p-11,
    -0x1.016b5373b33c2p-10,
    0x1.6d3529c7d3c8ep-15,
    0x1.6d82636a7b817p-13,
    0x1.cf70d09c47d14p-16,
    -0x1.be76418293a21p-16,
    -0x1.a8415a08a3f1dp-17};
