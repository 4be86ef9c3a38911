// SPDX-License-Identifier: Apache-2.0
// The two ends of the dialogue's socket: different types with different verbs, so that misuse does
// not compile.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "runtime/process/both/await_child.h"
#include "runtime/process/both/message.h"

namespace asylum::process {

/// Runs in: init.
class ChildChannel {
 public:
  explicit ChildChannel(sys::Fd socket) : socket_(std::move(socket)) {}

  /// Waits for exactly this message. End of file: main is gone, so init leaves at once (_exit).
  /// Anything else throws.
  Message expect(MessageType type);
  void want_id_maps();  // returns when they are written
  void want_hooks();
  void want_container_hooks();
  sys::Fd want_mount_source(std::size_t mount_index);  // returns the detached mount
  sys::Fd want_filter();                               // an empty Fd if there is none
  void send_console(int master);
  void announce_attachment(std::uint64_t mount_id);  // returns when main has noted it
  /// Of a bridge: its child goes on from here. By write(2) alone, as is all below: the container's
  /// filter may be in place.
  void born(pid_t child);
  void ready();
  /// Waits for `proceed` by read(2) alone; our pid as the host sees it. End of file: _exit.
  std::int64_t expect_proceed();
  /// Waits for `committed` by read(2) alone. End of file: _exit.
  void expect_commit();
  /// By write(2) and read(2) alone, as the filter is loaded; returns when main has its own copy of
  /// the descriptor.
  void hand_over_listener(int listener);
  void failed(const Error& error) noexcept;
  void warning(std::string_view text, std::string_view pointer);
  /// A line that cannot be sent is lost.
  void debug(std::string_view text) noexcept;
  void close() { socket_ = sys::Fd(); }
  int descriptor() const { return socket_.get(); }

 private:
  void send(const Message& message, int fd = -1);
  void send_by_write(const Message& message);
  Message expect_by_read(MessageType type);
  sys::Fd socket_;
};

/// Whom main listens to. With a bridge the other end of the socket is in two processes, one of
/// which the container can get hold of.
struct Speaker {
  AwaitedChild child;    // its end is the end of the dialogue, whoever still holds the socket
  bool is_alone = true;  // at the other end; else a message of any other process is an error
  bool may_log = true;   // warnings and debug lines go to the log; else they are messages
};

/// Runs in: main.
class ParentChannel {
 public:
  explicit ParentChannel(sys::Fd socket) : socket_(std::move(socket)) {}

  /// From here on messages carry their sender: before any is sent that needs one.
  void ask_for_senders();
  /// The next message but what goes to the log; nothing at end of file. Here, and nowhere else,
  /// main waits for the other side. Throws ErrorKind::internal for another speaker, and what
  /// await_child() throws.
  std::optional<Message> receive(const Speaker& speaker = {});
  void proceed(std::int64_t host_pid);
  void id_maps_written();
  void hooks_done();
  void mount_source(const sys::Fd& mount);
  void attachment_noted();
  void filter(const sys::Fd& program);
  void listener_taken();
  void committed();
  sys::Fd release() { return std::move(socket_); }

 private:
  void send(const Message& message, int fd = -1);
  sys::Fd socket_;
};

std::pair<ParentChannel, ChildChannel> make_channel();

}  // namespace asylum::process
