// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/verb.h"

#include <errno.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "runtime/base/error.h"
#include "tests/base/thrown_by.h"

namespace asylum::container {
namespace {

struct Case {
  Verb verb;
  std::array<std::string_view, 5> words;  // creating, created, running, paused, stopped; "" = legal
};

constexpr std::array<Status, 5> kAll = {Status::creating, Status::created, Status::running,
                                        Status::paused, Status::stopped};

// The whole contract: runc's words where it has the case.
constexpr std::array<Case, kVerbs> kCases = {{
    {Verb::start,
     {"cannot start a container in the creating state", "",
      "cannot start an already running container", "cannot start a container in the paused state",
      "cannot start a container that has stopped"}},
    {Verb::exec,
     {"cannot exec in a container in the creating state", "", "",
      "cannot exec in a paused container (use --ignore-paused to override)",
      "cannot exec in a stopped container"}},
    {Verb::exec_in_paused,
     {"cannot exec in a container in the creating state", "", "", "",
      "cannot exec in a stopped container"}},
    {Verb::kill,
     {"cannot kill a container in the creating state", "", "", "", "container not running"}},
    {Verb::kill_all, {"cannot kill a container in the creating state", "", "", "", ""}},
    {Verb::pause,
     {"container not running", "", "", "container not running", "container not running"}},
    {Verb::resume,
     {"container not paused", "container not paused", "container not paused", "",
      "container not paused"}},
    {Verb::update, {"container not running", "", "", "", "container not running"}},
    {Verb::mounts, {"container not running", "", "", "", "container not running"}},
    {Verb::events,
     {"container with id web1 is not running", "", "", "",
      "container with id web1 is not running"}},
    {Verb::remove,
     {"cannot delete container web1 that is not stopped: creating", "",
      "cannot delete container web1 that is not stopped: running",
      "cannot delete container web1 that is not stopped: paused", ""}},
}};

TEST(Verb, IsLegalOrRefusedInItsWordsInEveryState) {
  for (const Case& one : kCases) {
    for (std::size_t i = 0; i < kAll.size(); ++i) {
      SCOPED_TRACE(testing::Message()
                   << "verb " << static_cast<int>(one.verb) << ", " << name_of(kAll.at(i)));
      if (one.words.at(i).empty()) {
        EXPECT_NO_THROW(check_legal(one.verb, kAll.at(i), "web1"));
        continue;
      }
      const Error error = thrown_by([&] { check_legal(one.verb, kAll.at(i), "web1"); });
      EXPECT_EQ(error.kind, ErrorKind::wrong_state);
      EXPECT_EQ(error.detail, one.words.at(i));
    }
  }
}

// containerd takes a kill that failed with "no such process" for done.
TEST(Verb, AKillOfAStoppedContainerIsNoSuchProcess) {
  const Error error = thrown_by([] { check_legal(Verb::kill, Status::stopped, "web1"); });
  EXPECT_EQ(error.err, ESRCH);
}

TEST(Verb, AHintNamesTheState) {
  const Error error = thrown_by([] { check_legal(Verb::pause, Status::stopped, "web1"); });
  EXPECT_EQ(error.hint, "the container is in the stopped state");
}

}  // namespace
}  // namespace asylum::container
