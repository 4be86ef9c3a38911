// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/loopback.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "runtime/base/error.h"
#include "runtime/sys/fd.h"

namespace asylum::sys {

void bring_loopback_up() {
  // Device ioctls go through a socket of any family; AF_UNIX is there even in a kernel without
  // IPv4.
  const Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) throw_os("socket", errno, "make a unix socket");
  ifreq request{};
  std::memcpy(request.ifr_name, "lo", sizeof "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  if (::ioctl(socket.get(), SIOCSIFFLAGS, &request) != 0)
    throw_os("ioctl", errno, "bring device \"lo\" up");
}

}  // namespace asylum::sys
