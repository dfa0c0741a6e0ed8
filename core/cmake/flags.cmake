# flags.cmake - the language, the warnings and the hardening that all of vidmill is built with.
include(CheckCCompilerFlag)
include(CheckLinkerFlag)

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

add_library(vm-flags INTERFACE)
target_compile_definitions(vm-flags INTERFACE _GNU_SOURCE _FILE_OFFSET_BITS=64)
target_compile_options(vm-flags INTERFACE
	-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wcast-qual -Wmissing-prototypes
	-Wstrict-prototypes -Wvla -Wformat=2 -Wimplicit-fallthrough -Wundef -Wwrite-strings
	-fno-strict-aliasing -fno-strict-overflow -fno-delete-null-pointer-checks)
if(VIDMILL_WERROR)
	target_compile_options(vm-flags INTERFACE -Werror)
endif()

# Hardening, each where the compiler has it: OpenSSF "Compiler Options Hardening Guide for C and C++".
function(vm_probe_compile flag)
	string(MAKE_C_IDENTIFIER "HAVE${flag}" have)
	check_c_compiler_flag("-Werror ${flag}" ${have})
	if(${have})
		target_compile_options(vm-flags INTERFACE ${flag})
	endif()
endfunction()

vm_probe_compile(-fstack-protector-strong)
vm_probe_compile(-fstack-clash-protection)
vm_probe_compile(-fcf-protection=full)
vm_probe_compile(-ftrivial-auto-var-init=zero)
vm_probe_compile(-fstrict-flex-arrays=3)
target_link_options(vm-flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)

if(VIDMILL_SANITIZE)
	string(REPLACE ";" "," sanitizers "${VIDMILL_SANITIZE}")
	target_compile_options(vm-flags INTERFACE -fsanitize=${sanitizers} -fno-sanitize-recover=all
		-fno-omit-frame-pointer)
	target_link_options(vm-flags INTERFACE -fsanitize=${sanitizers})
elseif(CMAKE_BUILD_TYPE MATCHES "Rel")
	target_compile_options(vm-flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
