// The block machine for double.

#define MR_BITS 64
#include "cluster.h"

size_t mr_cluster_scratch_bytes(const mr_cluster *cluster, int32_t element_size) {
  (void)element_size;  // blocks have a fixed size in bytes
  return (size_t)layout_of(cluster).end + 64;
}
