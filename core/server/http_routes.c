/* http_routes.c - the whole HTTP API as a table. */
#include "server/api.h"

const struct route http_routes[] = {
    {"POST", "/v1/videos", 0, &body_json, api_create_video},
    {"GET", "/v1/videos", 0, NULL, api_list_videos},
    {"GET", "/v1/videos/{video}", 0, NULL, api_show_video},
    {"DELETE", "/v1/videos/{video}", 0, NULL, api_remove_video},
    {"POST", "/v1/videos/{video}/complete", 0, &body_json, api_complete_video},
    {"POST", "/v1/videos/{video}/retry", 0, &body_json, api_retry_video},
    {"POST", "/v1/videos/{video}/cancel", 0, &body_json, api_cancel_video},
    {"GET", "/v1/videos/{video}/outputs", 0, NULL, api_list_outputs},
    {"GET", "/v1/videos/{video}/outputs/{name}", 0, NULL, api_send_output},
    /* the URL itself is the credential */
    {"PUT", "/v1/uploads/{video}", ROUTE_OPEN, &body_upload, api_receive_upload},
    {"GET", "/v1/events", 0, NULL, api_stream_events},
    {"GET", "/v1/dead-letters", 0, NULL, api_list_dead_letters},
    {"POST", "/v1/dead-letters/redrive", 0, &body_json, api_redrive_dead_letters},
    {"DELETE", "/v1/dead-letters/{letter}", 0, NULL, api_remove_dead_letter},
    {"GET", "/metrics", 0, NULL, api_metrics},
    {"GET", "/healthz", ROUTE_OPEN, NULL, api_health},
    {"GET", "/readyz", ROUTE_OPEN, NULL, api_readiness},
    {NULL, NULL, 0, NULL, NULL},
};
