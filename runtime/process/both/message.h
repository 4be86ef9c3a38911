// SPDX-License-Identifier: Apache-2.0
// What main and init say to each other: one message a datagram, descriptors ride along. PROTOCOL.md
// has the order.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/sys/fd.h"

namespace asylum::process {

enum class MessageType : std::uint8_t {
  // main → init
  proceed,     // maps are written, init is in the journal; number = its own pid as the host sees it
  hooks_done,  // prestart and createRuntime hooks have run, or those of createContainer
  id_maps_written,  // answer to want_id_maps
  mount_source,     // answer to want_mount_source; one descriptor (a detached mount)
  filter,  // answer to want_filter; one descriptor (sealed memfd of sock_filter[]), or none
  attachment_noted,  // answer to attaching
  listener_taken,    // answer to listener
  committed,         // state is on disk: go to the gate
  // init → main
  want_id_maps,          // of a builder alone: its user namespace is made
  want_hooks,            // namespaces exist, mounts are done, before pivot_root
  want_container_hooks,  // of a builder whose children would be born into the pid namespace
  want_mount_source,     // number = index into plan.mounts
  console,               // one descriptor: the pty master
  attaching,  // number = id of the mount that will be the root in a joined mount namespace
  want_filter,
  born,      // of a bridge alone: number = pid of its child as the host sees it, which goes on
  listener,  // number = init's descriptor of the seccomp listener, to be fetched with pidfd_getfd
  ready,     // everything before the gate has succeeded
  // init → main, at any time
  failed,   // error
  warning,  // text, pointer
  debug,    // text
};

std::string_view name_of(MessageType type);

struct Message {
  MessageType type{};
  std::int64_t number = 0;
  std::string text;
  std::string pointer;
  std::optional<Error> error;
  std::vector<sys::Fd> fds;  // beside the bytes, as SCM_RIGHTS
  pid_t sender = 0;          // by the kernel's word, where main has asked for it (bridges)
};

/// Bytes of one datagram, without the descriptors; every string is cut at 4 KiB, long lists too.
/// Pure.
std::string encode(const Message& message);
/// Throws ErrorKind::internal if the bytes are not a message (fuzzed).
Message decode(std::string_view bytes);

/// An Error alone, as the start gate's answer carries it.
std::string encode_error(const Error& error);
std::optional<Error> decode_error(std::string_view bytes);

}  // namespace asylum::process
