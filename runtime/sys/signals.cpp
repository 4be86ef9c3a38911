// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/signals.h"

#include <strings.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "runtime/base/error.h"
#include "runtime/base/text.h"

namespace asylum::sys {
namespace {

struct Name {
  std::string_view text;
  int number;
};

// The first name of a number is the one we print; the rest are aliases.
constexpr std::array<Name, 34> kNames = {{
    {"HUP", SIGHUP},   {"INT", SIGINT},       {"QUIT", SIGQUIT}, {"ILL", SIGILL},
    {"TRAP", SIGTRAP}, {"ABRT", SIGABRT},     {"BUS", SIGBUS},   {"FPE", SIGFPE},
    {"KILL", SIGKILL}, {"USR1", SIGUSR1},     {"SEGV", SIGSEGV}, {"USR2", SIGUSR2},
    {"PIPE", SIGPIPE}, {"ALRM", SIGALRM},     {"TERM", SIGTERM}, {"STKFLT", SIGSTKFLT},
    {"CHLD", SIGCHLD}, {"CONT", SIGCONT},     {"STOP", SIGSTOP}, {"TSTP", SIGTSTP},
    {"TTIN", SIGTTIN}, {"TTOU", SIGTTOU},     {"URG", SIGURG},   {"XCPU", SIGXCPU},
    {"XFSZ", SIGXFSZ}, {"VTALRM", SIGVTALRM}, {"PROF", SIGPROF}, {"WINCH", SIGWINCH},
    {"IO", SIGIO},     {"PWR", SIGPWR},       {"SYS", SIGSYS},   {"IOT", SIGABRT},
    {"CLD", SIGCHLD},  {"POLL", SIGIO},
}};

// What programs call SIGRTMIN (glibc keeps the kernel's 32 and 33 for itself), and what engines
// send.
constexpr int kRealTimeMin = 34;
constexpr int kRealTimeMax = 64;

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

// "RTMIN", "RTMIN+3", "RTMAX-1".
std::optional<int> real_time_number(std::string_view text) {
  const bool from_min = equal_ignoring_case(text.substr(0, 5), "RTMIN");
  if (!from_min && !equal_ignoring_case(text.substr(0, 5), "RTMAX")) return std::nullopt;
  const int base = from_min ? kRealTimeMin : kRealTimeMax;
  text.remove_prefix(5);
  if (text.empty()) return base;
  if (text[0] != (from_min ? '+' : '-')) return std::nullopt;
  const std::optional<std::uint64_t> offset = parse_u64(text.substr(1));
  if (!offset || *offset > kRealTimeMax - kRealTimeMin) return std::nullopt;
  return from_min ? base + static_cast<int>(*offset) : base - static_cast<int>(*offset);
}

// glibc's sigaction refuses 32 and 33; a caller's other libc may have them ignored.
void set_default(int signal) {
  // struct kernel_sigaction of any architecture: zero is SIG_DFL, no flags, an empty mask.
  const unsigned long zero[16] = {};
  ::syscall(SYS_rt_sigaction, signal, zero, nullptr, 8);
}

}  // namespace

std::optional<int> signal_number(std::string_view text) {
  if (const auto number = parse_u64(text)) {
    return *number <= kRealTimeMax ? std::optional<int>(static_cast<int>(*number)) : std::nullopt;
  }
  if (text.size() > 3 && equal_ignoring_case(text.substr(0, 3), "SIG")) text.remove_prefix(3);
  for (const Name& name : kNames) {
    if (equal_ignoring_case(text, name.text)) return name.number;
  }
  return real_time_number(text);
}

std::string signal_name(int signal) {
  for (const Name& name : kNames) {
    if (name.number == signal) return cat("SIG", name.text);
  }
  if (signal == kRealTimeMin) return "SIGRTMIN";
  if (signal == kRealTimeMax) return "SIGRTMAX";
  if (signal > kRealTimeMin && signal < kRealTimeMax)
    return cat("SIGRTMIN+", signal - kRealTimeMin);
  return cat("signal ", signal);
}

sigset_t block_all_signals() {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  if (::sigprocmask(SIG_SETMASK, &all, &before) != 0)
    throw_os("sigprocmask", errno, "block the signals");
  return before;
}

void set_signal_mask(const sigset_t& mask) {
  if (::sigprocmask(SIG_SETMASK, &mask, nullptr) != 0)
    throw_os("sigprocmask", errno, "set the signal mask");
}

void clear_signal_mask() {
  sigset_t none;
  ::sigemptyset(&none);
  set_signal_mask(none);
}

void reset_signal_dispositions() {
  for (int signal = 1; signal <= kRealTimeMax; ++signal) {
    if (signal != SIGKILL && signal != SIGSTOP) set_default(signal);
  }
}

Fd make_signalfd(const sigset_t& signals) {
  Fd fd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) throw_os("signalfd", errno, "listen for signals");
  return fd;
}

std::optional<SignalInfo> read_signal(int signalfd) {
  signalfd_siginfo info{};
  ssize_t n = 0;
  do {
    n = ::read(signalfd, &info, sizeof info);
  } while (n < 0 && errno == EINTR);
  if (n < 0 && errno == EAGAIN) return std::nullopt;
  if (n != static_cast<ssize_t>(sizeof info))
    throw_os("read", n < 0 ? errno : EIO, "read a signal");
  return SignalInfo{static_cast<int>(info.ssi_signo), static_cast<pid_t>(info.ssi_pid)};
}

}  // namespace asylum::sys
