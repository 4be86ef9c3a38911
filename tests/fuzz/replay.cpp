// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target over the files of its command line: the seeds as an ordinary test, with any
// compiler.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/fuzz/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

bool asylum::fuzz::is_replay() {
  return true;
}

int main(int count, char** arguments) {
  for (int i = 1; i < count; ++i) {
    std::ifstream file(arguments[i], std::ios::binary);
    if (!file) {
      std::fprintf(stderr, "cannot open %s\n", arguments[i]);
      return 1;
    }
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::printf("%s\n", arguments[i]);
    std::fflush(stdout);  // the last line names the input that ends the program
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  }
  std::printf("%d inputs\n", count - 1);
  return count > 1 ? 0 : 1;
}
