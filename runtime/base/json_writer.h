// SPDX-License-Identifier: Apache-2.0
// JSON text, piece by piece: the caller decides the order, the writer the commas, the indentation
// and the escapes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace asylum {

class JsonWriter {
 public:
  /// `indent` is one level's ("\t", "  "); "" puts all on one line.
  explicit JsonWriter(std::string_view indent) : indent_(indent) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  void key(std::string_view name);

  void text(std::string_view value);  // bytes that are not UTF-8 become U+FFFD
  void boolean(bool value);
  void number(std::int64_t value);
  void number(std::uint64_t value);
  void raw(std::string_view json);  // must be JSON

  void member(std::string_view name, std::string_view value) {
    key(name);
    text(value);
  }
  void member(std::string_view name, std::int64_t value) {
    key(name);
    number(value);
  }

  /// The finished text, without a newline at the end.
  std::string take() { return std::move(out_); }

 private:
  void open(char bracket);
  void close(char bracket);
  void begin_value();
  void new_line();

  std::string_view indent_;
  std::string out_;
  std::size_t depth_ = 0;
  bool empty_ = true;  // nothing in the innermost container yet
  bool after_key_ = false;
};

/// Text in double quotes as JSON wants it; no slash is escaped (some readers of hooks cannot undo
/// it).
void append_json_string(std::string& out, std::string_view text);

}  // namespace asylum
