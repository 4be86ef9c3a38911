// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/mount_parameters.h"

#include <optional>
#include <utility>

#include "runtime/base/text.h"
#include "runtime/plan/types/root.h"
#include "spec/spec.h"

namespace asylum::plan {
namespace {

/// A superblock flag as fsconfig(2) spells it (fs/fs_context.c, common_set_sb_flag); no word: it
/// cannot be passed.
struct Word {
  std::uint32_t flag;
  std::string_view set;
  std::string_view cleared;
  std::string_view option;  // as the config spells it
};
constexpr Word kWords[] = {
    {spec::superblock_synchronous, "sync", "async", "sync"},
    {spec::superblock_dirsync, "dirsync", "", "dirsync"},
    {spec::superblock_lazytime, "lazytime", "nolazytime", "lazytime"},
    {spec::superblock_mand, "mand", "nomand", "mand"},
    {spec::superblock_iversion, "", "", "iversion"},
    {spec::superblock_silent, "", "", "silent"},
};

/// The place of the last element spelled `word`; "options" itself if there is none.
std::string pointer_of(const spec::Mount& mount, const std::string& pointer,
                       std::string_view word) {
  for (std::size_t i = mount.options.size(); i-- > 0;) {
    if (mount.options[i] == word) return cat(pointer, "/options/", i);
  }
  return cat(pointer, "/options");
}

std::string unquoted(std::string_view text) {
  // mount(2) strips the quotes of context="a,b" when it takes the data apart; fsconfig(2) does not.
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  return std::string(text);
}

void add_one(std::string_view text, const std::string& pointer,
             std::vector<FsParameter>& parameters) {
  if (text.empty()) return;
  const std::size_t equals = text.find('=');
  FsParameter parameter;
  parameter.key = text.substr(0, equals);
  if (equals != std::string_view::npos) parameter.value = unquoted(text.substr(equals + 1));
  parameter.pointer = pointer;
  parameters.push_back(std::move(parameter));
}

/// Where the first of several comma-separated words ends.
std::size_t end_of_word(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == ',' && !quoted) {
      return i;
    }
  }
  return text.size();
}

}  // namespace

std::vector<FsParameter> superblock_parameters(const spec::Mount& mount, const std::string& pointer,
                                               bool is_new, bool readonly, Findings& findings) {
  std::vector<FsParameter> out;
  if (readonly) out.push_back({"ro", std::nullopt, pointer_of(mount, pointer, "ro")});
  if (!is_new && (mount.parsed.attributes.cleared & attribute::rdonly) != 0) {
    out.push_back({"rw", std::nullopt, pointer_of(mount, pointer, "rw")});
  }
  for (const Word& word : kWords) {
    const bool set = (mount.parsed.superblock.set & word.flag) != 0;
    const bool cleared = !is_new && (mount.parsed.superblock.cleared & word.flag) != 0;
    const std::string_view name = set ? word.set : word.cleared;
    if (!set && !cleared) continue;
    if (!name.empty()) {
      out.push_back({std::string(name), std::nullopt, pointer_of(mount, pointer, name)});
    } else if (word.flag != spec::superblock_silent) {  // silent only concerns the kernel's log
      findings.warning(pointer_of(mount, pointer, word.option),
                       cat("the change of ", quote(word.option),
                           " cannot be passed to the file system and is left out"));
    }
  }
  return out;
}

void add_data(const spec::Mount& mount, const std::string& pointer,
              std::vector<FsParameter>& parameters) {
  for (const spec::DataOption& option : mount.parsed.data) {
    const std::string at = cat(pointer, "/options/", option.index);
    std::string_view rest = option.text;
    while (!rest.empty()) {
      const std::size_t end = end_of_word(rest);
      add_one(rest.substr(0, end), at, parameters);
      rest = end < rest.size() ? rest.substr(end + 1) : std::string_view{};
    }
  }
}

bool has_parameter(const std::vector<FsParameter>& parameters, std::string_view key) {
  for (const FsParameter& one : parameters) {
    if (one.key == key) return true;
  }
  return false;
}

void warn_superblock_words(const spec::Mount& mount, const std::string& pointer,
                           Findings& findings) {
  for (const Word& word : kWords) {
    if ((mount.parsed.superblock.set & word.flag) == 0) continue;
    if (word.flag == spec::superblock_silent) continue;
    findings.warning(pointer_of(mount, pointer, word.option),
                     cat(quote(word.option),
                         " belongs to the file system, a bind mount leaves it as the host has it"));
  }
}

}  // namespace asylum::plan
