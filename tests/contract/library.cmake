# library.cmake - the contract suites as a library: `vidmill test-plugin` brings them along, so they
# are built with the program, also where the tests are not.
file(GLOB contract_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.c)
add_library(vm-contract STATIC ${contract_sources})
target_include_directories(vm-contract PUBLIC ${PROJECT_SOURCE_DIR}/core/include
	${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(vm-contract PUBLIC vm-flags Threads::Threads)
vm_package(vm-contract PRIVATE jansson)
