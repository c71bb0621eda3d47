#ifndef METARATE_CKERNELS_H
#define METARATE_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Leaf loops of Metarate: arrays in, arrays out.
///
/// No function allocates, keeps state or takes a lock, so all may run on any number of threads as
/// long as their outputs do not overlap. Every loop is built for baseline x86-64, for AVX2 + FMA
/// (x86-64-v3) and for AVX-512 (x86-64-v4); the loader picks one for this CPU. Other architectures
/// get one build.
///
/// Results are bitwise reproducible for one CPU level: an element of an elementwise result depends
/// on its operands alone, never on its position in the array, on the length of the array or on how
/// a range was split; a reduction adds in an order that depends on its shape alone.
///
/// Unless a comment says otherwise, inputs and outputs of one call must not overlap, pointers need
/// only the alignment of their element type, and counts may be 0.

#ifdef __cplusplus
extern "C" {
#endif

// MARK: Subnormal numbers

/// The control word of the calling thread's floating-point arithmetic.
uint64_t mr_float_control(void);

/// Replaces it.
void mr_set_float_control(uint64_t control);

/// A control word with which arithmetic reads subnormal numbers as zeros and gives zeros instead;
/// the same word where the architecture knows no such mode.
uint64_t mr_without_subnormals(uint64_t control);

// MARK: Fused elementwise clusters

/// One elementwise operation of a cluster, on values a, b, c: those that `operation_list.h` lists.
///
/// The numbers are stable: plans may store them. Errors are bounded by 2 ulp in both float types
/// over all finite arguments (the test states each operation's own bound); infinities, NaN,
/// overflow, subnormals (unless the thread's float control takes them for zeros) and signed zeros are
/// as in C's mathematics library.
typedef enum mr_operation : uint16_t {
#define MR_UNARY(name, number, result) name = number,
#define MR_BINARY(name, number, result) name = number,
#define MR_TERNARY(name, number, result) name = number,
#include "../operation_list.h"
} mr_operation;

/// One step of a cluster: destination = operation(a, b, c).
///
/// `operation` is an `mr_operation`; the others are value indices. Values 0 ..< input_count are the
/// inputs, and input_count + s is scratch slot s. The destination is always a slot. It may be one
/// of the operands' slots. Operands that the operation does not have are ignored.
typedef struct mr_instruction {
  uint16_t operation, destination, a, b, c;
} mr_instruction;

enum {
  /// Most axes of a cluster's iteration space and of a strided copy.
  MR_MAX_RANK = 8,
  /// Longest row that a cluster reduces: so many elements of either type are in one block.
  MR_MOST_REDUCED = 512
};

/// A number for each axis.
typedef struct mr_axes {
  int64_t numbers[MR_MAX_RANK];
} mr_axes;

/// How an input lies in memory relative to the iteration space.
enum {
  /// The input has the shape of the iteration space, row-major, without gaps.
  MR_CONTIGUOUS = 0,
  /// One element for the whole iteration space.
  MR_SCALAR = 1,
  /// `strides` hold for each axis the distance in elements between neighbors, 0 to broadcast.
  MR_STRIDED = 2
};

typedef struct mr_access {
  /// MR_CONTIGUOUS, MR_SCALAR or MR_STRIDED.
  int32_t kind;
  /// In elements, one an axis of the iteration space; read for MR_STRIDED alone.
  mr_axes strides;
} mr_access;

/// The sum or maximum of every row of a value.
typedef struct mr_reduction {
  /// A slot: the last value that the code writes to it.
  uint16_t value;
  /// 1 for the maximum.
  uint16_t is_maximum;
} mr_reduction;

/// A straight line of elementwise operations over one row-major iteration space.
///
/// The block machine runs all of the code over one block of elements that fits the first-level
/// cache before it goes on to the next, so that intermediate values never reach memory.
typedef struct mr_cluster {
  const mr_instruction *code;
  int32_t code_count;
  /// One for each input.
  const mr_access *accesses;
  int32_t input_count;
  /// Which value each output receives: usually a slot (the last value written to it), but an input
  /// may be named, too. Naming one value for several outputs is allowed.
  const uint16_t *output_values;
  int32_t output_count;
  /// What rows are reduced to. Their outputs are behind the others and have one element a row.
  const mr_reduction *reductions;
  int32_t reduction_count;
  /// Elements of such a row, neighbors all; at most MR_MOST_REDUCED, and 1 without reductions.
  int64_t row;
  /// The iteration space; rank at most MR_MAX_RANK.
  const int64_t *shape;
  int32_t rank;
  /// Scratch slots that the code uses.
  int32_t slot_count;
} mr_cluster;

/// Bytes of scratch that `mr_run_cluster_…` needs for elements of 4 or 8 bytes.
size_t mr_cluster_scratch_bytes(const mr_cluster *cluster, int32_t element_size);

/// Runs a cluster over the elements start ..< end of its row-major iteration space: whole rows
/// where rows are reduced. Reductions have the bits of `mr_sum` and `mr_max`.
///
/// `inputs` and `outputs` point at element 0 of their arrays whatever `start` is, and outputs are
/// contiguous. An output may be the very array of a contiguous input (in-place); any other overlap
/// of outputs with inputs or outputs is undefined. Disjoint ranges may run concurrently, each with
/// its own scratch, which need not be aligned or cleared.
void mr_run_cluster_f32(
    const mr_cluster *cluster, const void *const *inputs, void *const *outputs, int64_t start,
    int64_t end, void *scratch);
void mr_run_cluster_f64(
    const mr_cluster *cluster, const void *const *inputs, void *const *outputs, int64_t start,
    int64_t end, void *scratch);

// MARK: Reductions

/// out[o, i] = Σ_r x[o, r, i] for x of shape [outer, reduced, inner].
///
/// Sums many short partial sums pairwise: the error grows with the logarithm of `reduced`. The sum
/// of an empty axis is 0.
void mr_sum_f32(
    const float *restrict x, float *restrict out, int64_t outer, int64_t reduced, int64_t inner);
void mr_sum_f64(
    const double *restrict x, double *restrict out, int64_t outer, int64_t reduced, int64_t inner);

/// out[i] += x[i].
void mr_add_to_f32(const float *restrict x, float *restrict out, int64_t count);
void mr_add_to_f64(const double *restrict x, double *restrict out, int64_t count);

/// out[o, i] = max_r x[o, r, i]; NaN wins, and the maximum of an empty axis is -infinity.
void mr_max_f32(
    const float *restrict x, float *restrict out, int64_t outer, int64_t reduced, int64_t inner);
void mr_max_f64(
    const double *restrict x, double *restrict out, int64_t outer, int64_t reduced, int64_t inner);

// MARK: Products of small matrices

/// `count` products of matrices of equal shapes: result = left · right, [rows, columns], or
/// addend + left · right.
typedef struct mr_products {
  int64_t rows, columns, inner, count;
  /// Elements between one product's operand and the next's; 0 repeats an operand.
  int64_t left_stride, right_stride;
  /// Whether an operand is stored the other way round: left [inner, rows], right [columns, inner].
  int32_t left_transposed, right_transposed;
  /// Elements between one product's addend and the next's, and between an addend's rows; 0 repeats
  /// one row, such as a dense layer's bias.
  int64_t addend_stride, addend_row;
  /// Whether every element x of the result is written as the larger of x and 0 (NaN stays NaN).
  int32_t relu;
} mr_products;

enum {
  /// Most rows and columns of a result that are computed together: parts cut at multiples of these
  /// waste nothing.
  MR_TILE_ROWS = 8,
  MR_TILE_COLUMNS = 32,
  /// Where the left operand is packed, a long inner axis is cut into pieces of at most so many
  /// elements, and what is packed at a time has at most so many bytes: what the first and the second
  /// cache keep.
  MR_PIECE = 192,
  MR_KEPT_BYTES = 1 << 19
};

/// A part of all products: some of them, and of these some rows and columns of the result.
typedef struct mr_part {
  int64_t first_product, end_product, first_row, end_row, first_column, end_column;
} mr_part;

/// Bytes of scratch that `mr_products_…` needs.
size_t mr_products_scratch_bytes(const mr_products *how);

/// Computes a part of the products; results lie one after the other.
///
/// `addends` may be null, and may be the very array of the result. So may `gates`, matrices like
/// the results: where a gate is not positive, 0 is written. An element starts from its addend and
/// adds its products one by one: its bits depend on these, its row of the left and its column of
/// the right operand alone, so that cutting products into parts changes none. Parts may run
/// concurrently, each with its own scratch, which need not be aligned or cleared.
void mr_products_f32(
    const mr_products *how, const mr_part *part, const void *left, const void *right,
    const void *addends, const void *gates, void *result, void *scratch);
void mr_products_f64(
    const mr_products *how, const mr_part *part, const void *left, const void *right,
    const void *addends, const void *gates, void *result, void *scratch);

// MARK: Moving elements

/// Copies out[Σ i_d · out_strides[d]] = x[Σ i_d · x_strides[d]] over all indices i of `shape`.
///
/// Elements have 4 or 8 bytes and strides count elements, of any sign. One function is transpose,
/// broadcast (x stride 0), slice, interior padding and concatenation. The axes may come in any
/// order: they are sorted and merged first, runs contiguous in both arrays become memcpy, and
/// transposes go through registers in tiles. Rank at most MR_MAX_RANK; rank 0 copies one element.
void mr_strided_copy_32(
    const void *restrict x, void *restrict out, const int64_t *shape, const int64_t *x_strides,
    const int64_t *out_strides, int32_t rank);
void mr_strided_copy_64(
    const void *restrict x, void *restrict out, const int64_t *shape, const int64_t *x_strides,
    const int64_t *out_strides, int32_t rank);

/// Windows over images [images, height, width, channels], from `top` rows above and `left` columns
/// left of each image, `stride` apart; beyond an image are zeros.
typedef struct mr_windows {
  int64_t images, height, width, channels;
  int64_t window_height, window_width, stride, top, left;
  /// How many windows there are, down and across.
  int64_t rows, columns;
} mr_windows;

/// Writes the contents of the windows: [images, rows, columns, window_height · window_width ·
/// channels].
void mr_patches_f32(
    const mr_windows *how, const float *restrict images, float *restrict patches);
void mr_patches_f64(
    const mr_windows *how, const double *restrict images, double *restrict patches);

/// The adjoint of `mr_patches_…`: each pixel becomes the sum of what the windows have of it, added
/// in the order of the windows.
void mr_fold_patches_f32(
    const mr_windows *how, const float *restrict patches, float *restrict images);
void mr_fold_patches_f64(
    const mr_windows *how, const double *restrict patches, double *restrict images);

/// Products of the contents of windows, [images · rows · columns, elements] with as many elements
/// as a window has times channels, and another matrix, without ever holding all of the contents.
typedef struct mr_window_products {
  mr_windows windows;
  /// Columns of the other matrix's rows.
  int64_t columns;
  /// Whether the right operand is stored the other way round.
  int32_t right_transposed;
} mr_window_products;

enum {
  /// Most bytes of contents that are there at a time.
  MR_WINDOW_BLOCK_BYTES = 1 << 18
};

/// Windows whose contents are there at a time.
int64_t mr_window_block(const mr_window_products *how, int32_t element_size);

/// Bytes of scratch that the functions below need.
size_t mr_window_products_scratch_bytes(const mr_window_products *how, int32_t element_size);

/// result = contents · right for some of the images: right [elements, columns].
///
/// Parts of all three may run concurrently, each with its own scratch; cutting into parts changes
/// no bits.
void mr_window_product_f32(
    const mr_window_products *how, const void *images, const void *right, void *result,
    int64_t first_image, int64_t end_image, void *scratch);
void mr_window_product_f64(
    const mr_window_products *how, const void *images, const void *right, void *result,
    int64_t first_image, int64_t end_image, void *scratch);

/// Some columns of result = contentsᵀ · right: right [windows, columns], never the other way round.
void mr_window_gradient_f32(
    const mr_window_products *how, const void *images, const void *right, void *result,
    int64_t first_column, int64_t end_column, void *scratch);
void mr_window_gradient_f64(
    const mr_window_products *how, const void *images, const void *right, void *result,
    int64_t first_column, int64_t end_column, void *scratch);

/// Some images that `mr_fold_patches_…` makes of left · right: left [windows, columns], right
/// [columns, elements].
void mr_window_fold_f32(
    const mr_window_products *how, const void *left, const void *right, void *images,
    int64_t first_image, int64_t end_image, void *scratch);
void mr_window_fold_f64(
    const mr_window_products *how, const void *left, const void *right, void *images,
    int64_t first_image, int64_t end_image, void *scratch);

/// Sets `count` elements to one bit pattern.
void mr_fill_32(void *out, int64_t count, uint32_t bits);
void mr_fill_64(void *out, int64_t count, uint64_t bits);

/// out[k, :] = x[indices[k], :] for k < count, rows of `row` elements.
///
/// Indices are not checked; the caller has done so.
void mr_gather_rows_32(
    const void *restrict x, const int32_t *restrict indices, void *restrict out, int64_t count,
    int64_t row);
void mr_gather_rows_64(
    const void *restrict x, const int32_t *restrict indices, void *restrict out, int64_t count,
    int64_t row);

/// out[indices[k], :] += updates[k, :] for k = 0, 1, … count - 1 in this order.
///
/// Adds to what `out` holds: fill it with zeros first. Indices may repeat and are not checked.
void mr_scatter_add_rows_f32(
    const float *restrict updates, const int32_t *restrict indices, float *restrict out,
    int64_t count, int64_t row);
void mr_scatter_add_rows_f64(
    const double *restrict updates, const int32_t *restrict indices, double *restrict out,
    int64_t count, int64_t row);

// MARK: Order

/// For each of `rows` rows of `extent` elements, the places of the first `count` of them in order:
/// of equal ones the earlier first, NaN last.
void mr_order_f32(
    const float *restrict x, int32_t *restrict out, int64_t rows, int64_t extent, int64_t count,
    int32_t descending, void *scratch);
void mr_order_f64(
    const double *restrict x, int32_t *restrict out, int64_t rows, int64_t extent, int64_t count,
    int32_t descending, void *scratch);

/// Bytes of scratch that `mr_order_…` needs.
size_t mr_order_scratch_bytes_f32(int64_t extent, int64_t count);
size_t mr_order_scratch_bytes_f64(int64_t extent, int64_t count);

// MARK: Conversions and checks

/// Conversions to a float type round to nearest even.
void mr_convert_i32_f32(const int32_t *restrict x, float *restrict out, int64_t count);
void mr_convert_i32_f64(const int32_t *restrict x, double *restrict out, int64_t count);
void mr_convert_f32_f64(const float *restrict x, double *restrict out, int64_t count);
void mr_convert_f64_f32(const double *restrict x, float *restrict out, int64_t count);
/// Conversions to an integer round towards 0 and saturate; NaN becomes 0.
void mr_convert_f32_i32(const float *restrict x, int32_t *restrict out, int64_t count);
void mr_convert_f64_i32(const double *restrict x, int32_t *restrict out, int64_t count);

/// The index of the first infinity or NaN, or -1 if all elements are finite.
int64_t mr_first_nonfinite_f32(const float *x, int64_t count);
int64_t mr_first_nonfinite_f64(const double *x, int64_t count);

/// Tells the CPU that this thread looks at a value again and again until another changes it.
static inline void mr_spin_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Which build of the loops this CPU runs: "x86-64-v4", "x86-64-v3", "x86-64" or "portable".
///
/// Recorded as provenance, since results may differ in the last bits between builds.
const char *mr_cpu_level(void);

#ifdef __cplusplus
}
#endif

#endif
