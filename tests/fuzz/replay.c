/* replay.c - the main of a fuzz target without a fuzzer: each file of the corpus once. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/fuzz.h"

enum { LENGTH_MOST = 4 << 20 };

static int replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = malloc(LENGTH_MOST);
	size_t length;

	if (file == NULL || bytes == NULL) {
		perror(path);
		return EXIT_FAILURE;
	}
	length = fread(bytes, 1, LENGTH_MOST, file);
	fclose(file);
	LLVMFuzzerTestOneInput(bytes, length);
	free(bytes);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	int result = argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE; /* an empty corpus tests nothing */

	for (int i = 1; i < argc && result == EXIT_SUCCESS; i++)
		result = replay(argv[i]);
	return result;
}
