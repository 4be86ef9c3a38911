// SPDX-License-Identifier: Apache-2.0
#include "integration/killdriver/refusal.h"

#include <sys/syscall.h>
#include <sys/uio.h>

#include <algorithm>
#include <string_view>

#include "integration/killdriver/registers.h"
#include "integration/killdriver/tracer.h"
#include "integration/killdriver/world.h"

namespace killdriver {
namespace {

constexpr char kInitName[] = "asylum:[init]\n";  // start_gate.h

// Init, found by its name, and its steps: at the end of each it writes "set the host name: 12 us"
// as a message to main (Step's destructor, message.h: the text follows its length of two bytes).
class InitTracer : public Tracer {
 public:
  explicit InitTracer(const std::vector<Row>& rows) : rows_(rows) {}
  std::vector<const Row*> steps;

 protected:
  virtual void init_enters(pid_t pid, const Place& place) = 0;

 private:
  void enters(pid_t pid, const Call& call) override {
    if (init_ == 0 && pid != command() &&
        read_file("/proc/" + std::to_string(pid) + "/comm") == kInitName)
      init_ = pid;
    if (pid != init_) return;
    init_enters(pid, {++calls_, call.number, steps.size()});
    if (call.number == SYS_write) note_end_of_step(pid, call);
  }

  void note_end_of_step(pid_t pid, const Call& call) {
    char bytes[512];
    iovec here{bytes, std::min<std::size_t>(call.arguments[2], sizeof bytes)};
    iovec there{reinterpret_cast<void*>(call.arguments[1]), here.iov_len};
    const ssize_t count = ::process_vm_readv(pid, &here, 1, &there, 1, 0);
    if (count <= 0) return;
    const std::string_view message(bytes, static_cast<std::size_t>(count));
    if (message.find(" us") == std::string_view::npos) return;
    for (const Row& row : rows_) {
      const bool known = std::find(steps.begin(), steps.end(), &row) != steps.end();
      const std::string text = std::string(1, '\0') + row.doing + ": ";
      if (!known && message.find(text) != std::string_view::npos) return steps.push_back(&row);
    }
  }

  const std::vector<Row>& rows_;
  pid_t init_ = 0;
  long calls_ = 0;
};

class Walker : public InitTracer {
 public:
  using InitTracer::InitTracer;
  std::vector<Place> places;

 private:
  void init_enters(pid_t, const Place& place) override { places.push_back(place); }
};

class Refuser : public InitTracer {
 public:
  Refuser(const std::vector<Row>& rows, long call, int error_number)
      : InitTracer(rows), call_(call), error_number_(error_number) {}
  Refusal refusal;

 private:
  void init_enters(pid_t pid, const Place& place) override {
    // An end that is refused would not be one.
    if (place.call != call_ || place.number == SYS_exit_group) return;
    refusal.happened = true;
    refusal.step = place.step;
    refused_ = pid;
    skip_call(pid);
  }
  void leaves(pid_t pid) override {
    if (pid != refused_) return;
    refused_ = 0;
    answer_call(pid, error_number_);
  }

  long call_;
  int error_number_;
  pid_t refused_ = 0;
};

}  // namespace

Walk walk(const std::vector<Row>& rows, const std::vector<std::string>& argv,
          const std::string& output) {
  Walker walker(rows);
  Walk walk;
  walk.code = walker.follow(argv, output, /*with_children=*/true);
  walk.places = std::move(walker.places);
  walk.steps = std::move(walker.steps);
  return walk;
}

Refusal run_and_refuse(const std::vector<Row>& rows, const std::vector<std::string>& argv,
                       const std::string& output, long call, int error_number) {
  Refuser refuser(rows, call, error_number);
  refuser.refusal.code = refuser.follow(argv, output, /*with_children=*/true);
  return refuser.refusal;
}

bool is_beside_the_point(long number) {
  switch (number) {
    case SYS_brk:
    case SYS_mmap:
    case SYS_munmap:
    case SYS_mremap:
    case SYS_madvise:
    case SYS_futex:
    case SYS_close:
    case SYS_clock_gettime:
    case SYS_rt_sigaction:  // of numbers that are no signals, too
    case SYS_write:
    case SYS_exit_group:
      return true;
    default:
      return false;
  }
}

}  // namespace killdriver
