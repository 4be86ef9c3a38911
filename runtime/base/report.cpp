// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/report.h"

#include <string.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "runtime/base/error.h"
#include "runtime/base/line_text.h"
#include "runtime/base/text.h"

namespace asylum {
namespace {

using Json = nlohmann::ordered_json;
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

// Invalid UTF-8 (a path may be any bytes) becomes U+FFFD: a record must be JSON whatever failed.
std::string dump(const Json& record) {
  return record.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

// Whether any was long enough for it.
bool halve_texts(Json& record) {
  bool any = false;
  for (auto& value : record) {
    if (!value.is_string()) continue;
    auto& text = value.get_ref<std::string&>();
    if (text.size() <= kShortText) continue;
    text.resize(text.size() / 2);
    any = true;
  }
  return any;
}

// Escapes make a text up to six times as long: then every text is halved until the record fits.
// What is long without one goes, the last first: it ends whatever is in the record.
std::string fitting(Json record, std::string line) {
  while (line.size() > kLongestRecord && !record.empty()) {
    record.erase("shortened");
    if (!halve_texts(record)) record.erase(std::prev(record.end()));
    record["shortened"] = true;
    line = dump(record);
  }
  return line;
}

void add_text(Json& record, const char* key, const std::string& value) {
  if (!value.empty()) record[key] = value.substr(0, kLongestMessage);
}

void add_findings(Json& record, const Error& error, const std::vector<std::string>& warnings) {
  Json all_warnings = Json::array();
  for (const std::string& text : warnings) all_warnings.push_back(text);
  for (const Finding& finding : error.findings) {
    if (finding.severity == Severity::warning) {
      all_warnings.push_back(sentence_of(finding, document_of(error)));
    } else {
      record["findings"].push_back({{"field", finding.pointer}, {"msg", finding.text}});
    }
  }
  record["warnings"] = std::move(all_warnings);
}

}  // namespace

std::string errno_name(int error_number) {
  const char* name = ::strerrorname_np(error_number);
  return name != nullptr ? name : cat(error_number);
}

std::string sentence_of(const Error& error) {
  std::string out;
  if (!error.doing.empty()) out = "cannot ";
  // A detail that begins with the step's words says them by itself: "set the host name" is done by
  // one call, whose detail is `set the host name "web"`.
  if (!error.doing.empty() && !repeats(error.detail, error.doing)) out += cat(error.doing, ": ");
  out += error.detail;
  if (error.err != 0)
    out += cat(": ", ::strerrordesc_np(error.err) ? ::strerrordesc_np(error.err) : "unknown error");
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
  Json record{
      {"level", "error"}, {"msg", sentence_of(error).substr(0, kLongestMessage)}, {"time", time}};
  record["code"] = name_of(error.kind);
  add_text(record, "stage", error.doing);
  add_text(record, "field", error.pointer);
  if (error.line != 0) record["line"] = error.line;
  add_text(record, "syscall", error.syscall);
  if (error.err != 0) record["errno"] = errno_name(error.err);
  add_text(record, "hint", error.hint);
  add_findings(record, error, warnings);
  std::string line = dump(record);
  while (line.size() > kLongestRecord) {  // drop what is longest in number, never the message
    const char* key = record["warnings"].empty() ? "findings" : "warnings";
    if (!record.contains(key) || record[key].empty()) break;
    auto& list = record[key].get_ref<Json::array_t&>();
    list.resize(list.size() / 2);
    record["shortened"] = true;
    line = dump(record);
  }
  return fitting(std::move(record), std::move(line));
}

std::string json_record(std::string_view level, std::string_view message, std::string_view time) {
  Json record{{"level", level}, {"msg", message.substr(0, kLongestMessage)}, {"time", time}};
  std::string line = dump(record);
  return fitting(std::move(record), std::move(line));
}

}  // namespace asylum
