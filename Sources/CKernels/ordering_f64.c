// Places in order, for double.

#define MR_BITS 64
#include "ordering.h"
