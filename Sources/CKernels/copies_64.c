// Copies of elements of 8 bytes.

#define MR_BITS 64
#include "copies.h"
