# What every target of ours is compiled and linked with.
add_library(asylum_options INTERFACE)
target_compile_features(asylum_options INTERFACE cxx_std_20)
target_compile_options(asylum_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wimplicit-fallthrough -Werror
  -Wno-missing-field-initializers)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

if(ASYLUM_SANITIZE)
  target_compile_options(asylum_options INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(asylum_options INTERFACE -fsanitize=address,undefined)
else()
  target_compile_definitions(asylum_options INTERFACE _FORTIFY_SOURCE=2)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 sees overlaps in operator+ of strings that are none (GCC bug 105651), only when optimising.
    target_compile_options(asylum_options INTERFACE -Wno-restrict)
  endif()
  target_compile_options(asylum_options INTERFACE
    -fstack-protector-strong -fstack-clash-protection -ffunction-sections -fdata-sections)
  target_link_options(asylum_options INTERFACE -Wl,-z,relro,-z,now,--gc-sections,--as-needed)
endif()

# How an executable is linked (design §9); with the sanitizers every one is dynamic.
# asylum_static_image: what is on the path of a start. Never plain -static, which registers its unwind frames by hand; and
# no -static-libstdc++ beside it, which leaves libc to be found as a shared library.
add_library(asylum_static_image INTERFACE)
# asylum_dynamic_image: all else. Only glibc is dynamic, and what a target names itself.
add_library(asylum_dynamic_image INTERFACE)
if(NOT ASYLUM_SANITIZE)
  target_link_options(asylum_static_image INTERFACE -static-pie)
  target_link_options(asylum_dynamic_image INTERFACE -pie -static-libstdc++ -static-libgcc)
endif()

if(ASYLUM_FUZZ)
  # What libFuzzer sees of the code under test: its edges and comparisons. The program's own main is libFuzzer's.
  target_compile_options(asylum_options INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(asylum_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(ASYLUM_KNOCKOUT)
  target_compile_definitions(asylum_options INTERFACE ASYLUM_KNOCKOUT_BUILD=1)
endif()
target_compile_definitions(asylum_options INTERFACE ASYLUM_VERSION="${PROJECT_VERSION}")
