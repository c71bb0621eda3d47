// Tiles of a matrix product.
//
// A tile of the result stays in registers while the inner axis runs. Every element adds its products
// one by one along the inner axis, whatever tile it is in, so that its bits do not depend on where a
// product is cut into rows and columns, nor, where it is added to what came before, along the
// inner axis.

#ifndef MR_TILES_H
#define MR_TILES_H

#include "combining.h"
#include "transposes.h"

enum {
  /// Most rows of a tile: with two vectors a row, sixteen sums hide the latency of an addition.
  TILE_ROWS = MR_TILE_ROWS,
  /// The same where a vector takes two registers of which there are sixteen.
  NARROW_TILE_ROWS = 6,
};

/// Whether a tile of the full size fits the registers.
MR_INLINE int has_wide_registers(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f") != 0;
#else
  return 0;
#endif
}

typedef real half_lanes __attribute__((ext_vector_type(LANES / 2)));
typedef real quarter_lanes __attribute__((ext_vector_type(LANES / 4)));
typedef quarter_lanes quarter_lanes_in_memory
    __attribute__((aligned(sizeof(real)), may_alias));

MR_INLINE void copy_quarter(const real *from, real *to) {
  *(quarter_lanes_in_memory *)to = *(const quarter_lanes_in_memory *)from;
}

/// Most rows of a tile on this processor.
MR_INLINE int64_t tile_rows(void) { return has_wide_registers() ? TILE_ROWS : NARROW_TILE_ROWS; }

/// A matrix: rows and columns may lie any distance apart. Where it is packed, one tile's rows lie
/// `tile` elements after those of the tile before; 0 where it is not.
typedef struct {
  const real *at;
  int64_t row, column, tile;
} strided;

/// The same from row `first` on: of a packed one, that of a tile's first row.
MR_INLINE strided rows_from(strided a, int64_t first) {
  a.at += a.tile ? first / tile_rows() * a.tile : first * a.row;
  return a;
}

/// Multiples of the distance in bytes between two rows of a tile. A processor adds a register times
/// 1, 2 or 4 to another within a load: with these, each of eight rows is one such sum.
typedef struct {
  int64_t one, three, five, seven;
} row_steps;

/// Opaque to the compiler, which would otherwise derive one from another at every use.
MR_INLINE row_steps steps_of(int64_t row) {
  row_steps s = {row, 3 * row, 5 * row, 7 * row};
  __asm__("" : "+r"(s.three), "+r"(s.five), "+r"(s.seven));
  return s;
}

/// The element in row `r` of a tile whose first row's is at `at`.
MR_INLINE real in_row(const char *at, int r, row_steps s) {
  switch (r) {
    case 0: break;
    case 1: at += s.one; break;
    case 2: at += 2 * s.one; break;
    case 3: at += s.three; break;
    case 4: at += 4 * s.one; break;
    case 5: at += s.five; break;
    case 6: at += 2 * s.three; break;
    default: at += s.seven; break;
  }
  return *(const real *)at;
}

/// What a product is added to: rows `row` elements apart, 0 repeating one row; nothing where `at` is
/// null. It may be where the result is.
typedef struct {
  const real *at;
  int64_t row;
} addend;

/// What a product's elements become before they are written: themselves, or by a relu, or where a gate,
/// whose rows are `row` elements apart, is positive.
typedef struct {
  int is_relu;
  const real *gate;
  int64_t row;
} finish;

/// A pointer so many elements on, where there is one.
MR_INLINE const real *moved(const real *at, int64_t elements) { return at ? at + elements : at; }

// Written for the vectorizer, which makes them loads and stores under a mask where the processor
// has any; elsewhere they stay loops, which it need not say.
#pragma clang diagnostic ignored "-Wpass-failed"
#define MASKED                                                                    \
  _Pragma("clang loop vectorize(assume_safety) vectorize_width(LANES) unroll(disable)")

/// The first `count` elements of a row, and zeros up to `width`.
MR_INLINE void widen(
    const real *restrict row, int64_t count, int64_t width, real *restrict to) {
  MASKED for (word i = 0; i < (word)width; i++) to[i] = i < (word)count ? row[i] : 0;
}

