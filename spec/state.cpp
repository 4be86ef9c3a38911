// SPDX-License-Identifier: Apache-2.0
#include "spec/state.h"

#include "runtime/base/json_writer.h"

namespace asylum::spec {
namespace {

void member(JsonWriter& json, std::string_view key, std::string_view text) {
  json.key(key);
  json.text(text);
}

void write_pid(JsonWriter& json, const State& state) {
  json.key("pid");
  json.number(std::int64_t{state.pid});
}

void write_annotations(JsonWriter& json, const State& state) {
  if (state.annotations.empty()) return;
  json.key("annotations");
  json.begin_object();
  for (const KeyValue& annotation : state.annotations)
    member(json, annotation.key, annotation.value);
  json.end_object();
}

void write_members(JsonWriter& json, const State& state) {
  json.begin_object();
  member(json, "ociVersion", state.oci_version);
  member(json, "id", state.id);
  write_pid(json, state);
  member(json, "status", state.status);
  member(json, "bundle", state.bundle);
  member(json, "rootfs", state.rootfs);
  member(json, "created", state.created);
  write_annotations(json, state);
  member(json, "owner", state.owner);
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
