// SPDX-License-Identifier: Apache-2.0
// argv → Arguments: every way of writing an option, and every mistake with its words.
#include "runtime/cli/options/parser.h"
#include "runtime/cli/commands/commands.h"

#include <errno.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/cli/exit_code.h"
#include "runtime/sys/interruption.h"

namespace asylum::cli {
namespace {

Arguments parsed(std::initializer_list<std::string_view> words) {
  const std::vector<std::string_view> all(words);
  Arguments arguments;
  parse(all, commands(), arguments);
  return arguments;
}

std::string mistake_of(std::initializer_list<std::string_view> words) {
  try {
    parsed(words);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::invalid_usage);
    return error.detail;
  }
  return "(none)";
}

TEST(Parser, NothingAtAllIsNoMistake) {
  const Arguments arguments = parsed({});
  EXPECT_EQ(arguments.command, nullptr);
  EXPECT_FALSE(arguments.help);
}

TEST(Parser, OptionsOfTheProgramStandBeforeTheCommand) {
  const Arguments arguments =
      parsed({"--root", "/r", "--log=/l", "--log-format", "json", "--debug", "state", "web1"});
  EXPECT_EQ(arguments.global.root, "/r");
  EXPECT_TRUE(arguments.global.root_given);
  EXPECT_EQ(arguments.global.log_file, "/l");
  EXPECT_EQ(arguments.global.log_format, log::Format::json);
  EXPECT_TRUE(arguments.global.debug);
  ASSERT_NE(arguments.command, nullptr);
  EXPECT_EQ(arguments.command->name, "state");
  EXPECT_EQ(arguments.positional, std::vector<std::string>{"web1"});
}

TEST(Parser, EverySpellingOfAValue) {
  for (const std::vector<std::string_view>& words :
       {std::vector<std::string_view>{"create", "--bundle", "/b", "c"},
        {"create", "--bundle=/b", "c"},
        {"create", "-b", "/b", "c"},
        {"create", "-b/b", "c"},
        {"create", "-b=/b", "c"},
        {"create", "-bundle", "/b", "c"},
        {"create", "-bundle=/b", "c"},
        {"create", "c", "--bundle", "/b"},
        {"create", "--bundle", "/a", "c", "-b", "/b"}}) {
    Arguments arguments;
    parse(words, commands(), arguments);
    EXPECT_EQ(arguments.create.bundle, "/b") << words[1];
    EXPECT_EQ(arguments.positional, std::vector<std::string>{"c"}) << words[1];
  }
}

TEST(Parser, AValueMayBeginWithADash) {
  EXPECT_EQ(parsed({"create", "--bundle", "-x", "c"}).create.bundle, "-x");
  EXPECT_EQ(parsed({"create", "--pid-file", "--", "c"}).create.pid_file, "--");
}

TEST(Parser, SwitchesClusterAndTakeBooleans) {
  const Arguments both = parsed({"list", "-qfjson"});
  EXPECT_TRUE(both.list.quiet);
  EXPECT_EQ(both.list.format, ListFormat::json);
  EXPECT_TRUE(parsed({"delete", "--force=true", "c"}).remove.force);
  EXPECT_FALSE(parsed({"delete", "-f", "--force=false", "c"}).remove.force);
  EXPECT_EQ(mistake_of({"delete", "--force=maybe", "c"}),
            "invalid value \"maybe\" for flag --force: must be true or false");
}

TEST(Parser, TwoDashesEndTheOptions) {
  const Arguments arguments = parsed({"delete", "--", "-f"});
  EXPECT_FALSE(arguments.remove.force);
  EXPECT_EQ(arguments.positional, std::vector<std::string>{"-f"});
}

TEST(Parser, ASingleDashIsAnArgument) {
  EXPECT_EQ(parsed({"state", "-"}).positional, std::vector<std::string>{"-"});
}

TEST(Parser, NumbersAreWhole) {
  EXPECT_EQ(parsed({"create", "--preserve-fds", "3", "c"}).create.preserve_fds, 3U);
  for (const std::string_view bad : {"-1", "1x", "4294967296", "1.5", " 1"}) {
    EXPECT_TRUE(mistake_of({"create", "--preserve-fds", bad, "c"})
                    .ends_with("for flag --preserve-fds: must be a whole number"))
        << bad;
  }
}

TEST(Parser, WordsEnginesMatchOn) {
  EXPECT_EQ(mistake_of({"create", "c", "--console-socket"}),
            "flag needs an argument: --console-socket");
  EXPECT_EQ(mistake_of({"create", "c", "-b"}), "flag needs an argument: --bundle");
  EXPECT_EQ(mistake_of({"state", "--frobnicate", "c"}),
            "flag provided but not defined: -frobnicate");
  EXPECT_EQ(mistake_of({"kill", "-9", "c"}),
            "flag provided but not defined: -9 (write: kill CONTAINER [SIGNAL])");
  EXPECT_EQ(mistake_of({"create"}), "\"create\" requires exactly 1 argument(s)");
  EXPECT_EQ(mistake_of({"create", "a", "b"}), "\"create\" requires exactly 1 argument(s)");
  EXPECT_EQ(mistake_of({"kill"}), "\"kill\" requires a minimum of 1 argument(s)");
  EXPECT_EQ(mistake_of({"kill", "a", "b", "c"}), "\"kill\" requires a maximum of 2 argument(s)");
  EXPECT_EQ(mistake_of({"--log-format", "xml", "list"}),
            "unknown log-format \"xml\": must be text or json");
  EXPECT_EQ(mistake_of({"list", "-f", "xml"}),
            "invalid format option \"xml\": must be table or json");
}

TEST(Parser, SlipsOfTheHandGetAdvice) {
  EXPECT_EQ(mistake_of({"strat", "c"}), "unknown command \"strat\" (did you mean \"start\"?)");
  EXPECT_EQ(mistake_of({"create", "--bundel", "/b", "c"}),
            "flag provided but not defined: -bundel (did you mean --bundle?)");
  EXPECT_EQ(mistake_of({"list", "--root", "/r"}),
            "flag provided but not defined: -root (write --root before \"list\")");
  EXPECT_EQ(mistake_of({"frobnicate"}), "unknown command \"frobnicate\"");
}

// Scripts write --cwd "$DIR", and runc takes it so.
TEST(Parser, EmptyValuesAreAsIfNotGiven) {
  EXPECT_FALSE(parsed({"--root", "", "list"}).global.root_given);
  EXPECT_EQ(parsed({"create", "--pid-file=", "c"}).create.pid_file, "");
  EXPECT_EQ(parsed({"create", "--preserve-fds", "", "c"}).create.preserve_fds, 0U);
  EXPECT_EQ(parsed({"exec", "--timeout", "", "c", "sh"}).exec.timeout_ns, 0);
}

TEST(Parser, HelpAsksNothingElse) {
  EXPECT_TRUE(parsed({"--help"}).help);
  EXPECT_TRUE(parsed({"-h"}).help);
  for (const Command& command : commands()) {
    EXPECT_TRUE(parsed({command.name, "--help"}).help) << command.name;
    EXPECT_TRUE(parsed({command.name, "-h"}).help) << command.name;
  }
}

// Podman takes an exit code of 0 for "checkpoint is supported".
TEST(Parser, AnUnknownCommandHasNoHelp) {
  EXPECT_EQ(mistake_of({"checkpoint", "--help"}), "unknown command \"checkpoint\"");
}

TEST(Parser, WhatWasUnderstoodBeforeAMistakeStays) {
  const std::vector<std::string_view> words{"--log", "/l", "--log-format", "json", "--nonsense"};
  Arguments arguments;
  EXPECT_THROW(parse(words, commands(), arguments), Error);
  EXPECT_EQ(arguments.global.log_file, "/l");
  EXPECT_EQ(arguments.global.log_format, log::Format::json);
}

TEST(Parser, ATimeoutIsADurationAboveZero) {
  EXPECT_EQ(parsed({"exec", "--timeout", "1m30s", "c", "sh"}).exec.timeout_ns, 90'000'000'000);
  EXPECT_EQ(parsed({"exec", "--timeout=2", "c", "sh"}).exec.timeout_ns, 2'000'000'000);
  for (const std::string_view bad : {"0", "-1s", "soon"}) {
    EXPECT_TRUE(mistake_of({"exec", "--timeout", bad, "c", "sh"})
                    .ends_with("for flag --timeout: must be a duration such as 5s or 1m30s"))
        << bad;
  }
}

TEST(ExitCode, EveryKindHasItsOwn) {
  std::set<int> seen;
  for (int kind = 0; kind <= static_cast<int>(ErrorKind::internal); ++kind) {
    if (static_cast<ErrorKind>(kind) == ErrorKind::interrupted) continue;  // 128 and its signal
    const int code = exit_code_of(Error(static_cast<ErrorKind>(kind), "x"));
    EXPECT_GT(code, 1);
    EXPECT_LT(code, 128);
    EXPECT_TRUE(seen.insert(code).second) << code;
  }
  EXPECT_EQ(exit_code_of(sys::Interruption(SIGINT)), 130);
  EXPECT_EQ(exit_code_of(Error(ErrorKind::exec_failed, "x").because_of("stat", ENOENT)), 127);
  EXPECT_EQ(exit_code_of(Error(ErrorKind::exec_failed, "x").because_of("execve", EACCES)), 126);
}

TEST(Parser, CgroupManagersAndRootless) {
  EXPECT_EQ(parsed({"--cgroup-manager", "disabled", "list"}).global.cgroup_manager,
            CgroupManager::disabled);
  EXPECT_EQ(parsed({"--rootless=auto", "list"}).global.rootless, Rootless::automatic);
  EXPECT_EQ(parsed({"--rootless", "true", "list"}).global.rootless, Rootless::yes);
  EXPECT_EQ(
      mistake_of({"--cgroup-manager", "upstart", "list"}),
      "invalid value \"upstart\" for flag --cgroup-manager: must be cgroupfs, systemd or disabled");
}

}  // namespace
}  // namespace asylum::cli
