// The two float types behind one set of names, as vectors of 64 bytes.
//
// A source file defines MR_BITS as 32 or 64 and includes this, so that each kernel is written once
// and compiled for both types. A vector of 64 bytes is one AVX-512 register; for narrower CPUs the
// compiler splits it, and the same operations happen to the same lanes: this, and not luck with an
// auto-vectorizer, is why results do not depend on an element's position.

#ifndef MR_LANES_H
#define MR_LANES_H

#include <string.h>

#include "clones.h"

#if MR_BITS == 64
typedef double real;
typedef int64_t word;
enum { LANES = 8 };
#define MR_TYPED(name) name##_f64
#define SIGN_BIT INT64_MIN
#else
typedef float real;
typedef int32_t word;
enum { LANES = 16 };
#define SIGN_BIT INT32_MIN
#define MR_TYPED(name) name##_f32
#endif

typedef real lanes __attribute__((ext_vector_type(LANES)));
/// Bit patterns, and masks (0 or -1) as comparisons yield them.
typedef word words __attribute__((ext_vector_type(LANES)));
/// In memory: aligned like its elements, and allowed to alias them.
typedef lanes lanes_in_memory __attribute__((aligned(sizeof(real)), may_alias));

MR_INLINE lanes load(const real *p) { return *(const lanes_in_memory *)p; }
MR_INLINE void store(real *p, lanes x) { *(lanes_in_memory *)p = x; }
MR_INLINE lanes splat(real x) { return (lanes)x; }

MR_INLINE words bits_of(lanes x) {
  words r;
  memcpy(&r, &x, sizeof r);
  return r;
}

MR_INLINE lanes lanes_of(words x) {
  lanes r;
  memcpy(&r, &x, sizeof r);
  return r;
}

/// Lane by lane: mask ? a : b. Both are evaluated; nothing branches.
MR_INLINE lanes choose(words mask, lanes a, lanes b) { return mask ? a : b; }

MR_INLINE words sign_bit(lanes x) { return bits_of(x) & SIGN_BIT; }
MR_INLINE lanes magnitude(lanes x) { return lanes_of(bits_of(x) & ~SIGN_BIT); }
MR_INLINE lanes with_sign(lanes x, words sign) { return lanes_of(bits_of(x) | sign); }

/// NaN wins; b where equal. The choice is one x86 instruction, which drops a NaN in a; setting all
/// bits makes it a NaN again, apart from the chain of dependent maxima (b) of a reduction.
MR_INLINE lanes larger(lanes a, lanes b) {
  return lanes_of(bits_of(choose(a > b, a, b)) | (a != a));
}
MR_INLINE lanes smaller(lanes a, lanes b) {
  return lanes_of(bits_of(choose(a < b, a, b)) | (a != a));
}

/// x rounded up to a multiple of LANES.
MR_INLINE int64_t whole_lanes(int64_t count) { return (count + LANES - 1) & -(int64_t)LANES; }

/// The first `count` < LANES elements at p, then zeros. Reads no further than `available`.
MR_INLINE lanes load_first(const real *p, int64_t count, int64_t available, real otherwise) {
  static const word index[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  words lane;
  memcpy(&lane, index, sizeof lane);
  words wanted = lane < (words)(word)count;
  if (available >= LANES) return choose(wanted, load(p), splat(otherwise));
  real buffer[LANES];
  for (int64_t i = 0; i < LANES; i++) buffer[i] = i < count ? p[i] : otherwise;
  return load(buffer);
}

#endif
