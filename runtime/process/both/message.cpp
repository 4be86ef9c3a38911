// SPDX-License-Identifier: Apache-2.0
// Runs in: main and init, on both sides of the socket; in start, on the gate's answer.
#include "runtime/process/both/message.h"

#include "runtime/base/archive.h"
#include "runtime/base/error_archive.h"

namespace asylum::process {
namespace {

constexpr std::uint8_t kMessageMark = 0xA5;

void describe(auto& archive, Of<Message> auto& message) {
  auto& [type, number, text, pointer, error, fds, sender] = message;
  static_cast<void>(fds);  // these two come beside the bytes
  static_cast<void>(sender);
  archive.mark(kMessageMark);
  archive.one_of(type, MessageType::debug);
  archive.number(number);
  archive.text(text);
  archive.text(pointer);
  archive.maybe(
      error, [] { return Error(ErrorKind::internal, {}); },
      [&](auto& failure) { describe(archive, failure); });
}

}  // namespace

std::string_view name_of(MessageType type) {
  switch (type) {
    case MessageType::proceed:
      return "proceed";
    case MessageType::hooks_done:
      return "hooks_done";
    case MessageType::id_maps_written:
      return "id_maps_written";
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
    case MessageType::want_id_maps:
      return "want_id_maps";
    case MessageType::want_hooks:
      return "want_hooks";
    case MessageType::want_container_hooks:
      return "want_container_hooks";
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
  MessageWriter out;
  describe(out, message);
  return out.take();
}

Message decode(std::string_view bytes) {
  MessageReader in(bytes);
  Message message;
  describe(in, message);
  in.end();
  return message;
}

std::string encode_error(const Error& error) {
  MessageWriter out;
  describe(out, error);
  return out.take();
}

std::optional<Error> decode_error(std::string_view bytes) {
  try {
    MessageReader in(bytes);
    Error error(ErrorKind::internal, {});
    describe(in, error);
    in.end();
    return error;
  } catch (const Error&) {
    return std::nullopt;  // what a dying init left half-written is not an answer
  }
}

}  // namespace asylum::process
