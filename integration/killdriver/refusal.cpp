// SPDX-License-Identifier: Apache-2.0
#include "integration/killdriver/refusal.h"

#include <sys/syscall.h>
#include <sys/uio.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

#include "integration/killdriver/registers.h"
#include "integration/killdriver/tracer.h"
#include "integration/killdriver/world.h"

namespace killdriver {
namespace {

constexpr char kInitName[] = "asylum:[init]\n";  // start_gate.h

constexpr int kOver = -1;

// Init, or the two processes of exec, found by their name, and their steps: at the end of each they
// write "set the host name: 12 us" as a message to main (Step's destructor, message.h: the text
// follows its length of two bytes).
class InitTracer : public Tracer {
 public:
  explicit InitTracer(const Subject& subject) : rows_(subject.rows), lives_(subject.lives) {}
  std::vector<const Row*> steps;

 protected:
  virtual void init_enters(pid_t pid, const Place& place) = 0;

 private:
  void enters(pid_t pid, const Call& call) override {
    const int life = life_of(pid);
    if (life == kOver) return;
    Place place{life, life == 0 ? steps.size() : 0, call.number, 0};
    place.nth = ++counts_[{place.life, place.step, place.number}];
    init_enters(pid, place);
    if (call.number == SYS_write && life == 0) note_end_of_step(pid, call);
  }

  // Until it executes the program, which bears another name.
  int life_of(pid_t pid) {
    const auto known = pids_.find(pid);
    if (known != pids_.end() && known->second == kOver) return kOver;
    const bool has_name = read_file("/proc/" + std::to_string(pid) + "/comm") == kInitName;
    if (known != pids_.end()) return known->second = has_name ? known->second : kOver;
    const int life = static_cast<int>(pids_.size());
    if (life == lives_ || pid == command() || !has_name) return kOver;
    return pids_[pid] = life;
  }

  void note_end_of_step(pid_t pid, const Call& call) {
    char bytes[512];
    iovec here{bytes, std::min<std::size_t>(call.arguments[2], sizeof bytes)};
    iovec there{reinterpret_cast<void*>(call.arguments[1]), here.iov_len};
    const ssize_t count = ::process_vm_readv(pid, &here, 1, &there, 1, 0);
    if (count <= 0) return;
    const std::string_view message(bytes, static_cast<std::size_t>(count));
    if (message.find(" us") == std::string_view::npos) return;
    // Some rows have the same words: it is one after the last.
    const std::size_t next = steps.empty() ? 0 : steps.back() - rows_.data() + 1;
    for (std::size_t at = next; at < rows_.size(); ++at) {
      const std::string text = std::string(1, '\0') + rows_[at].doing + ": ";
      if (message.find(text) != std::string_view::npos) return steps.push_back(&rows_[at]);
    }
  }

  const std::vector<Row>& rows_;
  const int lives_;
  std::map<pid_t, int> pids_;
  std::map<std::tuple<int, std::size_t, long>, long> counts_;
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
  Refuser(const Subject& subject, const Place& wanted, int error_number)
      : InitTracer(subject), wanted_(wanted), error_number_(error_number) {}
  Refusal refusal;

 private:
  void init_enters(pid_t pid, const Place& place) override {
    if (place != wanted_) return;
    refusal.happened = true;
    refused_ = pid;
    skip_call(pid);
  }
  void leaves(pid_t pid) override {
    if (pid != refused_) return;
    refused_ = 0;
    answer_call(pid, error_number_);
  }

  const Place wanted_;
  const int error_number_;
  pid_t refused_ = 0;
};

}  // namespace

Walk walk(const Subject& subject) {
  Walker walker(subject);
  Walk walk;
  walk.code = walker.follow(subject.argv, subject.output, /*with_children=*/true);
  walk.places = std::move(walker.places);
  walk.steps = std::move(walker.steps);
  return walk;
}

Refusal run_and_refuse(const Subject& subject, const Place& place, int error_number) {
  Refuser refuser(subject, place, error_number);
  refuser.refusal.code = refuser.follow(subject.argv, subject.output, /*with_children=*/true);
  return refuser.refusal;
}

bool has_to_happen(long number) {
  return number == SYS_close || number == SYS_futex || number == SYS_exit_group;
}

bool is_beside_the_point(long number) {
  switch (number) {
    case SYS_brk:
    case SYS_mmap:
    case SYS_munmap:
    case SYS_mremap:
    case SYS_madvise:
    case SYS_clock_gettime:
    case SYS_rt_sigaction:  // of numbers that are no signals, too
    case SYS_write:
      return true;
    default:
      return false;
  }
}

}  // namespace killdriver
