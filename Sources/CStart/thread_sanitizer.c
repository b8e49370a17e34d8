// Under the thread sanitizer alone: lets it see the mutexes of Swift.
//
// Synchronization.Mutex takes a free lock in code that is inlined, which the sanitizer sees, but waits for a taken one in
// the library and the kernel, which it does not: whatever such a lock guards would be reported as a race. Here a thread
// that has to wait asks again until the lock is free. The names are those of Swift 6.3's library for Linux.
#if defined(__linux__) && defined(__has_feature)
#if __has_feature(thread_sanitizer)

#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>

// Swift's convention: the lock is in the register of `self`.
#define LOCK __attribute__((swift_context)) _Atomic(uint32_t) *lock

/// Takes the lock for a thread. Thread: any.
__attribute__((swiftcall)) void brume_lock_slow(uint32_t thread, LOCK) __asm__(
    "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");

__attribute__((swiftcall)) void brume_lock_slow(uint32_t thread, LOCK) {
  uint32_t free = 0;
  while (!atomic_compare_exchange_weak_explicit(lock, &free, thread, memory_order_acquire, memory_order_relaxed)) {
    free = 0;
    sched_yield();
  }
}

#endif
#endif
