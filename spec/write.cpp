// SPDX-License-Identifier: Apache-2.0
#include "spec/write.h"

#include <concepts>
#include <type_traits>

#include "runtime/base/json_writer.h"
#include "spec/names.h"
#include "spec/properties_linux.h"
#include "spec/properties_process.h"
#include "spec/properties_resources.h"
#include "spec/properties_seccomp.h"

namespace asylum::spec {
namespace {

constexpr std::string_view kIndent = "\t";

template <typename Value>
void write_value(JsonWriter& json, const Value& value);
template <typename Value>
void write_value(JsonWriter& json, const std::vector<Value>& values);
void write_value(JsonWriter& json, const std::vector<KeyValue>& members);

void write_unknown(JsonWriter& json, const Unknown& unknown) {
  for (const UnknownKey& member : unknown) {
    json.key(member.key);
    json.raw(member.json);
  }
}

/// The writing archive of properties.h.
class ObjectWriter {
 public:
  static constexpr bool reading = false;
  explicit ObjectWriter(JsonWriter& json) : json_(json) {}

  template <typename Value>
  void required(std::string_view key, const Value& value) {
    json_.key(key);
    write_value(json_, value);
  }
  template <typename Value>
  void required(std::string_view key, const std::optional<Value>& value) {
    if (value) required(key, *value);
  }
  template <typename Value>
  void always(std::string_view key, const Value& value) {
    required(key, value);
  }
  template <typename Value>
  void member(std::string_view key, const Value& value) {
    if (!(value == Value{})) required(key, value);
  }
  template <typename Describe>
  void group(std::string_view key, bool present, const Describe& describe_members,
             const Unknown& unknown) {
    if (!present && unknown.empty()) return;
    json_.key(key);
    json_.begin_object();
    describe_members(*this);
    write_unknown(json_, unknown);
    json_.end_object();
  }
  void foreign(std::string_view) {}
  void platform(std::string_view key, const Unknown& kept) {
    for (const UnknownKey& section : kept) {
      if (section.key == key) write_unknown(json_, {section});
    }
  }

 private:
  JsonWriter& json_;
};

template <typename Value>
void write_members(JsonWriter& json, const Value& value) {
  json.begin_object();
  ObjectWriter writer(json);
  describe(writer, value);
  write_unknown(json, value.unknown);
  json.end_object();
}

template <typename Value>
void write_value(JsonWriter& json, const Value& value) {
  if constexpr (std::same_as<Value, bool>) {
    json.boolean(value);
  } else if constexpr (std::unsigned_integral<Value>) {
    json.number(std::uint64_t{value});
  } else if constexpr (std::signed_integral<Value>) {
    json.number(std::int64_t{value});
  } else if constexpr (std::same_as<Value, std::string>) {
    json.text(value);
  } else if constexpr (std::is_enum_v<Value> || std::same_as<Value, PropagationChange>) {
    json.text(word_of(value));
  } else {
    write_members(json, value);
  }
}

template <typename Value>
void write_value(JsonWriter& json, const std::vector<Value>& values) {
  constexpr bool keyed = requires(const Value& value) {
    key_of(value);
  };
  keyed ? json.begin_object() : json.begin_array();
  for (const Value& value : values) {
    if constexpr (keyed) json.key(key_of(value));
    write_value(json, value);
  }
  keyed ? json.end_object() : json.end_array();
}

void write_value(JsonWriter& json, const std::vector<KeyValue>& members) {
  json.begin_object();
  for (const KeyValue& member : members) {
    json.key(member.key);
    json.text(member.value);
  }
  json.end_object();
}

template <typename Value>
std::string write_document(const Value& value) {
  JsonWriter json(kIndent);
  write_members(json, value);
  return json.take();
}

}  // namespace

std::string write(const Spec& spec) {
  return write_document(spec);
}
std::string write(const Resources& resources) {
  return write_document(resources);
}
std::string write(const Process& process) {
  return write_document(process);
}

}  // namespace asylum::spec
