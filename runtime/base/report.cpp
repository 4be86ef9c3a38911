// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/report.h"

#include <string.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/json_writer.h"
#include "runtime/base/line_text.h"
#include "runtime/base/text.h"

namespace asylum {
namespace {

constexpr std::size_t kLongestRecord = 8192;
constexpr std::size_t kLongestMessage = 2048;
constexpr std::size_t kShortText = 64;  // level, time and the like are never cut

std::string_view document_of(const Error& error) {
  return error.document.empty() ? "config.json" : std::string_view(error.document);
}

std::string location_of(std::string_view document, std::string_view pointer) {
  return cat(" (", document, "#", pointer, ")");
}

bool repeats(std::string_view detail, std::string_view doing) {
  return detail.starts_with(doing) &&
         (detail.size() == doing.size() || detail[doing.size()] == ' ');
}

std::string sentence_of(const Finding& finding, std::string_view document) {
  return on_one_line(cat(finding.text, location_of(document, finding.pointer)));
}

// One line for a log, whose texts can be made shorter until it fits.
struct Record {
  struct Member {
    std::string_view key;
    std::string text;
    std::uint32_t number = 0;  // instead, where there is no text
  };
  std::vector<Member> members;                                // in their order
  std::vector<std::pair<std::string, std::string>> findings;  // pointer and text
  std::optional<std::vector<std::string>> warnings;
  bool shortened = false;
};

void write_findings(JsonWriter& json, const Record& record) {
  if (record.findings.empty()) return;
  json.key("findings");
  json.begin_array();
  for (const auto& [field, text] : record.findings) {
    json.begin_object();
    json.member("field", field);
    json.member("msg", text);
    json.end_object();
  }
  json.end_array();
}

// Invalid UTF-8 (a path may be any bytes) becomes U+FFFD: a record must be JSON whatever failed.
std::string line_of(const Record& record) {
  JsonWriter json("");
  json.begin_object();
  for (const Record::Member& one : record.members) {
    if (one.number != 0) {
      json.member(one.key, std::int64_t{one.number});
    } else {
      json.member(one.key, one.text);
    }
  }
  write_findings(json, record);
  if (record.warnings) {
    json.key("warnings");
    json.begin_array();
    for (const std::string& text : *record.warnings) json.text(text);
    json.end_array();
  }
  if (record.shortened) {
    json.key("shortened");
    json.boolean(true);
  }
  json.end_object();
  return json.take() + "\n";
}

// Drops half of what is longest in number, never the message; false if there is nothing.
bool halve_lists(Record& record) {
  if (record.warnings && !record.warnings->empty()) {
    record.warnings->resize(record.warnings->size() / 2);
  } else if (!record.findings.empty()) {
    record.findings.resize(record.findings.size() / 2);
  } else {
    return false;
  }
  return true;
}

// Whether any was long enough for it.
bool halve_texts(Record& record) {
  bool any = false;
  for (Record::Member& one : record.members) {
    if (one.text.size() <= kShortText) continue;
    one.text.resize(one.text.size() / 2);
    any = true;
  }
  return any;
}

// Escapes make a text up to six times as long: when the lists are gone every text is halved until the
// record fits. What is long without one goes, the last first.
std::string fitting_line_of(Record record) {
  std::string line = line_of(record);
  while (line.size() > kLongestRecord && !record.members.empty()) {
    if (!halve_lists(record) && !halve_texts(record)) record.members.pop_back();
    record.shortened = true;
    line = line_of(record);
  }
  return line;
}

void add_text(Record& record, std::string_view key, std::string_view value) {
  if (!value.empty())
    record.members.push_back({key, std::string(value.substr(0, kLongestMessage))});
}

void add_findings(Record& record, const Error& error, const std::vector<std::string>& warnings) {
  record.warnings = warnings;
  for (const Finding& finding : error.findings) {
    if (finding.severity == Severity::warning) {
      record.warnings->push_back(sentence_of(finding, document_of(error)));
    } else {
      record.findings.emplace_back(finding.pointer, finding.text);
    }
  }
}

}  // namespace

std::string errno_name(int error_number) {
  const char* name = ::strerrorname_np(error_number);
  return name != nullptr ? name : cat(error_number);
}

std::string errno_words(int error_number) {
  const char* const description = ::strerrordesc_np(error_number);
  if (description == nullptr) return "unknown error";
  std::string words = description;
  const auto is_capital = [&words](std::size_t at) {
    return at < words.size() && words[at] >= 'A' && words[at] <= 'Z';
  };
  if (is_capital(0) && !is_capital(1)) words[0] = static_cast<char>(words[0] - 'A' + 'a');
  return words;
}

std::string sentence_of(const Error& error) {
  std::string out;
  if (!error.doing.empty()) out = "cannot ";
  // A detail that begins with the step's words says them by itself: "set the host name" is done by
  // one call, whose detail is `set the host name "web"`.
  if (!error.doing.empty() && !repeats(error.detail, error.doing)) out += cat(error.doing, ": ");
  out += error.detail;
  if (error.err != 0) out += cat(": ", errno_words(error.err));
  if (!error.pointer.empty()) out += location_of(document_of(error), error.pointer);
  return on_one_line(out);
}

std::string details_of(const Error& error) {
  std::string out;
  const auto add = [&out](std::string_view label, std::string_view text) {
    out += cat("  ", label, std::string(9 - label.size(), ' '), on_one_line(text), "\n");
  };
  if (!error.context.empty()) add("while", join(error.context, " > "));
  if (error.line != 0)
    add("at", cat(document_of(error), " line ", error.line, ", column ", error.column));
  if (!error.syscall.empty()) add("syscall", cat(error.syscall, " → ", errno_name(error.err)));
  if (!error.hint.empty()) add("hint", error.hint);
  for (const Finding& finding : error.findings) {
    add(finding.severity == Severity::error ? "also" : "warning",
        sentence_of(finding, document_of(error)));
  }
  return out;
}

std::string json_record(const Error& error, std::string_view time,
                        const std::vector<std::string>& warnings) {
  Record record;
  add_text(record, "level", "error");
  record.members.push_back({"msg", sentence_of(error).substr(0, kLongestMessage)});
  add_text(record, "time", time);
  add_text(record, "code", name_of(error.kind));
  add_text(record, "stage", error.doing);
  add_text(record, "field", error.pointer);
  if (error.line != 0) record.members.push_back({"line", {}, error.line});
  add_text(record, "syscall", error.syscall);
  if (error.err != 0) add_text(record, "errno", errno_name(error.err));
  add_text(record, "hint", error.hint);
  add_findings(record, error, warnings);
  return fitting_line_of(std::move(record));
}

std::string json_record(std::string_view level, std::string_view message, std::string_view time) {
  Record record;
  add_text(record, "level", level);
  record.members.push_back({"msg", std::string(message.substr(0, kLongestMessage))});
  add_text(record, "time", time);
  return fitting_line_of(std::move(record));
}

}  // namespace asylum
