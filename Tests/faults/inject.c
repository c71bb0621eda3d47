// Makes one system call of a process fail, or ends the process there: preloaded before the C library.
//
// Counted are calls that concern files below FAULT_ROOT. FAULT_AT is the number of the call, from 1, that
// meets FAULT_HOW: an errno by its number, `short` (a write or read of half of what was asked for), or
// `kill`. FAULT_FROM=1 makes every later call of that kind of failure fail, too. FAULT_LOG gets the names of
// the counted calls, a line each.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { most_descriptors = 4096 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char ours[most_descriptors];
static long count;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int is_below(const char *path) {
  const char *root = getenv("FAULT_ROOT");
  return root && path && strstr(path, root) != NULL;
}

static int is_ours(int descriptor) {
  return descriptor >= 0 && descriptor < most_descriptors && ours[descriptor];
}

static void log_call(const char *name, const char *what) {
  const char *log = getenv("FAULT_LOG");
  if (!log) return;
  int file = REAL(open)(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return;
  char line[512];
  int length = snprintf(line, sizeof line, "%s %s\n", name, what);
  (void)!REAL(write)(file, line, (size_t)length < sizeof line ? (size_t)length : sizeof line - 1);
  REAL(close)(file);
}

// What a call meets: 0 for nothing, -1 for a short count, else an errno.
static int fault(const char *name, const char *what) {
  const char *at = getenv("FAULT_AT"), *how = getenv("FAULT_HOW");
  pthread_mutex_lock(&mutex);
  long number = ++count;
  pthread_mutex_unlock(&mutex);
  log_call(name, what);
  if (!at || !how) return 0;
  long place = atol(at);
  if (number != place && !(getenv("FAULT_FROM") && number > place)) return 0;
  if (strcmp(how, "kill") == 0) {
    kill(getpid(), SIGKILL);
    pause();
  }
  return strcmp(how, "short") == 0 ? -1 : atoi(how);
}

static int mark(int descriptor) {
  if (descriptor >= 0 && descriptor < most_descriptors) ours[descriptor] = 1;
  return descriptor;
}

#define OPEN(name)                                                    \
  int name(const char *path, int flags, ...) {                        \
    va_list list;                                                     \
    va_start(list, flags);                                            \
    mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0;         \
    va_end(list);                                                     \
    if (!is_below(path)) return REAL(name)(path, flags, mode);        \
    int code = fault("open", path);                                   \
    if (code > 0) return errno = code, -1;                            \
    return mark(REAL(name)(path, flags, mode));                       \
  }
OPEN(open)
OPEN(open64)

int close(int descriptor) {
  if (descriptor >= 0 && descriptor < most_descriptors) ours[descriptor] = 0;
  return REAL(close)(descriptor);
}

#define TRANSFER(name, buffer_type)                                   \
  ssize_t name(int descriptor, buffer_type buffer, size_t size) {     \
    if (!is_ours(descriptor)) return REAL(name)(descriptor, buffer, size); \
    int code = fault(#name, "");                                      \
    if (code > 0) return errno = code, -1;                            \
    return REAL(name)(descriptor, buffer, code < 0 && size > 1 ? size / 2 : size); \
  }
TRANSFER(read, void *)
TRANSFER(write, const void *)

#define TRANSFER_AT(name, buffer_type)                                \
  ssize_t name(int descriptor, buffer_type buffer, size_t size, off_t at) { \
    if (!is_ours(descriptor)) return REAL(name)(descriptor, buffer, size, at); \
    int code = fault(#name, "");                                      \
    if (code > 0) return errno = code, -1;                            \
    return REAL(name)(descriptor, buffer, code < 0 && size > 1 ? size / 2 : size, at); \
  }
TRANSFER_AT(pread, void *)
TRANSFER_AT(pwrite, const void *)

DIR *opendir(const char *path) {
  if (!is_below(path)) return REAL(opendir)(path);
  int code = fault("opendir", path);
  if (code > 0) return errno = code, NULL;
  DIR *folder = REAL(opendir)(path);
  if (folder) mark(dirfd(folder));
  return folder;
}

int closedir(DIR *folder) {
  int descriptor = dirfd(folder);
  if (descriptor >= 0 && descriptor < most_descriptors) ours[descriptor] = 0;
  return REAL(closedir)(folder);
}

#define READ_FOLDER(name, entry)                                      \
  entry *name(DIR *folder) {                                          \
    if (is_ours(dirfd(folder))) {                                     \
      int code = fault(#name, "");                                    \
      if (code > 0) return errno = code, NULL;                        \
    }                                                                 \
    return REAL(name)(folder);                                        \
  }
READ_FOLDER(readdir, struct dirent)
READ_FOLDER(readdir64, struct dirent64)

#define BY_DESCRIPTOR(name, parameters, ...)                          \
  int name parameters {                                               \
    if (is_ours(descriptor)) {                                        \
      int code = fault(#name, "");                                    \
      if (code > 0) return errno = code, -1;                          \
    }                                                                 \
    return REAL(name)(__VA_ARGS__);                                   \
  }
BY_DESCRIPTOR(fsync, (int descriptor), descriptor)
BY_DESCRIPTOR(fdatasync, (int descriptor), descriptor)
BY_DESCRIPTOR(ftruncate, (int descriptor, off_t size), descriptor, size)
BY_DESCRIPTOR(fchmod, (int descriptor, mode_t mode), descriptor, mode)
BY_DESCRIPTOR(flock, (int descriptor, int operation), descriptor, operation)
BY_DESCRIPTOR(fstat, (int descriptor, struct stat *state), descriptor, state)

#define BY_PATH(name, parameters, ...)                                \
  int name parameters {                                               \
    if (is_below(path)) {                                             \
      int code = fault(#name, path);                                  \
      if (code > 0) return errno = code, -1;                          \
    }                                                                 \
    return REAL(name)(__VA_ARGS__);                                   \
  }
BY_PATH(rename, (const char *path, const char *target), path, target)
BY_PATH(unlink, (const char *path), path)
BY_PATH(mkdir, (const char *path, mode_t mode), path, mode)
BY_PATH(access, (const char *path, int mode), path, mode)
BY_PATH(rmdir, (const char *path), path)
BY_PATH(stat, (const char *path, struct stat *state), path, state)
BY_PATH(lstat, (const char *path, struct stat *state), path, state)
