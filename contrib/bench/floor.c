/* SPDX-License-Identifier: Apache-2.0
 * The floor: a bare program that makes the system calls which asylum-runc's default config needs (asylum-runc spec,
 * without a terminal), and nothing else: no JSON, no checks, no errors worth reading. What a start costs the kernel.
 * Usage: floor ROOTFS CGROUP2_MOUNT PROGRAM [ARG...]
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

static void must(long result, const char* what) {
  if (result >= 0) return;
  fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
  _exit(125);
}

static int open_tree_(int dir, const char* path, unsigned flags) { return (int)syscall(SYS_open_tree, dir, path, flags); }
static int move_(int from, int to) {
  return (int)syscall(SYS_move_mount, from, "", to, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}
static int setattr(int fd, unsigned flags, uint64_t set, uint64_t propagation) {
  struct mount_attr a = {.attr_set = set, .propagation = propagation};
  return (int)syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH | flags, &a, sizeof a);
}
static int in_root(int root, const char* path, uint64_t flags) {
  struct open_how how = {.flags = flags | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
  return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

/* The program is overwritable through /proc/self/exe unless it runs from a read-only mount (CVE-2019-5736). */
static void self_clone(char** argv) {
  struct statvfs s;
  int exe = open("/proc/self/exe", O_PATH | O_CLOEXEC);
  must(exe, "open exe");
  must(fstatvfs(exe, &s), "statvfs");
  close(exe);
  if (s.f_flag & ST_RDONLY) return;
  int clone = open_tree_(AT_FDCWD, "/proc/self/exe", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
  must(clone, "open_tree exe");
  must(setattr(clone, 0, MOUNT_ATTR_RDONLY, 0), "mount_setattr exe");
  syscall(SYS_execveat, clone, "", argv, environ, AT_EMPTY_PATH);
  must(-1, "execveat");
}

static int device_filter(int cgroup) {
  /* Enough instructions for the default rules: load fields, compare, allow or deny. */
  struct bpf_insn p[64];
  int n = 0;
  for (; n < 60; n++) p[n] = (struct bpf_insn){.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 1};
  p[n++] = (struct bpf_insn){.code = BPF_JMP | BPF_EXIT};
  union bpf_attr a = {0};
  a.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  a.insn_cnt = (unsigned)n;
  a.insns = (uintptr_t)p;
  a.license = (uintptr_t) "Apache";
  int program = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &a, sizeof a);
  must(program, "bpf load");
  memset(&a, 0, sizeof a);
  a.target_fd = (unsigned)cgroup;
  a.attach_bpf_fd = (unsigned)program;
  a.attach_type = BPF_CGROUP_DEVICE;
  a.attach_flags = BPF_F_ALLOW_MULTI;
  must(syscall(SYS_bpf, BPF_PROG_ATTACH, &a, sizeof a), "bpf attach");
  return program;
}

static int new_fs(const char* type, const char* const* options, unsigned attributes) {
  int fs = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
  must(fs, type);
  for (; options && options[0]; options += 2) {
    must(syscall(SYS_fsconfig, fs, options[1] ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG, options[0], options[1], 0), options[0]);
  }
  must(syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0), type);
  int mount = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, attributes);
  must(mount, type);
  close(fs);
  return mount;
}

static int mount_fs(int root, const char* at, const char* type, const char* const* options, unsigned attributes) {
  int mount = new_fs(type, options, attributes);
  int target = in_root(root, at, O_PATH | O_DIRECTORY);
  if (target < 0) {
    must(mkdirat(root, at, 0755), at);
    target = in_root(root, at, O_PATH | O_DIRECTORY);
  }
  must(move_(mount, target), at);
  close(target);
  return mount;
}

static void mounts(int root) {
  const char* dev[] = {"mode", "755", "size", "65536k", NULL};
  const char* pts[] = {"newinstance", NULL, "ptmxmode", "0666", "mode", "0620", "gid", "5", NULL};
  const char* shm[] = {"mode", "1777", "size", "65536k", NULL};
  unsigned usual = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NODEV;
  close(mount_fs(root, "proc", "proc", NULL, 0));
  close(mount_fs(root, "dev", "tmpfs", dev, MOUNT_ATTR_NOSUID | MOUNT_ATTR_STRICTATIME));
  close(mount_fs(root, "dev/pts", "devpts", pts, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC));
  close(mount_fs(root, "dev/shm", "tmpfs", shm, usual));
  close(mount_fs(root, "dev/mqueue", "mqueue", NULL, usual));
  close(mount_fs(root, "sys", "sysfs", NULL, usual | MOUNT_ATTR_RDONLY));
  close(mount_fs(root, "sys/fs/cgroup", "cgroup2", NULL, usual | MOUNT_ATTR_RDONLY));
}

static void devices(int root) {
  static const struct { const char* name; unsigned major, minor; } nodes[] = {
      {"null", 1, 3}, {"zero", 1, 5}, {"full", 1, 7}, {"random", 1, 8}, {"urandom", 1, 9}, {"tty", 5, 0}};
  static const char* links[][2] = {{"/proc/self/fd", "fd"}, {"/proc/self/fd/0", "stdin"}, {"/proc/self/fd/1", "stdout"},
                                   {"/proc/self/fd/2", "stderr"}, {"/proc/kcore", "core"}, {"pts/ptmx", "ptmx"}};
  int dev = in_root(root, "dev", O_PATH | O_DIRECTORY);
  must(dev, "dev");
  umask(0);
  for (unsigned i = 0; i < 6; i++) must(mknodat(dev, nodes[i].name, S_IFCHR | 0666, makedev(nodes[i].major, nodes[i].minor)), nodes[i].name);
  for (unsigned i = 0; i < 6; i++) must(symlinkat(links[i][0], dev, links[i][1]), links[i][1]);
  umask(022);
  close(dev);
}

