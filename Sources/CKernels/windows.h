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

/// The number of a window as image, row and column.
typedef struct {
  int64_t image, row, column;
} place;

MR_INLINE place place_of(const mr_windows *how, int64_t window) {
  int64_t line = window / how->columns;
  return (place){line / how->rows, line % how->rows, window % how->columns};
}

MR_INLINE place place_after(const mr_windows *how, place p) {
  if (++p.column < how->columns) return p;
  p.column = 0;
  if (++p.row == how->rows) p = (place){p.image + 1, 0, 0};
  return p;
}

/// The contents of the windows first ..< end, one after the other.
MR_INLINE void cut_windows(
    const mr_windows *how, const real *images, real *patches, int64_t first, int64_t end) {
  int64_t channels = how->channels, line = how->window_width * channels;
  place p = place_of(how, first);
  for (int64_t window = first; window < end; window++, p = place_after(how, p)) {
    span s = columns_inside(how, p.column);
    int64_t before = s.first * channels, inside = (s.last - s.first) * channels;
    for (int64_t k = 0; k < how->window_height; k++, patches += line) {
      int64_t row = p.row * how->stride - how->top + k;
      if (row < 0 || row >= how->height || inside == 0) {
        memset(patches, 0, (size_t)line * sizeof(real));
        continue;
      }
      const real *from = images + pixel(how, p.image, row, s.start + s.first);
      if (inside < line) memset(patches, 0, (size_t)line * sizeof(real));
      memcpy(patches + before, from, (size_t)inside * sizeof(real));
    }
  }
}

/// Adds the contents of the windows first ..< end to the images that they are of.
MR_INLINE void add_windows(
    const mr_windows *how, const real *patches, real *images, int64_t first, int64_t end) {
  int64_t channels = how->channels, line = how->window_width * channels;
  place p = place_of(how, first);
  for (int64_t window = first; window < end; window++, p = place_after(how, p)) {
    span s = columns_inside(how, p.column);
    int64_t inside = (s.last - s.first) * channels;
    for (int64_t k = 0; k < how->window_height; k++, patches += line) {
      int64_t row = p.row * how->stride - how->top + k;
      if (row < 0 || row >= how->height || inside == 0) continue;
      real *to = images + pixel(how, p.image, row, s.start + s.first);
      const real *from = patches + s.first * channels;
      for (int64_t i = 0; i < inside; i++) to[i] += from[i];
    }
  }
}

#endif
