// SPDX-License-Identifier: Apache-2.0
// The face for engines: runc's command line, from argv to exit code.
#pragma once

namespace asylum::cli {

/// Throws Error; a usage error has then shown its help already.
int runtime_face(int argc, char** argv);

}  // namespace asylum::cli
