# package.cmake - what an author of plugins finds: the headers, vidmill.pc, find_package(vidmill).
include(CMakePackageConfigHelpers)

install(DIRECTORY include/vidmill DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

file(RELATIVE_PATH VIDMILL_PC_TO_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig
	${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" VIDMILL_PC_TO_PREFIX "${VIDMILL_PC_TO_PREFIX}")
configure_file(cmake/vidmill.pc.in ${PROJECT_BINARY_DIR}/vidmill.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/vidmill.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/vidmill)
configure_package_config_file(cmake/vidmillConfig.cmake.in
	${PROJECT_BINARY_DIR}/vidmillConfig.cmake INSTALL_DESTINATION ${package_dir}
	PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_BINDIR)
# A plugin of an older minor loads in a newer host of the same major: that is the ABI's rule.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/vidmillConfigVersion.cmake
	COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/vidmillConfig.cmake
	${PROJECT_BINARY_DIR}/vidmillConfigVersion.cmake
	cmake/vidmill_add_plugin.cmake ${PROJECT_SOURCE_DIR}/plugins/common/plugin.map
	DESTINATION ${package_dir})
