// SPDX-License-Identifier: Apache-2.0
// faults COMMAND [ARG...]: runs it and prints the minor page faults of it and of all that it waited
// for, as the last line of stderr. Exits with its code; 125 if it could not be run.
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char** values) {
  if (count < 2) return 125;
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::execv(values[1], values + 1);
    ::_exit(125);
  }
  int status = 0;
  if (pid < 0 || ::waitpid(pid, &status, 0) != pid) return 125;
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  ::fprintf(stderr, "%ld\n", usage.ru_minflt);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
