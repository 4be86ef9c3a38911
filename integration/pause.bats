#!/usr/bin/env bats
# pause and resume: the freezer of the container's cgroup, and the states in which they are refused.

load helpers

# Whether the process gets CPU time: its utime and stime after a while are others.
ticks() { cut -d' ' -f14,15 "/proc/$1/stat"; }

@test "a paused container is frozen, says so, and runs on after resume" {
  config '.process.args = ["/bin/sh", "-c", "while :; do :; done"]'
  rt create --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null
  rt start "$ID"
  local pid before
  pid=$(pid_of)
  run rt pause "$ID"
  succeeded
  equal "$output" ""
  equal "$(status_of)" paused
  equal "$(sed -n 's/^frozen //p' "$(cgroup_of "$pid")/cgroup.events")" 1
  before=$(ticks "$pid")
  sleep 0.3
  equal "$(ticks "$pid")" "$before"
  run rt resume "$ID"
  succeeded
  equal "$(status_of)" running
  sleep 0.3
  [[ $(ticks "$pid") != "$before" ]]
}

@test "pause of a container that does not run says so and changes nothing" {
  background forever
  rt pause "$ID"
  attempt pause "$ID"
  failed_with 1
  says "container not running"
  equal "$(status_of)" paused
  rt kill "$ID" KILL
  eventually is_status stopped
  attempt pause "$ID"
  failed_with 1
  says "container not running"
}

@test "a created container can be paused; it starts when it was resumed" {
  created forever
  rt pause "$ID"
  equal "$(status_of)" paused
  attempt start "$ID"
  failed_with 1
  says "cannot start a container in the paused state"
  rt resume "$ID"
  equal "$(status_of)" created
  rt start "$ID"
  equal "$(status_of)" running
}

@test "resume of a container that is not paused says so" {
  background forever
  attempt resume "$ID"
  failed_with 1
  says "container not paused"
  equal "$(status_of)" running
}

@test "delete --force takes a paused container away" {
  background forever
  rt pause "$ID"
  run rt delete --force "$ID"
  succeeded
}

@test "a container without cgroup has no freezer" {
  arguments /bin/probe forever
  config 'del(.linux.resources)'
  rt --cgroup-manager disabled create --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null
  rt start "$ID"
  attempt pause "$ID"
  failed_with 1
  says "no cgroup"
  equal "$(status_of)" running
}

@test "misuse of pause and resume is one line and code 1" {
  local verb
  for verb in pause resume; do
    attempt "$verb" no-such-container
    failed_with 1
    says "container does not exist"
    attempt "$verb" ../x
    failed_with 1
    says "invalid container ID format"
    attempt "$verb"
    failed_with 1
    says "requires exactly 1 argument"
    attempt "$verb" --quickly "$ID"
    failed_with 1
    says "flag provided but not defined: -quickly"
  done
}
