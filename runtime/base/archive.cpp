// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/archive.h"

#include "runtime/base/error.h"

namespace asylum {

void MessageReader::mark(std::uint8_t wanted) {
  if (byte() != wanted) refuse();
}

void MessageReader::text(std::string& value) {
  std::uint16_t size = 0;
  number(size);
  if (size > kStringLimit) refuse();
  value = take(size);
}

void MessageReader::end() const {
  if (!rest_.empty()) refuse();
}

std::uint8_t MessageReader::byte() {
  std::uint8_t value = 0;
  number(value);
  return value;
}

std::string_view MessageReader::take(std::size_t size) {
  if (size > rest_.size()) refuse();
  const std::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

void MessageReader::refuse() {
  throw Error(ErrorKind::internal, "a message between two of our processes is malformed");
}

}  // namespace asylum
