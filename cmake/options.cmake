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
  # Only glibc stays dynamic; full relro because a lazily bound symbol could not be found after pivot_root.
  target_link_options(asylum_options INTERFACE
    -pie -static-libstdc++ -static-libgcc -Wl,-z,relro,-z,now,--gc-sections,--as-needed)
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
