// SPDX-License-Identifier: Apache-2.0
// The copy of its config that a container keeps in its state directory: as it was at create, but
// for the limits that `update` has changed since.
#pragma once

#include <optional>
#include <string>

#include "runtime/container/state/settings.h"
#include "spec/json/tree.h"
#include "spec/spec.h"

namespace asylum::container {

inline constexpr char kConfigName[] = "config.json";

/// Throws when it is missing or not to be believed (sys/own_file.h).
spec::Document read_saved_config(int state_directory);

/// For those to whom a container without a readable config is as good as none.
std::optional<spec::Spec> try_read_saved_spec(int state_directory);
std::optional<spec::Spec> try_read_saved_spec(const Settings& settings, const std::string& id);

}  // namespace asylum::container
