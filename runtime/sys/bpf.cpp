// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/bpf.h"

#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "runtime/base/error.h"
#include "runtime/base/text.h"

namespace asylum::sys {
namespace {

std::uint64_t address_of(const void* pointer) {
  return reinterpret_cast<std::uintptr_t>(pointer);
}

long bpf(bpf_cmd command, bpf_attr& attributes) {
  return ::syscall(SYS_bpf, command, &attributes, sizeof attributes);
}

bpf_attr load_request(std::span<const std::uint64_t> instructions, const char* name) {
  static_assert(sizeof(bpf_insn) == sizeof(std::uint64_t));
  bpf_attr attributes{};
  attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  attributes.expected_attach_type = BPF_CGROUP_DEVICE;
  attributes.insns = address_of(instructions.data());
  attributes.insn_cnt = static_cast<std::uint32_t>(instructions.size());
  attributes.license = address_of("Apache-2.0");
  std::strncpy(attributes.prog_name, name, sizeof attributes.prog_name - 1);
  return attributes;
}

// The verifier writes only when asked, and asking costs: so a refused program is offered once more.
std::string verifier_log(bpf_attr attributes) {
  std::string log(16384, '\0');
  attributes.log_buf = address_of(log.data());
  attributes.log_size = static_cast<std::uint32_t>(log.size());
  attributes.log_level = 1;
  const Fd unexpected(static_cast<int>(bpf(BPF_PROG_LOAD, attributes)));
  log.resize(std::strlen(log.c_str()));
  constexpr std::size_t kLastWords = 300;
  const std::string_view text = trim(log);
  return std::string(text.substr(text.size() > kLastWords ? text.size() - kLastWords : 0));
}

std::string hint_for_bpf(int error_number) {
  return error_number == EPERM
             ? "BPF programs need CAP_BPF and CAP_NET_ADMIN, or CAP_SYS_ADMIN, on the host"
             : "";
}

void attach(int cgroup_fd, int program_fd, int old_program_fd, const char* what) {
  bpf_attr attributes{};
  attributes.target_fd = static_cast<std::uint32_t>(cgroup_fd);
  attributes.attach_bpf_fd = static_cast<std::uint32_t>(program_fd);
  attributes.attach_type = BPF_CGROUP_DEVICE;
  attributes.attach_flags = BPF_F_ALLOW_MULTI;
  if (old_program_fd >= 0) {
    attributes.attach_flags |= BPF_F_REPLACE;
    attributes.replace_bpf_fd = static_cast<std::uint32_t>(old_program_fd);
  }
  if (bpf(BPF_PROG_ATTACH, attributes) == 0) return;
  const int error_number = errno;
  throw_os("bpf", error_number, what,
           error_number == E2BIG ? "the cgroup has 64 device filters already"
                                 : hint_for_bpf(error_number));
}

}  // namespace

Fd try_load_device_program(std::span<const std::uint64_t> instructions, const char* name,
                           int& error_number) {
  bpf_attr attributes = load_request(instructions, name);
  Fd program;
  do {
    program.reset(static_cast<int>(bpf(BPF_PROG_LOAD, attributes)));
  } while (!program && errno == EAGAIN);  // the verifier was interrupted by a signal
  error_number = program ? 0 : errno;
  return program;
}

Fd load_device_program(std::span<const std::uint64_t> instructions, const char* name) {
  int failed = 0;
  Fd program = try_load_device_program(instructions, name, failed);
  if (program) return program;
  const std::string log =
      failed == EPERM ? std::string{} : verifier_log(load_request(instructions, name));
  throw_os("bpf", failed,
           log.empty() ? "load the device filter" : cat("load the device filter (", log, ')'),
           hint_for_bpf(failed));
}

void attach_device_program(int cgroup_fd, int program_fd) {
  attach(cgroup_fd, program_fd, -1, "attach the device filter");
}

void replace_device_program(int cgroup_fd, int program_fd, int old_program_fd) {
  attach(cgroup_fd, program_fd, old_program_fd, "replace the device filter");
}

void detach_device_program(int cgroup_fd, int program_fd) {
  bpf_attr attributes{};
  attributes.target_fd = static_cast<std::uint32_t>(cgroup_fd);
  attributes.attach_bpf_fd = static_cast<std::uint32_t>(program_fd);
  attributes.attach_type = BPF_CGROUP_DEVICE;
  if (bpf(BPF_PROG_DETACH, attributes) != 0) {
    throw_os("bpf", errno, "detach the device filter", hint_for_bpf(errno));
  }
}

std::vector<std::uint32_t> attached_device_programs(int cgroup_fd) {
  std::vector<std::uint32_t> ids(64);  // BPF_CGROUP_MAX_PROGS
  bpf_attr attributes{};
  attributes.query.target_fd = static_cast<std::uint32_t>(cgroup_fd);
  attributes.query.attach_type = BPF_CGROUP_DEVICE;
  attributes.query.prog_ids = address_of(ids.data());
  attributes.query.prog_cnt = static_cast<std::uint32_t>(ids.size());
  if (bpf(BPF_PROG_QUERY, attributes) != 0) {
    throw_os("bpf", errno, "list the device filters", hint_for_bpf(errno));
  }
  ids.resize(attributes.query.prog_cnt);
  return ids;
}

Fd open_program(std::uint32_t id) {
  bpf_attr attributes{};
  attributes.prog_id = id;
  Fd program(static_cast<int>(bpf(BPF_PROG_GET_FD_BY_ID, attributes)));
  if (!program) throw_os("bpf", errno, cat("open BPF program ", id), hint_for_bpf(errno));
  return program;
}

std::string name_of_program(int program_fd) {
  bpf_prog_info info{};
  bpf_attr attributes{};
  attributes.info.bpf_fd = static_cast<std::uint32_t>(program_fd);
  attributes.info.info_len = sizeof info;
  attributes.info.info = address_of(&info);
  if (bpf(BPF_OBJ_GET_INFO_BY_FD, attributes) != 0) {
    throw_os("bpf", errno, "ask for the name of a BPF program", hint_for_bpf(errno));
  }
  return {info.name, ::strnlen(info.name, sizeof info.name)};
}

}  // namespace asylum::sys
