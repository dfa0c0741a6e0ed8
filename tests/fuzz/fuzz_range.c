/* fuzz_range.c - a header Range lies within the object, or is passed over, or cannot be met. */
#include <inttypes.h>
#include <stdio.h>

#include "fuzz/fuzz.h"
#include "server/http_range.h"

/* Eight bytes are the length of the object, the rest is the header. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	uint64_t object, first, count, first_again, count_again;
	char header[256], again[64];

	if (length < sizeof object || length - sizeof object >= sizeof header)
		return 0;
	memcpy(&object, bytes, sizeof object);
	memcpy(header, bytes + sizeof object, length - sizeof object);
	header[length - sizeof object] = '\0';
	if (range_read(header, object, &first, &count) != RANGE_PART)
		return 0;
	fuzz_expect(count > 0 && first < object && count <= object - first);
	snprintf(again, sizeof again, "bytes=%" PRIu64 "-%" PRIu64, first, first + count - 1);
	fuzz_expect(range_read(again, object, &first_again, &count_again) == RANGE_PART);
	fuzz_expect(first_again == first && count_again == count);
	return 0;
}
