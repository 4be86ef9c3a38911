// SPDX-License-Identifier: Apache-2.0
#include "integration/killdriver/refusing.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <set>
#include <utility>
#include <vector>

#include "integration/killdriver/commands.h"
#include "integration/killdriver/refusal.h"
#include "integration/killdriver/steps.h"

namespace killdriver {
namespace {

// No call answers this as a matter of course, and nothing of ours takes it for an answer.
constexpr int kError = EIO;

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
        whole_(options.whole),
        rows_(read_rows(options.steps)),
        console_(world.directory() + "/console"),
        commands_(world, options.program, {"--debug", "--log", log(), "--log-format", "json"},
                  options.console
                      ? std::vector<std::string>{"--console-socket", world.directory() + "/console"}
                      : std::vector<std::string>{}) {}

  int go() {
    // The first life fills what is kept: the cache of filters.
    std::string first = commands_.once_more();
    if (!first.empty()) first += read_file(log());
    console_.forget();
    before_ = world_.look();
    walk_ = walk(rows_, commands_.create(), world_.output());
    std::string problem = walk_.code == 0 ? "" : "create failed: " + first_line(read_file(log()));
    problem += commands_.remove_by_force();
    console_.forget();
    problem += world_.difference(before_);
    tap_.report("an undisturbed create and delete leave nothing", first + problem);
    for (const Place& place : walk_.places) {
      if (tap_.is_too_much()) break;
      if (is_wanted(place)) attempt(place);
    }
    for (const Row* row : walk_.steps) must_be_blamed(*row);
    return tap_.close();
  }

 private:
  std::string log() const { return world_.directory() + "/log"; }

  const Row* row_at(std::size_t step) const {
    return step < walk_.steps.size() ? walk_.steps[step] : nullptr;
  }

  bool is_wanted(const Place& place) const {
    if (whole_) return true;
    const Row* row = row_at(place.step);
    return row != nullptr && !is_beside_the_point(place.number) && !blamed_.contains(row);
  }

  void attempt(const Place& place) {
    ::unlink(log().c_str());
    const Refusal refusal =
        run_and_refuse(rows_, commands_.create(), world_.output(), place.call, kError);
    console_.forget();
    const Row* row = row_at(refusal.happened ? refusal.step : place.step);
    std::string name = "call " + std::to_string(place.call) + " of init (number " +
                       std::to_string(place.number) + ") fails";
    if (row != nullptr) name += ", in " + row->name;
    if (refusal.code == 0) name += ", and create goes on";
    const std::string problem = judge(refusal, row);
    tap_.report(name, problem + goes_again());
  }

  std::string judge(const Refusal& refusal, const Row* row) {
    if (refusal.code == -1) return "create hung; ";
    if (refusal.code == 0) {
      const std::string problem = commands_.remove_by_force();
      return problem + left();
    }
    const Said said = said_in(read_file(world_.output()), read_file(log()));
    if (row != nullptr && is_about(said, *row)) blamed_.insert(row);
    std::string problem = wrong_words(said, row);
    if (refusal.code != 1) problem += "create ended with " + std::to_string(refusal.code) + "; ";
    return problem + left();
  }

  std::string left() const {
    const std::string difference = world_.difference(before_);
    return difference.empty() ? "" : "left: " + difference;
  }

  // After what was left had its say: the next attempt begins from nothing.
  std::string goes_again() const {
    return world_.difference(before_).empty() ? "" : commands_.remove_by_force();
  }

  void must_be_blamed(const Row& row) {
    const char* excuse = excuse_of(row);
    const bool blamed = blamed_.contains(&row);
    std::string problem;
    if (!blamed && excuse == nullptr) problem = "no refused call was said to be within it";
    if (blamed && excuse != nullptr) problem = "needs no excuse: " + std::string(excuse);
    tap_.report("the step " + row.name + (excuse ? " cannot be blamed" : " is blamed"), problem);
  }

  const World& world_;
  const bool whole_;
  const std::vector<Row> rows_;
  const Console console_;
  const Commands commands_;
  Tap tap_;
  Snapshot before_;
  Walk walk_;
  std::set<const Row*> blamed_;
};

}  // namespace

int refuse_calls(const World& world, const RefusingOptions& options) {
  return Refusing(world, options).go();
}

}  // namespace killdriver
