// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/host/bundle.h"

#include <errno.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/base/text.h"
#include "spec/default_spec.h"
#include "spec/write.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::container {
namespace {

using ::testing::HasSubstr;

Error thrown_by(const std::string& directory, const std::string& config_file = {}) {
  try {
    read_bundle(directory, config_file);
  } catch (const Error& error) {
    return error;
  }
  return {ErrorKind::internal, "nothing was thrown"};
}

TEST(Bundle, ReadsTheConfigOfTheDirectory) {
  const sys::TemporaryDirectory directory;
  directory.write("config.json", spec::write(spec::default_spec()));
  const Bundle bundle = read_bundle(cat(directory.path(), "/./"), {});
  EXPECT_EQ(bundle.directory, directory.path());
  EXPECT_EQ(bundle.spec, spec::default_spec());
}

TEST(Bundle, AnotherConfigFileMayBeNamed) {
  const sys::TemporaryDirectory directory;
  directory.write("other.json", spec::write(spec::default_spec()));
  EXPECT_NO_THROW(read_bundle(directory.path(), cat(directory.path(), "/other.json")));
}

TEST(Bundle, AMissingConfigIsNamed) {
  const sys::TemporaryDirectory directory;
  const Error error = thrown_by(directory.path());
  EXPECT_EQ(error.err, ENOENT);
  EXPECT_THAT(error.detail, HasSubstr("JSON specification file config.json not found"));
  EXPECT_THAT(error.detail, HasSubstr(directory.path()));
}

TEST(Bundle, AllFindingsInOneErrorWithLineAndColumn) {
  const sys::TemporaryDirectory directory;
  directory.write("config.json",
                  "{\"ociVersion\": \"1.0.2\",\n \"root\": {\"path\": 7},\n \"mounts\": 1.9}\n");
  const Error error = thrown_by(directory.path());
  EXPECT_EQ(error.kind, ErrorKind::invalid_config);
  EXPECT_EQ(error.pointer, "/root/path");
  EXPECT_EQ(error.line, 2U);
  EXPECT_GT(error.column, 1U);
  ASSERT_FALSE(error.findings.empty());
  EXPECT_EQ(error.findings[0].pointer, "/mounts");
}

}  // namespace
}  // namespace asylum::container
