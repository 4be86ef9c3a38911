// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/both/channel.h"

#include <errno.h>
#include <unistd.h>

#include <string>

#include "runtime/base/log.h"
#include "runtime/base/text.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/socket.h"

namespace asylum::process {
namespace {

Message message_of(MessageType type) {
  Message message;
  message.type = type;
  return message;
}

std::optional<Message> receive_from(const sys::Fd& socket) {
  auto received = sys::receive_message(socket.get());
  if (!received) return std::nullopt;
  Message message = decode(received->bytes);
  message.fds = std::move(received->fds);
  message.sender = received->sender;
  return message;
}

bool log_line(const Message& message) {
  if (message.type == MessageType::warning) {
    log::warning(message.text, message.pointer);
  } else if (message.type == MessageType::debug) {
    log::debug(message.text);
  } else {
    return false;
  }
  return true;
}

bool is_end_of_main(int error_number) {
  return error_number == EPIPE || error_number == ECONNRESET;
}

sys::Fd only_descriptor(Message& message) {
  if (message.fds.size() != 1) {
    throw Error(ErrorKind::internal, cat("message ", name_of(message.type), " came with ",
                                         message.fds.size(), " descriptors, not one"));
  }
  return std::move(message.fds.front());
}

}  // namespace

// ---- init ---------------------------------------------------------------------------------------

// Init cannot go on without main: nobody would clean up after it, so it leaves without a word.
void ChildChannel::send(const Message& message, int fd) {
  const std::span<const int> fds(&fd, fd >= 0 ? 1 : 0);
  if (!sys::try_send_message(socket_.get(), encode(message), fds)) sys::exit_now(1);
}

Message ChildChannel::expect(MessageType type) {
  auto message = receive_from(socket_);
  if (!message) sys::exit_now(1);
  if (message->type == type) return std::move(*message);
  throw Error(ErrorKind::internal,
              cat("init waited for ", name_of(type), " and got ", name_of(message->type)));
}

void ChildChannel::want_id_maps() {
  send(message_of(MessageType::want_id_maps));
  expect(MessageType::id_maps_written);
}

void ChildChannel::want_hooks() {
  send(message_of(MessageType::want_hooks));
  expect(MessageType::hooks_done);
}

void ChildChannel::want_container_hooks() {
  send(message_of(MessageType::want_container_hooks));
  expect(MessageType::hooks_done);
}

void ChildChannel::announce_attachment(std::uint64_t mount_id) {
  Message message = message_of(MessageType::attaching);
  message.number = static_cast<std::int64_t>(mount_id);
  send(message);
  expect(MessageType::attachment_noted);
}

sys::Fd ChildChannel::want_mount_source(std::size_t mount_index) {
  Message request = message_of(MessageType::want_mount_source);
  request.number = static_cast<std::int64_t>(mount_index);
  send(request);
  Message answer = expect(MessageType::mount_source);
  return only_descriptor(answer);
}

sys::Fd ChildChannel::want_filter() {
  send(message_of(MessageType::want_filter));
  Message answer = expect(MessageType::filter);
  return answer.fds.empty() ? sys::Fd() : only_descriptor(answer);
}

void ChildChannel::send_console(int master) {
  send(message_of(MessageType::console), master);
}

void ChildChannel::born(pid_t child) {
  Message message = message_of(MessageType::born);
  message.number = child;
  send_by_write(message);
}

std::int64_t ChildChannel::expect_proceed() {
  return expect_by_read(MessageType::proceed).number;
}

void ChildChannel::ready() {
  send_by_write(message_of(MessageType::ready));
}

void ChildChannel::expect_commit() {
  expect_by_read(MessageType::committed);
}

void ChildChannel::hand_over_listener(int listener) {
  Message message = message_of(MessageType::listener);
  message.number = listener;
  send_by_write(message);
  expect_by_read(MessageType::listener_taken);
}

// Any other error than main's end is said, by another write: the kernel may be out of memory for a
// moment (ENOBUFS), and main knows nothing of an end without a word.
void ChildChannel::send_by_write(const Message& message) {
  const std::string bytes = encode(message);
  // One write(2) on a SOCK_SEQPACKET socket is one message.
  if (::write(socket_.get(), bytes.data(), bytes.size()) >= 0) return;
  if (is_end_of_main(errno)) sys::exit_now(1);
  throw_os("write", errno, cat("send ", name_of(message.type), " to main"));
}

Message ChildChannel::expect_by_read(MessageType type) {
  char bytes[64];
  ssize_t size = 0;
  do {
    size = ::read(socket_.get(), bytes, sizeof bytes);
  } while (size < 0 && errno == EINTR);
  if (size == 0 || (size < 0 && is_end_of_main(errno))) sys::exit_now(1);
  if (size < 0) throw_os("read", errno, cat("wait for ", name_of(type), " of main"));
  Message message = decode({bytes, static_cast<std::size_t>(size)});
  if (message.type == type) return message;
  throw Error(ErrorKind::internal,
              cat("init waited for ", name_of(type), " and got ", name_of(message.type)));
}

void ChildChannel::failed(const Error& error) noexcept {
  try {
    Message message = message_of(MessageType::failed);
    message.error = error;
    send_by_write(message);
  } catch (...) {
    // Main sees our death instead, and explains that.
  }
}

void ChildChannel::warning(std::string_view text, std::string_view pointer) {
  Message message = message_of(MessageType::warning);
  message.text = text;
  message.pointer = pointer;
  send_by_write(message);
}

void ChildChannel::debug(std::string_view text) noexcept {
  try {
    Message message = message_of(MessageType::debug);
    message.text = text;
    send_by_write(message);
  } catch (...) {
    // It comes from the end of a step, of a failed one too, whose error is more than this line.
  }
}

// ---- main ---------------------------------------------------------------------------------------

// When init is gone, what it said last is still to be read: the end of file after it tells.
void ParentChannel::send(const Message& message, int fd) {
  const std::span<const int> fds(&fd, fd >= 0 ? 1 : 0);
  (void)sys::try_send_message(socket_.get(), encode(message), fds);
}

void ParentChannel::ask_for_senders() {
  sys::ask_for_senders(socket_.get());
}

std::optional<Message> ParentChannel::receive(const Speaker& speaker) {
  for (;;) {
    if (!await_child(socket_.get(), speaker.child)) return std::nullopt;
    auto message = receive_from(socket_);
    if (!message) return std::nullopt;
    if (!speaker.is_alone && message->sender != speaker.child.pid) {
      throw Error(ErrorKind::internal, cat("process ", message->sender, " sent ",
                                           name_of(message->type), " in the name of another"));
    }
    if (!speaker.may_log || !log_line(*message)) return message;
  }
}

void ParentChannel::proceed(std::int64_t host_pid) {
  Message message = message_of(MessageType::proceed);
  message.number = host_pid;
  send(message);
}

void ParentChannel::id_maps_written() {
  send(message_of(MessageType::id_maps_written));
}

void ParentChannel::hooks_done() {
  send(message_of(MessageType::hooks_done));
}

void ParentChannel::mount_source(const sys::Fd& mount) {
  send(message_of(MessageType::mount_source), mount.get());
}

void ParentChannel::filter(const sys::Fd& program) {
  send(message_of(MessageType::filter), program.get());
}

void ParentChannel::attachment_noted() {
  send(message_of(MessageType::attachment_noted));
}

void ParentChannel::listener_taken() {
  send(message_of(MessageType::listener_taken));
}

void ParentChannel::committed() {
  send(message_of(MessageType::committed));
}

std::pair<ParentChannel, ChildChannel> make_channel() {
  sys::SocketPair pair = sys::seqpacket_pair();
  return {ParentChannel(std::move(pair.ours)), ChildChannel(std::move(pair.theirs))};
}

}  // namespace asylum::process
