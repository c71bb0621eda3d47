#ifndef METARATE_CHDF5_SHIM_H
#define METARATE_CHDF5_SHIM_H

#include <fcntl.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <signal.h>
#include <sys/prctl.h>
#endif

// What Swift cannot import: macros that expand to `(H5OPEN, variable)` or to a cast. Calling the
// macro inside a function also opens the library, which reading the bare variable would not.

static inline hid_t chdf5_file_creation(void) { return H5Pcreate(H5P_FILE_CREATE); }
static inline hid_t chdf5_file_access(void) { return H5Pcreate(H5P_FILE_ACCESS); }
static inline hid_t chdf5_group_creation(void) { return H5Pcreate(H5P_GROUP_CREATE); }
static inline hid_t chdf5_dataset_creation(void) { return H5Pcreate(H5P_DATASET_CREATE); }
static inline hid_t chdf5_attribute_creation(void) { return H5Pcreate(H5P_ATTRIBUTE_CREATE); }
static inline hid_t chdf5_link_creation(void) { return H5Pcreate(H5P_LINK_CREATE); }

static inline hid_t chdf5_default(void) { return H5P_DEFAULT; }
static inline hid_t chdf5_all(void) { return H5S_ALL; }
static inline hsize_t chdf5_unlimited(void) { return H5S_UNLIMITED; }

static inline hid_t chdf5_uint8(void) { return H5T_STD_U8LE; }
static inline hid_t chdf5_int32(void) { return H5T_STD_I32LE; }
static inline hid_t chdf5_int64(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_uint64(void) { return H5T_STD_U64LE; }
static inline hid_t chdf5_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_float64(void) { return H5T_IEEE_F64LE; }
static inline hid_t chdf5_object_reference(void) { return H5T_STD_REF_OBJ; }
static inline hid_t chdf5_string(void) { return H5T_C_S1; }

// Everything that is open in every file.
static inline ssize_t chdf5_open_objects(void) {
  return H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL);
}

static inline hid_t chdf5_create_truncating(const char *name, hid_t creation, hid_t access) {
  return H5Fcreate(name, H5F_ACC_TRUNC, creation, access);
}
static inline hid_t chdf5_open_reading(const char *name, hid_t access) {
  return H5Fopen(name, H5F_ACC_RDONLY, access);
}

// What Swift does not import of processes.

// A copy of this process, with the calling thread alone.
static inline pid_t chdf5_fork(void) { return fork(); }

// A pipe that no program begun from here inherits.
static inline int chdf5_pipe(int ends[2]) {
  if (pipe(ends) != 0) return -1;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  return 0;
}

// Bytes of address space that the process has; 0 where the system does not say.
static inline long chdf5_address_space(void) {
  long pages = 0;
  FILE *file = fopen("/proc/self/statm", "re");
  if (!file) return 0;
  if (fscanf(file, "%ld", &pages) != 1) pages = 0;
  fclose(file);
  return pages * sysconf(_SC_PAGESIZE);
}

// Limits this process to so many seconds of processor time and bytes of address space, and to its
// parent's life. It leaves no core.
static inline void chdf5_confine(uint64_t seconds, uint64_t bytes) {
  struct rlimit none = {0, 0}, time = {seconds, seconds + 1}, memory = {bytes, bytes};
  setrlimit(RLIMIT_CORE, &none);
  setrlimit(RLIMIT_CPU, &time);
  setrlimit(RLIMIT_AS, &memory);
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
}

#endif
