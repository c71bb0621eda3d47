#ifndef METARATE_CEMBEDDEDDATA_H
#define METARATE_CEMBEDDEDDATA_H

#include <stddef.h>

/// A file inside the binary, so that the binary can be moved.
typedef struct {
  const char *name;
  const unsigned char *bytes;
  size_t count;
} metarate_embedded_file;

/// 1797 handwritten digits as HDF5: `inputs` [1797, 64] uint8 in 0...16 and `targets` [1797] uint8.
///
/// Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning
/// Repository, 1998, licensed under CC BY 4.0.
metarate_embedded_file metarate_digits(void);

/// The golden cases of `metarate verify`: hypergradients in double precision, one HDF5 file a case.
size_t metarate_golden_case_count(void);
/// The case at a position below the count, in the order of their names.
metarate_embedded_file metarate_golden_case(size_t position);

/// A program of the notebooks in `notebooks/`, or the module that they read files with, by its name
/// without `.py`; no bytes for a name that there is none of.
metarate_embedded_file metarate_python_program(const char *name);

#endif
