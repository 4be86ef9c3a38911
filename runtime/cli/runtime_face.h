// SPDX-License-Identifier: Apache-2.0
// The face for engines: runc's command line, from argv to exit code.
#pragma once

namespace asylum::cli {

/// A command's failure is said and becomes its exit code. Throws Error for what went wrong before a
/// command was running; a usage error has then shown its help already.
int runtime_face(int argc, char** argv);

}  // namespace asylum::cli
