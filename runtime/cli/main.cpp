// SPDX-License-Identifier: Apache-2.0
// The program: catches what is thrown and says it once. One executable, later two faces chosen by
// the last part of argv[0] (design §1); until then every name means the OCI command line.
#include <exception>
#include <new>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/cli/runtime_face.h"

namespace {

int fail(const asylum::Error& error) {
  asylum::log::failure(error);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  using asylum::Error;
  using asylum::ErrorKind;
  try {
    // asylum: if the last part of argv[0] is "asylum", its face takes over here.
    return asylum::cli::runtime_face(argc, argv);
  } catch (const Error& error) {
    return fail(error);
  } catch (const std::bad_alloc&) {
    return fail(Error(ErrorKind::internal, "out of memory"));
  } catch (const std::exception& error) {
    return fail(Error(ErrorKind::internal, error.what()));
  }
}
