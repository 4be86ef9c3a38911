// SPDX-License-Identifier: Apache-2.0
// The verb create.
#include "runtime/container/verbs/create.h"

#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/container/state/settings.h"
#include "runtime/container/verbs/create_options.h"
#include "runtime/container/verbs/make_container.h"
#include "runtime/container/verbs/prepare.h"

namespace asylum::container {

void create(Settings settings, const CreateOptions& options, std::optional<Bundle> bundle) {
  Preparation preparation = prepare(settings, options, std::move(bundle), Attachment::detached);
  static_cast<void>(make_container(settings, options, preparation, Attachment::detached));
}

}  // namespace asylum::container
