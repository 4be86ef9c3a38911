// SPDX-License-Identifier: Apache-2.0
// From the bytes of an input to the check of its reader. libFuzzer drives it; replay.cpp gives it
// files.
#include "tests/fuzz/reader.h"

#include <cstdio>
#include <cstdlib>

#include "runtime/base/error.h"
#include "runtime/base/report.h"

namespace asylum::fuzz {
namespace {

struct Choice {
  const Reader& reader;
  std::string_view bytes;
};

Choice choose(std::string_view bytes) {
  const std::size_t end = bytes.find('\n');
  for (const Reader& reader : readers()) {
    if (end != std::string_view::npos && bytes.substr(0, end) == reader.name) {
      return {reader, bytes.substr(end + 1)};
    }
  }
  return {readers().front(), bytes};
}

}  // namespace

void require(bool holds, std::string_view promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %.*s\n", static_cast<int>(promise.size()), promise.data());
  std::abort();
}

}  // namespace asylum::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace asylum;
  const auto [reader, bytes] = fuzz::choose({reinterpret_cast<const char*>(data), size});
  try {
    reader.check(fuzz::Input(bytes));
  } catch (const Error& error) {
    // A check catches the errors that its reader may throw.
    std::fprintf(stderr, "%s\n", sentence_of(error).c_str());
    fuzz::require(false, "a reader throws only what its header says");
  }
  return 0;
}
