// Windows over images, for float.

#define MR_BITS 32
#include "window_products.h"
