// SPDX-License-Identifier: Apache-2.0
// Every word of the options table, and what they add up to.
#include "spec/mount_options.h"

#include <gtest/gtest.h>

namespace asylum::spec {
namespace {

MountOptions parse(std::vector<std::string> options) {
  return parse_mount_options(options);
}

// runtime-spec config.md#linux-mount-options: MUST, SHOULD and MAY; the last line is crun's own.
constexpr std::string_view kWords[] = {
    "async",
    "atime",
    "bind",
    "defaults",
    "dev",
    "diratime",
    "dirsync",
    "exec",
    "iversion",
    "lazytime",
    "loud",
    "noatime",
    "nodev",
    "nodiratime",
    "noexec",
    "noiversion",
    "nolazytime",
    "norelatime",
    "nostrictatime",
    "nosuid",
    "private",
    "rbind",
    "relatime",
    "remount",
    "ro",
    "rprivate",
    "rshared",
    "rslave",
    "runbindable",
    "rw",
    "shared",
    "silent",
    "slave",
    "strictatime",
    "suid",
    "sync",
    "unbindable",
    "nosymfollow",
    "symfollow",
    "ratime",
    "rdev",
    "rdiratime",
    "rexec",
    "rnoatime",
    "rnodiratime",
    "rnodev",
    "rnoexec",
    "rnorelatime",
    "rnostrictatime",
    "rnosuid",
    "rnosymfollow",
    "rrelatime",
    "rro",
    "rrw",
    "rstrictatime",
    "rsuid",
    "rsymfollow",
    "idmap",
    "ridmap",
    "mand",
    "nomand",
    "tmpcopyup",
    "copy-symlink",
    "src-nofollow",
    "dest-nofollow",
};

TEST(MountOptions, KnowsEveryWordAndNoOther) {
  for (const std::string_view word : kWords) EXPECT_NE(find_mount_option(word), nullptr) << word;
  EXPECT_EQ(mount_option_table().size(), std::size(kWords));
  for (const char* word : {"", "acl", "noacl", "size=1", "RO", "zz"})
    EXPECT_EQ(find_mount_option(word), nullptr);
}

// Words with an opposite: the first sets what the second clears.
TEST(MountOptions, OppositesUndoEachOther) {
  const std::pair<const char*, const char*> pairs[] = {
      {"ro", "rw"},         {"nosuid", "suid"},           {"nodev", "dev"},
      {"noexec", "exec"},   {"nodiratime", "diratime"},   {"nosymfollow", "symfollow"},
      {"rro", "rrw"},       {"rnosuid", "rsuid"},         {"rnodev", "rdev"},
      {"rnoexec", "rexec"}, {"rnodiratime", "rdiratime"}, {"rnosymfollow", "rsymfollow"},
      {"sync", "async"},    {"lazytime", "nolazytime"},   {"mand", "nomand"},
      {"silent", "loud"},   {"iversion", "noiversion"},
  };
  for (const auto& [set, clear] : pairs) {
    EXPECT_FALSE(parse({set}) == MountOptions{}) << set;
    EXPECT_FALSE(parse({clear}) == MountOptions{}) << clear;
    EXPECT_EQ(parse({set, clear}), parse({clear})) << set;
    EXPECT_EQ(parse({clear, set}), parse({set})) << set;
  }
}

TEST(MountOptions, EachAttributeHasItsOwnBit) {
  const MountOptions options =
      parse({"ro", "nosuid", "nodev", "noexec", "nodiratime", "nosymfollow", "rw"});
  EXPECT_EQ(options.attributes.set, attribute::nosuid | attribute::nodev | attribute::noexec |
                                        attribute::nodiratime | attribute::nosymfollow);
  EXPECT_EQ(options.attributes.cleared, std::uint32_t{attribute::rdonly});
  EXPECT_TRUE(options.recursive_attributes.empty());
}

TEST(MountOptions, RecursiveWordsAreKeptApart) {
  const MountOptions options = parse({"rro", "rnoatime"});
  EXPECT_TRUE(options.attributes.empty());
  EXPECT_EQ(options.recursive_attributes.set, std::uint32_t{attribute::rdonly});
  EXPECT_EQ(options.recursive_attributes.atime, Atime::never);
}

TEST(MountOptions, AtimeModesExcludeEachOther) {
  EXPECT_FALSE(parse({"ro"}).attributes.atime.has_value());
  EXPECT_EQ(parse({"noatime"}).attributes.atime, Atime::never);
  EXPECT_EQ(parse({"relatime"}).attributes.atime, Atime::relative);
  EXPECT_EQ(parse({"strictatime"}).attributes.atime, Atime::strict);
  EXPECT_EQ(parse({"noatime", "strictatime"}).attributes.atime, Atime::strict);
  EXPECT_EQ(parse({"noatime", "atime"}).attributes.atime, Atime::relative);
  EXPECT_EQ(parse({"atime"}).attributes.atime, Atime::relative);
  EXPECT_EQ(parse({"noatime", "nostrictatime"}).attributes.atime, Atime::never);
  EXPECT_EQ(parse({"strictatime", "nostrictatime"}).attributes.atime, Atime::relative);
}

TEST(MountOptions, PropagationKeepsItsOrder) {
  const MountOptions options = parse({"rslave", "shared"});
  EXPECT_EQ(options.propagation, (std::vector<PropagationChange>{{Propagation::slave, true},
                                                                 {Propagation::shared, false}}));
}

TEST(MountOptions, BindsAndTheirKin) {
  EXPECT_EQ(parse({"bind"}).bind, Bind::bind);
  EXPECT_EQ(parse({"rbind", "bind"}).bind, Bind::rbind);
  EXPECT_EQ(parse({}).bind, Bind::none);
  EXPECT_TRUE(parse({"remount"}).remount);
  EXPECT_TRUE(parse({"tmpcopyup"}).tmpcopyup);
  EXPECT_TRUE(parse({"copy-symlink"}).copy_symlink);
  EXPECT_TRUE(parse({"src-nofollow"}).source_nofollow);
  EXPECT_TRUE(parse({"dest-nofollow"}).destination_nofollow);
}

TEST(MountOptions, Idmaps) {
  EXPECT_EQ(parse({"idmap"}).idmap, Idmap::idmap);
  EXPECT_EQ(parse({"ridmap"}).idmap, Idmap::ridmap);
  EXPECT_EQ(parse({"idmap=uids=0-1-10"}).idmap_text, "uids=0-1-10");
  EXPECT_EQ(parse({"ridmap=gids=0-1-10"}).idmap, Idmap::ridmap);
}

TEST(MountOptions, TheRestIsDataWithItsPlace) {
  const MountOptions options = parse({"nosuid", "mode=755", "ro", "size=64k", "defaults"});
  EXPECT_EQ(options.data, (std::vector<DataOption>{{1, "mode=755"}, {3, "size=64k"}}));
}

}  // namespace
}  // namespace asylum::spec
