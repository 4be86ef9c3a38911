// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/verbs/forget.h"

#include <string.h>

#include <string>
#include <vector>

#include "runtime/plan/types/plan.h"

namespace asylum::container {
namespace {

void wipe(std::string& text) {
  ::explicit_bzero(text.data(), text.size());
  text.clear();
}

void wipe(std::vector<std::string>& texts) {
  for (std::string& text : texts) wipe(text);
  texts.clear();
}

void wipe(spec::JsonValue& value) {
  wipe(value.text);
  wipe(value.key);
  for (spec::JsonValue& child : value.children) wipe(child);
}

template <typename Hook>
void wipe(std::vector<Hook>& hooks) {
  for (Hook& hook : hooks) {
    wipe(hook.path);
    wipe(hook.args);
    if (hook.env) wipe(*hook.env);
  }
  hooks.clear();
}

void forget(plan::StateSeed& state) {
  wipe(state.bundle);
  for (auto& [key, value] : state.annotations) wipe(value);
  state.annotations.clear();
}

}  // namespace

void forget(std::string& text) {
  wipe(text);
}

void forget(spec::Document& document) {
  wipe(document.text);
  wipe(document.root);
}

void forget(spec::Spec& spec) {
  spec::Hooks& hooks = spec.hooks;
  for (auto* stage : {&hooks.prestart, &hooks.create_runtime, &hooks.create_container,
                      &hooks.start_container, &hooks.poststart, &hooks.poststop}) {
    wipe(*stage);
  }
}

void forget(Bundle& bundle) {
  forget(bundle.document);
  forget(bundle.spec);
  for (spec::Mount& mount : bundle.spec.mounts) wipe(mount.source);
  for (spec::KeyValue& annotation : bundle.spec.annotations) wipe(annotation.value);
  if (bundle.spec.root) wipe(bundle.spec.root->path);
  wipe(bundle.directory);
}

void forget(plan::Plan& plan) {
  const auto& own = plan.hooks_of(HookStage::start_container);
  for (std::vector<plan::Hook>& stage : plan.hooks) {
    if (&stage != &own) wipe(stage);
  }
  for (plan::Mount& mount : plan.mounts) wipe(mount.source);
  wipe(plan.root.path);
  if (own.empty()) forget(plan.state);
}

void forget(Record& record) {
  wipe(record.poststart);
  wipe(record.poststop);
  wipe(record.rootfs);
  forget(record.state);
}

void forget(Settings& settings) {
  wipe(settings.root);
}

}  // namespace asylum::container
