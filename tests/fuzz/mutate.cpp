// SPDX-License-Identifier: Apache-2.0
// libFuzzer's mutations, kept off the line that names the reader: which readers a run is about is
// decided by its seeds, and no mutation is spent on spoiling a name.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "tests/fuzz/reader.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t limit);

namespace asylum::fuzz {
namespace {

std::size_t header_size(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  for (const Reader& reader : readers()) {
    const std::size_t length = reader.name.size();
    if (bytes.size() > length && bytes.starts_with(reader.name) && bytes[length] == '\n') {
      return length + 1;
    }
  }
  return 0;
}

}  // namespace

bool is_replay() {
  return false;
}

}  // namespace asylum::fuzz

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t limit, unsigned /*seed*/) {
  const std::size_t header = asylum::fuzz::header_size(data, size);
  if (header >= limit) return size;
  return header + LLVMFuzzerMutate(data + header, size - header, limit - header);
}
