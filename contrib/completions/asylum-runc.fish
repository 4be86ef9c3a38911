# fish completion for asylum-runc. Made from the option tables by: asylum-docs fish. Do not edit.

# Prints the command on the line and the words after it that are no options; fails if there is no command yet.
function __asylum_runc_words
    set -l pending 0
    set -l command
    for word in (commandline -opc)[2..-1]
        if test $pending = 1
            set pending 0
            continue
        end
        switch "$command:$word"
            case :--root :--log :--log-format :--log-level :--cgroup-manager :--rootless create:--bundle create:-b create:--config create:-f create:--console-socket create:--pidfd-socket create:--pid-file create:--preserve-fds run:--bundle run:-b run:--config run:-f run:--console-socket run:--pidfd-socket run:--pid-file run:--preserve-fds exec:--process exec:-p exec:--cwd exec:--env exec:-e exec:--user exec:-u exec:--additional-gids exec:-g exec:--cap exec:-c exec:--apparmor exec:--process-label exec:--cgroup exec:--timeout exec:--pid-file exec:--console-socket exec:--pidfd-socket exec:--preserve-fds ps:--format ps:-f update:--resources update:-r update:--memory update:--memory-reservation update:--memory-swap update:--cpu-share update:--cpu-quota update:--cpu-period update:--cpu-burst update:--cpu-idle update:--cpu-rt-period update:--cpu-rt-runtime update:--cpuset-cpus update:--cpuset-mems update:--blkio-weight update:--pids-limit update:--l3-cache-schema update:--mem-bw-schema events:--interval list:--format list:-f spec:--bundle spec:-b explain:--bundle explain:-b explain:--format explain:-f explain:--facts
                set pending 1
            case '*:-*'
            case '*'
                test -n "$command"; or set command $word
                echo $word
        end
    end
    test -n "$command"
end

# Succeeds if the command is COMMAND.
function __asylum_runc_is
    set -l words (__asylum_runc_words)
    test "$words[1]" = $argv[1]
end

# Succeeds if the command is COMMAND and argument number N (from 0) comes next.
function __asylum_runc_next
    set -l words (__asylum_runc_words)
    test "$words[1]" = $argv[1]; and test (count $words) = (math $argv[2] + 1)
end

function __asylum_runc_containers
    set -l root
    set -l words (commandline -opc)
    for i in (seq (count $words))
        switch $words[$i]
            case --root
                set root --root $words[(math $i + 1)]
            case '--root=*'
                set root $words[$i]
        end
    end
    asylum-runc $root list --quiet 2>/dev/null
end

