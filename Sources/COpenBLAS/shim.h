#ifndef METARATE_COPENBLAS_SHIM_H
#define METARATE_COPENBLAS_SHIM_H
#include <cblas.h>
#endif
