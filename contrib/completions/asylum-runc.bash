# bash completion for asylum-runc. Made by: asylum-docs bash. Do not edit.

# _asylum_runc_words WORDS: those that begin with the word at the cursor.
_asylum_runc_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }

_asylum_runc_files() {
  compopt -o filenames
  mapfile -t COMPREPLY < <(compgen "$1" -- "$current")
}

_asylum_runc_containers() {
  _asylum_runc_words "$(asylum-runc "${root[@]}" list --quiet 2>/dev/null)"
}

_asylum_runc_commands='create start run state kill exec pause resume ps update mounts events delete list features spec explain help'

_asylum_runc_options() {
  case $1 in
    '') _asylum_runc_words '--root --log --log-format --log-level --debug --cgroup-manager --systemd-cgroup --rootless --exit-codes --version --help' ;;
    create) _asylum_runc_words '--bundle --config --console-socket --pidfd-socket --pid-file --preserve-fds --no-pivot --no-new-keyring --help' ;;
    start) _asylum_runc_words '--help' ;;
    run) _asylum_runc_words '--bundle --config --console-socket --pidfd-socket --pid-file --preserve-fds --no-pivot --no-new-keyring --detach --keep --no-subreaper --help' ;;
    state) _asylum_runc_words '--help' ;;
    kill) _asylum_runc_words '--all --help' ;;
    exec) _asylum_runc_words '--process --cwd --env --tty --user --additional-gids --cap --no-new-privs --apparmor --process-label --cgroup --ignore-paused --timeout --detach --pid-file --console-socket --pidfd-socket --preserve-fds --no-subreaper --help' ;;
    pause) _asylum_runc_words '--help' ;;
    resume) _asylum_runc_words '--help' ;;
    ps) _asylum_runc_words '--format --help' ;;
    update) _asylum_runc_words '--resources --memory --memory-reservation --memory-swap --cpu-share --cpu-quota --cpu-period --cpu-burst --cpu-idle --cpu-rt-period --cpu-rt-runtime --cpuset-cpus --cpuset-mems --blkio-weight --pids-limit --l3-cache-schema --mem-bw-schema --help' ;;
    mounts) _asylum_runc_words '--help' ;;
    events) _asylum_runc_words '--interval --stats --help' ;;
    delete) _asylum_runc_words '--force --help' ;;
    list) _asylum_runc_words '--format --quiet --help' ;;
    features) _asylum_runc_words '--help' ;;
    spec) _asylum_runc_words '--bundle --rootless --help' ;;
    explain) _asylum_runc_words '--bundle --format --facts --help' ;;
    help) _asylum_runc_words '--help' ;;
  esac
}

_asylum_runc_takes_value() {
  case $1 in
    :--root) return 0 ;;
    :--log) return 0 ;;
    :--log-format) return 0 ;;
    :--log-level) return 0 ;;
    :--cgroup-manager) return 0 ;;
    :--rootless) return 0 ;;
    create:--bundle | create:-b) return 0 ;;
    create:--config | create:-f) return 0 ;;
    create:--console-socket) return 0 ;;
    create:--pidfd-socket) return 0 ;;
    create:--pid-file) return 0 ;;
    create:--preserve-fds) return 0 ;;
    run:--bundle | run:-b) return 0 ;;
    run:--config | run:-f) return 0 ;;
    run:--console-socket) return 0 ;;
    run:--pidfd-socket) return 0 ;;
    run:--pid-file) return 0 ;;
    run:--preserve-fds) return 0 ;;
    exec:--process | exec:-p) return 0 ;;
    exec:--cwd) return 0 ;;
    exec:--env | exec:-e) return 0 ;;
    exec:--user | exec:-u) return 0 ;;
    exec:--additional-gids | exec:-g) return 0 ;;
    exec:--cap | exec:-c) return 0 ;;
    exec:--apparmor) return 0 ;;
    exec:--process-label) return 0 ;;
    exec:--cgroup) return 0 ;;
    exec:--timeout) return 0 ;;
    exec:--pid-file) return 0 ;;
    exec:--console-socket) return 0 ;;
    exec:--pidfd-socket) return 0 ;;
    exec:--preserve-fds) return 0 ;;
    ps:--format | ps:-f) return 0 ;;
    update:--resources | update:-r) return 0 ;;
    update:--memory) return 0 ;;
    update:--memory-reservation) return 0 ;;
    update:--memory-swap) return 0 ;;
    update:--cpu-share) return 0 ;;
    update:--cpu-quota) return 0 ;;
    update:--cpu-period) return 0 ;;
    update:--cpu-burst) return 0 ;;
    update:--cpu-idle) return 0 ;;
    update:--cpu-rt-period) return 0 ;;
    update:--cpu-rt-runtime) return 0 ;;
    update:--cpuset-cpus) return 0 ;;
    update:--cpuset-mems) return 0 ;;
    update:--blkio-weight) return 0 ;;
    update:--pids-limit) return 0 ;;
    update:--l3-cache-schema) return 0 ;;
    update:--mem-bw-schema) return 0 ;;
    events:--interval) return 0 ;;
    list:--format | list:-f) return 0 ;;
    spec:--bundle | spec:-b) return 0 ;;
    explain:--bundle | explain:-b) return 0 ;;
    explain:--format | explain:-f) return 0 ;;
    explain:--facts) return 0 ;;
  esac
  return 1
}

