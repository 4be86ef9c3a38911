// SPDX-License-Identifier: Apache-2.0
#include "spec/state.h"

#include "runtime/base/json_writer.h"

namespace asylum::spec {
namespace {

void write_annotations(JsonWriter& json, const State& state) {
  if (state.annotations.empty()) return;
  json.key("annotations");
  json.begin_object();
  for (const KeyValue& annotation : state.annotations)
    json.member(annotation.key, annotation.value);
  json.end_object();
}

void write_members(JsonWriter& json, const State& state) {
  json.begin_object();
  json.member("ociVersion", state.oci_version);
  json.member("id", state.id);
  json.member("pid", std::int64_t{state.pid});
  json.member("status", state.status);
  json.member("bundle", state.bundle);
  json.member("rootfs", state.rootfs);
  json.member("created", state.created);
  write_annotations(json, state);
  json.member("owner", state.owner);
  if (state.interrupted) {
    json.key("interrupted");
    json.boolean(true);
  }
  json.end_object();
}

}  // namespace

std::string write_state(const State& state) {
  JsonWriter json("  ");
  write_members(json, state);
  return json.take();
}

std::string write_states(std::span<const State> states) {
  if (states.empty()) return "null";
  JsonWriter json("");
  json.begin_array();
  for (const State& state : states) write_members(json, state);
  json.end_array();
  return json.take();
}

}  // namespace asylum::spec
