// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/man.h"

#include <algorithm>
#include <array>

#include "runtime/base/text.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/options.h"
#include "runtime/cli/output.h"

namespace asylum::cli {
namespace {

constexpr std::array kSections{Section::general, Section::logging, Section::state,
                               Section::cgroups, Section::bundle,  Section::input_output,
                               Section::process};

// In roff a plain minus is a hyphen, and a line that begins with a dot or a quote is a request.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool line_start = out.empty() || out.back() == '\n';
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string sentence(std::string_view text) {
  std::string out(text);
  out.front() = static_cast<char>(out.front() >= 'a' && out.front() <= 'z' ? out.front() - 'a' + 'A'
                                                                           : out.front());
  return out + ".";
}

std::string entry(const Option& option) {
  std::string name =
      option.short_name != 0 ? cat("\\fB\\-", option.short_name, "\\fR, ") : std::string();
  name += cat("\\fB\\-\\-", roff(option.name), "\\fR");
  if (!option.argument.empty()) name += cat(" \\fI", roff(option.argument), "\\fR");
  std::string help = sentence(option.help);
  if (option.repeatable) help += " May be given several times.";
  return cat(".TP\n", name, "\n", roff(wrap(help, 0)), "\n");
}

std::string entries(std::span<const Option> options, Section section) {
  std::string out;
  for (const Option& option : options) {
    if (!option.hidden && option.section == section) out += entry(option);
  }
  return out;
}

std::string global_section() {
  std::string out = ".SH GLOBAL OPTIONS\nThey stand before the command.\n";
  for (const Section section : kSections) {
    std::string rows = entries(global_options(), section);
    if (section == Section::general) rows += entry(help_option());
    if (!rows.empty()) out += cat(".SS ", name_of(section), "\n", rows);
  }
  return out;
}

// Each sentence begins a line, as roff wants it, so that the blanks after it are roff's.
std::string lines_of(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(". "), text.size() - 1) + 1;
    out += cat(roff(wrap(text.substr(0, end), 0)), "\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string paragraphs(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    out += cat(".PP\n", lines_of(text.substr(0, end)));
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return out;
}

std::string command_section(const Command& command) {
  std::string out =
      cat(".SS ", command.name, command.options.empty() ? "" : " [options]",
          command.synopsis.empty() ? "" : " ", roff(command.synopsis), "\n",
          roff(wrap(sentence(command.help), 0)), "\n", paragraphs(command.description));
  for (const Section section : kSections) out += entries(command.options, section);
  return out;
}

std::string sections(std::span<const Prose> prose) {
  std::string out;
  for (const Prose& one : prose) out += cat(".SH ", one.heading, "\n", one.text);
  return out;
}

}  // namespace

std::string man_page() {
  std::string out =
      ".\\\" Made from the option tables by: asylum-runc man. Do not edit.\n"
      ".TH ASYLUM-RUNC 8 \"\" \"asylum-runc\" \"System administration\"\n";
  out += sections(prose_before_options()) + global_section() + ".SH COMMANDS\n";
  for (const Command& command : commands()) {
    if (!command.hidden) out += command_section(command);
  }
  return out + sections(prose_after_commands());
}

int run_man(const Arguments&) {
  print(man_page());
  return 0;
}

}  // namespace asylum::cli
