// SPDX-License-Identifier: Apache-2.0
// The half of create with effects: each is in the journal before and after it happens.
#include "runtime/container/verbs/make_container.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <optional>
#include <utility>

#include "hooks/run_hooks.h"
#include "hooks/state_document.h"
#include "runtime/base/log.h"
#include "runtime/base/report.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/cgroup/driver.h"
#include "runtime/container/state/journal.h"
#include "runtime/container/state/pid_file.h"
#include "runtime/container/state/saved_config.h"
#include "runtime/container/state/state_store.h"
#include "runtime/container/state/undo.h"
#include "runtime/container/verbs/forget.h"
#include "runtime/container/verbs/notify.h"
#include "runtime/container/verbs/prepare.h"
#include "runtime/container/verbs/terminal.h"
#include "runtime/plan/namespace_plan.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/attach/pidfd_socket.h"
#include "runtime/process/both/start_gate.h"
#include "runtime/seccomp/compile.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/procfs.h"

namespace asylum::container {
namespace {

constexpr mode_t kFileMode = 0600;

/// One create in progress.
class Creation {
 public:
  Creation(Settings& settings, const CreateOptions& options, Preparation& preparation,
           Attachment attachment)
      : options_(options),
        plan_(preparation.plan),
        preparation_(preparation),
        attachment_(attachment),
        settings_(settings),
        store_(settings),
        record_(make_record(preparation.plan)) {}

  Created run() {
    claim_id();
    try {
      return make();
    } catch (Error& error) {
      locate_error(error, preparation_.bundle.document);
      undo();
      throw;
    } catch (...) {
      undo();
      throw;
    }
  }

 private:
  void claim_id();
  Created make();
  void make_cgroup();
  process::Launched launch();
  void forget();
  void run_host_hooks(pid_t init);
  void note_root(std::uint64_t mount_id);
  bool is_frozen() const;
  void hand_over_terminal();
  void undo() noexcept;

