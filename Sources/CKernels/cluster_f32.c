// The block machine for float.

#define MR_BITS 32
#include "cluster.h"
