/* sample.c - two seconds of a triangle wave as a WAV file. */
#include <string.h>

#include "sample.h"

#define RATE 8000u
#define FRAMES (2 * RATE)
#define HEADER_BYTES 44u
#define DATA_BYTES (2 * FRAMES)

static void put_16(unsigned char *at, unsigned value)
{
	at[0] = (unsigned char)(value & 0xFF);
	at[1] = (unsigned char)(value >> 8 & 0xFF);
}

static void put_32(unsigned char *at, unsigned value)
{
	put_16(at, value & 0xFFFF);
	put_16(at + 2, value >> 16);
}

unsigned char *sample_make(struct contract *t, size_t *length)
{
	unsigned char *bytes = contract_alloc(t, HEADER_BYTES + DATA_BYTES);

	memcpy(bytes, "RIFF....WAVEfmt ", 16);
	put_32(bytes + 4, HEADER_BYTES - 8 + DATA_BYTES);
	put_32(bytes + 16, 16); /* bytes of the format */
	put_16(bytes + 20, 1);  /* PCM */
	put_16(bytes + 22, 1);  /* channel */
	put_32(bytes + 24, RATE);
	put_32(bytes + 28, 2 * RATE); /* bytes per second */
	put_16(bytes + 32, 2);        /* bytes per frame */
	put_16(bytes + 34, 16);       /* bits per sample */
	memcpy(bytes + 36, "data", 4);
	put_32(bytes + 40, DATA_BYTES);
	for (unsigned i = 0; i < FRAMES; i++) {
		unsigned phase = i % 20; /* 400 Hz */
		int level = (phase < 10 ? (int)phase : 20 - (int)phase) * 2000 - 10000;

		put_16(bytes + HEADER_BYTES + 2 * i, (unsigned)level & 0xFFFF);
	}
	*length = HEADER_BYTES + DATA_BYTES;
	return bytes;
}