  const CreateOptions& options_;
  const plan::Plan& plan_;
  Preparation& preparation_;
  const Attachment attachment_;
  Settings& settings_;
  const StateStore store_;
  Record record_;
  sys::Fd directory_;
  std::optional<ContainerLock> lock_;
  std::optional<Journal> journal_;
  process::GateEnds gate_;
  sys::Fd cgroup_;
  sys::Fd terminal_;
};

/// The directory with its lock. A `delete --force` that comes between the two takes away what is no
/// container yet, and is no reason to fail: it could as well have come before.
void Creation::claim_id() {
  constexpr int kTries = 10;
  for (int tries = 1; !lock_; ++tries) {
    directory_ = store_.make(options_.id);
    try {
      lock_ = ContainerLock::try_make(directory_.get(), options_.id);
    } catch (...) {
      store_.remove_empty(options_.id);
      throw;
    }
    if (!lock_ && tries == kTries) throw_does_not_exist(options_.id);
  }
}

/// Where mknod is refused whatever the capabilities: in any user namespace but the first.
bool is_mknod_impossible(const Preparation& preparation) {
  if (!preparation.facts.initial_user_namespace) return true;
  for (const plan::Namespace& one : preparation.plan.namespaces) {
    if (one.type == NamespaceType::user) return true;
  }
  return false;
}

/// The host's name of the id that the program runs as. Source: runtime-spec
/// config-linux.md#cgroup-ownership.
std::optional<uid_t> owner_of_cgroup(const plan::Plan& plan) {
  if (!plan.id_maps) return std::nullopt;
  const std::uint32_t uid = plan.process.identity.uid;
  for (const plan::IdMapping& map : plan.id_maps->uids) {
    if (uid >= map.container_id && uid - map.container_id < map.count) {
      return map.host_id + (uid - map.container_id);
    }
  }
  return std::nullopt;
}

void Creation::make_cgroup() {
  const auto driver = cgroup::make_driver(plan_.cgroup.manager);
  if (!driver) return journal_->intend_process();
  cgroup::Witness witness;
  witness.intend = [this](std::span<const std::string> paths) {
    journal_->intend_cgroup(plan_.cgroup.mount_point, paths, plan_.cgroup.manager);
  };
  witness.abandon = [this](const std::string& path) { journal_->abandon_cgroup(path); };
  witness.made = [this](std::span<const cgroup::Directory> made) {
    journal_->made_cgroup(made);
    record_.boot_id = boot_id();
    record_.cgroup.emplace(cgroup::Place{plan_.cgroup.mount_point,
                                         made.back(),
                                         {made.begin(), made.end() - 1},
                                         plan_.cgroup.manager});
  };
  const cgroup::Cgroup made = driver->create(
      {plan_.cgroup, is_mknod_impossible(preparation_), owner_of_cgroup(plan_)}, witness);
  cgroup_ = sys::duplicate(made.fd());
}

ProcessIdentity identity_of(pid_t pid) {
  const sys::Procfs proc = sys::Procfs::open_host();
  return {pid, sys::start_time_of(proc.root(), pid).value_or(0)};
}

void Creation::run_host_hooks(pid_t init) {
  journal_->begin_hooks();
  for (const HookStage stage : {HookStage::prestart, HookStage::create_runtime}) {
    Step step{cat("run ", word_of(stage), " hooks")};
    hooks::run_hooks({stage, plan_.hooks_of(stage),
                      hooks::state_document(plan_.state, init, "creating"), nullptr,
                      [this](pid_t pid) { journal_->made_helper(identity_of(pid)); }});
  }
}

void Creation::note_root(std::uint64_t mount_id) {
  const plan::Namespace& joined = *plan::find_namespace(plan_, NamespaceType::mount);
  journal_->intend_root(
      {joined.path, process::namespace_id_of(joined.path), plan_.root.path, mount_id});
}

void Creation::forget() {
  container::forget(preparation_.bundle);
  container::forget(preparation_.plan);
  container::forget(record_);
  container::forget(settings_);
}

process::Launched Creation::launch() {
  process::Duties duties;
  duties.process_made = [this](pid_t init, int) { journal_->made_process(identity_of(init)); };
  duties.builder_made = [this](pid_t builder) { journal_->made_builder(identity_of(builder)); };
  duties.forget = [this] { forget(); };
  duties.compile_filter = [this] {
    const sys::Fd root = store_.open_or_make_root();
    return seccomp::filter_program(*plan_.seccomp, root.get());
  };
  duties.run_host_hooks = [this](pid_t init) { run_host_hooks(init); };
  duties.attaching_root = [this](std::uint64_t mount_id) { note_root(mount_id); };
  duties.take_console = [this](sys::Fd master) { terminal_ = std::move(master); };
  return process::launch({.plan = plan_,
                          .cgroup_fd = cgroup_ ? cgroup_.get() : -1,
                          .gate = gate_,
                          .is_frozen = [this](pid_t) { return is_frozen(); }},
                         duties);
}

bool Creation::is_frozen() const {
  return cgroup_ && cgroup::Cgroup(sys::duplicate(cgroup_.get()), "").is_frozen();
}

void Creation::hand_over_terminal() {
  if (!terminal_ || attachment_ == Attachment::foreground) return;
  send_terminal(options_.console_socket, std::move(terminal_));
}

/// Written before anybody relies on it: readers of an unfinished create cope with whole lines.
void write_new_file(int directory, const char* name, std::string_view content) {
  const sys::Fd file =
      sys::open_at(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, kFileMode);
  sys::write_all(file.get(), content);
}

Created Creation::make() {
  Step step{cat("create container ", options_.id)};
  journal_ = Journal::make(directory_.get(), options_.id);
  write_new_file(directory_.get(), kConfigName, preparation_.bundle.document.text);
  if (!service_manager().empty()) make_notify_directory(directory_.get());
  gate_ = process::make_gate(directory_.get());
  make_cgroup();
  // Names the cgroup too, and before anything is in it.
  std::string record = write_record(record_);
  write_new_file(directory_.get(), kRecordName, record);
  container::forget(record);
  process::Launched init = launch();
  // While we hold the gate's ends too, nobody could see init's end of them close.
  gate_ = {};
  if (!options_.pid_file.empty()) {
    write_pid_file(absolute_path(options_.pid_file), init.pid, &*journal_);
  }
  hand_over_terminal();
  process::send_pidfd(options_.pidfd_socket, init.pidfd.get(), "standard");
  journal_->commit();
  process::commit(init);
  return {std::move(directory_), std::move(*lock_),  std::move(record_),
          std::move(init),       std::move(cgroup_), std::move(terminal_)};
}

void Creation::undo() noexcept {
  gate_ = {};
  terminal_.reset();
  try {
    if (journal_) {
      const Ledger ledger = load_ledger(directory_.get(), options_.id);
      undo_effects(directory_.get(), ledger, sys::Deadline::patience());
      if (ledger.hooks_begun) run_poststop_hooks(record_);
    }
    store_.remove(options_.id);
  } catch (const Error& error) {
    log::warning(cat("not all is undone, `delete --force ", options_.id,
                     "` tries again: ", sentence_of(error)));
  } catch (...) {
    log::warning(cat("not all is undone, `delete --force ", options_.id, "` tries again"));
  }
}

}  // namespace

Created make_container(Settings& settings, const CreateOptions& options, Preparation& preparation,
                       Attachment attachment) {
  return Creation(settings, options, preparation, attachment).run();
}

}  // namespace asylum::container
