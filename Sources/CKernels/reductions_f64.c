// Sums and maxima of doubles.

#define MR_BITS 64
#include "reductions.h"
