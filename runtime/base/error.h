// SPDX-License-Identifier: Apache-2.0
// The one error type of the program: thrown, carried from init to main (bounded: message.h),
// rendered once (report.h).
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace asylum {

/// What class of failure it is; names in error.cpp are the stable `code` of the JSON log record.
enum class ErrorKind : std::uint8_t {
  invalid_config,  // config.json says something impossible or wrong
  invalid_usage,   // the command line does
  unsupported,     // right, but this host or this version cannot do it
  not_found,       // no such container, bundle, program
  already_exists,  // the id is taken
  wrong_state,     // the container is not in the state that the command needs
  denied,          // we refuse for a reason of security
  os,              // the kernel said no
  exec_failed,     // the configured program could not be executed
  timed_out,       // what the command line allows it has passed
  interrupted,     // a signal asked the command to end
  internal,        // a promise of our own code was broken
};

std::string_view name_of(ErrorKind kind);

enum class Severity : std::uint8_t { error, warning };

/// One thing that validate or plan has to say of a document.
struct Finding {
  Severity severity = Severity::error;
  // RFC 6901 into config.json, e.g. "/mounts/3/destination"; "" is the document
  std::string pointer;
  std::string text;  // a sentence without full stop: "must be a string, found number"
  std::string hint;  // one thing the user can do, or ""
  ErrorKind kind = ErrorKind::invalid_config;

  bool operator==(const Finding&) const = default;
};

/// What an Error says, as data. A field that is added here does not compile until message.cpp has
/// it described for the socket.
struct Failure {
  ErrorKind kind = ErrorKind::internal;
  std::string detail;    // what went wrong without the errno's text: `open "/no/such"`
  std::string doing;     // imperative, "mount tmpfs on /dev/shm"; "" if no step was open
  std::string pointer;   // "" if the config has no part in it
  std::string document;  // what `pointer` is of; "" is config.json
  std::string syscall;   // "openat2"; "" if not from the kernel
  int err = 0;           // errno; 0 = not from the kernel
  std::string hint;      // one thing the user can do, or ""
  std::vector<std::string> context;  // outer steps, outermost first
  std::vector<Finding> findings;     // the further findings, errors and warnings
  std::uint32_t line = 0;            // 1-based place of `pointer` in the document; 0 = unknown
  std::uint32_t column = 0;

  bool operator==(const Failure&) const = default;
};

class Error : public std::exception, public Failure {
 public:
  /// What was being done, and its pointer, come from the Step scopes alive at this moment.
  Error(ErrorKind error_kind, std::string error_detail);

  // Builders by value, for use at the throw: throw Error(...).at("/x").because_of("openat2", errno)
  Error at(std::string config_pointer) &&;
  Error because_of(std::string_view system_call, int error_number) &&;
  Error with_hint(std::string text) &&;
  /// All findings of a refused document: the first error leads, the rest ride along.
  static Error from_findings(std::vector<Finding> findings);

  const char* what() const noexcept override { return detail.c_str(); }
};

/// Throws ErrorKind::os for a failed system call. `detail`: `open "/no/such"`. Source: errno at the
/// call.
[[noreturn]] void throw_os(std::string_view system_call, int error_number, std::string detail,
                           std::string hint = {});

}  // namespace asylum
