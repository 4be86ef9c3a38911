# asylum-runc-late, and where the program finds it: beside itself in a build tree; else in the directory for such programs,
# which it knows by its way from its own and, where it cannot know that, by its full path.
find_library(ASYLUM_MOUNT_LIBRARY mount REQUIRED)
find_path(ASYLUM_MOUNT_HEADERS libmount/libmount.h REQUIRED)
mark_as_advanced(ASYLUM_MOUNT_LIBRARY ASYLUM_MOUNT_HEADERS)

# Not one of asylum_layer(): contrib/check-unused links all of those into the program.
file(GLOB late_sources CONFIGURE_DEPENDS runtime/late/helper/*.cpp)
list(FILTER late_sources EXCLUDE REGEX "/main\\.cpp$")
add_library(late_helper STATIC ${late_sources})
target_include_directories(late_helper SYSTEM PRIVATE ${ASYLUM_MOUNT_HEADERS})
target_link_libraries(late_helper PRIVATE asylum_options PUBLIC asylum_late_both asylum_sys ${ASYLUM_MOUNT_LIBRARY})
add_executable(asylum-runc-late runtime/late/helper/main.cpp)
target_link_libraries(asylum-runc-late PRIVATE late_helper asylum_options asylum_dynamic_image)

file(RELATIVE_PATH from_program ${CMAKE_INSTALL_FULL_SBINDIR} ${CMAKE_INSTALL_FULL_LIBEXECDIR})
set_source_files_properties(runtime/late/main/helper.cpp PROPERTIES COMPILE_DEFINITIONS
  "ASYLUM_LATE_FROM_PROGRAM=\"${from_program}\";ASYLUM_LATE_DIRECTORY=\"${CMAKE_INSTALL_FULL_LIBEXECDIR}\"")
