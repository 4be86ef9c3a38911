// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/step.h"

#include <time.h>

#include <algorithm>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/text.h"

namespace asylum {
namespace {

Step* innermost = nullptr;

std::uint64_t now_ns() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000'000U +
         static_cast<std::uint64_t>(t.tv_nsec);
}

}  // namespace

Step::Step(std::string text, std::string pointer)
    : text_(std::move(text)), pointer_(std::move(pointer)), outer_(innermost) {
  innermost = this;
  if (log::is_on(log::Level::debug)) began_ns_ = now_ns();
}

Step::~Step() {
  innermost = outer_;
  if (began_ns_ != 0) log::debug(cat(text_, ": ", (now_ns() - began_ns_) / 1000, " us"));
}

void Step::describe_open_steps(Error& error) {
  if (innermost == nullptr) return;
  error.doing = innermost->text_;
  for (const Step* step = innermost; step != nullptr; step = step->outer_) {
    if (error.pointer.empty()) error.pointer = step->pointer_;
    if (step != innermost) error.context.push_back(step->text_);
  }
  std::reverse(error.context.begin(), error.context.end());
}

void Step::enclose(Error& error) {
  std::vector<std::string> outer;
  const Step* step = innermost;
  if (step != nullptr && error.doing.empty()) {
    error.doing = step->text_;
    step = step->outer_;
  }
  for (; step != nullptr; step = step->outer_) outer.push_back(step->text_);
  error.context.insert(error.context.begin(), outer.rbegin(), outer.rend());
}

void Step::begin_anew() {
  innermost = nullptr;
}

}  // namespace asylum
