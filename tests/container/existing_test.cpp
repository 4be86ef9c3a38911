// SPDX-License-Identifier: Apache-2.0
// What every verb says of a container that is not there, has ended, or is damaged: without a
// process, a cgroup or a privilege.
#include "runtime/container/state/existing.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <functional>
#include <string>
#include <vector>

#include "runtime/base/text.h"
#include "runtime/container/exec/exec.h"
#include "runtime/container/state/journal.h"
#include "runtime/container/state/record.h"
#include "runtime/container/state/saved_config.h"
#include "runtime/container/state/state_store.h"
#include "runtime/container/verbs/events.h"
#include "runtime/container/verbs/kill.h"
#include "runtime/container/verbs/list.h"
#include "runtime/container/verbs/mounts.h"
#include "runtime/container/verbs/pause.h"
#include "runtime/container/verbs/ps.h"
#include "runtime/container/verbs/start.h"
#include "runtime/container/verbs/update.h"
#include "runtime/sys/file.h"
#include "tests/base/thrown_by.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::container {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Command {
  const char* name;
  std::function<void(const Settings&)> run;
  const char* of_stopped;  // "" = it succeeds
};

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {
      {"start", [](const Settings& on) { start(on, "web1"); },
       "cannot start a container that has stopped"},
      {"state", [](const Settings& on) { static_cast<void>(state(on, "web1")); }, ""},
      {"kill", [](const Settings& on) { kill(on, "web1", 15, false); }, "container not running"},
      {"kill --all", [](const Settings& on) { kill(on, "web1", 15, true); }, ""},
      {"exec", [](const Settings& on) { static_cast<void>(exec(on, {.id = "web1"})); },
       "cannot exec in a stopped container"},
      {"pause", [](const Settings& on) { pause(on, "web1"); }, "container not running"},
      {"resume", [](const Settings& on) { resume(on, "web1"); }, "container not paused"},
      {"ps", [](const Settings& on) { EXPECT_THAT(processes(on, "web1"), IsEmpty()); }, ""},
      {"update", [](const Settings& on) { update(on, {.id = "web1"}); }, "container not running"},
      {"events", [](const Settings& on) { events(on, {.id = "web1", .once = true}, {}); },
       "container with id web1 is not running"},
      {"mounts add",
       [](const Settings& on) {
         add_mounts(on, {"web1", "/dev/null"});
       },
       "container not running"},
      {"mounts remove",
       [](const Settings& on) {
         remove_mounts(on, {"web1", "/dev/null"});
       },
       "container not running"},
  };
  return all;
}

class ExistingTest : public ::testing::Test {
 protected:
  /// A create of an earlier boot that had succeeded: nothing of it can live.
  void make(const char* journal) {
    directory_ = store_.make("web1");
    write(kJournalName, journal);
    write(kRecordName, "asylum-record 1\nid web1\n");
  }
  void write(const char* name, std::string_view text) const {
    sys::replace_file_at(directory_.get(), name, text, 0600);
  }

  sys::TemporaryDirectory base_;
  Settings settings_{cat(base_.path(), "/root"), true, CgroupManager::disabled};
  StateStore store_{settings_};
  sys::Fd directory_;
};

constexpr char kCommitted[] = "asylum-journal 1 another-boot web1\nmade process 42 7\ncommitted\n";

TEST_F(ExistingTest, OneThatIsNotThereIsSaidToBeMissingByEveryVerb) {
  for (const Command& command : commands()) {
    SCOPED_TRACE(command.name);
    const Error error = thrown_by([&] { command.run(settings_); });
    EXPECT_EQ(error.kind, ErrorKind::not_found);
    EXPECT_EQ(error.detail, "container does not exist: \"web1\"");
  }
}

TEST_F(ExistingTest, OneThatHasEndedIsRefusedInTheVerbsWords) {
  make(kCommitted);
  for (const Command& command : commands()) {
    SCOPED_TRACE(command.name);
    if (*command.of_stopped == '\0') {
      EXPECT_NO_THROW(command.run(settings_));
      continue;
    }
    const Error error = thrown_by([&] { command.run(settings_); });
    EXPECT_EQ(error.kind, ErrorKind::wrong_state);
    EXPECT_EQ(error.detail, command.of_stopped);
  }
}

TEST_F(ExistingTest, OneThatIsDamagedIsRefusedWithTheReason) {
  make("no journal");
  for (const Command& command : commands()) {
    SCOPED_TRACE(command.name);
    const Error error = thrown_by([&] { command.run(settings_); });
    EXPECT_EQ(error.kind, ErrorKind::internal);
    EXPECT_THAT(error.detail, HasSubstr("the state of container \"web1\" is damaged: "));
    EXPECT_EQ(error.hint, "asylum-runc delete --force web1");
  }
}

// Not `open "config.json"`: a delete was faster.
TEST_F(ExistingTest, AConfigThatADeleteHasRemovedIsOfNoContainer) {
  make(kCommitted);
  const Container container(settings_, "web1");
  EXPECT_EQ(thrown_by([&] { static_cast<void>(container.config()); }).err, ENOENT);
  ASSERT_EQ(::fchmod(directory_.get(), 01700), 0);
  EXPECT_EQ(thrown_by([&] { static_cast<void>(container.config()); }).detail,
            "container does not exist: \"web1\"");
}

}  // namespace
}  // namespace asylum::container
