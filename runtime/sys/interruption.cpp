// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/interruption.h"

#include <signal.h>

#include "runtime/base/text.h"
#include "runtime/sys/signals.h"

namespace asylum::sys {
namespace {

int listening = -1;

sigset_t ending_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGQUIT}) ::sigaddset(&set, signal);
  return set;
}

}  // namespace

Interruption::Interruption(int signal_number)
    : Error(ErrorKind::interrupted, cat("ended by ", signal_name(signal_number))),
      signal(signal_number) {}

Interruptible::Interruptible() : fd_(make_signalfd(ending_signals())) {
  listening = fd_.get();
}

Interruptible::~Interruptible() {
  forget_interruption();
}

int interruption_fd() {
  return listening;
}

void take_interruption() {
  const auto info = read_signal(listening);
  if (!info) return;  // somebody else has read it: a debugger's SIGINT, say
  forget_interruption();
  throw Interruption(info->signal);
}

void forget_interruption() {
  listening = -1;
}

}  // namespace asylum::sys
