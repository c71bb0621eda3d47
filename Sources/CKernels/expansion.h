// Strided and broadcast inputs of a cluster, written out one block at a time.

#ifndef MR_EXPANSION_H
#define MR_EXPANSION_H

#include "lanes.h"

/// An access without needless axes: those of extent 1 are gone, neighbors that step alike are one.
typedef struct {
  int32_t rank;
  int64_t shape[MR_MAX_RANK], strides[MR_MAX_RANK];
  /// Which elements of a repeating row the input's block holds, so that they need not be copied
  /// again: `held` elements from position `phase` of the row.
  int64_t phase, held;
} expansion;

MR_INLINE void merge_axes(
    expansion *e, const int64_t *shape, const int64_t *strides, int32_t rank) {
  int32_t count = 0;
  for (int32_t axis = 0; axis < rank; axis++) {
    if (shape[axis] == 1) continue;
    int32_t last = count - 1;
    if (last >= 0 && e->strides[last] == strides[axis] * shape[axis]) {
      e->shape[last] *= shape[axis];
      e->strides[last] = strides[axis];
    } else {
      e->shape[count] = shape[axis];
      e->strides[count++] = strides[axis];
    }
  }
  e->rank = count;
  e->phase = e->held = 0;
}

/// One row over and over, such as the bias of a dense layer.
MR_INLINE int is_repeated_row(const expansion *e) {
  return e->rank == 2 && e->strides[0] == 0 && e->strides[1] == 1;
}

// Vectors of a half, a quarter and an eighth, for what is left of a run.
typedef real half_in_memory
    __attribute__((ext_vector_type(LANES / 2), aligned(sizeof(real)), may_alias));
typedef real quarter_in_memory
    __attribute__((ext_vector_type(LANES / 4), aligned(sizeof(real)), may_alias));

/// Copies without the cost of a call to memcpy, which matters for rows of 10 elements.
MR_INLINE void copy_run(real *out, const real *x, int64_t count) {
  // The last vector overlaps the one before it, so as not to reach beyond the run.
#define COPY_BY(size, type)                                                              \
  if (count >= size) {                                                                   \
    for (int64_t i = 0; i < count - size; i += size) *(type *)(out + i) = *(const type *)(x + i); \
    *(type *)(out + count - size) = *(const type *)(x + count - size);                   \
    return;                                                                              \
  }
  COPY_BY(LANES, lanes_in_memory)
  COPY_BY(LANES / 2, half_in_memory)
  COPY_BY(LANES / 4, quarter_in_memory)
#undef COPY_BY
#pragma clang loop vectorize(disable)
  for (int64_t i = 0; i < count; i++) out[i] = x[i];
}

/// One row over and over: written once, then copied from the block itself, twice as much each time.
MR_INLINE void expand_row(real *out, const real *x, int64_t phase, int64_t row, int64_t count) {
  int64_t first = row - phase < count ? row - phase : count;
  copy_run(out, x + phase, first);
  int64_t done = phase < count - first ? phase : count - first;
  copy_run(out + first, x, done);
  // From here on the block repeats itself.
  for (done += first; done < count;) {
    int64_t more = done < count - done ? done : count - done;
    copy_run(out + done, out, more);
    done += more;
  }
}

/// Where an element of the iteration space lies, and its index along each axis.
MR_INLINE const real *element_at(
    const real *x, const expansion *restrict e, int64_t position, int64_t *index) {
  for (int32_t axis = e->rank - 1; axis >= 0; axis--) {
    index[axis] = position % e->shape[axis];
    position /= e->shape[axis];
    x += index[axis] * e->strides[axis];
  }
  return x;
}

/// Goes to the start of the next row, from the start of one.
MR_INLINE const real *next_row(
    const real *x, const expansion *restrict e, int32_t inner, int64_t *index) {
  for (int32_t axis = inner - 1; axis >= 0; axis--) {
    x += e->strides[axis];
    if (++index[axis] < e->shape[axis]) break;
    x -= index[axis] * e->strides[axis];
    index[axis] = 0;
  }
  return x;
}

/// Writes elements start ..< start + count of the iteration space to `out`, and up to LANES - 1
/// arbitrary ones behind them.
MR_INLINE void expand(
    real *out, const real *x, const expansion *restrict e, int64_t start, int64_t count) {
  int64_t index[MR_MAX_RANK];
  int32_t inner = e->rank - 1;
  x = element_at(x, e, start, index);
  if (e->strides[inner] == 1 && inner > 0 && e->strides[inner - 1] == 0) {
    // Rows that repeat, such as the biases of several tasks: all repetitions of one at once.
    int64_t row = e->shape[inner], both = row * e->shape[inner - 1];
    int64_t position = index[inner - 1] * row + index[inner];
    x -= index[inner];
    while (1) {
      int64_t run = both - position < count ? both - position : count;
      expand_row(out, x, position % row, row, run);
      count -= run;
      if (count == 0) return;
      out += run;
      position = 0;
      x = next_row(x, e, inner - 1, index);
    }
  }
  int64_t extent = e->shape[inner], stride = e->strides[inner];
  int64_t position = index[inner];
  while (1) {
    int64_t run = extent - position < count ? extent - position : count;
    if (stride == 0) {
      for (int64_t i = 0; i < run; i += LANES) store(out + i, splat(*x));
    } else if (stride == 1) {
      copy_run(out, x, run);
    } else {
      for (int64_t i = 0; i < run; i++) out[i] = x[i * stride];
    }
    count -= run;
    if (count == 0) return;
    out += run;
    x = next_row(x - position * stride, e, inner, index);
    position = 0;
  }
}

#endif
