// Images cut into the contents of windows, and the contents added up to images.

#ifndef MR_WINDOWS_H
#define MR_WINDOWS_H

#include <string.h>

#include "lanes.h"

/// The part first ..< last of a window's columns that lies inside the image, whose column of the
/// window's first one is `start`.
typedef struct {
  int64_t start, first, last;
} span;

MR_INLINE span columns_inside(const mr_windows *how, int64_t column) {
  int64_t start = column * how->stride - how->left, size = how->window_width;
  int64_t first = start < 0 ? -start : 0, last = how->width - start;
  if (first > size) first = size;
  if (last > size) last = size;
  if (last < first) last = first;
  return (span){start, first, last};
}

/// Elements of an image before a row and column.
MR_INLINE int64_t pixel(const mr_windows *how, int64_t image, int64_t row, int64_t column) {
  return ((image * how->height + row) * how->width + column) * how->channels;
}

MR_CLONES void MR_TYPED(mr_patches)(
    const mr_windows *how, const real *restrict images, real *restrict patches) {
  int64_t channels = how->channels, line = how->window_width * channels;
  for (int64_t n = 0; n < how->images; n++) {
    for (int64_t r = 0; r < how->rows; r++) {
      for (int64_t c = 0; c < how->columns; c++) {
        span s = columns_inside(how, c);
        int64_t before = s.first * channels, inside = (s.last - s.first) * channels;
        for (int64_t k = 0; k < how->window_height; k++, patches += line) {
          int64_t row = r * how->stride - how->top + k;
          if (row < 0 || row >= how->height || inside == 0) {
            memset(patches, 0, (size_t)line * sizeof(real));
            continue;
          }
          const real *from = images + pixel(how, n, row, s.start + s.first);
          if (inside < line) memset(patches, 0, (size_t)line * sizeof(real));
          memcpy(patches + before, from, (size_t)inside * sizeof(real));
        }
      }
    }
  }
}

MR_CLONES void MR_TYPED(mr_fold_patches)(
    const mr_windows *how, const real *restrict patches, real *restrict images) {
  int64_t channels = how->channels, line = how->window_width * channels;
  memset(images, 0, (size_t)pixel(how, how->images, 0, 0) * sizeof(real));
  for (int64_t n = 0; n < how->images; n++) {
    for (int64_t r = 0; r < how->rows; r++) {
      for (int64_t c = 0; c < how->columns; c++) {
        span s = columns_inside(how, c);
        int64_t inside = (s.last - s.first) * channels;
        for (int64_t k = 0; k < how->window_height; k++, patches += line) {
          int64_t row = r * how->stride - how->top + k;
          if (row < 0 || row >= how->height || inside == 0) continue;
          real *to = images + pixel(how, n, row, s.start + s.first);
          const real *from = patches + s.first * channels;
          for (int64_t i = 0; i < inside; i++) to[i] += from[i];
        }
      }
    }
  }
}

#endif
