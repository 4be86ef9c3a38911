// SPDX-License-Identifier: Apache-2.0
// What a file says it is: #! and PT_INTERP. Reads untrusted bytes, so every offset is checked.
#include "runtime/process/init/examine_executable.h"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <optional>

namespace asylum::process {
namespace {

#if defined(__x86_64__)
constexpr std::uint16_t kMachine = EM_X86_64;
constexpr std::uint16_t kCompatMachine = EM_386;
#elif defined(__aarch64__)
constexpr std::uint16_t kMachine = EM_AARCH64;
constexpr std::uint16_t kCompatMachine = EM_ARM;
#else
constexpr std::uint16_t kMachine = EM_NONE;  // not told apart
constexpr std::uint16_t kCompatMachine = EM_NONE;
#endif

template <typename T>
std::optional<T> read_struct(std::string_view bytes, std::uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

template <typename Header, typename Program>
std::string interpreter_of(std::string_view bytes) {
  const auto header = read_struct<Header>(bytes, 0);
  if (!header || header->e_phentsize != sizeof(Program)) return {};
  for (std::uint64_t i = 0; i < header->e_phnum; ++i) {
    const auto program =
        read_struct<Program>(bytes, std::uint64_t{header->e_phoff} + i * sizeof(Program));
    if (!program) return {};
    if (program->p_type != PT_INTERP) continue;
    if (program->p_offset >= bytes.size()) return {};
    std::string_view text = bytes.substr(program->p_offset).substr(0, program->p_filesz);
    return std::string(text.substr(0, text.find('\0')));
  }
  return {};
}

Executable examine_elf(std::string_view bytes) {
  Executable result{Executable::Kind::elf, {}, false};
  const auto header = read_struct<Elf32_Ehdr>(bytes, 0);  // e_machine is at the same place in both
  if (!header) return result;
  if (kMachine != EM_NONE) {
    result.foreign = header->e_machine != kMachine && header->e_machine != kCompatMachine;
  }
  if (header->e_ident[EI_CLASS] == ELFCLASS64) {
    result.interpreter = interpreter_of<Elf64_Ehdr, Elf64_Phdr>(bytes);
  } else {
    result.interpreter = interpreter_of<Elf32_Ehdr, Elf32_Phdr>(bytes);
  }
  return result;
}

}  // namespace

Executable examine_executable(std::string_view bytes) {
  if (bytes.starts_with(ELFMAG)) return examine_elf(bytes);
  if (!bytes.starts_with("#!")) return {};
  // As load_script() of fs/binfmt_script.c: only blanks, tabs and NUL end the name, so the carriage
  // return of a file from Windows is part of it.
  std::string_view line = bytes.substr(2);
  line = line.substr(0, line.find('\n'));
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  const std::string_view name = line.substr(0, line.find_first_of(std::string_view(" \t\0", 3)));
  return {Executable::Kind::script, std::string(name), false};
}

}  // namespace asylum::process
