// Conversions between element types, fills, and the name of the build in use.

#include <string.h>

#include "clones.h"

#define CONVERSION(name, from, to)                                                        \
  MR_CLONES void name(const from *restrict x, to *restrict out, int64_t count) {          \
    for (int64_t i = 0; i < count; i++) out[i] = (to)x[i];                                \
  }

CONVERSION(mr_convert_i32_f32, int32_t, float)
CONVERSION(mr_convert_i32_f64, int32_t, double)
CONVERSION(mr_convert_f32_f64, float, double)
CONVERSION(mr_convert_f64_f32, double, float)

// A cast alone is undefined beyond the range of the integer.
#define TRUNCATION(name, from)                                                            \
  MR_CLONES void name(const from *restrict x, int32_t *restrict out, int64_t count) {     \
    for (int64_t i = 0; i < count; i++) {                                                 \
      int inside = x[i] > (from)-2147483648.0 && x[i] < (from)2147483648.0;               \
      int32_t outside = x[i] > 0 ? INT32_MAX : x[i] < 0 ? INT32_MIN : 0;                  \
      int32_t truncated = (int32_t)(inside ? x[i] : 0);                                   \
      out[i] = inside ? truncated : outside;                                              \
    }                                                                                     \
  }

TRUNCATION(mr_convert_f32_i32, float)
// -2147483648.5 truncates to INT32_MIN, and so does saturation.
TRUNCATION(mr_convert_f64_i32, double)

MR_CLONES void mr_fill_32(void *out, int64_t count, uint32_t bits) {
  uint32_t *elements = out;
  for (int64_t i = 0; i < count; i++) elements[i] = bits;
}

MR_CLONES void mr_fill_64(void *out, int64_t count, uint64_t bits) {
  uint64_t *elements = out;
  for (int64_t i = 0; i < count; i++) elements[i] = bits;
}

const char *mr_cpu_level(void) {
#if defined(__x86_64__) && defined(__linux__) && !defined(MR_PORTABLE)
  if (__builtin_cpu_supports("x86-64-v4")) return "x86-64-v4";
  if (__builtin_cpu_supports("x86-64-v3")) return "x86-64-v3";
  return "x86-64";
#else
  return "portable";
#endif
}
