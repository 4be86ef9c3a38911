# shellcheck shell=bash
# What every script of ours begins with: a command that fails unexpectedly ends the script, and the script then says where.
# Sets TOP, the checkout. Sourced; nothing else may come before it.
set -eEuo pipefail
shopt -s inherit_errexit

# shellcheck disable=SC2034
TOP=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
script=${0##*/}

say() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "$script" "$*" >&2; exit 1; }

# report_failure STATUS PIPE-STATUSES COMMAND: for the ERR trap. bash knows the last command of a pipeline alone, which is
# often not the one that failed; so the statuses of all are said, and the line as it is written. Where -e is off, or was
# never on, a failing command ends nothing and is the script's own business.
report_failure() {
  [[ $- == *e* ]] || return 0
  local file=${BASH_SOURCE[1]} line=${BASH_LINENO[0]} level statuses=
  [[ $2 != *' '* ]] || statuses=" (the pipeline: $2)"
  {
    printf '%s: %s:%d: status %d%s of: %s\n' "$script" "$file" "$line" "$1" "$statuses" "$3"
    [[ ! -r $file ]] || printf '    %s\n' "$(sed -n "${line}{s/^ *//;p}" "$file")"
    for ((level = 1; level + 1 < ${#BASH_SOURCE[@]}; level++)); do
      printf '    in %s, called at %s:%d\n' "${FUNCNAME[level]}" "${BASH_SOURCE[level + 1]}" "${BASH_LINENO[level]}"
    done
  } >&2
}
trap 'report_failure "$?" "${PIPESTATUS[*]}" "$BASH_COMMAND"' ERR

# end_by_signal NUMBER NAME: the EXIT trap still cleans up.
end_by_signal() {
  printf '%s: ended by SIG%s\n' "$script" "$2" >&2
  exit $((128 + $1))
}
trap 'end_by_signal 1 HUP' HUP
trap 'end_by_signal 2 INT' INT
trap 'end_by_signal 15 TERM' TERM

# lines_with ARGUMENTS OF grep: no such line is an answer, not a failure.
lines_with() { grep "$@" || (($? == 1)); }
