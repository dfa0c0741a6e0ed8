/* cases.c - one request for each answer that the document describes. */
#include "cases.h"

#define JSON "Content-Type: application/json\r\n"
#define VIDEOS "/v1/videos"
#define PLAYLIST "/v1/videos/{processed}/outputs/web/master.m3u8"
#define REDRIVE "/v1/dead-letters/redrive"

/* 401, 403, 413 and 415 are the same for every operation: the test asks for them by itself. */
const struct api_case api_cases[] = {
    {"createVideo", 201, VIDEOS, JSON, "{\"name\":\"a\",\"bytes\":5}", NULL},
    {"createVideo", 201, VIDEOS, NULL, NULL, NULL},
    {"createVideo", 400, VIDEOS, JSON, "{\"bytes\":-1}", NULL},
    {"createVideo", 503, VIDEOS, NULL, NULL, "put_document"},

    {"listVideos", 200, VIDEOS, NULL, NULL, NULL},
    {"listVideos", 200, VIDEOS "?state=processed&limit=1", NULL, NULL, NULL},
    {"listVideos", 200, VIDEOS "?limit=1&after={queued}", NULL, NULL, NULL},
    {"listVideos", 400, VIDEOS "?limit=x", NULL, NULL, NULL},
    {"listVideos", 404, VIDEOS "?after={unknown}", NULL, NULL, NULL},
    {"listVideos", 503, VIDEOS, NULL, NULL, "find"},

    {"showVideo", 200, VIDEOS "/{waiting}", NULL, NULL, NULL},
    {"showVideo", 200, VIDEOS "/{failed}", NULL, NULL, NULL},
    {"showVideo", 200, VIDEOS "/{processed}", NULL, NULL, NULL},
    {"showVideo", 404, VIDEOS "/{unknown}", NULL, NULL, NULL},
    {"showVideo", 503, VIDEOS "/{waiting}", NULL, NULL, "get"},

    {"removeVideo", 202, VIDEOS "/{waiting}", NULL, NULL, NULL},
    {"removeVideo", 404, VIDEOS "/{unknown}", NULL, NULL, NULL},
    {"removeVideo", 503, VIDEOS "/{waiting}", NULL, NULL, "put_document"},

    {"completeVideo", 200, VIDEOS "/{sent}/complete", NULL, NULL, NULL},
    {"completeVideo", 400, VIDEOS "/{waiting}/complete", JSON, "{\"a\":1}", NULL},
    {"completeVideo", 404, VIDEOS "/{unknown}/complete", NULL, NULL, NULL},
    {"completeVideo", 409, VIDEOS "/{queued}/complete", NULL, NULL, NULL},
    {"completeVideo", 503, VIDEOS "/{sent}/complete", NULL, NULL, "stat"},

    {"retryVideo", 200, VIDEOS "/{processed}/retry", JSON, "{}", NULL},
    {"retryVideo", 400, VIDEOS "/{processed}/retry", JSON, "{\"a\":1}", NULL},
    {"retryVideo", 404, VIDEOS "/{unknown}/retry", NULL, NULL, NULL},
    {"retryVideo", 409, VIDEOS "/{queued}/retry", NULL, NULL, NULL},
    {"retryVideo", 503, VIDEOS "/{processed}/retry", NULL, NULL, "put_document"},

    {"cancelVideo", 200, VIDEOS "/{queued}/cancel", NULL, NULL, NULL},
    {"cancelVideo", 400, VIDEOS "/{queued}/cancel", JSON, "{\"a\":1}", NULL},
    {"cancelVideo", 404, VIDEOS "/{unknown}/cancel", NULL, NULL, NULL},
    {"cancelVideo", 409, VIDEOS "/{processed}/cancel", NULL, NULL, NULL},
    {"cancelVideo", 503, VIDEOS "/{queued}/cancel", NULL, NULL, "put_document"},

    {"listOutputs", 200, VIDEOS "/{processed}/outputs", NULL, NULL, NULL},
    {"listOutputs", 404, VIDEOS "/{unknown}/outputs", NULL, NULL, NULL},
    {"listOutputs", 409, VIDEOS "/{queued}/outputs", NULL, NULL, NULL},
    {"listOutputs", 503, VIDEOS "/{processed}/outputs", NULL, NULL, "read_at"},

    {"sendOutput", 200, PLAYLIST, NULL, NULL, NULL},
    {"sendOutput", 206, PLAYLIST, "Range: bytes=1-3\r\n", NULL, NULL},
    {"sendOutput", 304, PLAYLIST, "If-None-Match: {etag}\r\n", NULL, NULL},
    {"sendOutput", 404, VIDEOS "/{processed}/outputs/nothing", NULL, NULL, NULL},
    {"sendOutput", 409, VIDEOS "/{queued}/outputs/web/master.m3u8", NULL, NULL, NULL},
    {"sendOutput", 416, PLAYLIST, "Range: bytes=100-\r\n", NULL, NULL},
    {"sendOutput", 503, PLAYLIST, NULL, NULL, "stat"},

    {"receiveUpload", 201, "{upload}", NULL, "hello", NULL},
    {"receiveUpload", 400, "{upload}", NULL, "hell", NULL},
    {"receiveUpload", 403, "{upload}0", NULL, "hello", NULL},
    {"receiveUpload", 404, "{unknown_upload}", NULL, "hello", NULL},
    {"receiveUpload", 409, "{canceled_upload}", NULL, "hello", NULL},
    {"receiveUpload", 412, "{queued_upload}", NULL, "hello", NULL},
    {"receiveUpload", 413, "{upload}", NULL, "hello!", NULL},
    {"receiveUpload", 503, "{upload}", NULL, "hello", "put"},

    {"streamEvents", 200, "/v1/events?video={queued}", NULL, NULL, NULL},
    {"streamEvents", 400, "/v1/events?video=x", NULL, NULL, NULL},
    {"streamEvents", 404, "/v1/events?video={unknown}", NULL, NULL, NULL},
    {"streamEvents", 503, "/v1/events?video={queued}", NULL, NULL, "get"},

    {"listDeadLetters", 200, "/v1/dead-letters", NULL, NULL, NULL},
    {"listDeadLetters", 400, "/v1/dead-letters?limit=0", NULL, NULL, NULL},
    {"listDeadLetters", 503, "/v1/dead-letters", NULL, NULL, "list_dead"},

    {"redriveDeadLetters", 200, REDRIVE, NULL, NULL, NULL},
    {"redriveDeadLetters", 200, REDRIVE, JSON, "{\"id\":\"{letter}\"}", NULL},
    {"redriveDeadLetters", 400, REDRIVE, JSON, "{\"id\":1}", NULL},
    {"redriveDeadLetters", 404, REDRIVE, JSON, "{\"id\":\"none\"}", NULL},
    {"redriveDeadLetters", 409, REDRIVE, JSON, "{\"id\":\"{late_letter}\"}", NULL},
    {"redriveDeadLetters", 503, REDRIVE, NULL, NULL, "list_dead"},

    {"removeDeadLetter", 204, "/v1/dead-letters/{letter}", NULL, NULL, NULL},
    {"removeDeadLetter", 404, "/v1/dead-letters/none", NULL, NULL, NULL},
    {"removeDeadLetter", 503, "/v1/dead-letters/{letter}", NULL, NULL, "list_dead"},

    {"metrics", 200, "/metrics", NULL, NULL, NULL},
    {"health", 200, "/healthz", NULL, NULL, NULL},
    {"readiness", 200, "/readyz", NULL, NULL, NULL},
    {"readiness", 503, "/readyz", NULL, NULL, "count"},
};

const size_t n_api_cases = sizeof api_cases / sizeof api_cases[0];