_asylum_runc_value() {
  case $1 in
    :--root) _asylum_runc_files -d ;;
    :--log) _asylum_runc_files -f ;;
    :--log-format) _asylum_runc_words 'text json' ;;
    :--log-level) _asylum_runc_words 'error warning info debug' ;;
    :--cgroup-manager) _asylum_runc_words 'cgroupfs systemd disabled' ;;
    :--rootless) _asylum_runc_words 'true false auto' ;;
    create:--bundle | create:-b) _asylum_runc_files -d ;;
    create:--config | create:-f) _asylum_runc_files -f ;;
    create:--console-socket) _asylum_runc_files -f ;;
    create:--pidfd-socket) _asylum_runc_files -f ;;
    create:--pid-file) _asylum_runc_files -f ;;
    create:--preserve-fds) : ;;
    run:--bundle | run:-b) _asylum_runc_files -d ;;
    run:--config | run:-f) _asylum_runc_files -f ;;
    run:--console-socket) _asylum_runc_files -f ;;
    run:--pidfd-socket) _asylum_runc_files -f ;;
    run:--pid-file) _asylum_runc_files -f ;;
    run:--preserve-fds) : ;;
    exec:--process | exec:-p) _asylum_runc_files -f ;;
    exec:--cwd) _asylum_runc_files -d ;;
    exec:--env | exec:-e) : ;;
    exec:--user | exec:-u) : ;;
    exec:--additional-gids | exec:-g) : ;;
    exec:--cap | exec:-c) : ;;
    exec:--apparmor) : ;;
    exec:--process-label) : ;;
    exec:--cgroup) : ;;
    exec:--timeout) : ;;
    exec:--pid-file) _asylum_runc_files -f ;;
    exec:--console-socket) _asylum_runc_files -f ;;
    exec:--pidfd-socket) _asylum_runc_files -f ;;
    exec:--preserve-fds) : ;;
    ps:--format | ps:-f) _asylum_runc_words 'table json' ;;
    update:--resources | update:-r) _asylum_runc_files -f ;;
    update:--memory) : ;;
    update:--memory-reservation) : ;;
    update:--memory-swap) : ;;
    update:--cpu-share) : ;;
    update:--cpu-quota) : ;;
    update:--cpu-period) : ;;
    update:--cpu-burst) : ;;
    update:--cpu-idle) : ;;
    update:--cpu-rt-period) : ;;
    update:--cpu-rt-runtime) : ;;
    update:--cpuset-cpus) : ;;
    update:--cpuset-mems) : ;;
    update:--blkio-weight) : ;;
    update:--pids-limit) : ;;
    update:--l3-cache-schema) : ;;
    update:--mem-bw-schema) : ;;
    events:--interval) : ;;
    list:--format | list:-f) _asylum_runc_words 'table json' ;;
    spec:--bundle | spec:-b) _asylum_runc_files -d ;;
    explain:--bundle | explain:-b) _asylum_runc_files -d ;;
    explain:--format | explain:-f) _asylum_runc_words 'text json' ;;
    explain:--facts) _asylum_runc_files -f ;;
  esac
}

_asylum_runc_argument() {
  case $1 in
    :0) _asylum_runc_words "$_asylum_runc_commands" ;;
    create:0) _asylum_runc_containers ;;
    start:0) _asylum_runc_containers ;;
    run:0) _asylum_runc_containers ;;
    state:0) _asylum_runc_containers ;;
    kill:0) _asylum_runc_containers ;;
    kill:1) _asylum_runc_words 'TERM KILL INT HUP QUIT USR1 USR2 STOP CONT WINCH' ;;
    exec:0) _asylum_runc_containers ;;
    exec:1) : ;;
    exec:2) : ;;
    pause:0) _asylum_runc_containers ;;
    resume:0) _asylum_runc_containers ;;
    ps:0) _asylum_runc_containers ;;
    ps:1) : ;;
    update:0) _asylum_runc_containers ;;
    mounts:0) _asylum_runc_words 'add remove' ;;
    mounts:1) _asylum_runc_containers ;;
    mounts:2) _asylum_runc_files -f ;;
    events:0) _asylum_runc_containers ;;
    delete:0) _asylum_runc_containers ;;
    explain:0) _asylum_runc_containers ;;
    help:0) _asylum_runc_words "$_asylum_runc_commands" ;;
  esac
}

_asylum_runc() {
  local current=${COMP_WORDS[COMP_CWORD]} command='' pending='' position=0 i word
  local -a root=()
  COMPREPLY=()
  # readline makes three words of --name=value.
  [[ $current == '=' ]] && current=''
  for ((i = 1; i < COMP_CWORD; ++i)); do
    word=${COMP_WORDS[i]}
    if [[ $word == '=' ]]; then
      continue
    elif [[ -n $pending ]]; then
      [[ $pending == --root ]] && root=(--root "$word")
      pending=''
    elif [[ $word == -* ]]; then
      _asylum_runc_takes_value "$command:$word" && pending=$word
    elif [[ -z $command ]]; then
      command=$word
    else
      ((++position))
    fi
  done
  if [[ -n $pending ]]; then
    _asylum_runc_value "$command:$pending"
  elif [[ $current == -* ]]; then
    _asylum_runc_options "$command"
  else
    _asylum_runc_argument "$command:$position"
  fi
}

complete -F _asylum_runc asylum-runc
