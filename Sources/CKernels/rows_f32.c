// Scatter-add and the search for infinities and NaN, for float.

#define MR_BITS 32
#include "rows.h"
