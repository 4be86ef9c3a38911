// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/json_writer.h"

#include "runtime/base/line_text.h"
#include "runtime/base/text.h"

namespace asylum {
namespace {

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (byte >= 0x20) {
    out += c;
    return;
  }
  out += "\\u00";
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (length == 1) {
      append_escaped(out, text.front());
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

void JsonWriter::new_line() {
  if (indent_.empty()) return;
  out_ += '\n';
  for (std::size_t i = 0; i < depth_; ++i) out_ += indent_;
}

void JsonWriter::begin_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (depth_ == 0) return;
  if (!empty_) out_ += ',';
  new_line();
  empty_ = false;
}

void JsonWriter::open(char bracket) {
  begin_value();
  out_ += bracket;
  ++depth_;
  empty_ = true;
}

void JsonWriter::close(char bracket) {
  --depth_;
  if (!empty_) new_line();
  out_ += bracket;
  empty_ = false;
}

void JsonWriter::key(std::string_view name) {
  begin_value();
  append_json_string(out_, name);
  out_ += indent_.empty() ? ":" : ": ";
  after_key_ = true;
}

void JsonWriter::text(std::string_view value) {
  begin_value();
  append_json_string(out_, value);
}

void JsonWriter::boolean(bool value) {
  raw(value ? "true" : "false");
}
void JsonWriter::number(std::int64_t value) {
  raw(cat(value));
}
void JsonWriter::number(std::uint64_t value) {
  raw(cat(value));
}

void JsonWriter::raw(std::string_view json) {
  begin_value();
  out_ += json;
}

}  // namespace asylum