/// The first `count` elements of a row of `width`.
MR_INLINE void narrow(
    const real *restrict row, int64_t count, int64_t width, real *restrict to) {
  MASKED for (word i = 0; i < (word)width; i++) {
    if (i < (word)count) to[i] = row[i];
  }
}
#undef MASKED

#define GATED(TYPE, gate, x) ((gate) > 0 ? (x) : (TYPE)0)
// What is not a number is not positive, and stays.
#define RELU(TYPE, x) ((x) <= 0 ? (TYPE)0 : (x))

// One tile of `rows` × (`vectors` · width + the width of a last, narrower vector, if `tail` says so),
// for each width of vector. The loops over rows and vectors have constant bounds wherever this is
// inlined, and the sums stay in registers. They start from the addend, where there is one.
#define MR_TILE(NAME, TYPE, TAIL)                                                              \
  typedef TYPE NAME##_in_memory __attribute__((aligned(sizeof(real)), may_alias));             \
  typedef TAIL NAME##_tail_in_memory __attribute__((aligned(sizeof(real)), may_alias));        \
  MR_INLINE void NAME(                                                                         \
      int rows, int vectors, int tail, strided a, const real *b, int64_t b_row, addend add,    \
      real *out, int64_t out_row, int64_t inner, finish end) {                                 \
    const int64_t width = sizeof(TYPE) / sizeof(real);                                         \
    TYPE sums[TILE_ROWS][3];                                                                   \
    TAIL tails[TILE_ROWS];                                                                     \
    if (add.at) {                                                                              \
      _Pragma("clang loop unroll(full)") for (int r = 0; r < rows; r++) {                      \
        const real *from = add.at + r * add.row;                                               \
        _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; v++) {                 \
          sums[r][v] = *(const NAME##_in_memory *)(from + v * width);                          \
        }                                                                                      \
        if (tail) tails[r] = *(const NAME##_tail_in_memory *)(from + vectors * width);         \
      }                                                                                        \
    } else {                                                                                   \
      _Pragma("clang loop unroll(full)") for (int r = 0; r < rows; r++) {                      \
        _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; v++) sums[r][v] = 0;   \
        if (tail) tails[r] = 0;                                                                \
      }                                                                                        \
    }                                                                                          \
    const row_steps steps = steps_of(a.row * (int64_t)sizeof(real));                           \
    const char *left_rows = (const char *)a.at;                                                \
    for (int64_t p = 0; p < inner; p++) {                                                      \
      TYPE right[3];                                                                           \
      TAIL last;                                                                               \
      _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; v++) {                   \
        right[v] = *(const NAME##_in_memory *)(b + p * b_row + v * width);                     \
      }                                                                                        \
      if (tail) last = *(const NAME##_tail_in_memory *)(b + p * b_row + vectors * width);      \
      _Pragma("clang loop unroll(full)") for (int r = 0; r < rows; r++) {                      \
        real left = in_row(left_rows, r, steps);                                               \
        _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; v++) {                 \
          sums[r][v] = (TYPE)left * right[v] + sums[r][v];                                     \
        }                                                                                      \
        if (tail) tails[r] = (TAIL)left * last + tails[r];                                     \
      }                                                                                        \
      left_rows += a.column * (int64_t)sizeof(real);                                           \
    }                                                                                          \
    if (end.is_relu) {                                                                         \
      _Pragma("clang loop unroll(full)") for (int r = 0; r < rows; r++) {                      \
        _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; v++) {                 \
          sums[r][v] = RELU(TYPE, sums[r][v]);                                                 \
        }                                                                                      \
        if (tail) tails[r] = RELU(TAIL, tails[r]);                                             \
      }                                                                                        \
    } else if (end.gate) {                                                                     \
      _Pragma("clang loop unroll(full)") for (int r = 0; r < rows; r++) {                      \
        const real *gate = end.gate + r * end.row;                                             \
        _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; v++) {                 \
          sums[r][v] = GATED(TYPE, *(const NAME##_in_memory *)(gate + v * width), sums[r][v]); \
        }                                                                                      \
        if (tail) {                                                                            \
          TAIL last = *(const NAME##_tail_in_memory *)(gate + vectors * width);                \
          tails[r] = GATED(TAIL, last, tails[r]);                                              \
        }                                                                                      \
      }                                                                                        \
    }                                                                                          \
    _Pragma("clang loop unroll(full)") for (int r = 0; r < rows; r++) {                        \
      real *to = out + r * out_row;                                                            \
      _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; v++) {                   \
        *(NAME##_in_memory *)(to + v * width) = sums[r][v];                                    \
      }                                                                                        \
      if (tail) *(NAME##_tail_in_memory *)(to + vectors * width) = tails[r];                   \
    }                                                                                          \
  }                                                                                            \
  /* All rows of one stripe of columns, in tiles of nearly equal height. Of each row the first \
     `count` elements are written, which may be fewer than there are. */                       \
  MR_INLINE void NAME##_stripe(                                                                \
      int vectors, int tail, strided a, const real *b, int64_t b_row, addend add, real *out,   \
      int64_t out_row, int64_t rows, int64_t inner, int64_t count, finish end) {               \
    const int64_t width = (vectors * sizeof(TYPE) + (tail ? sizeof(TAIL) : 0)) / sizeof(real); \
    real buffer[TILE_ROWS * 3 * LANES], gates[TILE_ROWS * 3 * LANES];                          \
    int64_t most = tile_rows();                                                                \
    int64_t tiles = (rows + most - 1) / most;                                                  \
    for (int64_t tile = 0, first = 0; tile < tiles; tile++) {                                  \
      int64_t height = (rows - first + tiles - tile - 1) / (tiles - tile);                     \
      if (a.tile) height = rows - first < most ? rows - first : most;                          \
      strided top = rows_from(a, first);                                                       \
      finish now = {end.is_relu, moved(end.gate, first * end.row), end.row};                   \
      addend start = {moved(add.at, first * add.row), add.row};                                \
      real *whole = out + first * out_row;                                                     \
      for (int64_t r = first + height; a.tile && r < rows && r < first + 2 * height; r++) {    \
        __builtin_prefetch(out + r * out_row, 1);                                              \
        if (vectors > 1) __builtin_prefetch(out + r * out_row + LANES, 1);                     \
      }                                                                                        \
      real *place = count == width ? whole : buffer;                                           \
      int64_t step = count == width ? out_row : width;                                         \
      if (add.at && count != width) {                                                          \
        for (int64_t r = 0; r < height; r++) {                                                 \
          widen(start.at + r * start.row, count, width, buffer + r * width);                   \
        }                                                                                      \
        start = (addend){buffer, width};                                                       \
      }                                                                                        \
      if (now.gate && count != width) {                                                        \
        for (int64_t r = 0; r < height; r++) {                                                 \
          widen(now.gate + r * now.row, count, width, gates + r * width);                      \
        }                                                                                      \
        now = (finish){0, gates, width};                                                       \
      }                                                                                        \
      switch (height) {                                                                        \
        case 1: NAME(1, vectors, tail, top, b, b_row, start, place, step, inner, now); break;  \
        case 2: NAME(2, vectors, tail, top, b, b_row, start, place, step, inner, now); break;  \
        case 3: NAME(3, vectors, tail, top, b, b_row, start, place, step, inner, now); break;  \
        case 4: NAME(4, vectors, tail, top, b, b_row, start, place, step, inner, now); break;  \
        case 5: NAME(5, vectors, tail, top, b, b_row, start, place, step, inner, now); break;  \
        case 6: NAME(6, vectors, tail, top, b, b_row, start, place, step, inner, now); break;  \
        case 7: NAME(7, vectors, tail, top, b, b_row, start, place, step, inner, now); break;  \
        default: NAME(8, vectors, tail, top, b, b_row, start, place, step, inner, now); break; \
      }                                                                                        \
      if (count != width) {                                                                    \
        for (int64_t r = 0; r < height; r++) {                                                 \
          narrow(buffer + r * width, count, width, whole + r * out_row);                              \
        }                                                                                      \
      }                                                                                        \
      first += height;                                                                         \
    }                                                                                          \
  }

MR_TILE(full_tile, lanes, half_lanes)
MR_TILE(half_tile, half_lanes, half_lanes)
MR_TILE(quarter_tile, quarter_lanes, quarter_lanes)
MR_TILE(single_tile, real, real)
#undef MR_TILE
#undef GATED
#undef RELU

/// Where a stripe of the right operand's columns lies: rows of one or two vectors, `row` apart.
typedef struct {
  const real *at;
  int64_t row;
} stripe;

/// Columns of the right operand as a stripe of `width` elements a row, zeros behind the first
/// `count`: as it lies where that is dense enough, otherwise copied. Its rows, or its columns where it is
/// transposed, are `b_row` apart.
MR_INLINE stripe stripe_of(
    const real *b, int64_t b_row, int transposed, int64_t inner, int64_t column, int64_t count,
    int64_t width, int64_t rows, real *scratch) {
  if (!transposed) {
    // Rows far apart share few sets of the first cache: worth bringing together for many rows.
    int is_far = b_row * (int64_t)sizeof(real) >= 512 && inner >= 32 && rows >= 4 * TILE_ROWS;
    if (count == width && !is_far) return (stripe){b + column, b_row};
    if (count == width && width >= LANES / 4) {
      for (int64_t p = 0; p < inner; p++) {
        for (int64_t i = 0; i < width; i += LANES / 4) {
          copy_quarter(b + p * b_row + column + i, scratch + p * width + i);
        }
      }
    } else {
      for (int64_t p = 0; p < inner; p++) {
        widen(b + p * b_row + column, count, width, scratch + p * width);
      }
    }
    return (stripe){scratch, width};
  }
  if (count < width) {
    for (int64_t i = 0; i < inner * width; i += LANES / 4) {
      *(quarter_lanes_in_memory *)(scratch + i) = 0;
    }
  }
  transpose(
      (const element *)(b + column * b_row), b_row, (element *)scratch, width, count, inner);
  return (stripe){scratch, width};
}

/// Columns `first` ..< `end` of out = add + a · b, finished, stripe by stripe; out's rows are `out_row`
/// apart.
MR_INLINE void product(
    strided a, const real *b, int64_t b_row, int transposed, addend add, real *out,
    int64_t out_row, int64_t rows, int64_t first, int64_t end, int64_t inner, finish how,
    real *scratch) {
  int64_t j = first;
#define STRIPE(tile, vectors, tail, count, width)                                              \
  do {                                                                                         \
    stripe s = stripe_of(b, b_row, transposed, inner, j, count, width, rows, scratch);         \
    addend start = {moved(add.at, j), add.row};                                                \
    finish own = {how.is_relu, moved(how.gate, j), how.row};                                   \
    tile##_stripe(                                                                             \
        vectors, tail, a, s.at, s.row, start, out + j, out_row, rows, inner, count, own);      \
    j += count;                                                                                \
  } while (0)
  if (has_wide_registers()) {
    // A last narrow stripe would leave the registers idle: it joins the one before it.
    while (end - j >= 4 * LANES || end - j == 2 * LANES) STRIPE(full_tile, 2, 0, 2 * LANES, 2 * LANES);
    int64_t rest = end - j;
    if (rest > 3 * LANES) STRIPE(full_tile, 2, 0, 2 * LANES, 2 * LANES);
    if (rest > 2 * LANES + LANES / 2 && rest <= 3 * LANES) {
      STRIPE(full_tile, 3, 0, rest, 3 * LANES);
    } else if (rest > 2 * LANES && rest <= 3 * LANES) {
      STRIPE(full_tile, 2, 1, rest, 2 * LANES + LANES / 2);
    }
  }
  while (end - j >= LANES) STRIPE(full_tile, 1, 0, LANES, LANES);
  int64_t rest = end - j;
  if (rest == 0) return;
  if (rest == 1) {
    STRIPE(single_tile, 1, 0, 1, 1);
  } else if (rest <= LANES / 4) {
    STRIPE(quarter_tile, 1, 0, rest, LANES / 4);
  } else if (rest <= LANES / 2) {
    STRIPE(half_tile, 1, 0, rest, LANES / 2);
  } else {
    STRIPE(full_tile, 1, 0, rest, LANES);
  }
#undef STRIPE
}

#endif