complete -c asylum-runc -f
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -l root -x -a '(__fish_complete_directories)' -d 'keep the state of containers in DIR (default: /run/asylum-runc, or $XDG_RUNTIME_DIR/asylum-runc when rootless)'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -l log -r -F -d 'append the log to FILE as well as writing errors to standard error'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -l log-format -x -a 'text json' -d 'the format of the log (default: text)'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -l log-level -x -a 'error warning info debug' -d 'how much goes into the log (default: warning)'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -l debug -d 'log every step with its time, and show the details of an error'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -l cgroup-manager -x -a 'cgroupfs systemd disabled' -d 'who makes a container\'s cgroup: this program (the default), systemd (not supported yet), or nobody'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -l systemd-cgroup -d 'the same as --cgroup-manager systemd'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -l rootless -x -a 'true false auto' -d 'whether a container without limits and /linux/cgroupsPath goes without a cgroup where this user may make none (default: auto, for users other than root)'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -l exit-codes -d 'exit with a code that tells the kind of a failure, as the manual page lists them (default: 1, and 255 from exec)'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -l version -s v -d 'show the version and exit'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -a create -d 'create a container, ready to be started'
complete -c asylum-runc -n '__asylum_runc_is create' -l bundle -s b -x -a '(__fish_complete_directories)' -d 'the bundle: a directory with config.json and the root file system (default: the current one)'
complete -c asylum-runc -n '__asylum_runc_is create' -l config -s f -r -F -d 'read FILE instead of config.json of the bundle'
complete -c asylum-runc -n '__asylum_runc_is create' -l console-socket -r -F -d 'send the master side of the container\'s terminal to this listening AF_UNIX stream socket'
complete -c asylum-runc -n '__asylum_runc_is create' -l pidfd-socket -r -F -d 'send a pidfd of the container\'s init to this listening AF_UNIX stream socket'
complete -c asylum-runc -n '__asylum_runc_is create' -l pid-file -r -F -d 'write the process id of the container\'s init to FILE'
complete -c asylum-runc -n '__asylum_runc_is create' -l preserve-fds -x -d 'hand N further file descriptors to the container, from 3 on (after those of LISTEN_FDS)'
complete -c asylum-runc -n '__asylum_runc_is create' -l no-pivot -d 'move the root file system and chroot, where pivot_root is impossible (an initramfs)'
complete -c asylum-runc -n '__asylum_runc_is create' -l no-new-keyring -d 'keep the caller\'s session keyring instead of making a new one'
complete -c asylum-runc -n '__asylum_runc_is create' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n '__asylum_runc_next create 0' -a '(__asylum_runc_containers)'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -a start -d 'execute the program of a created container'
complete -c asylum-runc -n '__asylum_runc_is start' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n '__asylum_runc_next start 0' -a '(__asylum_runc_containers)'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -a run -d 'create a container and start it'
complete -c asylum-runc -n '__asylum_runc_is run' -l bundle -s b -x -a '(__fish_complete_directories)' -d 'the bundle: a directory with config.json and the root file system (default: the current one)'
complete -c asylum-runc -n '__asylum_runc_is run' -l config -s f -r -F -d 'read FILE instead of config.json of the bundle'
complete -c asylum-runc -n '__asylum_runc_is run' -l console-socket -r -F -d 'send the master side of the container\'s terminal to this listening AF_UNIX stream socket'
complete -c asylum-runc -n '__asylum_runc_is run' -l pidfd-socket -r -F -d 'send a pidfd of the container\'s init to this listening AF_UNIX stream socket'
complete -c asylum-runc -n '__asylum_runc_is run' -l pid-file -r -F -d 'write the process id of the container\'s init to FILE'
complete -c asylum-runc -n '__asylum_runc_is run' -l preserve-fds -x -d 'hand N further file descriptors to the container, from 3 on (after those of LISTEN_FDS)'
complete -c asylum-runc -n '__asylum_runc_is run' -l no-pivot -d 'move the root file system and chroot, where pivot_root is impossible (an initramfs)'
complete -c asylum-runc -n '__asylum_runc_is run' -l no-new-keyring -d 'keep the caller\'s session keyring instead of making a new one'
complete -c asylum-runc -n '__asylum_runc_is run' -l detach -s d -d 'return as soon as the program is executing'
complete -c asylum-runc -n '__asylum_runc_is run' -l keep -d 'do not delete the container when the program has ended'
complete -c asylum-runc -n '__asylum_runc_is run' -l no-subreaper -d 'do not adopt the orphans of the container\'s processes'
complete -c asylum-runc -n '__asylum_runc_is run' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n '__asylum_runc_next run 0' -a '(__asylum_runc_containers)'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -a state -d 'print the state of a container as JSON'
complete -c asylum-runc -n '__asylum_runc_is state' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n '__asylum_runc_next state 0' -a '(__asylum_runc_containers)'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -a kill -d 'send a signal to a container'
complete -c asylum-runc -n '__asylum_runc_is kill' -l all -s a -d 'send the signal to every process of the container'
complete -c asylum-runc -n '__asylum_runc_is kill' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n '__asylum_runc_next kill 0' -a '(__asylum_runc_containers)'
complete -c asylum-runc -n '__asylum_runc_next kill 1' -a 'TERM KILL INT HUP QUIT USR1 USR2 STOP CONT WINCH'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -a exec -d 'execute a further program in a container'
complete -c asylum-runc -n '__asylum_runc_is exec' -l process -s p -r -F -d 'execute the OCI process object of FILE; every other option about the process is then ignored'
complete -c asylum-runc -n '__asylum_runc_is exec' -l cwd -x -a '(__fish_complete_directories)' -d 'the working directory in the container (default: the config\'s)'
complete -c asylum-runc -n '__asylum_runc_is exec' -l env -s e -x -d 'add a variable to the config\'s environment; the last of a name wins'
complete -c asylum-runc -n '__asylum_runc_is exec' -l tty -s t -d 'allocate a terminal'
complete -c asylum-runc -n '__asylum_runc_is exec' -l user -s u -x -d 'run as this user, in numbers (default: the config\'s)'
complete -c asylum-runc -n '__asylum_runc_is exec' -l additional-gids -s g -x -d 'add a supplementary group'
complete -c asylum-runc -n '__asylum_runc_is exec' -l cap -s c -x -d 'add a capability to the bounding, effective and permitted sets'
complete -c asylum-runc -n '__asylum_runc_is exec' -l no-new-privs -d 'set no_new_privs'
complete -c asylum-runc -n '__asylum_runc_is exec' -l apparmor -x -d 'the AppArmor profile'
complete -c asylum-runc -n '__asylum_runc_is exec' -l process-label -x -d 'the SELinux label'
complete -c asylum-runc -n '__asylum_runc_is exec' -l cgroup -x -d 'enter this cgroup below the container\'s; / is the container\'s own (default: where its init is)'
complete -c asylum-runc -n '__asylum_runc_is exec' -l ignore-paused -d 'enter a paused container too; the process begins when it is resumed'
complete -c asylum-runc -n '__asylum_runc_is exec' -l timeout -x -d 'kill the process and all that it has started if it still runs after this time: 500ms, 1m30s'
complete -c asylum-runc -n '__asylum_runc_is exec' -l detach -s d -d 'return as soon as the program is executing'
complete -c asylum-runc -n '__asylum_runc_is exec' -l pid-file -r -F -d 'write the process id to FILE'
complete -c asylum-runc -n '__asylum_runc_is exec' -l console-socket -r -F -d 'send the master side of the terminal to this listening AF_UNIX stream socket'
complete -c asylum-runc -n '__asylum_runc_is exec' -l pidfd-socket -r -F -d 'send a pidfd of the process to this listening AF_UNIX stream socket'
complete -c asylum-runc -n '__asylum_runc_is exec' -l preserve-fds -x -d 'hand N further file descriptors to the process, from 3 on (after those of LISTEN_FDS)'
complete -c asylum-runc -n '__asylum_runc_is exec' -l no-subreaper -d 'do not adopt the orphans of the process'
complete -c asylum-runc -n '__asylum_runc_is exec' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n '__asylum_runc_next exec 0' -a '(__asylum_runc_containers)'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -a pause -d 'freeze all processes of a container'
complete -c asylum-runc -n '__asylum_runc_is pause' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n '__asylum_runc_next pause 0' -a '(__asylum_runc_containers)'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -a resume -d 'let the processes of a paused container run on'
complete -c asylum-runc -n '__asylum_runc_is resume' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n '__asylum_runc_next resume 0' -a '(__asylum_runc_containers)'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -a ps -d 'show the processes of a container'
complete -c asylum-runc -n '__asylum_runc_is ps' -l format -s f -x -a 'table json' -d 'how to print: the lines of ps (the default), or only the process ids'
complete -c asylum-runc -n '__asylum_runc_is ps' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n '__asylum_runc_next ps 0' -a '(__asylum_runc_containers)'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -a update -d 'change the limits of a container'
complete -c asylum-runc -n '__asylum_runc_is update' -l resources -s r -r -F -d 'take the limits from FILE, an OCI linux.resources object in JSON (-: standard input); every other option is then ignored'
complete -c asylum-runc -n '__asylum_runc_is update' -l memory -x -d 'limit memory: 512m, 1g, or -1 for no limit'
complete -c asylum-runc -n '__asylum_runc_is update' -l memory-reservation -x -d 'protect this much memory from being reclaimed'
complete -c asylum-runc -n '__asylum_runc_is update' -l memory-swap -x -d 'limit memory and swap together; -1 for no limit of swap'
complete -c asylum-runc -n '__asylum_runc_is update' -l cpu-share -x -d 'the weight of the CPU time, in the units of cgroup v1: 2 to 262144'
complete -c asylum-runc -n '__asylum_runc_is update' -l cpu-quota -x -d 'microseconds of CPU time in each period; -1 for no limit'
complete -c asylum-runc -n '__asylum_runc_is update' -l cpu-period -x -d 'the period of the quota in microseconds'
complete -c asylum-runc -n '__asylum_runc_is update' -l cpu-burst -x -d 'microseconds that a period may use beyond the quota'
complete -c asylum-runc -n '__asylum_runc_is update' -l cpu-idle -x -d '1: run only when nothing else wants to; 0: as usual'
complete -c asylum-runc -n '__asylum_runc_is update' -l cpu-rt-period -x -d 'accepted without effect: cgroup2 has no such limit'
complete -c asylum-runc -n '__asylum_runc_is update' -l cpu-rt-runtime -x -d 'accepted without effect: cgroup2 has no such limit'
complete -c asylum-runc -n '__asylum_runc_is update' -l cpuset-cpus -x -d 'the CPUs to run on: 0-3,7'
complete -c asylum-runc -n '__asylum_runc_is update' -l cpuset-mems -x -d 'the memory nodes to allocate from'
complete -c asylum-runc -n '__asylum_runc_is update' -l blkio-weight -x -d 'the weight of input and output: 10 to 1000'
complete -c asylum-runc -n '__asylum_runc_is update' -l pids-limit -x -d 'limit the number of processes; -1 for no limit'
complete -c asylum-runc -n '__asylum_runc_is update' -l l3-cache-schema -x -d 'the schema of the L3 cache, for a container with Intel RDT'
complete -c asylum-runc -n '__asylum_runc_is update' -l mem-bw-schema -x -d 'the schema of the memory bandwidth, for a container with Intel RDT'
complete -c asylum-runc -n '__asylum_runc_is update' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n '__asylum_runc_next update 0' -a '(__asylum_runc_containers)'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -a mounts -d 'add or remove mounts of a running container'
complete -c asylum-runc -n '__asylum_runc_is mounts' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n '__asylum_runc_next mounts 0' -a 'add remove'
complete -c asylum-runc -n '__asylum_runc_next mounts 1' -a '(__asylum_runc_containers)'
complete -c asylum-runc -n '__asylum_runc_next mounts 2' -F
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -a events -d 'print what a container uses, at intervals'
complete -c asylum-runc -n '__asylum_runc_is events' -l interval -x -d 'the time between two records of figures: 500ms, 1m30s (default: 5s)'
complete -c asylum-runc -n '__asylum_runc_is events' -l stats -d 'print the figures once and exit'
complete -c asylum-runc -n '__asylum_runc_is events' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n '__asylum_runc_next events 0' -a '(__asylum_runc_containers)'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -a delete -d 'remove a container and all that belongs to it'
complete -c asylum-runc -n '__asylum_runc_is delete' -l force -s f -d 'kill the container first if it runs; a container that does not exist is no error'
complete -c asylum-runc -n '__asylum_runc_is delete' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n '__asylum_runc_next delete 0' -a '(__asylum_runc_containers)'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -a list -d 'list the containers below --root'
complete -c asylum-runc -n '__asylum_runc_is list' -l format -s f -x -a 'table json' -d 'how to print (default: table)'
complete -c asylum-runc -n '__asylum_runc_is list' -l quiet -s q -d 'print only the names, one a line'
complete -c asylum-runc -n '__asylum_runc_is list' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -a features -d 'print what this program supports as JSON'
complete -c asylum-runc -n '__asylum_runc_is features' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -a spec -d 'write a config.json to begin with'
complete -c asylum-runc -n '__asylum_runc_is spec' -l bundle -s b -x -a '(__fish_complete_directories)' -d 'write config.json into DIR (default: the current directory)'
complete -c asylum-runc -n '__asylum_runc_is spec' -l rootless -d 'a config for a container of the calling user, without privileges'
complete -c asylum-runc -n '__asylum_runc_is spec' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -a explain -d 'print what create would do, without doing it'
complete -c asylum-runc -n '__asylum_runc_is explain' -l bundle -s b -x -a '(__fish_complete_directories)' -d 'the bundle to explain (default: the current directory)'
complete -c asylum-runc -n '__asylum_runc_is explain' -l format -s f -x -a 'text json' -d 'how to print (default: text)'
complete -c asylum-runc -n '__asylum_runc_is explain' -l facts -r -F -d 'plan for the host that FILE describes (JSON) instead of this one'
complete -c asylum-runc -n '__asylum_runc_is explain' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n '__asylum_runc_next explain 0' -a '(__asylum_runc_containers)'
complete -c asylum-runc -n 'not __asylum_runc_words >/dev/null' -a help -d 'show the help of the program or of a command'
complete -c asylum-runc -n '__asylum_runc_is help' -l help -s h -d 'show this help and exit'
complete -c asylum-runc -n '__asylum_runc_next help 0' -a 'create start run state kill exec pause resume ps update mounts events delete list features spec explain help'
