/* client_print.h - videos as people and programs read them on standard output. */
#ifndef CLI_CLIENT_PRINT_H
#define CLI_CLIENT_PRINT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* A member's text, "" when it has none; a number, 0 when it has none. */
const char *video_text(const json_t *video, const char *name);
int64_t video_number(const json_t *video, const char *name);

/* Processed, failed, expired or canceled. */
bool video_is_final(const json_t *video);

/* Text of strangers: control characters become visible, so that no terminal obeys them. */
void print_safe(const char *text, FILE *out);
void print_json(const json_t *value);

/* One line of a list, after print_heading. */
void print_heading(void);
void print_row(const json_t *video);
/* All of one, and its outputs (NULL: none). */
void print_video(const json_t *video, const json_t *outputs);
/* Of a video that is processing: "web (1 of 2), 2.1x, 12 s left". */
#define PROGRESS_WORDS_MAX 192
void describe_progress(const json_t *video, char *text, size_t size);
/* What a person opens: playlists, files and pictures, with their URLs; segments are counted. */
void print_outputs(const json_t *outputs);
/* "failed: bad_media: no video stream" */
void print_outcome(const json_t *video, FILE *out);

#endif
