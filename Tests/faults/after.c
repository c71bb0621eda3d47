// Signals or delays a process as soon as a file has its name: preloaded before the C library.
//
// AFTER_NAME is how the file's path ends, AFTER_SIGNAL the number of the signal, AFTER_PAUSE how many
// microseconds pass before the process learns that the file has its name.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_awaited(const char *path) {
  const char *name = getenv("AFTER_NAME");
  size_t length = strlen(path), ending = name ? strlen(name) : length + 1;
  return length >= ending && strcmp(path + length - ending, name) == 0;
}

int rename(const char *path, const char *target) {
  const char *number = getenv("AFTER_SIGNAL"), *pause = getenv("AFTER_PAUSE");
  int result = ((__typeof__(&rename))dlsym(RTLD_NEXT, "rename"))(path, target);
  if (result == 0 && is_awaited(target)) {
    // To this thread: where it stands still, it does so here.
    if (number) raise(atoi(number));
    if (pause) usleep((useconds_t)atoi(pause));
  }
  return result;
}
