// SPDX-License-Identifier: Apache-2.0
// asylum-runc-late: answers one question of asylum-runc on its standard input, a socket, and ends.
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <string>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/late/both/words.h"
#include "runtime/late/helper/mount_table.h"
#include "runtime/sys/socket.h"

namespace {

using asylum::Error;
using asylum::ErrorKind;
using asylum::late::Message;
using asylum::late::MountRow;
using asylum::late::Word;

void say(const Message& message) {
  asylum::sys::send_message(STDIN_FILENO, encode(message));
}

void answer(const Message& question) {
  if (question.word != Word::want_mounts) {
    throw Error(ErrorKind::internal, "asylum-runc-late was asked something that it does not know");
  }
  if (question.text != ASYLUM_VERSION) {
    throw Error(ErrorKind::internal, asylum::cat("asylum-runc-late is version ", ASYLUM_VERSION,
                                                 ", asylum-runc is version ", question.text));
  }
  asylum::late::read_mounts("/proc/self/mountinfo", [](MountRow row) {
    say({.word = Word::mount, .mount = std::move(row)});
  });
  say({.word = Word::end});
}

}  // namespace

int main() {
  try {
    const auto received = asylum::sys::receive_message(STDIN_FILENO);
    if (!received) return 1;
    try {
      answer(asylum::late::decode(received->bytes));
      return 0;
    } catch (const Error& error) {
      say({.word = Word::failed, .error = error});
      return 1;
    }
  } catch (const std::exception& error) {
    // Mostly: this is no socket. It is not for people to call.
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
