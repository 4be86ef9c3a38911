// SPDX-License-Identifier: Apache-2.0
// The sections of the manual page that no table knows.
#include <array>

#include "runtime/cli/man.h"

namespace asylum::cli {
namespace {

constexpr std::array kBefore{
    Prose{"NAME",
          "asylum\\-runc \\- run containers as the OCI runtime specification describes them\n"},
    Prose{
        "SYNOPSIS",
        R"(\fBasylum\-runc\fR [\fIglobal options\fR] \fIcommand\fR [\fIoptions\fR] [\fIarguments\fR]
)"},
    Prose{"DESCRIPTION", R"(\fBasylum\-runc\fR creates, starts and removes containers on Linux.
A container is described by a
.IR bundle :
a directory with a file
.I config.json
(OCI runtime specification 1.3) and the root file system that it names.
The command line is that of
.BR runc (8),
so that Podman, containerd, Docker and CRI\-O can use this program unchanged.
.PP
\fBcreate\fR builds everything but does not execute the program yet; \fBstart\fR executes it;
\fBrun\fR does both.
\fBexplain\fR prints what \fBcreate\fR would do, and needs no privileges.
.PP
Options may be written \fB\-\-bundle\fR \fIDIR\fR, \fB\-\-bundle=\fR\fIDIR\fR, \fB\-b\fR \fIDIR\fR or
\fB\-b\fR\fIDIR\fR.
Of an option that is given twice the last one counts.
A word \fB\-\-\fR ends the options.
.PP
Linux 5.14 or later and a mounted cgroup2 hierarchy are needed.
Controllers that are still mounted as cgroup v1 cannot be used: a limit that needs one is refused.
)"},
};

constexpr std::array kAfter{
    Prose{"EXIT STATUS", R"(.TP
.B 0
Success.
.TP
.B 1
The command failed; standard error says why, and nothing that the command began remains.
.TP
.B 255
\fBexec\fR failed itself.
.TP
.I N
\fBrun\fR and \fBexec\fR in the foreground exit with the exit code of the program, or with 128 plus the number of the
signal that ended it.
.PP
With \fB\-\-exit\-codes\fR a failure exits with a number of its kind instead of 1 or 255.
The word is the \fIcode\fR of the JSON record; words and numbers are stable.
.TP
.BR 64 " (" invalid_usage )
The command line is wrong.
.TP
.BR 78 " (" invalid_config )
The configuration is wrong.
.TP
.BR 69 " (" unsupported )
Right, but this host or this version cannot do it.
.TP
.BR 66 " (" not_found )
No such container, bundle or file of the command line.
.TP
.BR 73 " (" already_exists )
The name is taken.
.TP
.BR 75 " (" wrong_state )
The container is not in the state that the command needs.
.TP
.BR 77 " (" denied )
Refused for a reason of security.
.TP
.BR 71 " (" os )
The kernel refused.
.TP
.BR 127 " (" exec_failed )
The program does not exist.
.TP
.BR 126 " (" exec_failed )
The program cannot be executed.
.TP
.BR 124 " (" timed_out )
The process has run longer than \-\-timeout allows.
.TP
.BR 128+N " (" interrupted )
Signal N (HUP, INT, QUIT or TERM) ended the command before the program was started; also without
\fB\-\-exit\-codes\fR.
.TP
.BR 70 " (" internal )
A mistake in asylum\-runc.
)"},
    Prose{"ERRORS AND LOG", R"(A failure is one line on standard error that begins with
.B asylum\-runc:
and stands for itself.
It ends with the place in
.I config.json
(a JSON pointer) where the configuration has a part in it.
On a terminal or with \fB\-\-debug\fR lines with details are added: what was being done, the system call, a hint.
.PP
With \fB\-\-log\fR the same failure is appended to the log file as exactly one record.
With \fB\-\-log\-format json\fR it has the keys \fIlevel\fR, \fImsg\fR and \fItime\fR as those of runc,
and also \fIcode\fR, \fIstage\fR, \fIfield\fR, \fIsyscall\fR, \fIerrno\fR, \fIhint\fR and \fIwarnings\fR.
\fIcode\fR is one of the words under EXIT STATUS.
Warnings go into the log only at level debug; without a log they precede the error on standard error.
)"},
    Prose{
        "ENVIRONMENT",
        R"(The container's program gets nothing of the caller's environment but what the configuration names.
.TP
.B XDG_RUNTIME_DIR
Where the default of \fB\-\-root\fR lies when rootless.
.TP
.B USER
In a user namespace other than the initial one, a value other than root means rootless.
.TP
.BR LISTEN_FDS ", " LISTEN_PID
Sockets of a service manager, see
.BR sd_listen_fds (3):
\fBcreate\fR, \fBrun\fR and \fBexec\fR hand them to the container's program, with the same numbers, before those
of \fB\-\-preserve\-fds\fR, and name the program's own pid in \fBLISTEN_PID\fR.
Each of them must be open. If one is not, a \fBLISTEN_FDS\fR without \fBLISTEN_PID\fR was meant for another process and
is ignored with a warning; with the \fBLISTEN_PID\fR of this process it is an error.
.TP
.B NOTIFY_SOCKET
A service manager that waits for READY, see
.BR sd_notify (3).
\fBcreate\fR and \fBrun\fR then give the container a socket of its own, in
.IR /run/notify ,
and the variable \fBNOTIFY_SOCKET\fR that names it.
\fBstart\fR and \fBrun \-\-detach\fR return when the program has said READY or has ended; the service manager gets READY,
MAINPID with the process id of the container, and BARRIER.
\fBrun\fR in the foreground passes READY on with its own process id.
Other notifications are not passed on.
)"},
    Prose{
        "ENTERING A CONTAINER",
        R"(A process that \fBexec\fR puts into a container is seen by the container's own processes from its birth, and so is the first
process of a container whose pid namespace is joined by path; one of those that has CAP_SYS_PTRACE can take it over.
It has nothing that they could gain: from its birth it has the ids, groups, capabilities, seccomp filter, root, working directory and
cgroup of the program, and no descriptor but the program's, two pipes and a socket to asylum\-runc.
What sets it up is not in the container's pid namespace: a container that joins one is built outside of it, and the hooks prestart,
createRuntime and createContainer are told the process that builds it. There are four exceptions:
.IP \(bu 2
A seccomp filter that does not let the process be made (\fBclone\fR, \fBsetsid\fR, the ioctl TIOCSCTTY with a terminal,
\fBprlimit64\fR with RLIMIT_NPROC or RLIMIT_NOFILE, \fBread\fR and \fBclose\fR where it has a listener) is loaded by the process itself,
after these; without no_new_privs it keeps CAP_SYS_ADMIN until then.
.IP \(bu 2
Before Linux 6.18 a new proc of a pid namespace that is joined by path is opened by a process in it, which has CAP_SYS_ADMIN, a filter
that lets it do nothing but that and send it out, no other capability, an empty root, and one socket.
.IP \(bu 2
In a cgroup that has not room for two more processes (pids.max), or in which none can be born (a threaded parent),
the process of \fBexec\fR is born outside and moved in before it does anything.
.IP \(bu 2
Without a pid namespace in the configuration, what sets the process up is visible, too.
.PP
\fBmounts\fR is never seen in the container's pid namespace. A new proc is therefore mounted from Linux 6.18 on only.
.PP
\fBexec \-\-timeout\fR puts the process into a cgroup of its own below the container's, and removes it before the command ends.
A process that has run too long is killed with all that it has started in it; what one that has ended in time left running is moved up
into the container. Only what cannot be moved or has left that cgroup, which takes a container with a writable cgroup mount, stays
until \fBdelete\fR.
)"},
    Prose{"STANDARD STREAMS", R"(So that the program can open
.I /dev/stdout
and the like again, the user that it runs as becomes the owner of the pipes, FIFOs and sockets that it gets as standard streams, and of
a terminal that asylum\-runc has made.
A regular file stays its owner's in the foreground; of a \fBcreate\fR, or with \fB\-\-detach\fR, one that is opened for writing
becomes the user's as well: it is the container's log.
Directories and device nodes are never touched.
)"},
    Prose{"WHAT IS THE HOST'S", R"(.TP
.I /dev
Device nodes, the links of /dev and a file for /dev/console are made only where a mount of the configuration brings a new
file system for them, as the one that \fBspec\fR writes does.
Otherwise the root's own /dev, which may be that of the host, is used as it is and nothing in it changes: a warning says so,
unless root.path is "/", and an entry of linux.devices in it is an error.
A terminal is bound on /dev/console if that exists.
.TP
.I /proc
The kernel refuses a new proc if the pid namespace belongs to another user namespace, or if /proc of the host is partly covered.
In the host's own pid namespace the host's /proc is then bound, with a warning: it shows nothing more.
For any other pid namespace it is an error; the host's processes are never shown instead.
.TP
.IR hostname ", " domainname ", " sysctl
They are refused if the namespace that they are written into is joined by a path that leads to the one of \fBasylum\-runc\fR itself:
the host would be changed.
.TP
.I cgroups
In a user namespace the host's cgroups that a recursive bind (of /sys, of /) brings along are read\-only, with a warning.
The mount option \fBrro\fR does the same without it, \fBrrw\fR leaves them writable.
.TP
.I /
The root as one of linux.readonlyPaths becomes read\-only; as one of linux.maskedPaths it is an error.
)"},
    Prose{"FILES", R"(.TP
.I /run/asylum\-runc
State of containers of root: one directory for each.
.TP
.I $XDG_RUNTIME_DIR/asylum\-runc
The same for other users.
.PP
What is recorded there is killed, executed and removed, so such a directory and all in it must belong to the caller or
to root, and others must not be able to write to it (or, with the sticky bit, only to add to it).
.TP
.I config.json
The configuration in the bundle.
)"},
    Prose{"EXAMPLES", R"(A container with an interactive shell, from nothing but a static busybox:
.PP
.EX
mkdir \-p demo/rootfs/bin && cd demo
cp /bin/busybox rootfs/bin/sh
asylum\-runc spec
asylum\-runc run my\-shell
.EE
.PP
What would happen, before it does:
.PP
.EX
asylum\-runc explain \-\-bundle demo
.EE
.PP
Step by step, as an engine does it (with "terminal": false in config.json):
.PP
.EX
asylum\-runc create \-\-bundle demo \-\-pid\-file demo.pid web1
asylum\-runc start web1
asylum\-runc state web1
asylum\-runc kill web1 TERM
asylum\-runc delete web1
.EE
)"},
    Prose{"NOTES", R"(Podman writes JSON logs only for runtimes whose names it knows: set
.I runtime_supports_json
to ["asylum\-runc"] in
.BR containers.conf (5).
)"},
    Prose{"SEE ALSO", R"(.BR runc (8),
.BR namespaces (7),
.BR cgroups (7),
.BR capabilities (7),
.BR seccomp (2),
.BR pivot_root (2)
.PP
The OCI runtime specification: https://github.com/opencontainers/runtime\-spec
)"},
};

}  // namespace

std::span<const Prose> prose_before_options() {
  return kBefore;
}
std::span<const Prose> prose_after_commands() {
  return kAfter;
}

}  // namespace asylum::cli
