// libFuzzer sees the counters of its own process. The HDF5 library works in copies of it: each leaves its
// counters in shared memory where it ends.
#include "coverage.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// The linker's names for the section of the compiler's counters, one byte for each edge.
extern unsigned char __start___sancov_cntrs[] __attribute__((weak, visibility("hidden")));
extern unsigned char __stop___sancov_cntrs[] __attribute__((weak, visibility("hidden")));

static unsigned char *shared = NULL;
static pid_t origin = 0;

static size_t count(void) { return (size_t)(__stop___sancov_cntrs - __start___sancov_cntrs); }

// Raises counters to those of another process.
static void raise_to(unsigned char *counters, const unsigned char *others) {
  for (size_t edge = 0; edge < count(); edge++) {
    if (counters[edge] < others[edge]) counters[edge] = others[edge];
  }
}

void coverage_of_copies(void) {
  if (count() == 0) return;
  if (shared == NULL) {
    void *memory = mmap(NULL, count(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    shared = memory;
    origin = getpid();
  }
  raise_to(__start___sancov_cntrs, shared);
  memset(shared, 0, count());
}

// In place of the C library's, for everything that is linked here.
void _exit(int status) {
  if (shared != NULL && getpid() != origin) raise_to(shared, __start___sancov_cntrs);
  for (;;) syscall(SYS_exit_group, status);
}
