// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/options/output.h"

#include <unistd.h>

#include <algorithm>

#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"

namespace asylum::cli {

void print(std::string_view text) {
  Step step{"write to standard output"};
  sys::write_all(STDOUT_FILENO, text);
}

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string wrap(std::string_view text, std::size_t indent, std::size_t width) {
  std::string out;
  std::size_t column = indent;
  for (const std::string_view word : split(text, ' ')) {
    if (word.empty()) continue;
    const std::size_t length = columns_of(word);
    if (column > indent && column + 1 + length > width) {
      out += '\n';
      out.append(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += length;
  }
  return out;
}

}  // namespace asylum::cli
