// SPDX-License-Identifier: Apache-2.0
#include "runtime/seccomp/compile.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <set>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/seccomp.h"
#include "runtime/seccomp/cache.h"
#include "runtime/seccomp/new_syscalls.h"
#include "runtime/seccomp/prologue.h"
#include "runtime/seccomp/words.h"
#include "runtime/sys/file.h"
#include "runtime/sys/memory_file.h"

namespace asylum::seccomp {
namespace {

using Context = std::unique_ptr<void, decltype(&::seccomp_release)>;
constexpr std::size_t kBinaryTreeFrom = 32;    // names; below, a linear program is as fast
constexpr std::size_t kLongestProgram = 4096;  // BPF_MAXINSNS

[[noreturn]] void refuse(const char* call, int negative_errno, std::string detail,
                         std::string pointer) {
  throw Error(ErrorKind::invalid_config, std::move(detail))
      .at(std::move(pointer))
      .because_of(call, -negative_errno);
}

class Compiler {
 public:
  explicit Compiler(const plan::Seccomp& seccomp)
      : seccomp_(seccomp),
        default_action_(action_value(seccomp.default_action, seccomp.default_errno_ret)),
        context_(::seccomp_init(default_action_), &::seccomp_release) {
    if (!context_)
      throw Error(ErrorKind::os, "libseccomp refused the default action")
          .at(cat(seccomp.pointer, "/defaultAction"));
  }

  std::string run() {
    set_attributes();
    add_architectures();
    for (const plan::SeccompRule& rule : seccomp_.rules) add_rule(rule);
    warn_of_unknown();
    return assemble();
  }

 private:
  void set_attributes() {
    ::seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_NNP, 0);  // an init step of its own
    ::seccomp_attr_set(context_.get(), SCMP_FLTATR_API_SYSRAWRC, 1);
    std::size_t names = 0;
    for (const plan::SeccompRule& rule : seccomp_.rules) names += rule.names.size();
    if (names > kBinaryTreeFrom) ::seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
  }

  void add_architectures() {
    add_architecture(native_architecture());  // seccomp_init has added it
    for (std::size_t i = 0; i < seccomp_.architectures.size(); ++i) {
      const std::string pointer = cat(seccomp_.pointer, "/architectures/", i);
      const Architecture* architecture = find_architecture(seccomp_.architectures[i]);
      if (architecture == nullptr) {
        throw Error(ErrorKind::unsupported, cat("this build's libseccomp does not know ",
                                                word_of(seccomp_.architectures[i])))
            .at(pointer);
      }
      if (has(architecture->token)) continue;
      if (const int r = ::seccomp_arch_add(context_.get(), architecture->token); r < 0) {
        refuse("seccomp_arch_add", r, cat("cannot add ", word_of(architecture->arch)), pointer);
      }
      add_architecture(*architecture);
    }
  }

  bool has(std::uint32_t token) const {
    return std::any_of(used_.begin(), used_.end(),
                       [token](const Architecture* a) { return a->token == token; });
  }

  void add_architecture(const Architecture& architecture) {
    used_.push_back(&architecture);
    prologue_.push_back({architecture.audit_arch, architecture.token == SCMP_ARCH_X32, 0, {}});
  }

  void add_rule(const plan::SeccompRule& rule) {
    const std::uint32_t action = action_value(rule.action, rule.errno_ret);
    for (std::size_t i = 0; i < rule.names.size(); ++i) {
      const std::string pointer = cat(rule.pointer, "/names/", i);
      const int number = ::seccomp_syscall_resolve_name(rule.names[i].c_str());
      if (number == __NR_SCMP_ERROR) {
        decide_in_prologue(rule, rule.names[i], action, pointer);
        continue;
      }
      raise_highest(rule.names[i]);
      if (action != default_action_) add_to_libseccomp(rule, action, number, pointer);
    }
  }

  void raise_highest(const std::string& name) {
    for (std::size_t i = 0; i < used_.size(); ++i) {
      const int number = ::seccomp_syscall_resolve_name_arch(used_[i]->token, name.c_str());
      if (number >= 0) raise_highest(i, static_cast<std::uint32_t>(number));
    }
  }

  void raise_highest(std::size_t architecture, std::uint32_t number) {
    const std::uint32_t plain = prologue_[architecture].x32 ? number & ~0x40000000U : number;
    prologue_[architecture].highest = std::max(prologue_[architecture].highest, plain);
  }

