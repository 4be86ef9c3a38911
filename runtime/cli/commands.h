// SPDX-License-Identifier: Apache-2.0
// One function a command: parse (done) → call the verb → print. They return the exit code and throw
// Error.
#pragma once

#include "runtime/cli/arguments.h"
#include "runtime/container/settings.h"

namespace asylum::cli {

int run_create(const Arguments& arguments);
int run_start(const Arguments& arguments);
int run_run(const Arguments& arguments);
int run_state(const Arguments& arguments);
int run_kill(const Arguments& arguments);
int run_delete(const Arguments& arguments);
int run_list(const Arguments& arguments);
int run_spec(const Arguments& arguments);
int run_explain(const Arguments& arguments);
int run_exec(const Arguments& arguments);
int run_pause(const Arguments& arguments);
int run_resume(const Arguments& arguments);
int run_ps(const Arguments& arguments);
int run_update(const Arguments& arguments);
int run_mounts(const Arguments& arguments);
int run_events(const Arguments& arguments);
int run_features(const Arguments& arguments);
int run_help(const Arguments& arguments);
// hidden: what prints the files of contrib/man and contrib/completions
int run_man(const Arguments& arguments);
int run_completion(const Arguments& arguments);

/// What every container command knows, from the global options. Throws for a root that is "/" and a
/// cgroup manager that does not exist yet.
container::Settings settings_from(const GlobalOptions& options);
/// --rootless; nothing for auto.
std::optional<bool> rootless_of(const GlobalOptions& options);

}  // namespace asylum::cli
