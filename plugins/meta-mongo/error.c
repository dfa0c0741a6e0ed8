/* error.c - what the driver and the server say, as a status. */
#include "mongo.h"

/*
 * Codes of the server: github.com/mongodb/mongo, src/mongo/base/error_codes.yml. After any other,
 * as after PrimarySteppedDown, ShutdownInProgress or WriteConcernFailed, a write may have happened.
 */
static const struct {
	uint32_t code;
	int status;
} server_codes[] = {
    {13, VM_ERR_DENIED},         /* Unauthorized */
    {18, VM_ERR_DENIED},         /* AuthenticationFailed */
    {8000, VM_ERR_DENIED},       /* Atlas' own */
    {10107, VM_ERR_UNAVAILABLE}, /* NotWritablePrimary: it was not taken */
    {13435, VM_ERR_UNAVAILABLE}, /* NotPrimaryNoSecondaryOk */
    {13436, VM_ERR_UNAVAILABLE}, /* NotPrimaryOrSecondary */
    {50, VM_ERR_TIMEOUT},        /* MaxTimeMSExpired */
    {462, VM_ERR_THROTTLED},     /* IngressRequestRateLimitExceeded: it was not taken */
    {11000, VM_ERR_CONFLICT},    /* DuplicateKey */
    {10334, VM_ERR_LIMIT},       /* BSONObjectTooLarge */
    {17280, VM_ERR_LIMIT},       /* KeyTooLong */
};

static int judge_server(uint32_t code, bool writes)
{
	for (size_t i = 0; i < sizeof server_codes / sizeof *server_codes; i++)
		if (server_codes[i].code == code)
			return server_codes[i].status;
	return writes ? VM_ERR_TIMEOUT : VM_ERR_UNAVAILABLE;
}

static int judge(const struct mongo_errand *errand)
{
	const bson_error_t *error = &errand->error;

	switch (error->domain) {
	case MONGOC_ERROR_SERVER_SELECTION:
		return VM_ERR_UNAVAILABLE;
	case MONGOC_ERROR_CLIENT:
		return error->code == MONGOC_ERROR_CLIENT_AUTHENTICATE ? VM_ERR_DENIED : VM_ERR_UNAVAILABLE;
	case MONGOC_ERROR_STREAM:
		/* Not connected is not sent. */
		if (error->code == MONGOC_ERROR_STREAM_CONNECT ||
		    error->code == MONGOC_ERROR_STREAM_NAME_RESOLUTION)
			return VM_ERR_UNAVAILABLE;
		return errand->writes ? VM_ERR_TIMEOUT : VM_ERR_UNAVAILABLE;
	case MONGOC_ERROR_WRITE_CONCERN:
		return VM_ERR_TIMEOUT;
	case MONGOC_ERROR_BSON:
		return error->code == MONGOC_ERROR_BSON_INVALID ? VM_ERR_LIMIT : VM_ERR_BUG;
	default:
		return judge_server(error->code, errand->writes);
	}
}

bool mongo_is_duplicate(const struct mongo_errand *errand)
{
	return errand->failed && errand->error.code == 11000;
}

int mongo_fail(const struct mongo_errand *errand, struct vm_error *err)
{
	int status = judge(errand);
	char text[BSON_ERROR_BUFFER_SIZE];
	size_t length;

	/* One line without a full stop, whatever it says. */
	snprintf(text, sizeof text, "%s", errand->error.message);
	for (char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	length = strlen(text);
	while (length > 0 && (text[length - 1] == '.' || text[length - 1] == ' '))
		text[--length] = '\0';
	vm_fail(err, status, "%s: %.280s", errand->what, text);
	if (err != NULL)
		err->native = (int32_t)errand->error.code;
	return status;
}
