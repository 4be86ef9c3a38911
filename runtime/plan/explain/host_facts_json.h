// SPDX-License-Identifier: Apache-2.0
// HostFacts as a JSON document: what `explain --facts FILE` reads and `explain` can be asked to
// plan for.
#pragma once

#include <string>
#include <string_view>

#include "runtime/plan/types/host_facts.h"

namespace asylum {
class JsonWriter;
}

namespace asylum::plan {

/// Keys are the fields' names; what is absent keeps its default. Throws Error{invalid_config} with
/// all findings for a text that is not JSON, a wrong type or an unknown key.
HostFacts read_host_facts(std::string_view json);

/// Every field, indented, with a newline at the end. read_host_facts() gives the same facts back.
std::string write_host_facts(const HostFacts& facts);
/// The same object as one value of a larger document.
void write_host_facts(const HostFacts& facts, JsonWriter& writer);

}  // namespace asylum::plan
