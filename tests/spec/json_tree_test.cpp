// SPDX-License-Identifier: Apache-2.0
// The tree: what it refuses, in which words and where; where values stand.
#include "spec/json/find.h"
#include "spec/json/tree.h"

#include "runtime/base/error.h"
#include "support.h"

namespace asylum::spec {
namespace {

struct Refusal {
  const char* name;
  std::string text;
  Position position;
  const char* words;
  const char* pointer;
};

class Refused : public testing::TestWithParam<Refusal> {};

TEST_P(Refused, WithPositionAndPlainWords) {
  try {
    parse_document(GetParam().text);
    FAIL() << "was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::invalid_config);
    EXPECT_EQ(error.line, GetParam().position.line) << error.detail;
    EXPECT_EQ(error.column, GetParam().position.column) << error.detail;
    EXPECT_THAT(error.detail, testing::HasSubstr(GetParam().words));
    EXPECT_THAT(error.detail,
                testing::HasSubstr(cat("line ", error.line, ", column ", error.column)));
    if (GetParam().pointer != nullptr) {
      EXPECT_EQ(error.pointer, GetParam().pointer);
    }
  }
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

const Refusal kRefusals[] = {
    {"Empty", "", {1, 1}, "expected a JSON document, found the end of the document", ""},
    {"Word", "hello", {1, 1}, "expected a JSON document, found \"hello\"", ""},
    {"Comment", "// x\n{}", {1, 1}, "expected a JSON document", ""},
    {"KeyWanted", "{]", {1, 2}, "expected a key in double quotes or \"}\", found \"]\"", ""},
    {"KeyQuoted", "{a:1}", {1, 2}, "expected a key in double quotes", ""},
    {"Colon", "{\n  \"a\" 1}", {2, 7}, "expected a colon after the key, found \"1\"", ""},
    {"Value", "{\"a\": }", {1, 7}, "expected a value, found \"}\"", ""},
    {"CommaObject", "{\"a\": 1\n\"b\": 2}", {2, 1}, "expected a comma or \"}\"", ""},
    {"CommaArray", "[1 2]", {1, 4}, "expected a comma or \"]\", found \"2\"", ""},
    {"LastComma", "{\"a\": 1,}", {1, 9}, "expected a key in double quotes after the comma", ""},
    {"LastCommaArray", "[1,]", {1, 4}, "expected a value after the comma", ""},
    {"CutShort", "{\"a\": [1, 2", {1, 12}, "found the end of the document", "/a"},
    {"Trailing", "{} x", {1, 4}, "expected nothing after the end of the document, found \"x\"", ""},
    {"TwoDocuments", "{}{}", {1, 3}, "expected nothing after the end", ""},
    {"OpenString", "{\"a\": \"b}", {1, 7}, "no closing quote", ""},
    {"Newline", "[\"a\nb\"]", {1, 4}, "control character", ""},
    {"Escape", "[\"a\\x\"]", {1, 4}, "\\x is no escape", ""},
    {"Unicode", "[\"\\u12g4\"]", {1, 3}, "four hexadecimal digits", ""},
    {"Surrogate", "[\"\\ud800\"]", {1, 2}, "half of a surrogate pair", ""},
    {"Utf8", "[\"a\xff\"]", {1, 2}, "not valid UTF-8", ""},
    {"Utf8Overlong", "[\"\xc0\x80\"]", {1, 2}, "not valid UTF-8", ""},
    {"NumberZero", "[01]", {1, 3}, "expected a comma or \"]\"", ""},
    {"NumberHuge", "[1e999]", {1, 2}, "too large", ""},
    {"NulInText", "{\"a\": [\"x\\u0000y\"]}", {1, 8}, "must not have a NUL byte", "/a/0"},
    {"NulInKey", "{\"x\\u0000\": 1}", {1, 2}, "must not have a NUL byte", ""},
    {"NulByte", std::string("{\0}", 3), {1, 2}, "expected a key", ""},
    {"Duplicate",
     "{\"a\": {\"uid\": 1,\n \"gid\": 2,\n \"uid\": 0}}",
     {3, 2},
     "\"uid\" is given twice, first in line 1",
     "/a/uid"},
    {"DuplicateInArray",
     "{\"a\": [{}, {\"x/y\": 1, \"x/y\": 1}]}",
     {1, 23},
     "is given twice",
     "/a/1/x~1y"},
    {"DuplicateEscaped", "{\"a\": 1, \"\\u0061\": 2}", {1, 10}, "is given twice", "/a"},
    {"Deep", nested(65), {1, 65}, "nested more than 64 deep", nullptr},
};

INSTANTIATE_TEST_SUITE_P(Json, Refused, testing::ValuesIn(kRefusals),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(JsonTree, RefusesADuplicateAmongManyKeys) {
  std::string text = "{";
  for (int i = 0; i < 100; ++i) text += cat("\"key", i, "\": 1,\n");
  text += "\"key37\": 2}";
  try {
    parse_document(text);
    FAIL() << "was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.pointer, "/key37");
    EXPECT_EQ(error.line, 101U);
    EXPECT_THAT(error.detail, testing::HasSubstr("first in line 38"));
  }
}

TEST(JsonTree, RefusesMoreThanSixteenMebibytes) {
  try {
    parse_document("1" + std::string(16U << 20, ' '));
    FAIL() << "was accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.detail, testing::HasSubstr("16777217 bytes"));
  }
}

TEST(JsonTree, RefusesMoreThanAQuarterOfAMillionValues) {
  std::string text = "[0";
  for (int i = 0; i < (1 << 18); ++i) text += ",0";
  EXPECT_THROW(parse_document(text + "]"), Error);
}

TEST(JsonTree, AcceptsDepthSixtyFour) {
  EXPECT_NO_THROW(parse_document(nested(64)));
}

TEST(JsonTree, KeepsWhatNumbersAre) {
  const Document document = parse_document(
      "[-1, 0, 18446744073709551615, 18446744073709551616, 1.0, -9223372036854775808]");
  const auto& items = document.root.children;
  EXPECT_EQ(items[0].type, JsonType::integer);
  EXPECT_EQ(items[0].integer, -1);
  EXPECT_EQ(items[1].type, JsonType::unsigned_);
  EXPECT_EQ(items[2].unsigned_, 18446744073709551615U);
  EXPECT_EQ(items[3].type, JsonType::real);
  EXPECT_EQ(items[4].type, JsonType::real);
  EXPECT_EQ(items[5].integer, std::numeric_limits<std::int64_t>::min());
}

TEST(JsonTree, KnowsTheTextOfEveryValue) {
  const std::string text =
      "\xEF\xBB\xBF { \"a\" : [ 1 , -2.5e3,\"x\\n\\u00e9\" ,true,null ] ,\n \"b\":{\"c\": {} }, "
      "\"d\": 7 }";
  const Document document = parse_document(text);
  const auto& a = document.root.children[0];
  EXPECT_EQ(document.text_of(a), "[ 1 , -2.5e3,\"x\\n\\u00e9\" ,true,null ]");
  EXPECT_EQ(document.text_of(a.children[0]), "1");
  EXPECT_EQ(document.text_of(a.children[1]), "-2.5e3");
  EXPECT_EQ(document.text_of(a.children[2]), "\"x\\n\\u00e9\"");
  EXPECT_EQ(a.children[2].text, "x\n\u00e9");
  EXPECT_EQ(document.text_of(a.children[3]), "true");
  EXPECT_EQ(document.text_of(a.children[4]), "null");
  EXPECT_EQ(document.text_of(document.root.children[1]), "{\"c\": {} }");
  EXPECT_EQ(document.text_of(*find(document.root, "/b/c")), "{}");
  EXPECT_EQ(document.text_of(*find(document.root, "/d")), "7");
}

TEST(JsonTree, FindsByPointer) {
  const Document document = parse_document(R"({"a/b": [10, {"m~n": 3}], "": 4})");
  EXPECT_EQ(find(document.root, ""), &document.root);
  EXPECT_EQ(find(document.root, "/a~1b/1/m~0n")->unsigned_, 3U);
  EXPECT_EQ(find(document.root, "/")->unsigned_, 4U);
  EXPECT_EQ(find(document.root, "/a~1b/2"), nullptr);
  EXPECT_EQ(find(document.root, "/a~1b/x"), nullptr);
  EXPECT_EQ(find(document.root, "/a~1b/0/x"), nullptr);
}

TEST(JsonTree, LocatesTheKeyOrTheNearestAncestor) {
  const Document document = parse_document("{\n  \"mounts\": [\n    {\"type\": \"tmpfs\"}\n  ]\n}");
  EXPECT_EQ(locate(document, ""), (Position{1, 1}));
  EXPECT_EQ(locate(document, "/mounts"), (Position{2, 3}));
  EXPECT_EQ(locate(document, "/mounts/0"), (Position{3, 5}));
  EXPECT_EQ(locate(document, "/mounts/0/type"), (Position{3, 6}));
  EXPECT_EQ(locate(document, "/mounts/0/destination"), (Position{3, 5}));
  EXPECT_EQ(locate(document, "/mounts/7/destination"), (Position{2, 3}));
}

}  // namespace
}  // namespace asylum::spec
