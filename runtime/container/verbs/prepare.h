// SPDX-License-Identifier: Apache-2.0
// From the command line to a plan: everything that can be refused before the host is touched.
#pragma once

#include <cstdint>
#include <optional>

#include "runtime/container/host/bundle.h"
#include "runtime/container/state/settings.h"
#include "runtime/container/verbs/create_options.h"
#include "runtime/plan/types/host_facts.h"
#include "runtime/plan/types/plan.h"

namespace asylum::container {

/// Whether this command stays with the program until it ends.
enum class Attachment : std::uint8_t { foreground, detached };

/// Everything that can be known and refused before the host is touched.
struct Preparation {
  Bundle bundle;
  plan::HostFacts facts;
  plan::Plan plan;
};

/// Parse (unless `bundle` is that already), validate, probe, plan. All findings in one Error. No
/// effect on the host.
Preparation prepare(const Settings& settings, const CreateOptions& options,
                    std::optional<Bundle> bundle, Attachment attachment);

}  // namespace asylum::container
