# shellcheck shell=bash
# What contrib/check prints: a line for each stage, what the failing tests said, time against budget, the closing line.

summary_of() {
  printf '%d passed, %d failed, %d skipped' "$(count_of passed "$1")" "$(count_of failed "$1")" "$(count_of skipped "$1")"
}

# show_failures STAGE: the failing tests with their output; where a stage keeps none, the end of its log.
readonly shown_lines=400
show_failures() {
  local failures=$LOGS/$1.failures lines
  (($(count_of failed "$1") > 0)) || return 0
  if [[ -s $failures ]]; then
    lines=$(wc -l <"$failures")
    sed -n "1,${shown_lines}p" "$failures"
    ((lines <= shown_lines)) || say "(and $((lines - shown_lines)) more lines in ${failures#"$TOP"/})"
  else
    tail -n 80 "$LOGS/$1"
  fi
  say "(the whole log of $1: ${LOGS#"$TOP"/}/$1)"
}

# remember_time STAGE LANE SECONDS
remember_time() { printf '%s\t%s\t%d\n' "$@" >>"$TIMES"; }
was_run() { cut -f 1 "$TIMES" | grep -qxF -- "$1"; }

# The budgets are the rows "| `STAGE` | PART | MINUTES |" of this document.
readonly budgets=$TOP/contrib/docs/CONTRIBUTING.md

# time_table: each stage that was run, and each part as a whole: stages of one lane add up, lanes run side by side.
time_table() {
  local load
  read -r load _ </proc/loadavg
  say ""
  say "time against budget ($(nproc) processors, load $load):"
  awk -F'\t' '
    function clock(seconds) { return sprintf("%d:%02d", seconds / 60, seconds % 60) }
    function row(indent, name, used, budget) {
      printf "%s%-*s %6s of %6s%s\n", indent, 22 - length(indent), name, clock(used), clock(budget),
        (used > budget ? "  over" : "")
    }
    NR == FNR {
      if (split($0, cell, / *[|] */) < 5 || cell[2] !~ /^`/) next
      gsub(/`/, "", cell[2])
      part[cell[2]] = cell[3]; budget[cell[2]] = cell[4] * 60
      next
    }
    {
      if (!(part[$1] in known)) { known[part[$1]]; parts[++count] = part[$1] }
      stages[part[$1]] = stages[part[$1]] " " $1; used[$1] = $3
      if ((lane[part[$1], $2] += $3) > longest[part[$1]]) longest[part[$1]] = lane[part[$1], $2]
    }
    END {
      for (i = 1; i <= count; i++) {
        n = split(stages[parts[i]], names, " ")
        row("  ", parts[i], longest[parts[i]], budget[parts[i]])
        for (j = 1; j <= n; j++) row("    ", names[j], used[names[j]], budget[names[j]])
      }
      row("  ", "whole", whole, budget["whole"])
    }' "$budgets" whole="$SECONDS" "$TIMES"
}

closing_line() {
  local failed
  failed=$(count_of failed)
  if ((failed > 0)); then
    say ""
    say "failed:"
    awk -F'\t' '$1 == "failed" {printf "  %s: %s%s\n", $2, $3, ($4 == "" ? "" : " (" $4 ")")}' "$RESULTS"
  fi
  printf '%d passed, %d failed, %d skipped\n' "$(count_of passed)" "$failed" "$(count_of skipped)"
  ((failed == 0)) || exit 1
  exit 0
}
