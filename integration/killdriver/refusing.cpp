// SPDX-License-Identifier: Apache-2.0
#include "integration/killdriver/refusing.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include "integration/killdriver/commands.h"
#include "integration/killdriver/refusal.h"
#include "integration/killdriver/steps.h"

namespace killdriver {
namespace {

// No call answers this as a matter of course, and nothing of ours takes it for an answer.
constexpr int kError = EIO;
constexpr int kTimeout_s = 20;

// As run_init() and run_exec() have them.
const std::vector<std::string> kTablesOfInit = {"kArrivalSteps", "kSteps",         "kProcessSteps",
                                                "kOwnSteps",     "kIdentitySteps", "kProgramSteps",
                                                "kFinalSteps",   "kLastSteps"};
const std::vector<std::string> kTablesOfExec = {"kArrivalSteps",  "kEntrySteps",    "kBridgeSteps",
                                                "kProcessSteps",  "kIdentitySteps", "kProgramSteps",
                                                "kCrossingSteps", "kBirthSteps",    "kOwnSteps",
                                                "kHeldSteps",     "kLastSteps"};
// From here on nobody tells of the end of a step any more.
constexpr char kFirstUntoldOfInit[] = "kLastSteps";
constexpr char kFirstUntoldOfExec[] = "kBirthSteps";

// What exec's child does after its last step, with main.
const Row kGate[] = {{"gate", "start the program", "", ""},
                     {"gate", "execute the program", "", ""}};

// A console socket that takes every terminal and looks at none.
class Console {
 public:
  explicit Console(const std::string& path) {
    socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    ::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(socket_, 8) != 0)
      fail("listen on " + path);
  }
  void forget() const {
    for (int fd = 0; (fd = ::accept(socket_, nullptr, nullptr)) >= 0;) ::close(fd);
  }

 private:
  int socket_ = -1;
};

class Refusing {
 public:
  Refusing(const World& world, const RefusingOptions& options)
      : world_(world),
        options_(options),
        rows_(read_rows(options.steps, is_exec() ? kTablesOfExec : kTablesOfInit)),
        console_(world.directory() + "/console"),
        commands_(world, options.program, {"--debug", "--log", log(), "--log-format", "json"},
                  options.console
                      ? std::vector<std::string>{"--console-socket", world.directory() + "/console"}
                      : std::vector<std::string>{}),
        subject_{rows_, is_exec() ? commands_.exec(options.process) : commands_.create(),
                 world.output(), is_exec() ? 2 : 1} {}

  int go() {
    std::string problem = warm_up();
    if (!problem.empty()) problem += read_file(log());
    console_.forget();
    if (is_exec()) static_cast<void>(world_.difference(before_));  // waits for its end
    before_ = world_.look();
    walk_ = walk(subject_);
    if (walk_.code != 0) problem += "it failed: " + first_line(read_file(log()));
    tap_.report("an undisturbed command leaves nothing", problem + after_success());
    for (const Place& place : walk_.places) {
      if (tap_.is_too_much()) break;
      if (is_wanted(place)) attempt(place);
      // `ready`: what init does after it runs beside the end of create.
      if (!is_exec() && row_at(place) == nullptr && place.number == SYS_write) break;
    }
    for (const Row& row : rows_) account_for(row);
    if (is_exec()) static_cast<void>(commands_.remove_by_force());
    return tap_.close();
  }

 private:
  bool is_exec() const { return !options_.process.empty(); }
  std::string log() const { return world_.directory() + "/log"; }

  // The first life fills what is kept: the cache of filters.
  std::string warm_up() {
    if (!is_exec()) return commands_.once_more();
    const std::string problem = commands_.create_and_start();
    before_ = world_.look();
    const int code = run(subject_.argv, subject_.output, kTimeout_s);
    return code == 0 ? problem : problem + "exec ended with " + std::to_string(code) + ": ";
  }

  // nullptr where nobody tells of the end of a step.
  const Row* row_at(const Place& place) const {
    return place.life == 0 && place.step < walk_.steps.size() ? walk_.steps[place.step] : nullptr;
  }

