# servers.cmake - tests that need one of other people's servers (tests/servers/install.sh).
#
#   vm_server_test(NAME SERVER COMMAND …)
#
# The servers speak for themselves on loopback. Without them these tests are left
# out, and said to be; where VIDMILL_CI is on that is an error.
set(VIDMILL_SERVERS ${PROJECT_SOURCE_DIR}/build/servers CACHE PATH "The folder of the test servers")
set(VIDMILL_SERVER_PYTHON ${VIDMILL_SERVERS}/aws/bin/python)
if(NOT EXISTS ${VIDMILL_SERVER_PYTHON})
	if(VIDMILL_CI)
		message(FATAL_ERROR "no test servers: tests/servers/install.sh ${VIDMILL_SERVERS}")
	endif()
	message(STATUS "left out, without test servers (tests/servers/install.sh): the cloud's tests")
endif()

function(vm_server_test name label)
	if(NOT EXISTS ${VIDMILL_SERVER_PYTHON})
		return()
	endif()
	add_test(NAME ${name} COMMAND ${VIDMILL_SERVER_PYTHON} ${ARGN})
	set_tests_properties(${name} PROPERTIES LABELS "${label};server" TIMEOUT 600 ENVIRONMENT
		"VIDMILL_SERVERS=${VIDMILL_SERVERS};PYTHONDONTWRITEBYTECODE=1")
endfunction()
