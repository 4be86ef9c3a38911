// SPDX-License-Identifier: Apache-2.0
// explain's JSON shows every member of the plan's structs: describe() is handed as many different
// members as the struct has.
#include "runtime/plan/explain/describe_plan.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <set>
#include <string_view>
#include <type_traits>
#include <utility>

namespace asylum::plan {
namespace {

// What any member can be initialised from: as many of these as fit are the members of an aggregate.
struct Anything {
  template <typename Member>
  operator Member() const;  // NOLINT: implicit by its purpose, never defined
};

template <typename Struct, std::size_t... Index>
constexpr bool takes(std::index_sequence<Index...>) {
  return requires {
    Struct{(static_cast<void>(Index), Anything{})...};
  };
}

template <typename Struct, std::size_t Count = 40>
constexpr std::size_t members_of() {
  if constexpr (Count == 0) {
    return 0;
  } else if constexpr (takes<Struct>(std::make_index_sequence<Count>())) {
    return Count;
  } else {
    return members_of<Struct, Count - 1>();
  }
}

/// Notes which members it is given.
class Census {
 public:
  template <typename Member, typename... Words>
  void always(std::string_view key, const Member& member, const Words&...) {
    note(key, member);
  }
  template <typename Member, typename... Words>
  void if_set(std::string_view key, const Member& member, const Words&...) {
    note(key, member);
  }
  template <typename Member>
  void only_if(bool, std::string_view key, const Member& member) {
    note(key, member);
  }
  template <typename Member>
  void inlined(const Member& member) {
    note("", member);
  }
  template <typename Member>
  void keyed(std::string_view key, const Member& member) {
    note(key, member);
  }
  template <typename Member>
  void by_stage(std::string_view key, const Member& member) {
    note(key, member);
  }

  std::size_t members() const { return members_.size(); }

 private:
  template <typename Member>
  void note(std::string_view key, const Member& member) {
    EXPECT_TRUE(key.empty() || keys_.insert(key).second) << "two members are called " << key;
    members_.insert(static_cast<const void*>(&member));
  }

  std::set<const void*> members_;
  std::set<std::string_view> keys_;
};

template <typename Struct>
class DescribePlan : public testing::Test {};

using Structs =
    testing::Types<Namespace, TimeOffset, IdMaps, Sysctl, NamespacePlan, IdmapRequest, Mount,
                   DeviceNode, Symlink, PathItem, Root, RootPlan, CapabilitySets, Identity,
                   ResourceLimit, Scheduler, IoPriority, MemoryPolicy, Process, ProcessPlan,
                   SeccompArg, SeccompRule, Seccomp, SeccompPlan, ControlWrite, DeviceFilter,
                   Cgroup, CgroupPlan, Hook, StateSeed, HookPlan>;
TYPED_TEST_SUITE(DescribePlan, Structs);

TYPED_TEST(DescribePlan, ShowsEveryMember) {
  const TypeParam one{};
  Census census;
  describe(census, one);
  EXPECT_EQ(census.members(), members_of<TypeParam>());
}

struct Three {
  int a = 0;
  std::string b;
  std::optional<std::vector<int>> c;
};
static_assert(members_of<Three>() == 3);

// A new part, or a new struct in one, would not be in the list above.
static_assert(members_of<Plan>() == 6);

}  // namespace
}  // namespace asylum::plan
