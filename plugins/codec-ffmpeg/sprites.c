/* sprites.c - sheets of small pictures, and the WebVTT file that tells a player which is when. */
#include "sprites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libavutil/imgutils.h>

int sprites_open(struct sprites *sprites, const struct snaps_plan *want, enum AVColorSpace space,
                 struct out *out, struct log *log, struct vm_error *err)
{
	*sprites = (struct sprites){.want = want,
	                            .out = out,
	                            .log = log,
	                            .scaler = jpeg_scaler(&want->tiles.size, space),
	                            .grid.segment_ms = want->tiles.every_ms};
	if (want->tiles.every_ms > 0 &&
	    (sprites->times_us = calloc(want->tiles.most, sizeof *sprites->times_us)) == NULL)
		return vm_fail_memory(err);
	return VM_OK;
}

static size_t tiles_in_sheet(const struct sprites *sprites)
{
	return (size_t)sprites->want->columns * (size_t)sprites->want->rows;
}

size_t sprites_sheets(const struct sprites *sprites)
{
	return (sprites->count + tiles_in_sheet(sprites) - 1) / tiles_in_sheet(sprites);
}

static int begin_sheet(struct sprites *sprites, struct vm_error *err)
{
	const struct rung *tile = &sprites->want->tiles.size;
	AVFrame *sheet = sprites->sheet = av_frame_alloc();
	ptrdiff_t strides[4];

	if (sheet == NULL)
		return vm_fail_memory(err);
	sheet->format = AV_PIX_FMT_YUVJ420P;
	sheet->width = tile->width * sprites->want->columns;
	sheet->height = tile->height * sprites->want->rows;
	if (av_frame_get_buffer(sheet, 0) < 0)
		return vm_fail_memory(err);
	for (int i = 0; i < 4; i++)
		strides[i] = sheet->linesize[i];
	av_image_fill_black(sheet->data, strides, AV_PIX_FMT_YUVJ420P, AVCOL_RANGE_JPEG, sheet->width,
	                    sheet->height);
	return VM_OK;
}

/* Rows and, of a single row, columns without a tile are left out. */
static int put_sheet(struct sprites *sprites, struct vm_error *err)
{
	const struct rung *tile = &sprites->want->tiles.size;
	int used = (int)((sprites->count - 1) % tiles_in_sheet(sprites)) + 1;
	int columns = sprites->want->columns;
	char name[48];
	int status;

	sprites->sheet->height = (used + columns - 1) / columns * tile->height;
	if (used < columns)
		sprites->sheet->width = used * tile->width;
	snprintf(name, sizeof name, "sprites/sheet-%03zu.jpg", sprites_sheets(sprites));
	status = jpeg_put(sprites->sheet, name, sprites->out, sprites->log, err);
	av_frame_free(&sprites->sheet);
	return status;
}

static void place_tile(struct sprites *sprites, const AVFrame *tile)
{
	int place = (int)(sprites->count % tiles_in_sheet(sprites));
	int x = place % sprites->want->columns * tile->width;
	int y = place / sprites->want->columns * tile->height;
	AVFrame *sheet = sprites->sheet;

	for (int i = 0; i < 3; i++) {
		int half = i > 0; /* of the planes of colour */

		av_image_copy_plane(sheet->data[i] + (ptrdiff_t)(y >> half) * sheet->linesize[i] +
		                        (x >> half),
		                    sheet->linesize[i], tile->data[i], tile->linesize[i],
		                    tile->width >> half, tile->height >> half);
	}
}

/* A tile stands for the video from the line of the grid that its picture is the first behind. */
static int add(struct sprites *sprites, const AVFrame *tile, struct vm_error *err)
{
	int64_t every_us = (int64_t)sprites->want->tiles.every_ms * 1000;
	int status;

	if (sprites->sheet == NULL && (status = begin_sheet(sprites, err)) != VM_OK)
		return status;
	place_tile(sprites, tile);
	sprites->times_us[sprites->count++] = sprites->grid.next_us - every_us;
	return sprites->count % tiles_in_sheet(sprites) == 0 ? put_sheet(sprites, err) : VM_OK;
}

bool sprites_want(const struct sprites *sprites, int64_t time_us)
{
	return sprites->want->tiles.every_ms > 0 && sprites->count < sprites->want->tiles.most &&
	       (!sprites->grid.begun || time_us >= sprites->grid.next_us);
}

int sprites_offer(struct sprites *sprites, const AVFrame *frame, int64_t time_us,
                  struct vm_error *err)
{
	AVFrame *tile = NULL;
	int status;

	if (!sprites_want(sprites, time_us) || !grid_crosses(&sprites->grid, time_us, AV_TIME_BASE_Q))
		return VM_OK;
	if ((status = scaler_scale(&sprites->scaler, frame, &tile, err)) == VM_OK)
		status = add(sprites, tile, err);
	av_frame_free(&tile);
	return status;
}

int sprites_end(struct sprites *sprites, int64_t end_us, struct vm_error *err)
{
	int status = sprites->sheet != NULL ? put_sheet(sprites, err) : VM_OK;
	/* A picture by itself may end when it begins; a cue may not. */
	int64_t least_us = sprites->count > 0 ? sprites->times_us[sprites->count - 1] + 1000 : 0;
	char *text;

	if (status != VM_OK || sprites->count == 0)
		return status;
	if ((text = sprites_vtt(sprites->want, sprites->times_us, sprites->count,
	                        FFMAX(end_us, least_us))) == NULL)
		return vm_fail_memory(err);
	status = out_put(sprites->out, "sprites/sprites.vtt", "text/vtt", text, strlen(text), err);
	free(text);
	return status;
}

void sprites_finish(struct sprites *sprites)
{
	av_frame_free(&sprites->sheet);
	scaler_finish(&sprites->scaler);
	free(sprites->times_us);
}
