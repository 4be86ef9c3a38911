// SPDX-License-Identifier: Apache-2.0
// sd_notify(3) out of a container: a socket of ours inside, READY passed on to the service
// manager's. As runc does it: nothing but READY goes through, MAINPID is what we say it is.
// Runs in: main.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "runtime/sys/fd.h"

namespace asylum::process {

/// Where the container finds the socket: the directory is a mount, see plan::Request.
inline constexpr char kNotifySocketName[] = "notify.sock";

/// The lines of a notification that begin with READY=, each with its newline; "" if there is none.
std::string ready_lines(std::string_view notification);

class NotifySocket {
 public:
  /// Binds kNotifySocketName in `directory`, for everybody who can reach it, and connects to the
  /// service manager's `manager`: a path, or "@name" in the abstract name space. Throws.
  NotifySocket(int directory, const std::string& manager);

  /// Readable when the container has said something.
  int fd() const { return inside_.get(); }

  /// Takes one notification. If it says READY the manager is told so, with MAINPID=`main_pid`, and
  /// this returns true. Never blocks; a manager that is gone is a warning.
  bool pass_on(pid_t main_pid);

  /// Until READY has been passed on and the manager has taken it (BARRIER, 30 s at most), or the
  /// process of `pidfd` has ended.
  void wait_for_ready(int pidfd, pid_t main_pid);

 private:
  void wait_for_manager();

  sys::Fd inside_;
  sys::Fd manager_;
};

}  // namespace asylum::process
