// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/init/exec_program.h"
#include "runtime/process/init/examine_executable.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>

#include "runtime/process/init/environment.h"

namespace asylum::process {
namespace {

TEST(ExamineExecutable, InterpreterOfAScript) {
  EXPECT_EQ(examine_executable("#!/bin/sh\n").interpreter, "/bin/sh");
  EXPECT_EQ(examine_executable("#! /usr/bin/env -S x y\nrest").interpreter, "/usr/bin/env");
  EXPECT_EQ(examine_executable("#!/bin/sh").interpreter, "/bin/sh");
  EXPECT_EQ(examine_executable("#!").interpreter, "");
  EXPECT_EQ(examine_executable("#!\n/bin/sh").interpreter, "");
  EXPECT_EQ(examine_executable("#!/bin/sh").kind, Executable::Kind::script);
  EXPECT_EQ(examine_executable("echo").kind, Executable::Kind::unknown);
  EXPECT_EQ(examine_executable("").kind, Executable::Kind::unknown);
}

std::string elf(std::uint16_t machine, std::uint64_t program_offset, std::uint64_t text_offset) {
  std::string bytes(256, '\0');
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_machine = machine;
  header.e_phoff = program_offset;
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_phnum = 1;
  std::memcpy(bytes.data(), &header, sizeof header);
  Elf64_Phdr program{};
  program.p_type = PT_INTERP;
  program.p_offset = text_offset;
  program.p_filesz = 16;
  if (program_offset <= bytes.size() - sizeof program) {
    std::memcpy(bytes.data() + program_offset, &program, sizeof program);
  }
  if (text_offset <= bytes.size() - 16) std::memcpy(bytes.data() + text_offset, "/lib/ld.so", 10);
  return bytes;
}

TEST(ExamineExecutable, LoaderOfAnElf) {
  const Executable found = examine_executable(elf(EM_X86_64, 64, 200));
  EXPECT_EQ(found.kind, Executable::Kind::elf);
  EXPECT_EQ(found.interpreter, "/lib/ld.so");
}

TEST(ExamineExecutable, OffsetsThatLeadAstray) {
  EXPECT_EQ(examine_executable(elf(EM_X86_64, ~0ULL - 3, 200)).interpreter, "");
  EXPECT_EQ(examine_executable(elf(EM_X86_64, 64, ~0ULL)).interpreter, "");
  EXPECT_EQ(examine_executable(std::string_view(elf(EM_X86_64, 64, 200)).substr(0, 20)).interpreter,
            "");
}

TEST(ExamineExecutable, AnotherProcessor) {
#if defined(__x86_64__)
  EXPECT_FALSE(examine_executable(elf(EM_X86_64, 64, 200)).foreign);
  EXPECT_TRUE(examine_executable(elf(EM_AARCH64, 64, 200)).foreign);
#endif
}

TEST(Environment, FindsVariables) {
  const std::vector<std::string> environment = {"PATHX=1", "PATH=/bin", "EMPTY="};
  EXPECT_EQ(find_variable(environment, "PATH"), "/bin");
  EXPECT_EQ(find_variable(environment, "EMPTY"), "");
  EXPECT_EQ(find_variable(environment, "PAT"), std::nullopt);
}

TEST(FindProgram, SaysWhyNot) {
  const std::vector<std::string> environment = {"PATH=/no/such:/etc"};
  try {
    find_program("sh", environment);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::exec_failed);
    EXPECT_EQ(error.detail, "exec: \"sh\": executable file not found in $PATH");
    EXPECT_EQ(error.pointer, "/process/args/0");
    EXPECT_NE(error.hint.find("/no/such:/etc"), std::string::npos);
  }
  EXPECT_EQ(find_program("sh", {}), "/bin/sh");
  EXPECT_EQ(find_program("/bin/sh", environment), "/bin/sh");
}

}  // namespace
}  // namespace asylum::process