  bool is_wanted(const Place& place) const {
    if (has_to_happen(place.number)) return false;
    if (options_.whole) return true;
    const Row* row = row_at(place);
    if (row == nullptr && place.number == SYS_write) return true;
    return !is_beside_the_point(place.number) && !blamed_.contains(row);
  }

  void attempt(const Place& place) {
    ::unlink(log().c_str());
    const Refusal refusal = run_and_refuse(subject_, place, kError);
    console_.forget();
    const Row* row = row_at(place);
    std::string name = "call " + std::to_string(place.number) + " (" + std::to_string(place.nth) +
                       ") fails in " + (row != nullptr ? row->name : "an untold step");
    if (place.life != 0) name += " of the child";
    if (refusal.code == 0) name += ", and the command goes on";
    std::string problem = refusal.happened ? "" : "it was not made again; ";
    problem += judge(refusal, row);
    tap_.report(name, problem + goes_again());
  }

  std::string judge(const Refusal& refusal, const Row* row) {
    if (refusal.code == -1) return "the command hung; ";
    if (refusal.code == 0) return after_success();
    const Said said = said_in(read_file(world_.output()), read_file(log()));
    if (row == nullptr) row = untold_row(said);
    if (row != nullptr && is_about(said, *row)) blamed_.insert(row);
    std::string problem = wrong_words(said, row, is_exec());
    // Between main's last word and the gate nobody listens.
    const bool is_heard = row == nullptr || row->name != kGate[0].name;
    if (is_heard && is_unexplained(said)) problem += "its last words were lost; ";
    if (refusal.code != (is_exec() ? 255 : 1))
      problem += "it ended with " + std::to_string(refusal.code) + "; ";
    return problem + left();
  }

  // Of the rows that nobody tells of: the one that the error is about, which cannot be before one
  // that was blamed for an earlier call.
  const Row* untold_row(const Said& said) {
    for (std::size_t at = untold_; at < rows_.size(); ++at) {
      if (is_about(said, rows_[at])) return &rows_[untold_ = at];
    }
    for (const Row& row : kGate) {
      if (is_exec() && is_about(said, row)) return &row;
    }
    return nullptr;
  }

  std::size_t first_untold() const {
    const char* table = is_exec() ? kFirstUntoldOfExec : kFirstUntoldOfInit;
    return static_cast<std::size_t>(
        std::find_if(rows_.begin(), rows_.end(),
                     [table](const Row& row) { return row.table == table; }) -
        rows_.begin());
  }

  std::string after_success() const {
    const std::string problem = is_exec() ? "" : commands_.remove_by_force();
    console_.forget();
    return problem + left();
  }

  std::string left() const {
    const std::string difference = world_.difference(before_);
    return difference.empty() ? "" : "left: " + difference;
  }

  // After what was left had its say: the next attempt begins from nothing.
  std::string goes_again() {
    if (world_.difference(before_).empty()) return "";
    std::string problem = commands_.remove_by_force();
    if (is_exec()) problem += commands_.create_and_start();
    before_ = world_.look();
    return problem;
  }

  // For whoever asks whether each row was blamed with one of several configs.
  void account_for(const Row& row) {
    const char* excuse = excuse_of(row, is_exec());
    const bool blamed = blamed_.contains(&row);
    if (blamed && excuse != nullptr)
      tap_.report("the step " + row.name, "needs no excuse: " + std::string(excuse));
    std::printf("# row %s%s\n", row.name.c_str(),
                blamed              ? " blamed"
                : excuse != nullptr ? " excused"
                                    : "");
  }

  const World& world_;
  const RefusingOptions& options_;
  const std::vector<Row> rows_;
  const Console console_;
  const Commands commands_;
  const Subject subject_;
  Tap tap_;
  Snapshot before_;
  Walk walk_;
  std::set<const Row*> blamed_;
  std::size_t untold_ = first_untold();
};

}  // namespace

int refuse_calls(const World& world, const RefusingOptions& options) {
  return Refusing(world, options).go();
}

}  // namespace killdriver
