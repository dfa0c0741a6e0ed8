# room.cmake - one folder of core/ is one static library; what it may use is what it links.
#
#   vm_room(video USES support PACKAGES jansson)
#
# Arrows run downwards only: a room that includes a header of a room it does not
# name still compiles, so tests/lint checks the includes.
function(vm_room name)
	cmake_parse_arguments(room "" "" "USES;PACKAGES" ${ARGN})
	file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
	add_library(vm-${name} STATIC ${sources})
	target_include_directories(vm-${name} PUBLIC ${PROJECT_SOURCE_DIR}/core
		${PROJECT_SOURCE_DIR}/core/include)
	target_link_libraries(vm-${name} PUBLIC vm-flags Threads::Threads)
	foreach(used IN LISTS room_USES)
		target_link_libraries(vm-${name} PUBLIC vm-${used})
	endforeach()
	foreach(package IN LISTS room_PACKAGES)
		vm_package(vm-${name} PUBLIC ${package})
	endforeach()
endfunction()

# Links a library that pkg-config knows; its headers count as the system's.
function(vm_package target scope package)
	string(MAKE_C_IDENTIFIER "PKG_${package}" prefix)
	if(NOT TARGET PkgConfig::${prefix})
		pkg_check_modules(${prefix} REQUIRED IMPORTED_TARGET GLOBAL ${package})
	endif()
	target_link_libraries(${target} ${scope} PkgConfig::${prefix})
endfunction()
