#ifndef METARATE_COPENBLAS_SHIM_H
#define METARATE_COPENBLAS_SHIM_H
#include <cblas.h>
#include <stddef.h>

// LAPACK's Cholesky factorization, whose header need not be installed; Fortran passes the length of
// `uplo` last.
void spotrf_(
    const char *uplo, const blasint *extent, float *matrix, const blasint *row, blasint *info,
    size_t length);
void dpotrf_(
    const char *uplo, const blasint *extent, double *matrix, const blasint *row, blasint *info,
    size_t length);
#endif
