// SPDX-License-Identifier: Apache-2.0
// The verb create.
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/container/container.h"
#include "runtime/container/creation.h"

namespace asylum::container {

void create(Settings settings, const CreateOptions& options, std::optional<Bundle> bundle) {
  Preparation preparation = prepare(settings, options, std::move(bundle), Attachment::detached);
  static_cast<void>(make_container(settings, options, preparation, Attachment::detached));
}

}  // namespace asylum::container
