// SPDX-License-Identifier: Apache-2.0
// Overwrites in memory what a process of ours in the container must not carry there: whoever may
// trace it reads it. Makes no system call.
#pragma once

#include <string>

#include "runtime/container/host/bundle.h"
#include "runtime/container/state/record.h"
#include "runtime/container/state/settings.h"
#include "spec/json/tree.h"
#include "spec/spec.h"

namespace asylum::plan {
struct Plan;
}

namespace asylum::container {

void forget(std::string& text);
/// The text and every string of it.
void forget(spec::Document& document);
/// Its hooks. They are of the container's life, not of a process that is added to it.
void forget(spec::Spec& spec);
/// The document, hooks, annotations, paths of the host.
void forget(Bundle& bundle);
/// Hooks and their environment, annotations, paths of the host; but startContainer hooks, which the
/// process itself runs, and what they are told.
void forget(plan::Plan& plan);
void forget(Record& record);
/// The path of the state directory.
void forget(Settings& settings);

}  // namespace asylum::container
