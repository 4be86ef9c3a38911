// SPDX-License-Identifier: Apache-2.0
// Members of a small config, for the tables of cases.
#pragma once

#define PROCESS(members) R"("process":{"cwd":"/","args":["sh"],)" members "}"
#define LINUX(members) R"("linux":{"namespaces":[{"type":"mount"}],)" members "}"
#define SPACES(types) R"("linux":{"namespaces":[)" types "]}"
#define RESOURCES(members) LINUX(R"("resources":{)" members "}")
#define MOUNT(members) R"("mounts":[{)" members "}]"
#define SECCOMP(members) LINUX(R"("seccomp":{"defaultAction":"SCMP_ACT_ERRNO",)" members "}")
