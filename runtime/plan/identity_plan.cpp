// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/identity_plan.h"

#include <string_view>

#include "runtime/base/text.h"
#include "runtime/plan/capability_bits.h"
#include "runtime/plan/id_map_plan.h"
#include "runtime/plan/namespace_plan.h"
#include "spec/names.h"
#include "spec/spec.h"

namespace asylum::plan {
namespace {

/// What a process of the container can have at most. A new user namespace starts with all of them,
/// whatever our own bounding set is (kernel/user_namespace.c, set_cred_user_ns).
std::uint64_t available_capabilities(const HostFacts& facts, const NamespacePlan& plan) {
  const std::uint64_t known =
      facts.last_capability >= 63 ? ~0ULL : (1ULL << (facts.last_capability + 1)) - 1;
  if (find_namespace(plan, NamespaceType::user) != nullptr) return known;
  return known & facts.bounding_capabilities;
}

class SetReader {
 public:
  SetReader(std::uint64_t available, std::uint32_t last, Findings& findings)
      : available_(available), last_(last), findings_(findings) {}

  /// Unknown names are left out here and warned of by validate.
  std::uint64_t read(const std::vector<std::string>& names, std::string_view set) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto number = spec::capability_number(names[i]);
      if (!number) continue;
      if (capability::in(available_, *number)) {
        out |= 1ULL << *number;
      } else {
        warn(cat("/process/capabilities/", set, "/", i), names[i], *number);
      }
    }
    return out;
  }

 private:
  void warn(std::string pointer, const std::string& name, std::uint32_t number) {
    findings_.warning(std::move(pointer), cat(name,
                                              number > last_ ? " is not known to this kernel"
                                                             : " is not in our own bounding set",
                                              ", the process runs without it"));
  }

  std::uint64_t available_;
  std::uint32_t last_;
  Findings& findings_;
};

/// With the relations between the sets that capset(2) and prctl(PR_CAP_AMBIENT) insist on; validate
/// has named what the config itself contradicts.
CapabilitySets plan_capabilities(const spec::Capabilities& asked, const HostFacts& facts,
                                 const NamespacePlan& plan, Findings& findings) {
  SetReader reader(available_capabilities(facts, plan), facts.last_capability, findings);
  CapabilitySets out;
  out.bounding = reader.read(asked.bounding, "bounding");
  out.permitted = reader.read(asked.permitted, "permitted");
  out.effective = reader.read(asked.effective, "effective") & out.permitted;
  out.inheritable = reader.read(asked.inheritable, "inheritable");
  if (const std::uint64_t beyond = out.inheritable & ~out.bounding; beyond != 0) {
    findings.warning("/process/capabilities/inheritable",
                     cat(capability_words(beyond),
                         " cannot be inheritable, the kernel requires it in the bounding set"));
    out.inheritable &= out.bounding;
  }
  out.ambient = reader.read(asked.ambient, "ambient") & out.permitted & out.inheritable;
  return out;
}

void check_mapped(const std::vector<IdMapping>& maps, std::uint32_t id, std::string pointer,
                  std::string_view noun, Findings& findings) {
  if (is_mapped(maps, id)) return;
  findings.error(std::move(pointer),
                 cat(noun, " ", id, " is not mapped into the container's user namespace"),
                 cat("add it to /linux/", noun, "Mappings"));
}

void check_ids(const spec::User& user, const IdMaps& maps, Findings& findings) {
  check_mapped(maps.uids, user.uid, "/process/user/uid", "uid", findings);
  check_mapped(maps.gids, user.gid, "/process/user/gid", "gid", findings);
  for (std::size_t i = 0; i < user.additional_gids.size(); ++i) {
    check_mapped(maps.gids, user.additional_gids[i], cat("/process/user/additionalGids/", i), "gid",
                 findings);
  }
  if (maps.deny_setgroups && !user.additional_gids.empty()) {
    findings.unsupported("/process/user/additionalGids",
                         "supplementary groups cannot be set in an unprivileged user namespace",
                         "map more than one gid through newgidmap, or remove the groups");
  }
}

}  // namespace

std::vector<std::string> capability_list(std::uint64_t set) {
  std::vector<std::string> out;
  for (std::uint32_t number = 0; number < 64; ++number) {
    if (!capability::in(set, number)) continue;
    const std::string_view name = spec::capability_name(number);
    out.push_back(name.empty() ? cat(number) : std::string(name));
  }
  return out;
}

std::string capability_words(std::uint64_t set) {
  return join(capability_list(set), " ");
}

Identity plan_identity(const spec::Process& process, const HostFacts& facts,
                       const NamespacePlan& plan, Findings& findings) {
  Identity out;
  out.uid = process.user.uid;
  out.gid = process.user.gid;
  out.additional_gids = process.user.additional_gids;
  if (plan.id_maps) {
    check_ids(process.user, *plan.id_maps, findings);
    out.set_groups = !plan.id_maps->deny_setgroups;
  }
  out.has_capabilities = process.capabilities.has_value();
  if (process.capabilities) {
    out.capabilities = plan_capabilities(*process.capabilities, facts, plan, findings);
  }
  out.no_new_privileges = process.no_new_privileges;
  // "unconfined" is the name of having none.
  if (process.apparmor_profile != "unconfined") out.apparmor_profile = process.apparmor_profile;
  out.selinux_label = process.selinux_label;
  return out;
}

}  // namespace asylum::plan
