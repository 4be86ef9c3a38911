// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/saved_config.h"

#include <utility>

#include "runtime/base/error.h"
#include "runtime/container/state/state_store.h"
#include "runtime/sys/own_file.h"
#include "spec/read/read.h"

namespace asylum::container {

spec::Document read_saved_config(int state_directory) {
  return spec::parse_document(sys::read_own_file(state_directory, kConfigName));
}

std::optional<spec::Spec> try_read_saved_spec(int state_directory) {
  try {
    spec::Reading reading = spec::read(read_saved_config(state_directory));
    if (spec::has_errors(reading.findings)) return std::nullopt;
    return std::move(reading.spec);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::optional<spec::Spec> try_read_saved_spec(const Settings& settings, const std::string& id) {
  try {
    const auto directory = StateStore(settings).try_open(id);
    return directory ? try_read_saved_spec(directory->get()) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace asylum::container
