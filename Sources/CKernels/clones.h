// One build of a function for each CPU level, chosen by the loader.

#ifndef MR_CLONES_H
#define MR_CLONES_H

#include "include/CKernels.h"

// MR_PORTABLE switches the clones off, to test the baseline build on a newer CPU. So does the
// thread sanitizer: it instruments the loader's choice and crashes there before it has started.
#if __has_feature(thread_sanitizer) && !defined(MR_PORTABLE)
#define MR_PORTABLE
#endif
#if defined(__x86_64__) && defined(__linux__) && !defined(MR_PORTABLE)
#define MR_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define MR_CLONES
#endif

// Helpers of cloned functions must be inlined: a call would leave the clone for the baseline.
// This also makes it harmless that wide vectors have no calling convention on the baseline.
#define MR_INLINE static inline __attribute__((always_inline, unused))
#pragma clang diagnostic ignored "-Wpsabi"

// Rounding must not depend on where a compiler finds products to fuse: only within an expression.
#pragma STDC FP_CONTRACT ON

#endif
