// SPDX-License-Identifier: Apache-2.0
// What of a notification goes through to the service manager.
#include "runtime/process/attach/notify_socket.h"

#include <gtest/gtest.h>

namespace asylum::process {
namespace {

TEST(NotifySocket, OnlyReadyGoesThrough) {
  EXPECT_EQ(ready_lines("READY=1"), "READY=1\n");
  EXPECT_EQ(ready_lines("STATUS=up\nREADY=1\nMAINPID=1\n"), "READY=1\n");
  EXPECT_EQ(ready_lines("MAINPID=1"), "");
  EXPECT_EQ(ready_lines("NOT_READY=1\nSTATUS=READY=1"), "");
  EXPECT_EQ(ready_lines(""), "");
}

}  // namespace
}  // namespace asylum::process
