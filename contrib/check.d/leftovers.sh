# shellcheck shell=bash
# Stage: the machine is as it was before: cgroups, mounts, state directories, the owner of /dev/null.

# listing ARGUMENTS OF find: sorted. What is not there, or goes while find looks, is no failure.
listing() { { find "$@" 2>/dev/null || true; } | sort; }
cgroup_directories() { listing "$(cgroup2_directory)" -mindepth 1 -type d; }
state_files() { listing /run/asylum-runc; }
# Field 5 is the mount point; ids and peer groups change without any mount of ours.
mount_points() { awk '{print $5}' /proc/self/mountinfo | sort; }
null_device() { ls -l /dev/null; }

remember_machine() {
  local what
  [[ -n $(cgroup2_directory) ]] || die "no cgroup2 hierarchy is mounted, and nothing of ours runs without one"
  for what in cgroup_directories state_files mount_points null_device; do "$what" >"$WORK/before-$what"; done
}

as_before() {
  "$1" | diff "$WORK/before-$1" - && return
  say "(< before, > now)"
  return 1
}

no_new_lines() {
  local extra
  extra=$("$1" | comm -13 "$WORK/before-$1" -)
  [[ -z $extra ]] || { say "new: $extra"; return 1; }
}

stage_leftovers() {
  rule leftovers "no cgroup is left" no_new_lines cgroup_directories
  rule leftovers "no state is left under /run/asylum-runc" no_new_lines state_files
  rule leftovers "no mount is left" no_new_lines mount_points
  rule leftovers "/dev/null is as before" as_before null_device
}
