/* shape.c - how a source's pictures are meant to be seen: upright, with square pixels. */
#include "shape.h"

#include <libavutil/display.h>

/* Pixels are stretched by 2:1 at most, in anamorphic film; far beyond that is a broken header. */
#define PIXEL_RATIO_MAX 4

/* The angle clockwise to the next quarter: what lies between is not made by cameras. */
static int quarter_turns(const int32_t *matrix)
{
	double angle = -av_display_rotation_get(matrix);

	if (!(angle >= -360 && angle <= 360))
		return 0;
	return ((int)((angle + 360 + 45) / 90)) % 4;
}

struct orientation orientation_of(const int32_t *matrix)
{
	struct orientation upright = {.filters = ""};

	if (matrix == NULL)
		return upright;
	switch (quarter_turns(matrix)) {
	case 1:
		if (matrix[3] > 0)
			return (struct orientation){"transpose=cclock_flip", 90, true, true};
		return (struct orientation){"transpose=clock", 90, false, true};
	case 2:
		if (matrix[0] < 0 && matrix[4] < 0)
			return (struct orientation){"hflip,vflip", 180, false, false};
		return (struct orientation){matrix[0] < 0 ? "hflip" : "vflip", 0, true, false};
	case 3:
		if (matrix[3] < 0)
			return (struct orientation){"transpose=clock_flip", 270, true, true};
		return (struct orientation){"transpose=cclock", 270, false, true};
	default:
		if (matrix[4] < 0)
			return (struct orientation){"vflip", 0, true, false};
		return upright;
	}
}

int shape_square_width(int width, AVRational pixel)
{
	int64_t square;

	if (pixel.num <= 0 || pixel.den <= 0 || pixel.num / PIXEL_RATIO_MAX > pixel.den ||
	    pixel.den / PIXEL_RATIO_MAX > pixel.num)
		return width;
	square = av_rescale(width, pixel.num, pixel.den);
	return square > 0 && square <= INT32_MAX ? (int)square : width;
}

struct shape shape_of(AVFormatContext *format, AVStream *stream)
{
	size_t bytes = 0;
	uint8_t *matrix = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &bytes);
	AVRational pixel = av_guess_sample_aspect_ratio(format, stream, NULL);
	struct shape shape = {.pixel = pixel};
	int width = shape_square_width(stream->codecpar->width, pixel);

	if (pixel.num <= 0 || pixel.den <= 0)
		shape.pixel = (AVRational){1, 1};
	if (bytes < 9 * sizeof(int32_t))
		matrix = NULL;
	shape.orientation = orientation_of((const int32_t *)(void *)matrix);
	shape.width = shape.orientation.swaps ? stream->codecpar->height : width;
	shape.height = shape.orientation.swaps ? width : stream->codecpar->height;
	return shape;
}
