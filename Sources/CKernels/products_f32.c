// Products of small matrices of floats.

#define MR_BITS 32
#include "products.h"
