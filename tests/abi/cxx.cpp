/* cxx.cpp - a C++17 program that uses the headers, as far as C++ may: all but the option macros. */
#include <vidmill/plugin.h>

struct counting_sink {
	vm_sink sink;
	size_t bytes;
};

static int count(vm_sink *sink, const void *, size_t length, vm_error *err)
{
	counting_sink *self = reinterpret_cast<counting_sink *>(sink);

	if (length > 1024)
		return vm_fail(err, VM_ERR_LIMIT, "%zu bytes", length);
	self->bytes += length;
	return VM_OK;
}

int vm_cxx_use(const vm_storage_ops *ops, const vm_call *call, vm_error *err);
int vm_cxx_use(const vm_storage_ops *ops, const vm_call *call, vm_error *err)
{
	counting_sink counting = {{count}, 0};
	int status = vm_call_check(call, "a call from C++", err);

	if (status == VM_OK && !VM_HAS(ops, presign))
		status = vm_fail_memory(err);
	return status == VM_OK ? counting.sink.write(&counting.sink, "x", 1, err) : status;
}
