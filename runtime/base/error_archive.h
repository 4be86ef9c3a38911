// SPDX-License-Identifier: Apache-2.0
// An Error as a message of ours carries it from one process to another (archive.h).
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "runtime/base/error.h"

namespace asylum {

inline constexpr std::size_t kContextLimit = 8;
inline constexpr std::size_t kFindingLimit = 4;
inline constexpr std::uint8_t kErrorMark = 0xE5;

template <typename Value, typename Struct>
concept Of = std::same_as<std::remove_const_t<Value>, Struct>;

/// What a message is made of, in its order, said once for both ends. Each takes the whole struct
/// apart by number: a field that is added does not compile until it is sent.

void describe(auto& archive, Of<Finding> auto& finding) {
  auto& [severity, pointer, text, hint, kind] = finding;
  archive.one_of(severity, Severity::warning);
  archive.one_of(kind, ErrorKind::internal);
  archive.text(pointer);
  archive.text(text);
  archive.text(hint);
}

void describe(auto& archive, Of<Failure> auto& failure) {
  auto& [kind, detail, doing, pointer, document, syscall, err, hint, context, findings, line,
         column] = failure;
  archive.mark(kErrorMark);
  archive.one_of(kind, ErrorKind::internal);
  archive.number(err);
  archive.number(line);
  archive.number(column);
  archive.text(detail);
  archive.text(doing);
  archive.text(pointer);
  archive.text(document);
  archive.text(syscall);
  archive.text(hint);
  // Of too many, the outermost steps go: the inner ones say where it happened.
  archive.last_of(context, kContextLimit, [&](auto& step) { archive.text(step); });
  archive.first_of(findings, kFindingLimit, [&](auto& finding) { describe(archive, finding); });
}

void describe(auto& archive, Of<Error> auto& error) {
  using Data = std::conditional_t<std::is_const_v<std::remove_reference_t<decltype(error)>>,
                                  const Failure, Failure>;
  describe(archive, static_cast<Data&>(error));
}

}  // namespace asylum
