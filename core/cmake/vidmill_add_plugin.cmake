# vidmill_add_plugin.cmake - builds a plugin outside vidmill's own tree, as those within are built.
set(vidmill_PLUGIN_MAP ${CMAKE_CURRENT_LIST_DIR}/plugin.map)

# vidmill_add_plugin(name source…) makes the target `name` and the file name.so, which exports one
# symbol and imports nothing of the host.
function(vidmill_add_plugin name)
	add_library(${name} MODULE ${ARGN})
	target_link_libraries(${name} PRIVATE vidmill::plugin)
	set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so" OUTPUT_NAME ${name}
		C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
	if(NOT CMAKE_C_STANDARD)
		set_target_properties(${name} PROPERTIES C_STANDARD 17)
	endif()
	target_link_options(${name} PRIVATE -Wl,--version-script=${vidmill_PLUGIN_MAP})
	set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS ${vidmill_PLUGIN_MAP})
	# clang's sanitizer runtime leaves its symbols to the program that loads the plugin.
	if(NOT CMAKE_C_FLAGS MATCHES "-fsanitize")
		target_link_options(${name} PRIVATE -Wl,-z,defs)
	endif()
endfunction()
