// SPDX-License-Identifier: Apache-2.0
// Where an error of exec points: its process is only in part the config's.
#pragma once

namespace asylum {
class Error;
}

namespace asylum::container {

struct ExecOptions;

/// A pointer below /process becomes one of the file of --process, or none where the command line
/// has said what it points at (args, --tty, --cwd, --user ...). Others, and those of another
/// document, stay.
void blame_source(Error& error, const ExecOptions& options);

}  // namespace asylum::container