  // libseccomp refuses numbers it does not know once a filter has a second architecture, hence our
  // own instructions.
  void decide_in_prologue(const plan::SeccompRule& rule, const std::string& name,
                          std::uint32_t action, const std::string& pointer) {
    const auto table = new_syscalls();
    const auto row = std::find_if(table.begin(), table.end(),
                                  [&](const NewSyscall& s) { return s.name == name; });
    if (row == table.end()) {
      unknown_.push_back(name);
      return;
    }
    if (!rule.args.empty()) {
      throw Error(ErrorKind::unsupported, cat("the linked libseccomp does not know ", quote(name),
                                              ", so its arguments cannot be filtered"))
          .at(pointer)
          .with_hint("remove args from this rule, or give the name a rule of its own without them");
    }
    for (std::size_t i = 0; i < used_.size(); ++i) {
      if (used_[i]->table_column == kNoColumn || row->numbers[used_[i]->table_column] < 0) continue;
      const auto number = static_cast<std::uint32_t>(row->numbers[used_[i]->table_column]);
      prologue_[i].decided.emplace_back(number, action);
      raise_highest(i, number);
    }
  }

  static scmp_arg_cmp comparison_of(const plan::SeccompRule& rule, std::size_t i) {
    const plan::SeccompArg& arg = rule.args[i];
    return {arg.index, static_cast<scmp_compare>(compare_value(arg.op)), arg.value, arg.value_two};
  }

  // Two conditions on one argument are alternatives (runtime-spec leaves it open; runc's reading):
  // a rule each.
  void add_to_libseccomp(const plan::SeccompRule& rule, std::uint32_t action, int number,
                         const std::string& pointer) {
    std::vector<scmp_arg_cmp> all;
    std::set<std::uint32_t> indices;
    for (std::size_t i = 0; i < rule.args.size(); ++i) {
      all.push_back(comparison_of(rule, i));
      indices.insert(rule.args[i].index);
    }
    if (indices.size() == all.size()) return add_one(action, number, all, pointer);
    for (const scmp_arg_cmp& one : all) add_one(action, number, {one}, pointer);
  }

  void add_one(std::uint32_t action, int number, const std::vector<scmp_arg_cmp>& args,
               const std::string& pointer) {
    const int r = ::seccomp_rule_add_array(context_.get(), action, number,
                                           static_cast<unsigned>(args.size()), args.data());
    // EEXIST: the same conditions again. The first rule stands, as with the peers; EDOM: the call
    // exists on no architecture of this filter.
    if (r < 0 && r != -EEXIST && r != -EDOM)
      refuse("seccomp_rule_add", r, "libseccomp refused the rule", pointer);
  }

  void warn_of_unknown() const {
    if (unknown_.empty()) return;
    log::warning(
        cat("seccomp: unknown system calls, their rules have no effect: ", join(unknown_, ", ")),
        cat(seccomp_.pointer, "/syscalls"));
  }

  std::string assemble() {
    const std::vector<sock_filter> prologue =
        make_prologue(prologue_, is_enosys_wanted(seccomp_, default_action_));
    std::string bytes(reinterpret_cast<const char*>(prologue.data()),
                      prologue.size() * sizeof(sock_filter));
    const sys::Fd file(::memfd_create("seccomp", MFD_CLOEXEC));
    if (!file) throw_os("memfd_create", errno, "make a file for the seccomp filter");
    if (const int r = ::seccomp_export_bpf(context_.get(), file.get()); r < 0)
      refuse("seccomp_export_bpf", r, "libseccomp could not write the filter", seccomp_.pointer);
    if (::lseek(file.get(), 0, SEEK_SET) < 0) throw_os("lseek", errno, "read the seccomp filter");
    bytes += sys::read_all(file.get());
    if (bytes.size() / sizeof(sock_filter) > kLongestProgram) {
      throw Error(ErrorKind::unsupported,
                  cat("the seccomp filter has ", bytes.size() / sizeof(sock_filter),
                      " instructions, the kernel takes ", kLongestProgram))
          .at(seccomp_.pointer);
    }
    return bytes;
  }

  const plan::Seccomp& seccomp_;
  std::uint32_t default_action_;
  Context context_;
  std::vector<const Architecture*> used_;       // the filter's, native first
  std::vector<PrologueArchitecture> prologue_;  // parallel to used_
  std::vector<std::string> unknown_;
};

}  // namespace

std::string compile(const plan::Seccomp& seccomp) {
  return Compiler(seccomp).run();
}

sys::Fd filter_program(const plan::Seccomp& seccomp, int cache_parent) {
  if (cache_parent < 0) return sys::make_sealed_file("seccomp", compile(seccomp));
  const std::string key = cache_key(seccomp);
  const sys::Fd directory = open_cache(cache_parent);
  if (const auto program = find_cached(directory.get(), key))
    return sys::make_sealed_file("seccomp", *program);
  const std::string program = compile(seccomp);
  store_cached(directory.get(), key, program);
  return sys::make_sealed_file("seccomp", program);
}

}  // namespace asylum::seccomp
