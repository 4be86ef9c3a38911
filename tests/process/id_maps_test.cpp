// SPDX-License-Identifier: Apache-2.0
// Id maps as the kernel and as newuidmap want them.
#include "runtime/process/main/id_maps.h"

#include <gtest/gtest.h>

#include "runtime/plan/types/id_mapping.h"

namespace asylum::process {
namespace {

const std::vector<plan::IdMapping> kMappings{{0, 1000, 1}, {1, 100000, 65536}};

TEST(IdMaps, TextHasOneLineARange) {
  EXPECT_EQ(id_map_text(kMappings), "0 1000 1\n1 100000 65536\n");
  EXPECT_EQ(id_map_text({{0, 4294967294U, 1}}), "0 4294967294 1\n");
}

TEST(IdMaps, HelpersGetNumbersOfAllRanges) {
  EXPECT_EQ(
      id_map_helper_arguments("newuidmap", 42, kMappings),
      (std::vector<std::string>{"newuidmap", "42", "0", "1000", "1", "1", "100000", "65536"}));
}

}  // namespace
}  // namespace asylum::process
