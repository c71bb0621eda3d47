// Windows over images, for double.

#define MR_BITS 64
#include "windows.h"
