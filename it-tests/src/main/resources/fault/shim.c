/* Loaded into a server under faults (LD_PRELOAD): steps its wall clock, slows and fails its syncs. Steered through a file that is
 * mapped into memory, so that nothing costs anything while no fault is on; hindered syncs are counted there. The layout is that of `struct control` below, in the
 * machine's byte order. Build: cc -shared -fPIC -O2 shim.c -ldl -o shim.so; run with PATHKEEPER_FAULT_CONTROL=FILE.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct control {
  volatile int64_t clock_millis; /* added to the wall clock; the monotonic clock is left alone */
  volatile int32_t sync_millis;  /* a sync takes so much longer */
  volatile int32_t sync_errno;   /* a sync fails with this; 0: it does not */
  int64_t hindered;              /* syncs that were slowed or failed, counted here */
};

static struct control none;
static struct control *control = &none;

__attribute__((constructor)) static void attach(void) {
  const char *file = getenv("PATHKEEPER_FAULT_CONTROL");
  if (!file) return;
  int fd = open(file, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void *mapped = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (mapped != MAP_FAILED) control = mapped;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(clock, at);
  int64_t step = control->clock_millis;
  if (result == 0 && step != 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    int64_t nanos = at->tv_nsec + step % 1000 * 1000000;
    at->tv_sec += step / 1000;
    if (nanos >= 1000000000) at->tv_sec++, nanos -= 1000000000;
    if (nanos < 0) at->tv_sec--, nanos += 1000000000;
    at->tv_nsec = nanos;
  }
  return result;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
  struct timespec now;
  (void)zone;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  at->tv_sec = now.tv_sec;
  at->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *at) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (at) *at = now.tv_sec;
  return now.tv_sec;
}

static int hindered(void) {
  int32_t millis = control->sync_millis, error = control->sync_errno;
  if (millis > 0 || error != 0) __atomic_fetch_add(&control->hindered, 1, __ATOMIC_RELAXED);
  if (millis > 0) usleep((useconds_t)millis * 1000);
  if (error != 0) errno = error;
  return error;
}

int fsync(int fd) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  return hindered() ? -1 : real(fd);
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  return hindered() ? -1 : real(fd);
}
