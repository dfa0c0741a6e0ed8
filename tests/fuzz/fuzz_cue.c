/* fuzz_cue.c - whatever a subtitle says, what comes out is WebVTT. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cue_text.h"
#include "cues.h"
#include "cues_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool condition)
{
	if (!condition)
		abort();
}

/* The first bytes of each line are its times, the rest is the event. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *input = strndup((const char *)bytes, length), *rest = input, *line, *vtt;
	struct cues cues = {0};
	struct cues_facts facts;

	while ((line = strsep(&rest, "\f")) != NULL) {
		int64_t start = line[0] * 100, end = start + (line[0] != '\0' ? line[1] * 10 : 0);
		char text[CUE_TEXT_MAX];
		bool top;

		cue_text(line, text, &top);
		require(cues_add(&cues, start, end, text, top, NULL) == VM_OK);
	}
	vtt = cues_vtt(&cues, 10000);
	require(vtt != NULL);
	require(cues_read(vtt, strlen(vtt), &facts, NULL) == VM_OK);
	require(facts.cues <= cues.count && facts.end_ms <= 10000);
	/* The reader itself is for strangers as well. */
	cues_read((const char *)bytes, length, &facts, NULL);
	free(vtt);
	free(input);
	cues_finish(&cues);
	return 0;
}
