// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/base/error.h"

namespace asylum {

/// The Error that leaves `action`; one that says so when none does.
template <typename Action>
Error thrown_by(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return {ErrorKind::internal, "nothing was thrown"};
}

}  // namespace asylum
