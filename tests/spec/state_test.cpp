// SPDX-License-Identifier: Apache-2.0
// The state document in its two forms, byte by byte: engines read it.
#include "spec/state.h"

#include "support.h"

namespace asylum::spec {
namespace {

State example() {
  State state;
  state.id = "web1";
  state.status = "running";
  state.pid = 4422;
  state.bundle = "/b";
  state.rootfs = "/b/rootfs";
  state.created = "2026-01-02T03:04:05.000000006Z";
  state.annotations = {{"b", "1/2"}, {"a", "2"}};
  return state;
}

TEST(State, AsTheCommandPrintsIt) {
  EXPECT_EQ(write_state(example()),
            "{\n"
            "  \"ociVersion\": \"1.3.0\",\n"
            "  \"id\": \"web1\",\n"
            "  \"pid\": 4422,\n"
            "  \"status\": \"running\",\n"
            "  \"bundle\": \"/b\",\n"
            "  \"rootfs\": \"/b/rootfs\",\n"
            "  \"created\": \"2026-01-02T03:04:05.000000006Z\",\n"
            "  \"annotations\": {\n"
            "    \"b\": \"1/2\",\n"
            "    \"a\": \"2\"\n"
            "  },\n"
            "  \"owner\": \"\"\n"
            "}");
}

TEST(State, ShowsPidZeroOfAStoppedOneAndWhatWasInterrupted) {
  State state = example();
  state.pid = 0;
  state.annotations.clear();
  state.interrupted = true;
  const Document document = parse_document(write_state(state));
  EXPECT_EQ(document.root.member("pid")->unsigned_, 0U);
  EXPECT_EQ(document.root.member("annotations"), nullptr);
  EXPECT_TRUE(document.root.member("interrupted")->boolean);
}

TEST(State, AListIsOneLineAndNullWhenEmpty) {
  EXPECT_EQ(write_states({}), "null");
  State state = example();
  state.owner = "root";
  state.annotations.clear();
  const State states[] = {state, state};
  const std::string one =
      R"({"ociVersion":"1.3.0","id":"web1","pid":4422,"status":"running","bundle":"/b","rootfs":"/b/rootfs",)"
      R"("created":"2026-01-02T03:04:05.000000006Z","owner":"root"})";
  EXPECT_EQ(write_states(states), cat("[", one, ",", one, "]"));
}

}  // namespace
}  // namespace asylum::spec
