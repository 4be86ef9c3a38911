// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/verbs/mounts.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/container/host/bundle.h"
#include "runtime/container/host/document_file.h"
#include "runtime/container/host/probe_host.h"
#include "runtime/container/state/existing.h"
#include "runtime/plan/entering_plan.h"
#include "runtime/process/main/launch.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process/process.h"
#include "spec/check/validate.h"
#include "spec/read/read.h"

namespace asylum::container {
namespace {

constexpr std::string_view kMounts = "/mounts";

/// In the file the array is all there is: its first mount is /0, not /mounts/0.
void shorten(std::string& pointer) {
  if (pointer.starts_with(kMounts)) pointer.erase(0, kMounts.size());
}

/// One command in progress: the errors that leave it point into its file.
class Mounting {
 public:
  Mounting(const Settings& settings, const MountsOptions& options, process::Errand errand)
      : options_(options), errand_(errand), container_(settings, options.id) {}

  void run() {
    enter();
    try {
      read();
      make_plan();
      execute();
    } catch (Error& error) {
      shorten(error.pointer);
      error.document = name_of_file();
      locate_error(error, document_);
      throw;
    }
  }

 private:
  std::string name_of_file() const {
    return options_.file == "-" ? std::string("(standard input)") : options_.file;
  }

  void enter();
  void read();
  void make_plan();
  void settle(std::vector<Finding> findings) const;
  void refuse(const spec::Mount& mount, std::size_t index) const;
  void execute();

  const MountsOptions& options_;
  const process::Errand errand_;
  Container container_;
  sys::Fd init_;  // pidfd
  spec::Document document_;
  std::vector<spec::Mount> mounts_;
  plan::Plan plan_;
};

void Mounting::enter() {
  container_.require(Verb::mounts);
  init_ = container_.init_for(Verb::mounts);
}

void Mounting::read() {
  const Step step{cat("read the mounts of ", quote(name_of_file()))};
  document_ = read_document_file(options_.file);
  spec::MountsReading reading = spec::read_mounts(document_);
  settle(std::move(reading.findings));
  mounts_ = std::move(reading.mounts);
  for (std::size_t i = 0; i < mounts_.size(); ++i) refuse(mounts_[i], i);
}

void Mounting::settle(std::vector<Finding> findings) const {
  for (Finding& one : findings) shorten(one.pointer);
  settle_findings(std::move(findings), document_);
}

/// What is no mount of its own cannot be undone, and what would replace the root neither.
void Mounting::refuse(const spec::Mount& mount, std::size_t index) const {
  const std::string pointer = cat("/", index);
  if (clean_path(mount.destination) == "/") {
    throw Error(ErrorKind::invalid_config, "the root of a running container stays what it is")
        .at(pointer + "/destination");
  }
  if (errand_ == process::Errand::remove_mounts) return;
  if (mount.parsed.remount || mount.parsed.copy_symlink) {
    throw Error(ErrorKind::invalid_config,
                "a remount or a copied link is no mount that could be added")
        .at(pointer + "/options");
  }
}

void Mounting::make_plan() {
  const spec::Document config = container_.config();
  spec::Spec spec = std::move(spec::read(config).spec);
  plan::Request request;
  request.id = options_.id;
  request.bundle = container_.record().state.bundle;
  request.cgroup_manager = container_.record().cgroup_manager;
  plan::Planning planning;
  if (errand_ == process::Errand::add_mounts) {
    spec.mounts = mounts_;
    settle(spec::validate_mounts(spec));
    planning = plan::plan_added_mounts(spec, probe_host(spec), request);
  } else {
    planning = plan::plan_removed_mounts(spec, mounts_, probe_host(spec), request);
  }
  settle(std::move(planning.findings));
  plan_ = std::move(planning.plan);
}

void Mounting::execute() {
  const process::GateEnds no_gate;
  // Not into the container's cgroup: the child is ours, and a paused container would hold it.
  const process::Launched child = process::launch(
      {plan_, -1, no_gate, process::Entrance{container_.init_pid(), init_.get(), errand_}}, {});
  static_cast<void>(sys::wait_pidfd(child.pidfd.get()));
}

}  // namespace

void add_mounts(const Settings& settings, const MountsOptions& options) {
  const Step step{cat("add mounts to container ", options.id)};
  Mounting(settings, options, process::Errand::add_mounts).run();
}

void remove_mounts(const Settings& settings, const MountsOptions& options) {
  const Step step{cat("remove mounts from container ", options.id)};
  Mounting(settings, options, process::Errand::remove_mounts).run();
}

}  // namespace asylum::container