static void paths(int root, int dev_null) {
  static const char* masked[] = {"proc/acpi", "proc/asound", "proc/kcore", "proc/keys", "proc/latency_stats", "proc/timer_list",
                                 "proc/timer_stats", "proc/sched_debug", "sys/firmware", "proc/scsi"};
  static const char* readonly[] = {"proc/bus", "proc/fs", "proc/irq", "proc/sys", "proc/sysrq-trigger"};
  for (unsigned i = 0; i < 5; i++) {
    int at = in_root(root, readonly[i], O_PATH);
    if (at < 0) continue;
    int clone = open_tree_(at, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | AT_RECURSIVE);
    must(clone, readonly[i]);
    must(setattr(clone, 0, MOUNT_ATTR_RDONLY, 0), readonly[i]);
    must(move_(clone, at), readonly[i]);
    close(at);
    close(clone);
  }
  const char* tiny[] = {"nr_blocks", "1", "nr_inodes", "1", NULL};
  int empty = -1;
  for (unsigned i = 0; i < 10; i++) {
    int at = in_root(root, masked[i], O_PATH);
    if (at < 0) continue;
    struct stat s;
    must(fstat(at, &s), masked[i]);
    int mask;
    if (!S_ISDIR(s.st_mode)) {
      mask = open_tree_(dev_null, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
    } else if (empty < 0) {
      mask = empty = new_fs("tmpfs", tiny, MOUNT_ATTR_RDONLY);
    } else {
      mask = open_tree_(empty, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
    }
    must(mask, masked[i]);
    must(move_(mask, at), masked[i]);
    close(at);
    if (mask != empty) close(mask);
  }
}

static void loopback(void) {
  int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct ifreq r = {.ifr_flags = IFF_UP};
  strcpy(r.ifr_name, "lo");
  must(ioctl(s, SIOCSIFFLAGS, &r), "lo");
  close(s);
}

static void power_down(void) {
  uint64_t keep = 1ULL << CAP_AUDIT_WRITE | 1ULL << CAP_KILL | 1ULL << CAP_NET_BIND_SERVICE;
  for (int c = 0; c <= CAP_LAST_CAP; c++) {
    if (!(keep >> c & 1)) prctl(PR_CAPBSET_DROP, c, 0, 0, 0);
  }
  prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
  must(syscall(SYS_setgroups, 0, NULL), "setgroups");
  must(syscall(SYS_setresgid, 0, 0, 0), "setgid");
  must(syscall(SYS_setresuid, 0, 0, 0), "setuid");
  struct __user_cap_header_struct h = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct d[2] = {{(uint32_t)keep, (uint32_t)keep, 0}, {(uint32_t)(keep >> 32), (uint32_t)(keep >> 32), 0}};
  must(syscall(SYS_capset, &h, d), "capset");
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "nnp");
}

static void child(char** argv) {
  setsid();
  syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, "_ses.floor");
  loopback();
  int slash = open("/", O_PATH | O_CLOEXEC);
  must(setattr(slash, AT_RECURSIVE, 0, MS_SLAVE), "propagation");
  int at = open(argv[1], O_PATH | O_DIRECTORY | O_CLOEXEC);
  must(at, argv[1]);
  int root = open_tree_(at, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | AT_RECURSIVE);
  must(root, "open_tree root");
  must(move_(root, at), "attach root");
  mounts(root);
  devices(root);
  int dev_null = in_root(root, "dev/null", O_PATH); /* the container's own: the host's mount is gone after the pivot */
  must(fchdir(root), "fchdir");
  must(syscall(SYS_pivot_root, ".", "."), "pivot_root");
  must(umount2(".", MNT_DETACH), "umount");
  must(chdir("/"), "chdir");
  must(sethostname("floor", 5), "sethostname");
  paths(root, dev_null);
  must(setattr(root, 0, MOUNT_ATTR_RDONLY, 0), "readonly root");
  struct rlimit limit = {1024, 1024};
  must(setrlimit(RLIMIT_NOFILE, &limit), "rlimit");
  power_down();
  must(chdir("/"), "cwd");
  execv(argv[3], argv + 3);
  must(-1, "execv");
}

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  self_clone(argv);
  char path[4096];
  snprintf(path, sizeof path, "%s/floor-%d", argv[2], getpid());
  must(mkdir(path, 0755), path);
  int cgroup = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  must(cgroup, path);
  close(device_filter(cgroup));
  struct clone_args c = {.flags = CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_INTO_CGROUP,
                         .exit_signal = SIGCHLD, .cgroup = (uint64_t)cgroup};
  long pid = syscall(SYS_clone3, &c, sizeof c);
  must(pid, "clone3");
  if (pid == 0) child(argv);
  int status = 0;
  must(waitpid((pid_t)pid, &status, 0), "waitpid");
  must(rmdir(path), "rmdir cgroup");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
