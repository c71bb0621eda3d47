// Copies of elements of 4 bytes.

#define MR_BITS 32
#include "copies.h"
