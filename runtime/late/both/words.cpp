// SPDX-License-Identifier: Apache-2.0
// Runs in: the program and its late helper.
#include "runtime/late/both/words.h"

#include "runtime/base/archive.h"
#include "runtime/base/error_archive.h"

namespace asylum::late {
namespace {

constexpr std::uint8_t kMark = 0xA7;

void describe(auto& archive, Of<MountRow> auto& row) {
  auto& [id, parent_id, root, mount_point, fs_type, options] = row;
  archive.number(id);
  archive.number(parent_id);
  archive.text(root);
  archive.text(mount_point);
  archive.text(fs_type);
  archive.text(options);
}

void describe(auto& archive, Of<Message> auto& message) {
  auto& [word, text, mount, error] = message;
  archive.mark(kMark);
  archive.one_of(word, Word::failed);
  archive.text(text);
  describe(archive, mount);
  archive.maybe(
      error, [] { return Error(ErrorKind::internal, {}); },
      [&](auto& failure) { describe(archive, failure); });
}

}  // namespace

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

}  // namespace asylum::late
