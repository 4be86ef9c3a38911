// SPDX-License-Identifier: Apache-2.0
// asylum-runc spec
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <optional>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/options/arguments.h"
#include "runtime/cli/options/setters.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "spec/default_spec.h"
#include "spec/write.h"

namespace asylum::cli {
namespace {

constexpr std::array kOptions{
    Option{.name = "bundle",
           .short_name = 'b',
           .argument = "DIR",
           .help = "write config.json into DIR (default: the current directory)",
           .section = Section::bundle,
           .set = set<&Arguments::spec, &SpecOptions::bundle>},
    Option{.name = "rootless",
           .help = "a config for a container of the calling user, without privileges",
           .section = Section::bundle,
           .set = set<&Arguments::spec, &SpecOptions::rootless>},
};

constexpr const char* kFile = "config.json";

// Exclusive, so that two at once cannot both win; half a file does not stay.
void write_new_file(int bundle, const std::string& text) {
  const int fd = ::openat(bundle, kFile, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0 && errno == EEXIST) {
    throw Error(ErrorKind::already_exists, cat("File ", kFile, " exists. Remove it first"));
  }
  if (fd < 0) throw_os("openat", errno, cat("open ", quote(kFile)));
  const sys::Fd file(fd);
  try {
    sys::write_all(file.get(), text);
  } catch (const Error&) {
    static_cast<void>(sys::try_remove_at(bundle, kFile));
    throw;
  }
}

int run(const Arguments& arguments) {
  const SpecOptions& options = arguments.spec;
  std::optional<spec::RootlessOwner> owner;
  if (options.rootless) owner = spec::RootlessOwner{::geteuid(), ::getegid()};
  const sys::Fd bundle = sys::open_at(AT_FDCWD, options.bundle, O_PATH | O_DIRECTORY);
  write_new_file(bundle.get(), spec::write(spec::default_spec(owner)) + "\n");
  return 0;
}

}  // namespace

constinit const Command spec_command{
    .name = "spec",
    .help = "write a config.json to begin with",
    .description =
        "Writes a config.json for an interactive shell: new namespaces, the "
        "usual mounts, a read-only root "
        "file system (the directory rootfs of the bundle), few capabilities. An "
        "existing file is not replaced.",
    .options = kOptions,
    .run = run};

}  // namespace asylum::cli
