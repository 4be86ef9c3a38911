// SPDX-License-Identifier: Apache-2.0
#include "runtime/late/main/helper.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <optional>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/late/main/program_path.h"
#include "runtime/sys/file.h"
#include "runtime/sys/own_file.h"
#include "runtime/sys/process/captured_child.h"
#include "runtime/sys/socket.h"

namespace asylum::late {
namespace {

void check_trusted(const sys::Fd& file, const std::string& path) {
  const std::string why = sys::distrust(sys::status_of(file.get()));
  if (why.empty()) return;
  throw Error(ErrorKind::denied, cat("the helper program is not executed: ", quote(path), " ", why))
      .with_hint("it and its directory must be owned by root, or by who runs asylum-runc");
}

std::optional<Helper> try_open(const std::string& directory) {
  const auto folder = sys::try_open_at(AT_FDCWD, directory, O_PATH | O_DIRECTORY);
  if (!folder) return std::nullopt;
  auto file = sys::try_open_at(folder->get(), kHelperName, O_PATH | O_NOFOLLOW);
  if (!file) return std::nullopt;
  const std::string path = cat(directory, "/", kHelperName);
  if (!S_ISREG(sys::status_of(file->get()).st_mode)) {
    throw Error(ErrorKind::denied, cat("the helper program ", quote(path), " is no regular file"));
  }
  check_trusted(*folder, directory);
  check_trusted(*file, path);
  return Helper{path, std::move(*file)};
}

std::vector<std::string> directories() {
  std::vector<std::string> all;
  const std::string program = program_path();
  if (const std::size_t end = program.rfind('/'); end != std::string::npos) {
    all.push_back(program.substr(0, end));
    all.push_back(clean_path(cat(all.back(), "/", ASYLUM_LATE_FROM_PROGRAM)));
  }
  all.emplace_back(ASYLUM_LATE_DIRECTORY);
  return all;
}

[[noreturn]] void refuse(const Helper& helper, const std::string& how,
                         const sys::CapturedEnd& end) {
  const std::string words = sys::last_words(end);
  const ErrorKind kind = end.timed_out ? ErrorKind::timed_out : ErrorKind::os;
  throw Error(kind, cat("the helper program ", quote(helper.path), " ", how,
                        words.empty() ? "" : ": ", words));
}

// What the helper has said so far.
struct Answer {
  std::vector<MountRow> rows;
  std::optional<Error> error;
  bool complete = false;

  void take(Message message) {
    if (message.word == Word::mount) rows.push_back(std::move(message.mount));
    if (message.word == Word::failed) error = std::move(message.error);
    if (message.word == Word::end) complete = true;
  }
};

}  // namespace

Helper find_helper() {
  std::string places;
  for (const std::string& directory : directories()) {
    if (auto helper = try_open(directory)) return std::move(*helper);
    places += cat(places.empty() ? "" : " nor ", quote(cat(directory, "/", kHelperName)));
  }
  throw Error(ErrorKind::not_found, cat("the helper program is not installed: neither ", places))
      .with_hint(cat(kHelperName, " is a part of asylum-runc: install both"));
}

std::vector<MountRow> read_mount_table(const Helper& helper, std::uint32_t timeout_s) {
  const Step step{"read the mount table"};
  const sys::SocketPair sockets = sys::seqpacket_pair();
  sys::send_message(sockets.ours.get(),
                    encode({.word = Word::want_mounts, .text = ASYLUM_VERSION}));
  Answer answer;
  const auto heard = [&] {
    if (auto received = sys::receive_message(sockets.ours.get())) {
      answer.take(decode(received->bytes));
    }
  };
  const sys::Talk talk{sockets.theirs.get(), sockets.ours.get(), heard};
  const std::vector<std::string> no_environment;
  sys::CapturedRequest request;
  request.path = cat("/proc/self/fd/", helper.file.get());
  request.args = {kHelperName};
  request.env = &no_environment;
  request.talk = &talk;
  request.timeout_s = timeout_s;
  const sys::CapturedEnd end = sys::run_captured(request);
  if (answer.error) {
    Step::enclose(*answer.error);
    throw *std::move(answer.error);
  }
  if (const auto failure = sys::describe_failure(request, end)) refuse(helper, *failure, end);
  if (!answer.complete) refuse(helper, "has not answered", end);
  return std::move(answer.rows);
}

std::vector<MountRow> read_mount_table() {
  return read_mount_table(find_helper());
}

}  // namespace asylum::late
