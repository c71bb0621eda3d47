// The mode of a thread's floating-point arithmetic in which subnormal numbers are zeros.

#include "include/CKernels.h"

#if defined(__x86_64__)

#include <xmmintrin.h>

uint64_t mr_float_control(void) { return _mm_getcsr(); }

void mr_set_float_control(uint64_t control) { _mm_setcsr((uint32_t)control); }

// Flush to zero, and denormals are zeros.
uint64_t mr_without_subnormals(uint64_t control) { return control | 0x8000 | 0x0040; }

#elif defined(__aarch64__)

uint64_t mr_float_control(void) {
  uint64_t control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  return control;
}

void mr_set_float_control(uint64_t control) {
  __asm__ volatile("msr fpcr, %0" : : "r"(control));
}

// FZ.
uint64_t mr_without_subnormals(uint64_t control) { return control | (UINT64_C(1) << 24); }

#else

uint64_t mr_float_control(void) { return 0; }

void mr_set_float_control(uint64_t control) { (void)control; }

uint64_t mr_without_subnormals(uint64_t control) { return control; }

#endif
