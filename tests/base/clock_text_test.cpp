// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/clock_text.h"

#include <gtest/gtest.h>
#include <time.h>

namespace asylum {
namespace {

TEST(ClockText, KnownMoments) {
  EXPECT_EQ(rfc3339(0, 0, 6), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(rfc3339(951826500, 123456789, 9), "2000-02-29T12:15:00.123456789Z");
  EXPECT_EQ(rfc3339(951826500, 1000, 6), "2000-02-29T12:15:00.000001Z");
  EXPECT_EQ(rfc3339(4102444799, 999999999, 6), "2099-12-31T23:59:59.999999Z");
}

TEST(ClockText, AgreesWithTheLibrary) {
  for (time_t moment = 1; moment < 5'000'000'000; moment += 7'654'321) {
    tm parts{};
    ::gmtime_r(&moment, &parts);
    char text[32];
    ::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.0Z", &parts);
    EXPECT_EQ(rfc3339(moment, 0, 1), text);
  }
}

}  // namespace
}  // namespace asylum
