// SPDX-License-Identifier: Apache-2.0
// Documents that break no rule: what validate must let through.
#pragma once

#include "config_macros.h"

namespace asylum::spec {

// The other side of each rule: what must be let through.
inline const char* const kSound[] = {
    R"("ociVersion":"1.0.2-dev")",
    R"("hostname":"a","domainname":"b","linux":{"namespaces":[{"type":"uts"}]})",
    R"("linux":{})",
    R"("hooks":{"poststart":[{"path":"/a","timeout":1}]})",
    MOUNT(R"("destination":"/proc","type":"proc")"),
    MOUNT(R"("destination":"/proc","source":"/proc","type":"none","options":["rbind"])"),
    MOUNT(R"("destination":"/proc/cpuinfo","source":"/lxcfs","options":["bind"])"),
    MOUNT(R"("destination":"/proc/sys/kernel/ns_last_pid","source":"/x","options":["bind"])"),
    MOUNT(
        R"("destination":"/process","type":"tmpfs","options":["tmpcopyup","mode=755","nosuid","nodev"])"),
    MOUNT(R"("destination":"/a","options":["remount","ro"])"),
    MOUNT(R"("destination":"/a","options":["rslave"])"),
    MOUNT(
        R"("destination":"/a","type":"tmpfs","options":["rnosymfollow","nosymfollow","nodev","rnodev","silent","sync","mand","lazytime","iversion","dirsync"])"),
    MOUNT(R"("destination":"/a","source":"/b","type":"bind")"),
    R"("linux":{"namespaces":[{"type":"mount"},{"type":"user"}],
       "uidMappings":[{"containerID":0,"hostID":1000,"size":1},{"containerID":1,"hostID":1001,"size":4294966295}]},)" MOUNT(
        R"("destination":"/a","source":"/b","options":["bind","idmap"])"),
    PROCESS(R"("env":["A=","B=c=d"],"user":{"umask":511},"oomScoreAdj":-1000)"),
    PROCESS(R"("rlimits":[{"type":"RLIMIT_CORE","soft":1,"hard":18446744073709551615}])"),
    PROCESS(
        R"("capabilities":{"bounding":["CAP_BPF"],"permitted":["CAP_KILL"],"inheritable":["CAP_KILL"],"ambient":["CAP_KILL"]})"),
    PROCESS(
        R"("scheduler":{"policy":"SCHED_FIFO","priority":99,"flags":["SCHED_FLAG_RESET_ON_FORK"]})"),
    PROCESS(R"("scheduler":{"policy":"SCHED_DEADLINE","runtime":1,"deadline":2,"period":3})"),
    PROCESS(
        R"("ioPriority":{"class":"IOPRIO_CLASS_IDLE"},"execCPUAffinity":{"initial":"0-1","final":"2"})"),
    LINUX(R"("cgroupsPath":"system.slice:asylum:a..b")"),
    LINUX(
        R"("devices":[{"path":"/dev/x","type":"c","major":0,"minor":0,"fileMode":438},{"path":"/dev/p","type":"p"}])"),
    R"("linux":{"namespaces":[{"type":"network"}],"netDevices":{"eth0":{"name":"eth%d"},"eth1":{"name":"eth%d"}}})",
    R"("linux":{"namespaces":[{"type":"network"},{"type":"ipc"},{"type":"user"},{"type":"uts"}],"sysctl":{
       "net.ipv4.ip_forward":"1","kernel.shmmax":"1","fs/mqueue/msg_max":"1","user.max_mnt_namespaces":"1","kernel.domainname":"a"}})",
    R"("linux":{"namespaces":[{"type":"time"}],"timeOffsets":{"monotonic":{"secs":-5,"nanosecs":999999999}}})",
    LINUX(
        R"("intelRdt":{"closID":"/","l3CacheSchema":"L3:0=f\nL3:1=f","memBwSchema":"MB:0=20","schemata":["L2:0=f"]})"),
    LINUX(
        R"("memoryPolicy":{"mode":"MPOL_BIND","nodes":"0-1","flags":["MPOL_F_NUMA_BALANCING","MPOL_F_STATIC_NODES"]})"),
    LINUX(
        R"("memoryPolicy":{"mode":"MPOL_DEFAULT"},"personality":{"domain":"LINUX32"},"rootfsPropagation":"rslave")"),
    SECCOMP(R"("defaultErrnoRet":38,"listenerPath":"/s","listenerMetadata":"x","syscalls":[
       {"names":["mount"],"action":"SCMP_ACT_NOTIFY"},{"names":["a"],"action":"SCMP_ACT_TRACE","errnoRet":65535,
        "args":[{"index":5,"value":1,"valueTwo":2,"op":"SCMP_CMP_MASKED_EQ"}]}])"),
    R"("annotations":{"run.oci.seccomp.receiver":"/s"},)" SECCOMP(
        R"("syscalls":[{"names":["mount"],"action":"SCMP_ACT_NOTIFY"}])"),
    RESOURCES(
        R"("unified":{"memory.high":"1","cgroup.max.depth":"3"},"pids":{"limit":0},"devices":[{"allow":false,"access":"rwm"}])"),
    RESOURCES(
        R"("memory":{"limit":10,"swap":10,"swappiness":100},"cpu":{"shares":2,"quota":-1,"burst":5,"idle":1,"cpus":"0"})"),
    RESOURCES(R"("memory":{"limit":-1,"swap":5})"),
    RESOURCES(R"("memory":{"swap":-1})"),
    RESOURCES(
        R"("blockIO":{"weight":0,"weightDevice":[{"major":8,"minor":0,"weight":1000}]},"rdma":{"m":{"hcaObjects":0}})"),
    RESOURCES(R"("hugepageLimits":[{"pageSize":"2MB","limit":1},{"pageSize":"1GB","limit":1}])"),
};

}  // namespace asylum::spec
