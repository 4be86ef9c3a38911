// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/host/document_file.h"

#include <fcntl.h>
#include <unistd.h>

#include "runtime/sys/file.h"

namespace asylum::container {

spec::Document read_document_file(const std::string& file) {
  if (file == "-") return spec::parse_document(sys::read_all(STDIN_FILENO, spec::kLargestDocument));
  const sys::Fd opened = sys::open_at(AT_FDCWD, file, O_RDONLY);
  return spec::parse_document(sys::read_all(opened.get(), spec::kLargestDocument));
}

}  // namespace asylum::container
