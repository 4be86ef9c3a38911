# ASYLUM_COMMIT: the commit that --version names, when this is a git checkout; one file is compiled with it, and
# only that one again after a commit.
find_package(Git QUIET)
if(GIT_FOUND)
  execute_process(
    COMMAND ${GIT_EXECUTABLE} -C ${CMAKE_SOURCE_DIR} rev-parse --show-prefix HEAD
    OUTPUT_VARIABLE answer OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  # The first line is empty only in the top directory: a tarball inside somebody else's repository has no commit.
  if(NOT failed AND answer MATCHES "^\n?([0-9a-f]+)$")
    set_source_files_properties(${CMAKE_SOURCE_DIR}/runtime/cli/version.cpp
      PROPERTIES COMPILE_DEFINITIONS ASYLUM_COMMIT="${CMAKE_MATCH_1}")
    execute_process(
      COMMAND ${GIT_EXECUTABLE} -C ${CMAKE_SOURCE_DIR} rev-parse --absolute-git-dir
      OUTPUT_VARIABLE git_directory OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(EXISTS ${git_directory}/logs/HEAD)
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${git_directory}/logs/HEAD)
    endif()
  endif()
endif()
