#ifndef METARATE_CZLIB_SHIM_H
#define METARATE_CZLIB_SHIM_H

// Input is never written to.
#define ZLIB_CONST
#include <zlib.h>

// What Swift cannot import: a macro that tells the library of its header's version.
static inline int czlib_begin(z_stream *stream, int window_bits) {
  return inflateInit2(stream, window_bits);
}

#endif
