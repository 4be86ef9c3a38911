// SPDX-License-Identifier: Apache-2.0
#include "runtime/seccomp/cache.h"

#include <seccomp.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/report.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/seccomp.h"
#include "runtime/seccomp/words.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/own_file.h"

namespace asylum::seccomp {
namespace {

constexpr char kDirectory[] = "@seccomp";
// A hash of all sources of this folder: no release uses a filter that other code has compiled.
constexpr std::string_view kCode = ASYLUM_SECCOMP_CODE;

// Length-prefixed, so that no two different rule lists give the same text.
void add_field(std::string& key, std::string_view text) {
  key += cat(text.size(), ":", text, ";");
}
void add_number(std::string& key, std::uint64_t number) {
  key += cat(number, ";");
}

void add_rule(std::string& key, const plan::SeccompRule& rule) {
  add_number(key, rule.names.size());
  for (const std::string& name : rule.names) add_field(key, name);
  add_field(key, word_of(rule.action));
  add_field(key, rule.errno_ret ? cat(*rule.errno_ret) : "-");
  add_number(key, rule.args.size());
  for (const plan::SeccompArg& arg : rule.args) {
    add_number(key, arg.index);
    add_number(key, arg.value);
    add_number(key, arg.value_two);
    add_field(key, word_of(arg.op));
  }
}

// FNV-1a: names the file; find_cached compares the whole key.
std::string file_name_of(std::string_view key) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return cat(hash);
}

}  // namespace

std::string cache_key(const plan::Seccomp& seccomp) {
  const scmp_version* version = ::seccomp_version();
  std::string key = cat("asylum-seccomp;", kCode, ";", version->major, ".", version->minor, ".",
                        version->micro, ";", ::seccomp_api_get(), ";");
  add_field(key, word_of(native_architecture().arch));
  add_field(key, word_of(seccomp.default_action));
  add_field(key, seccomp.default_errno_ret ? cat(*seccomp.default_errno_ret) : "-");
  add_number(key, seccomp.architectures.size());
  for (const SeccompArch arch : seccomp.architectures) add_field(key, word_of(arch));
  add_number(key, seccomp.rules.size());
  for (const plan::SeccompRule& rule : seccomp.rules) add_rule(key, rule);
  return key;
}

sys::Fd open_cache(int parent) {
  // EEXIST is the usual case; what is there is judged below, on the descriptor.
  (void)sys::try_make_directory_at(parent, kDirectory, 0700);
  sys::Fd directory = sys::open_at(parent, kDirectory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  const struct ::stat status = sys::status_of(directory.get());
  if (status.st_uid != ::geteuid() || (status.st_mode & 07777) != 0700) {
    throw Error(ErrorKind::denied,
                cat("the filter cache ", quote(kDirectory), " is not a 0700 directory of ours"))
        .with_hint("remove the directory");
  }
  return directory;
}

std::optional<std::string> find_cached(int directory, std::string_view key) {
  const auto text = sys::look_at_own_file(directory, file_name_of(key)).text;
  if (!text || text->size() <= key.size() + 1 || !text->starts_with(key) ||
      (*text)[key.size()] != '\n')
    return std::nullopt;
  std::string program = text->substr(key.size() + 1);
  if (program.size() % 8 != 0) return std::nullopt;  // struct sock_filter
  return program;
}

void store_cached(int directory, std::string_view key, std::string_view program) {
  try {
    const std::vector<std::string> names = sys::list_directory(directory);
    if (names.size() >= kMostCached) {
      for (const std::string& name : names) (void)sys::try_remove_at(directory, name);
    }
    sys::replace_file_at(directory, file_name_of(key), cat(key, "\n", program), 0600);
  } catch (const Error& error) {
    log::debug(cat("the filter is not cached: ", sentence_of(error)));
  }
}

}  // namespace asylum::seccomp
