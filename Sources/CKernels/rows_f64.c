// Scatter-add and the search for infinities and NaN, for double.

#define MR_BITS 64
#include "rows.h"
