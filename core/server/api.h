/* api.h - the handlers of the HTTP API, one file for each noun. */
#ifndef SERVER_API_H
#define SERVER_API_H

#include "server/http_exchange.h"
#include "server/videos.h"

/* api_videos.c */
handler_fn api_create_video, api_list_videos, api_show_video, api_remove_video;
handler_fn api_complete_video, api_retry_video, api_cancel_video;
/* api_uploads.c */
handler_fn api_receive_upload;
/* api_outputs.c */
handler_fn api_list_outputs, api_send_output;
/* api_events.c */
handler_fn api_stream_events;
/* api_dead_letters.c */
handler_fn api_list_dead_letters, api_redrive_dead_letters, api_remove_dead_letter;
/* api_status.c */
handler_fn api_metrics, api_health, api_readiness;

/* Refuses members of the request's JSON that are not in `names` (ended by NULL). 0, or answered. */
int api_check_members(struct exchange *exchange, const char *const *names);

/* A video as the answer, or as the answer's error when status is not VM_OK. */
int api_reply_video(struct exchange *exchange, int http_status, int status,
                    const struct video *video, const struct vm_error *err);

/* How the source of a video is to be sent: the `upload` object of the answer. */
int api_describe_upload(struct exchange *exchange, const struct video *video, json_t **out,
                        struct vm_error *err);

/* The largest source that is taken. */
uint64_t api_source_bytes_max(const struct server *server);

#endif
