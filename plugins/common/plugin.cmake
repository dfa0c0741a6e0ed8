# plugin.cmake - how a plugin of this tree is built: one shared object with one exported symbol.
#
#   vm_plugin(storage-local SOURCES storage_local.c object.c PACKAGES sqlite3)
#
# gives <build>/lib/vidmill/storage-local.so. Tests that link a plugin's own
# files use the object library vm-storage-local-objects.
function(vm_plugin name)
	cmake_parse_arguments(plugin "" "OUTPUT_DIR" "SOURCES;PACKAGES;LINK" ${ARGN})
	add_library(vm-${name} MODULE)
	if(NOT plugin_OUTPUT_DIR)
		set(plugin_OUTPUT_DIR ${VIDMILL_PLUGIN_OUTPUT_DIR})
		install(TARGETS vm-${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/vidmill)
	endif()
	add_library(vm-${name}-objects OBJECT ${plugin_SOURCES})
	target_link_libraries(vm-${name}-objects PUBLIC vm-flags vm-kit Threads::Threads ${plugin_LINK})
	target_include_directories(vm-${name}-objects PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
	foreach(package IN LISTS plugin_PACKAGES)
		vm_package(vm-${name}-objects PUBLIC ${package})
	endforeach()
	target_link_libraries(vm-${name} PRIVATE vm-${name}-objects)
	set_target_properties(vm-${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name} SUFFIX ".so"
		LIBRARY_OUTPUT_DIRECTORY ${plugin_OUTPUT_DIR} LINKER_LANGUAGE C)
	target_link_options(vm-${name} PRIVATE
		-Wl,--version-script=${PROJECT_SOURCE_DIR}/plugins/common/plugin.map)
	# clang's sanitizer runtime leaves its symbols to the program, so only plain builds are strict.
	if(NOT VIDMILL_SANITIZE)
		target_link_options(vm-${name} PRIVATE -Wl,-z,defs)
	endif()
	set_property(TARGET vm-${name} APPEND PROPERTY
		LINK_DEPENDS ${PROJECT_SOURCE_DIR}/plugins/common/plugin.map)
endfunction()
