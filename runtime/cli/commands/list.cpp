// SPDX-License-Identifier: Apache-2.0
// asylum-runc list
#include <algorithm>
#include <array>
#include <vector>

#include "runtime/base/text.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/commands/settings.h"
#include "runtime/cli/options/arguments.h"
#include "runtime/cli/options/output.h"
#include "runtime/cli/options/setters.h"
#include "runtime/container/verbs/list.h"
#include "spec/state.h"

namespace asylum::cli {
namespace {

constexpr std::array kOptions{
    Option{.name = "format",
           .short_name = 'f',
           .argument = "table|json",
           .help = "how to print (default: table)",
           .section = Section::input_output,
           .set = set<&Arguments::list, &ListOptions::format>,
           .complaint = "invalid format option"},
    Option{.name = "quiet",
           .short_name = 'q',
           .help = "print only the names, one a line",
           .section = Section::input_output,
           .set = set<&Arguments::list, &ListOptions::quiet>},
};

using Row = std::array<std::string, 6>;

// As runc's: a column is as wide as its longest text plus 3, at least 12; the last is as wide as
// its text.
std::string table_of(const std::vector<Row>& rows) {
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max({widths[i], columns_of(row[i]) + 3, std::size_t{12}});
    }
  }
  std::string out;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      out += row[i];
      out.append(widths[i] - columns_of(row[i]), ' ');
    }
    out += row.back() + "\n";
  }
  return out;
}

std::string table_of(const std::vector<spec::State>& states) {
  std::vector<Row> rows{{"ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"}};
  for (const spec::State& state : states) {
    rows.push_back(
        {state.id, cat(state.pid), state.status, state.bundle, state.created, state.owner});
  }
  return table_of(rows);
}

std::string names_of(const std::vector<spec::State>& states) {
  std::string out;
  for (const spec::State& state : states) out += state.id + "\n";
  return out;
}

std::string text_of(const std::vector<spec::State>& states, const ListOptions& options) {
  if (options.quiet) return names_of(states);
  switch (options.format) {
    case ListFormat::table:
      return table_of(states);
    case ListFormat::json:
      return spec::write_states(states) + "\n";
  }
  return {};
}

int run(const Arguments& arguments) {
  print(text_of(container::list(settings_from(arguments.global)), arguments.list));
  return 0;
}

}  // namespace

constinit const Command list_command{
    .name = "list",
    .help = "list the containers below --root",
    .description =
        "Lists the containers whose state is below --root, with process id, "
        "status, bundle, time of "
        "creation and owner. The status damaged means that its files "
        "cannot be believed: delete --force removes it.",
    .options = kOptions,
    .run = run};

}  // namespace asylum::cli
