// SPDX-License-Identifier: Apache-2.0
// Runs in: main and init, on both sides of the socket; in start, on the gate's answer.
#include "runtime/process/message.h"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

namespace asylum::process {
namespace {

// Bounds keep the largest message under sys::kMaxMessageBytes.
constexpr std::size_t kStringLimit = 4096;
constexpr std::size_t kContextLimit = 8;
constexpr std::size_t kFindingLimit = 4;
constexpr std::uint8_t kMessageMark = 0xA5;
constexpr std::uint8_t kErrorMark = 0xE5;

class Writer {
 public:
  template <std::integral T>
  void number(T value) {
    // Both ends are one binary on one host: the machine's own byte order does.
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out_.append(bytes, sizeof bytes);
  }
  void text(std::string_view value) {
    value = value.substr(0, kStringLimit);
    number(static_cast<std::uint16_t>(value.size()));
    out_.append(value);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <std::integral T>
  T number() {
    T value{};
    const std::string_view bytes = take(sizeof value);
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  std::string text() {
    const std::size_t size = number<std::uint16_t>();
    if (size > kStringLimit) broken();
    return std::string(take(size));
  }
  std::size_t count(std::size_t limit) {
    const std::size_t n = number<std::uint8_t>();
    if (n > limit) broken();
    return n;
  }
  /// An enum whose last value is `last`.
  template <typename Enum>
  Enum one_of(Enum last) {
    const auto value = number<std::uint8_t>();
    if (value > static_cast<std::uint8_t>(last)) broken();
    return static_cast<Enum>(value);
  }
  void mark(std::uint8_t wanted) {
    if (number<std::uint8_t>() != wanted) broken();
  }
  void end() const {
    if (!rest_.empty()) broken();
  }

 private:
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) broken();
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  [[noreturn]] static void broken() {
    throw Error(ErrorKind::internal, "a message between main and init is malformed");
  }
  std::string_view rest_;
};

void write_finding(Writer& out, const Finding& finding) {
  out.number(static_cast<std::uint8_t>(finding.severity));
  out.number(static_cast<std::uint8_t>(finding.kind));
  out.text(finding.pointer);
  out.text(finding.text);
  out.text(finding.hint);
}

Finding read_finding(Reader& in) {
  Finding finding;
  finding.severity = in.one_of(Severity::warning);
  finding.kind = in.one_of(ErrorKind::internal);
  finding.pointer = in.text();
  finding.text = in.text();
  finding.hint = in.text();
  return finding;
}

void write_error(Writer& out, const Error& error) {
  out.number(kErrorMark);
  out.number(static_cast<std::uint8_t>(error.kind));
  out.number(static_cast<std::int32_t>(error.err));
  out.number(error.line);
  out.number(error.column);
  for (const std::string* text :
       {&error.detail, &error.doing, &error.pointer, &error.syscall, &error.hint}) {
    out.text(*text);
  }
  // Of too many, the outermost steps go: the inner ones say where it happened.
  const std::size_t contexts = std::min(error.context.size(), kContextLimit);
  out.number(static_cast<std::uint8_t>(contexts));
  for (std::size_t i = error.context.size() - contexts; i < error.context.size(); ++i)
    out.text(error.context[i]);
  const std::size_t findings = std::min(error.findings.size(), kFindingLimit);
  out.number(static_cast<std::uint8_t>(findings));
  for (std::size_t i = 0; i < findings; ++i) write_finding(out, error.findings[i]);
}

Error read_error(Reader& in) {
  in.mark(kErrorMark);
  Error error(in.one_of(ErrorKind::internal), {});
  error.err = in.number<std::int32_t>();
  error.line = in.number<std::uint32_t>();
  error.column = in.number<std::uint32_t>();
  // The constructor filled these from the receiver's open steps; what the sender was doing replaces
  // them.
  for (std::string* text :
       {&error.detail, &error.doing, &error.pointer, &error.syscall, &error.hint}) {
    *text = in.text();
  }
  error.context.clear();
  for (std::size_t n = in.count(kContextLimit); n > 0; --n) error.context.push_back(in.text());
  for (std::size_t n = in.count(kFindingLimit); n > 0; --n)
    error.findings.push_back(read_finding(in));
  return error;
}

}  // namespace

std::string_view name_of(MessageType type) {
  switch (type) {
    case MessageType::proceed:
      return "proceed";
    case MessageType::hooks_done:
      return "hooks_done";
    case MessageType::mount_source:
      return "mount_source";
    case MessageType::filter:
      return "filter";
    case MessageType::attachment_noted:
      return "attachment_noted";
    case MessageType::listener_taken:
      return "listener_taken";
    case MessageType::committed:
      return "committed";
    case MessageType::want_hooks:
      return "want_hooks";
    case MessageType::want_mount_source:
      return "want_mount_source";
    case MessageType::console:
      return "console";
    case MessageType::want_filter:
      return "want_filter";
    case MessageType::attaching:
      return "attaching";
    case MessageType::born:
      return "born";
    case MessageType::listener:
      return "listener";
    case MessageType::ready:
      return "ready";
    case MessageType::failed:
      return "failed";
    case MessageType::warning:
      return "warning";
    case MessageType::debug:
      return "debug";
  }
  return "unknown";
}

std::string encode(const Message& message) {
  Writer out;
  out.number(kMessageMark);
  out.number(static_cast<std::uint8_t>(message.type));
  out.number(message.number);
  out.text(message.text);
  out.text(message.pointer);
  out.number(static_cast<std::uint8_t>(message.error.has_value()));
  if (message.error) write_error(out, *message.error);
  return out.take();
}

Message decode(std::string_view bytes) {
  Reader in(bytes);
  in.mark(kMessageMark);
  Message message;
  message.type = in.one_of(MessageType::debug);
  message.number = in.number<std::int64_t>();
  message.text = in.text();
  message.pointer = in.text();
  if (in.number<std::uint8_t>() != 0) message.error = read_error(in);
  in.end();
  return message;
}

std::string encode_error(const Error& error) {
  Writer out;
  write_error(out, error);
  return out.take();
}

std::optional<Error> decode_error(std::string_view bytes) {
  try {
    Reader in(bytes);
    Error error = read_error(in);
    in.end();
    return error;
  } catch (const Error&) {
    return std::nullopt;  // what a dying init left half-written is not an answer
  }
}

}  // namespace asylum::process
