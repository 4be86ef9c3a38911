// SPDX-License-Identifier: Apache-2.0
// Messages: what goes in comes out, bounded; what is no message is refused and never crashes.
#include "runtime/process/both/message.h"

#include <gtest/gtest.h>

#include <random>

#include "runtime/base/step.h"
#include "runtime/sys/socket.h"

namespace asylum::process {
namespace {

Error rich_error() {
  Error error(ErrorKind::denied, "open \"/x\"");
  error.doing = "mount /data";
  error.pointer = "/mounts/7/source";
  error.document = "mounts.json";
  error.syscall = "openat2";
  error.err = 2;
  error.hint = "create it";
  error.line = 12;
  error.column = 34;
  error.context = {"create the container", "prepare the root"};
  error.findings = {{Severity::warning, "/a", "text", "hint", ErrorKind::unsupported}};
  return error;
}

Message failed_message() {
  Message message;
  message.type = MessageType::failed;
  message.number = -5;
  message.text = std::string("a\0b", 3);
  message.pointer = "/p";
  message.error = rich_error();
  return message;
}

TEST(Message, KeepsEveryField) {
  const Message message = decode(encode(failed_message()));
  EXPECT_EQ(message.type, MessageType::failed);
  EXPECT_EQ(message.number, -5);
  EXPECT_EQ(message.text, std::string("a\0b", 3));
  EXPECT_EQ(message.pointer, "/p");
  ASSERT_TRUE(message.error);
  EXPECT_EQ(*message.error, rich_error());
}

TEST(Message, EveryTypeSurvivesAndHasAName) {
  for (int i = 0; i <= static_cast<int>(MessageType::debug); ++i) {
    Message message;
    message.type = static_cast<MessageType>(i);
    EXPECT_EQ(decode(encode(message)).type, message.type);
    EXPECT_NE(name_of(message.type), "unknown");
  }
}

TEST(Message, AnErrorKeepsItsOwnStepsInAnotherProcess) {
  Error sent = rich_error();
  sent.doing.clear();
  sent.context.clear();
  const std::string bytes = encode_error(sent);
  Step step{"something of the receiver's", "/not/this"};
  EXPECT_EQ(*decode_error(bytes), sent);
}

TEST(Message, TheLargestFitsOneDatagram) {
  const std::string huge(100'000, 'x');
  Message message = failed_message();
  message.text = message.pointer = huge;
  Error& error = *message.error;
  error.detail = error.doing = error.pointer = error.document = error.syscall = error.hint = huge;
  error.context.assign(100, huge);
  error.findings.assign(100, {Severity::error, huge, huge, huge, ErrorKind::os});
  const std::string bytes = encode(message);
  EXPECT_LE(bytes.size(), sys::kMaxMessageBytes);
  const Message back = decode(bytes);
  EXPECT_EQ(back.text.size(), 4096U);
  EXPECT_EQ(back.error->detail.size(), 4096U);
}

TEST(Message, OfTooManyStepsTheInnermostRemain) {
  Error error = rich_error();
  error.context.clear();
  for (int i = 0; i < 20; ++i) error.context.push_back(std::to_string(i));
  EXPECT_EQ(decode_error(encode_error(error))->context.back(), "19");
}

TEST(Message, EveryTruncationIsRefused) {
  const std::string bytes = encode(failed_message());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THROW(decode(std::string_view(bytes).substr(0, size)), Error) << size;
  }
  EXPECT_THROW(decode(bytes + "x"), Error);
}

TEST(Message, EveryErrorTruncationIsNoError) {
  const std::string bytes = encode_error(rich_error());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_error(std::string_view(bytes).substr(0, size))) << size;
  }
}

TEST(Message, RandomAndDamagedBytesNeverCrash) {
  std::mt19937 random(42);  // NOLINT: the same bytes every run
  const std::string good = encode(failed_message());
  int accepted = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string bytes = good;
    if (round % 2 == 0) {
      bytes.resize(random() % 64);
      for (char& c : bytes) c = static_cast<char>(random());
    } else {
      for (int n = 0; n < 3; ++n) bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    try {
      decode(bytes);
      ++accepted;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::internal);
    }
    (void)decode_error(bytes);
  }
  EXPECT_GT(accepted, 0);  // damage within a text is no damage to the message
}

}  // namespace
}  // namespace asylum::process
