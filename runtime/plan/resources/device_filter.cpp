// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/resources/device_filter.h"

#include "runtime/plan/resources/bpf_instructions.h"
#include "runtime/plan/types/cgroup.h"

namespace asylum::plan {
namespace {

// Numbers: Documentation/admin-guide/devices.txt of the kernel.
constexpr DeviceRule kAlwaysAllowed[] = {
    {true, DeviceClass::character, std::nullopt, std::nullopt, device_access::mknod},
    {true, DeviceClass::block, std::nullopt, std::nullopt, device_access::mknod},
    {true, DeviceClass::character, 1, 3, device_access::all},               // null
    {true, DeviceClass::character, 1, 8, device_access::all},               // random
    {true, DeviceClass::character, 1, 7, device_access::all},               // full
    {true, DeviceClass::character, 5, 0, device_access::all},               // tty
    {true, DeviceClass::character, 1, 5, device_access::all},               // zero
    {true, DeviceClass::character, 1, 9, device_access::all},               // urandom
    {true, DeviceClass::character, 136, std::nullopt, device_access::all},  // pts/*
    {true, DeviceClass::character, 5, 2, device_access::all},               // ptmx
    {true, DeviceClass::character, 10, 200, device_access::all},            // net/tun
};

// struct bpf_cgroup_dev_ctx: access_type (access in the upper half, type in the lower), major,
// minor.
constexpr std::int16_t kAccessAndType = 0, kMajor = 4, kMinor = 8;
constexpr std::uint32_t kBlock = 1, kCharacter = 2;  // BPF_DEVCG_DEV_*

enum Register : std::uint8_t {
  result = 0,
  context = 1,
  type = 2,
  major = 3,
  minor = 4,
  open = 5,
  scratch = 6
};

class Program {
 public:
  Program() {
    // `open` holds the requested bits that no rule has decided yet.
    add(bpf::load_word(open, context, kAccessAndType));
    add(bpf::copy(type, open));
    add(bpf::bit_and(type, 0xffff));
    add(bpf::shift_right(open, 16));
    add(bpf::load_word(major, context, kMajor));
    add(bpf::load_word(minor, context, kMinor));
  }

  /// Rules come last first: the first to see a bit decides it.
  void add_rule(const DeviceRule& rule) {
    if (finished_ || rule.access == 0) return;
    if (rule.type == DeviceClass::any && !rule.major && !rule.minor &&
        rule.access == device_access::all) {
      finish(rule.allow);
      return;
    }
    const std::vector<BpfInstruction> verdict = verdict_of(rule);
    std::vector<BpfInstruction> guards = guards_of(rule);
    for (std::size_t i = 0; i < guards.size(); ++i) {
      // Each guard jumps behind the block, over the guards and the verdict that are still to come.
      const auto distance = static_cast<std::int16_t>(guards.size() - i - 1 + verdict.size());
      add(guards[i] | BpfInstruction{static_cast<std::uint16_t>(distance)} << 16);
    }
    for (const BpfInstruction one : verdict) add(one);
  }

  std::vector<BpfInstruction> take() {
    if (!finished_) finish(false);
    return std::move(instructions_);
  }

 private:
  void add(BpfInstruction one) { instructions_.push_back(one); }

  /// Nothing may follow: the verifier refuses instructions that cannot be reached.
  void finish(bool allow) {
    add(bpf::move(result, allow ? 1 : 0));
    add(bpf::exit());
    finished_ = true;
  }

  static std::vector<BpfInstruction> guards_of(const DeviceRule& rule) {
    std::vector<BpfInstruction> out;
    if (rule.type != DeviceClass::any) {
      const std::uint32_t wanted = rule.type == DeviceClass::block ? kBlock : kCharacter;
      out.push_back(bpf::jump_if_not_equal(type, wanted, 0));
    }
    if (rule.major) out.push_back(bpf::jump_if_not_equal(major, *rule.major, 0));
    if (rule.minor) out.push_back(bpf::jump_if_not_equal(minor, *rule.minor, 0));
    return out;
  }

  static std::vector<BpfInstruction> verdict_of(const DeviceRule& rule) {
    if (rule.access ==
        device_access::all) {  // decides whatever is open, and the verifier has less to prove
      return {bpf::move(result, rule.allow ? 1 : 0), bpf::exit()};
    }
    if (rule.allow) {  // the bits are granted; once none is open, so is the request
      return {bpf::bit_and(open, device_access::all & ~rule.access),
              bpf::jump_if_not_equal(open, 0, 2), bpf::move(result, 1), bpf::exit()};
    }
    return {bpf::copy(scratch, open), bpf::bit_and(scratch, rule.access),
            bpf::jump_if_equal(scratch, 0, 2), bpf::move(result, 0), bpf::exit()};
  }

  std::vector<BpfInstruction> instructions_;
  bool finished_ = false;
};

}  // namespace

std::span<const DeviceRule> always_allowed_devices() {
  return kAlwaysAllowed;
}

std::vector<BpfInstruction> device_filter_program(std::span<const DeviceRule> rules) {
  Program program;
  for (std::size_t i = std::size(kAlwaysAllowed); i-- > 0;) program.add_rule(kAlwaysAllowed[i]);
  for (std::size_t i = rules.size(); i-- > 0;) program.add_rule(rules[i]);
  return program.take();
}

}  // namespace asylum::plan
