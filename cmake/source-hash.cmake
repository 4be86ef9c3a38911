# asylum_source_hash(FOLDER FILE DEFINITION): compiles FILE with DEFINITION, a hash of all of FOLDER's sources. Whatever
# is kept on disk and depends on that code carries it, and is another's after the next edit.
function(asylum_source_hash folder file definition)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp ${folder}/*.h)
  set(all "")
  foreach(source ${sources})
    file(SHA256 ${source} hash)
    string(APPEND all ${hash})
  endforeach()
  string(SHA256 hash "${all}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sources})
  set_property(SOURCE ${file} APPEND PROPERTY COMPILE_DEFINITIONS ${definition}="${hash}")
endfunction()
