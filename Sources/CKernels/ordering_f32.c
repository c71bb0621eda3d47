// Places in order, for float.

#define MR_BITS 32
#include "ordering.h"
