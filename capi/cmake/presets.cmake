# graph_call_preset(standard|tiny): an imported library graph_call_PRESET that cargo builds. Sets graph_call_name to the
# name under which it is installed, graph_call_defines and graph_call_libraries to what a program needs besides.

# Each is what the project has said before, or the choice of whoever configures.
if(NOT DEFINED GRAPH_CALL_CARGO)
    set(GRAPH_CALL_CARGO cargo CACHE STRING "The command that builds: cargo, or what stands in its place")
endif()
if(NOT DEFINED GRAPH_CALL_CARGO_DIR)
    set(GRAPH_CALL_CARGO_DIR ${CMAKE_CURRENT_BINARY_DIR}/cargo CACHE PATH "Where cargo builds")
endif()
if(NOT DEFINED GRAPH_CALL_TARGET)
    set(GRAPH_CALL_TARGET "" CACHE STRING "The target as rustc calls it, such as thumbv7em-none-eabihf; empty for the host")
endif()
get_filename_component(graph_call_source ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)

macro(graph_call_preset preset)
    set(graph_call_name graph_call)
    set(graph_call_defines)
    set(graph_call_libraries)
    set(graph_call_arguments rustc --quiet --locked --release --lib --crate-type staticlib
        --target-dir ${GRAPH_CALL_CARGO_DIR}/${preset})
    set(graph_call_built ${GRAPH_CALL_CARGO_DIR}/${preset}/release/libgraph_call_c.a)
    if(${preset} STREQUAL tiny)
        set(graph_call_name graph_call_tiny)
        set(graph_call_defines GRAPH_CALL_TINY)
        list(APPEND graph_call_arguments --features tiny)
    endif()
    if(GRAPH_CALL_TARGET)
        list(APPEND graph_call_arguments --target ${GRAPH_CALL_TARGET})
        set(graph_call_built ${GRAPH_CALL_CARGO_DIR}/${preset}/${GRAPH_CALL_TARGET}/release/libgraph_call_c.a)
    elseif(UNIX)
        # What Rust's standard library, which is a part of the archive on a desktop, takes from the system.
        set(graph_call_libraries pthread dl m)
    endif()
    set(graph_call_archive ${CMAKE_CURRENT_BINARY_DIR}/lib${graph_call_name}.a)
    # Cargo knows what is out of date, and is quick where nothing is.
    add_custom_target(graph_call_${preset}_build ALL
        COMMAND ${GRAPH_CALL_CARGO} ${graph_call_arguments}
        COMMAND ${CMAKE_COMMAND} -E copy_if_different ${graph_call_built} ${graph_call_archive}
        BYPRODUCTS ${graph_call_archive}
        WORKING_DIRECTORY ${graph_call_source} VERBATIM)
    add_library(graph_call_${preset} STATIC IMPORTED GLOBAL)
    set_target_properties(graph_call_${preset} PROPERTIES
        IMPORTED_LOCATION ${graph_call_archive}
        INTERFACE_INCLUDE_DIRECTORIES ${graph_call_source}/include
        INTERFACE_COMPILE_DEFINITIONS "${graph_call_defines}"
        INTERFACE_LINK_LIBRARIES "${graph_call_libraries}")
    add_dependencies(graph_call_${preset} graph_call_${preset}_build)
endmacro()
