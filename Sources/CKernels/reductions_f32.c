// Sums and maxima of floats.

#define MR_BITS 32
#include "reductions.h"
