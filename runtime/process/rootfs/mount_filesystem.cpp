// SPDX-License-Identifier: Apache-2.0
// A new instance of a file system: fsopen, fsconfig, fsmount, move_mount; mount(2) for what
// fsconfig cannot carry. Also remount. Runs in: init, after clone, before pivot_root.
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/root.h"
#include "runtime/process/both/clone_flags.h"
#include "runtime/process/init/steps.h"
#include "runtime/process/rootfs/mount_copy_up.h"
#include "runtime/process/rootfs/mount_operations.h"
#include "runtime/process/rootfs/proc_opener.h"
#include "runtime/sys/file.h"
#include "runtime/sys/mount/fs_context.h"
#include "runtime/sys/mount/legacy_mount.h"
#include "runtime/sys/mount/mount.h"

namespace asylum::process {
namespace {

bool takes_label(std::string_view fs_type) {
  return fs_type != "proc" && fs_type != "sysfs" && fs_type != "mqueue";
}

/// The parameters of the plan, and those that depend on the target.
std::vector<plan::FsParameter> parameters_of(const InitContext& context, const plan::Mount& mount,
                                             const Target& target) {
  std::vector<plan::FsParameter> parameters;
  if (!mount.source.empty()) {
    parameters.push_back({"source", mount.source, mount.pointer + "/source"});
  }
  for (const plan::FsParameter& parameter : mount.parameters) {
    // A read-only superblock could not be filled; the mount itself becomes read-only last.
    if ((mount.copy_up || mount.readonly_last) && parameter.key == "ro") continue;
    parameters.push_back(parameter);
  }
  if (mount.inherit_mode && target.existed) {
    const mode_t mode = sys::status_of(target.fd.get()).st_mode & 07777;
    std::string octal(4, '0');
    for (int i = 0; i < 4; ++i) {
      octal[static_cast<std::size_t>(i)] = static_cast<char>('0' + ((mode >> (9 - 3 * i)) & 7));
    }
    parameters.push_back({"mode", octal, mount.pointer});
  }
  const std::string& label = context.tree.root.mount_label;
  if (!label.empty() && takes_label(mount.fs_type)) {
    parameters.push_back({"context", label, "/linux/mountLabel"});
  }
  return parameters;
}

void configure(sys::FsContext& fs, const std::vector<plan::FsParameter>& parameters) {
  for (const plan::FsParameter& parameter : parameters) {
    if (parameter.value) {
      fs.set_string(parameter.key, *parameter.value, parameter.pointer);
    } else {
      fs.set_flag(parameter.key, parameter.pointer);
    }
  }
}

struct FlagWord {
  std::string_view word;
  unsigned long flag;
};
constexpr FlagWord kSuperblockFlags[] = {
    {"ro", MS_RDONLY},         {"sync", MS_SYNCHRONOUS}, {"dirsync", MS_DIRSYNC},
    {"lazytime", MS_LAZYTIME}, {"mand", MS_MANDLOCK},    {"silent", MS_SILENT},
};

sys::LegacyMount legacy_of(const std::string& fs_type,
                           const std::vector<plan::FsParameter>& parameters) {
  sys::LegacyMount request{fs_type, fs_type, 0, {}};
  for (const plan::FsParameter& parameter : parameters) {
    auto known = std::find_if(std::begin(kSuperblockFlags), std::end(kSuperblockFlags),
                              [&](const FlagWord& w) { return w.word == parameter.key; });
    if (!parameter.value && known != std::end(kSuperblockFlags)) {
      request.flags |= known->flag;
    } else if (parameter.key == "source" && parameter.value) {
      request.source = *parameter.value;
    } else {
      if (!request.data.empty()) request.data += ',';
      request.data += parameter.key;
      if (parameter.value) request.data += cat("=", *parameter.value);
    }
  }
  return request;
}

bool can_carry(const std::vector<plan::FsParameter>& parameters) {
  return std::all_of(parameters.begin(), parameters.end(), [](const plan::FsParameter& p) {
    return sys::FsContext::can_carry(p.key, p.value.value_or(""));
  });
}

bool has_comma(const std::vector<plan::FsParameter>& parameters) {
  return std::any_of(parameters.begin(), parameters.end(), [](const plan::FsParameter& p) {
    return p.value && p.value->find(',') != std::string::npos;
  });
}

sys::Fd build_by_legacy_call(InitContext& context, const plan::Mount& mount,
                             const std::vector<plan::FsParameter>& parameters) {
  // mount(2) cannot be told another pid namespace than the one we are in.
  if (mount.fs_type == "proc" && context.pid_namespace) {
    throw Error(ErrorKind::invalid_config, "an option of proc is too long").at(mount.pointer);
  }
  sys::Fd tree = sys::mount_on_scratch(legacy_of(mount.fs_type, parameters), procfs_of(context));
  give_first_attributes(mount, tree.get());
  return tree;
}

/// A proc that the kernel will not mount anew: the outer one is masked, or the pid namespace is not
/// ours (mount_too_revealing in fs/namespace.c).
bool is_refused_proc(int error_number) {
  return error_number == EPERM || error_number == EACCES;
}

/// Whether a procfs is of our own pid namespace, and not of one above it: then "NSpid" would have
/// our number in each, proc_pid_status(5).
bool shows_our_processes(const sys::Procfs& procfs) {
  const auto status = procfs.try_read("self/status");
  if (!status) return false;
  for (const std::string_view line : split(*status, '\n')) {
    if (!line.starts_with("NSpid:")) continue;
    return trim(line.substr(6)).find('\t') == std::string_view::npos;
  }
  return false;
}

[[noreturn]] void refuse_proc(const plan::Mount& mount, int error_number) {
  if (!is_refused_proc(error_number)) throw_os("fsmount", error_number, "mount proc");
  throw Error(
      ErrorKind::denied,
      cat("the kernel refuses a proc of the container's pid namespace on ", mount.destination))
      .because_of("fsmount", error_number)
      .at(mount.pointer)
      .with_hint(
          "the pid namespace belongs to another user namespace, or /proc of the host is "
          "partly covered: join the user namespace that owns it, or bind a /proc with "
          "{\"type\": \"none\", \"source\": \"/proc\", \"options\": [\"rbind\"]}");
}

/// The outer proc, where that shows nothing but what the new one would: the processes of a pid
/// namespace that the container does not have are not to be shown instead of its own.
sys::Fd clone_outer_proc(const plan::Mount& mount, int error_number) {
  const sys::Procfs outer = sys::Procfs::open_host();
  if (!shows_our_processes(outer)) refuse_proc(mount, error_number);
  log::warning(cat("cannot mount a new proc on ", mount.destination, " (errno ", error_number,
                   "): the outer /proc is bound there instead"),
               mount.pointer);
  return sys::clone_tree(outer.root(), /*recursive=*/true);
}

/// A new proc is that of the pid namespace we are in, unless it is told another. False: this kernel
/// cannot be told.
bool choose_pid_namespace(sys::FsContext& fs, const sys::Fd& pid_namespace,
                          const plan::Mount& mount) {
  try {
    fs.set_fd("pidns", pid_namespace.get());
    return true;
  } catch (const Error& error) {
    if (is_refused_proc(error.err)) refuse_proc(mount, error.err);
    if (error.err != EINVAL) throw;
    return false;
  }
}

sys::FsContext open_proc_of_joined(InitContext& context, const plan::Mount& mount) {
  // A builder that has joined it early: the kernel would not give it this proc either way.
  if (context.is_bridge && !context.last_join) refuse_proc(mount, EPERM);
  if (context.is_bridge) return open_proc_inside(context);
  throw Error(ErrorKind::unsupported,
              "a new proc cannot be mounted from outside of its pid namespace on this kernel")
      .because_of("fsconfig", EINVAL)
      .with_hint("Linux 6.18 can; or let the config have all the mounts of proc");
}

/// There is nothing else to show: the outer proc would be of our namespace, and prove that it is.
sys::Fd build_proc_from_outside(InitContext& context, const plan::Mount& mount,
                                const std::vector<plan::FsParameter>& parameters) {
  std::optional<sys::FsContext> fs(std::in_place, mount.fs_type);
  const bool is_told = choose_pid_namespace(*fs, context.pid_namespace, mount);
  if (!is_told) fs.emplace(open_proc_of_joined(context, mount));
  configure(*fs, parameters);
  int error_number = fs->try_create();
  sys::Fd made;
  if (error_number == 0) made = fs->try_mount(first_attributes(mount), error_number);
  if (!made) refuse_proc(mount, error_number);
  if (!is_told) prove_pid_namespace(made.get(), context.pid_namespace);
  return made;
}

sys::Fd build_proc(const plan::Mount& mount, const std::vector<plan::FsParameter>& parameters) {
  sys::FsContext fs(mount.fs_type);
  configure(fs, parameters);
  int error_number = fs.try_create();
  sys::Fd made;
  if (error_number == 0) made = fs.try_mount(first_attributes(mount), error_number);
  if (made) return made;
  if (!is_refused_proc(error_number)) throw_os("fsmount", error_number, "mount proc");
  made = clone_outer_proc(mount, error_number);
  give_first_attributes(mount, made.get());
  return made;
}

/// The detached mount.
sys::Fd build(InitContext& context, const plan::Mount& mount,
              const std::vector<plan::FsParameter>& parameters) {
  if (mount.fs_type == "proc") {
    return context.pid_namespace ? build_proc_from_outside(context, mount, parameters)
                                 : build_proc(mount, parameters);
  }
  sys::FsContext fs(mount.fs_type);
  configure(fs, parameters);
  fs.create();
  return fs.mount(first_attributes(mount));
}

sys::Fd build_either_way(InitContext& context, const plan::Mount& mount,
                         const std::vector<plan::FsParameter>& parameters) {
  if (!can_carry(parameters)) return build_by_legacy_call(context, mount, parameters);
  try {
    return build(context, mount, parameters);
  } catch (Error& error) {
    if (error.err == EPERM && mount.fs_type == "sysfs" && error.hint.empty()) {
      error.hint =
          "a user namespace may mount sysfs only with a network namespace of its own; bind "
          "the host's /sys with rbind and ro instead";
    }
    // A file system without fs_context operations of its own refuses commas in values.
    if (error.err != EINVAL || !has_comma(parameters)) throw;
    return build_by_legacy_call(context, mount, parameters);
  }
}

}  // namespace

void mount_filesystem(InitContext& context, const plan::Mount& mount) {
  const bool is_plain = mount.fs_type == "proc" || mount.fs_type == "sysfs";
  const Target target =
      is_plain ? open_plain_target(context, mount) : open_directory_target(context, mount);
  refuse_target_in_procfs(target.fd.get(), mount.destination, mount.fs_type == "proc");
  const std::vector<plan::FsParameter> parameters = parameters_of(context, mount, target);
  sys::Fd tree = build_either_way(context, mount, parameters);
  if (mount.copy_up && target.existed) copy_up(target.fd.get(), tree.get());
  if (!mount.recursive_attributes.empty()) apply_attributes(mount, tree.get());
  attach(context, mount, std::move(tree), target);
}

void mount_remount(InitContext& context, const plan::Mount& mount) {
  const sys::Fd target = context.rootfs.open(mount.destination, O_PATH);
  if (!sys::is_mount_root(target.get())) {
    throw Error(ErrorKind::os, cat(quote(mount.destination), " is not a mount point"))
        .because_of("mount_setattr", EINVAL);
  }
  if (!mount.parameters.empty()) {
    sys::FsContext fs = sys::FsContext::pick(target.get());
    configure(fs, mount.parameters);
    fs.reconfigure();
  }
  apply_attributes(mount, target.get());
  give_propagation(context, mount, target.get());
}

}  // namespace asylum::process
