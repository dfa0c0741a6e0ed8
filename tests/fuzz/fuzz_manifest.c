/* fuzz_manifest.c - a manifest: refused with a line, or safe in all its names and written again. */
#include "fuzz/fuzz.h"
#include "video/manifest.h"

/* Written by itself, without the code under test: a name stays below its prefix. */
static void expect_safe(const char *name)
{
	fuzz_expect(name[0] != '\0' && name[0] != '/' && name[strlen(name) - 1] != '/');
	fuzz_expect(strstr(name, "//") == NULL && strstr(name, "/../") == NULL);
	fuzz_expect(strncmp(name, "../", 3) != 0 && strcmp(name, "..") != 0 && strcmp(name, ".") != 0);
	fuzz_expect_line(name);
}

static void expect_in_order(const struct manifest *manifest)
{
	for (size_t i = 0; i < manifest->n_outputs; i++) {
		const struct manifest_output *output = &manifest->outputs[i];

		expect_safe(output->name);
		fuzz_expect(output->content_type[0] == '\0' ||
		            (fuzz_expect_line(output->content_type), true));
		fuzz_expect(strlen(output->sha256) == VIDEO_HASH_MAX - 1);
		fuzz_expect(i == 0 || strcmp(manifest->outputs[i - 1].name, output->name) < 0);
		fuzz_expect(manifest_find(manifest, output->name) == output);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct manifest manifest, again;
	struct vm_error err;
	char *text, *same;
	int status = manifest_read(bytes, length, &manifest, &err);

	if (status != VM_OK) {
		fuzz_expect_refusal(VM_ERR_BAD_DATA, status, &err);
		manifest_finish(&manifest);
		return 0;
	}
	expect_in_order(&manifest);
	text = manifest_write(&manifest);
	fuzz_expect(text != NULL && manifest_read(text, strlen(text), &again, &err) == VM_OK);
	same = manifest_write(&again);
	fuzz_expect(same != NULL && strcmp(text, same) == 0);
	free(text);
	free(same);
	manifest_finish(&again);
	manifest_finish(&manifest);
	return 0;
}
