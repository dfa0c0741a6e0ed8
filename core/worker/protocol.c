/* protocol.c - the shape of each message, and frames made and read by it. */
#include "worker/protocol.h"

#include <string.h>

#include "support/escape.h"

enum { MAGIC = 0x4D434D56 }; /* "VMCM" */

enum field_name {
	NO_FIELD = 0,
	SOURCE_BYTES,
	SOURCE_MS,
	THREADS,
	OUTPUT,
	OFFSET,
	LENGTH,
	HEAD_BYTES,
	DONE,
	TOTAL,
	LEVEL,
	STATUS,
	NATIVE,
	RETRY_AFTER_MS,
	NAME,
	CONTENT_TYPE,
	TEXT
};

struct field {
	const char *name;
	size_t at;
	size_t size;    /* of a text with its NUL; 0: a number, of 8 bytes in a frame */
	uint64_t least; /* of a number */
	uint64_t most;
};

#define NUMBER(member, least_, most_)                                                              \
	{                                                                                              \
		.name = #member, .at = offsetof(struct message, member), .least = (least_),                \
		.most = (most_)                                                                            \
	}
#define WORDS(member)                                                                              \
	{                                                                                              \
		.name = #member, .at = offsetof(struct message, member),                                   \
		.size = sizeof((struct message *)0)->member                                                \
	}

static const struct field fields[] = {
    [SOURCE_BYTES] = NUMBER(source_bytes, 0, UINT64_MAX),
    [SOURCE_MS] = NUMBER(source_ms, 0, UINT64_MAX),
    [THREADS] = NUMBER(threads, 1, UINT32_MAX),
    [OUTPUT] = NUMBER(output, 0, UINT32_MAX),
    [OFFSET] = NUMBER(offset, 0, UINT64_MAX),
    [LENGTH] = NUMBER(length, 0, FRAME_DATA_MAX),
    [HEAD_BYTES] = NUMBER(head_bytes, 0, UINT64_MAX),
    [DONE] = NUMBER(done, 0, UINT64_MAX),
    [TOTAL] = NUMBER(total, 0, UINT64_MAX),
    [LEVEL] = NUMBER(level, VM_LOG_DEBUG, VM_LOG_ERROR),
    [STATUS] = NUMBER(status, VM_OK, VM_ERR_BUG),
    [NATIVE] = NUMBER(native, 0, UINT32_MAX),
    [RETRY_AFTER_MS] = NUMBER(retry_after_ms, 0, UINT32_MAX),
    [NAME] = WORDS(name),
    [CONTENT_TYPE] = WORDS(content_type),
    [TEXT] = WORDS(text),
};

struct shape {
	const char *name; /* NULL: no such message */
	enum frame_sender sender;
	unsigned char fields[6]; /* enum field_name, ended by NO_FIELD */
	size_t data_most;
};

static const struct shape shapes[] = {
    [MESSAGE_PROBE] = {"probe", FRAME_FROM_WORKER, {SOURCE_BYTES}, 0},
    [MESSAGE_RUN] = {"run", FRAME_FROM_WORKER, {SOURCE_BYTES, THREADS}, 0},
    [MESSAGE_VERIFY] = {"verify",
                        FRAME_FROM_WORKER,
                        {SOURCE_BYTES, SOURCE_MS, NAME, CONTENT_TYPE},
                        0},
    [MESSAGE_CANCEL] = {"cancel", FRAME_FROM_WORKER, {0}, 0},
    [MESSAGE_QUIT] = {"quit", FRAME_FROM_WORKER, {0}, 0},
    [MESSAGE_REPLY] = {"reply",
                       FRAME_FROM_WORKER,
                       {STATUS, NATIVE, RETRY_AFTER_MS, OUTPUT, TEXT},
                       FRAME_DATA_MAX},
    [MESSAGE_HELLO] = {"hello", FRAME_FROM_CHILD, {TEXT}, 0},
    [MESSAGE_DONE] = {"done", FRAME_FROM_CHILD, {STATUS, NATIVE, RETRY_AFTER_MS, TEXT}, 0},
    [MESSAGE_PROGRESS] = {"progress", FRAME_FROM_CHILD, {DONE, TOTAL}, 0},
    [MESSAGE_LOG] = {"log", FRAME_FROM_CHILD, {LEVEL, TEXT}, 0},
    [MESSAGE_READ] = {"read", FRAME_FROM_CHILD, {OFFSET, LENGTH}, 0},
    [MESSAGE_OPEN] = {"open", FRAME_FROM_CHILD, {HEAD_BYTES, NAME, CONTENT_TYPE}, 0},
    [MESSAGE_WRITE] = {"write", FRAME_FROM_CHILD, {OUTPUT}, FRAME_DATA_MAX},
    [MESSAGE_REWRITE] = {"rewrite", FRAME_FROM_CHILD, {OUTPUT, OFFSET}, FRAME_DATA_MAX},
    [MESSAGE_CLOSE] = {"close", FRAME_FROM_CHILD, {OUTPUT}, 0},
    [MESSAGE_REPORT] = {"report", FRAME_FROM_CHILD, {0}, FRAME_DATA_MAX},
};

static const struct shape *find_shape(uint64_t type)
{
	bool known = type < sizeof shapes / sizeof shapes[0] && shapes[type].name != NULL;

	return known ? &shapes[type] : NULL;
}

const char *message_type_name(enum message_type type)
{
	const struct shape *shape = find_shape((uint64_t)type);

	return shape != NULL ? shape->name : "unknown";
}

/* Little-endian, `size` bytes. */
static void put_number(unsigned char *bytes, uint64_t number, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (unsigned char)(number >> (8 * i));
}

static uint64_t get_number(const unsigned char *bytes, size_t size)
{
	uint64_t number = 0;

	for (size_t i = size; i > 0; i--)
		number = number << 8 | bytes[i - 1];
	return number;
}

size_t message_write(const struct message *message,
                     unsigned char bytes[FRAME_HEADER_BYTES + FRAME_FIELDS_MAX])
{
	const struct shape *shape = &shapes[message->type];
	const char *base = (const char *)message;
	unsigned char *at = bytes + FRAME_HEADER_BYTES;
	uint64_t number;
	size_t length;

	for (const unsigned char *name = shape->fields; *name != NO_FIELD; name++) {
		const struct field *field = &fields[*name];

		if (field->size == 0) {
			memcpy(&number, base + field->at, sizeof number);
			put_number(at, number, 8);
			at += 8;
		} else {
			length = strlen(base + field->at);
			put_number(at, length, 2);
			memcpy(at + 2, base + field->at, length);
			at += 2 + length;
		}
	}
	length = (size_t)(at - bytes) - FRAME_HEADER_BYTES + message->n_data;
	put_number(bytes, MAGIC, 4);
	put_number(bytes + 4, (uint64_t)message->type, 4);
	put_number(bytes + 8, message->request, 4);
	put_number(bytes + 12, length, 4);
	return (size_t)(at - bytes);
}

static size_t longest(const struct shape *shape)
{
	size_t length = shape->data_most;

	for (const unsigned char *name = shape->fields; *name != NO_FIELD; name++)
		length += fields[*name].size == 0 ? 8 : 2 + fields[*name].size - 1;
	return length;
}

int frame_read_header(enum frame_sender sender, const unsigned char bytes[FRAME_HEADER_BYTES],
                      struct frame_header *out, struct vm_error *err)
{
	uint64_t type = get_number(bytes + 4, 4), length = get_number(bytes + 12, 4);
	const struct shape *shape = find_shape(type);

	if (get_number(bytes, 4) != MAGIC)
		return vm_fail(err, VM_ERR_BAD_DATA, "a frame does not begin where one should");
	if (shape == NULL || shape->sender != sender)
		return vm_fail(err, VM_ERR_BAD_DATA, "a message of type %llu, which it may not send",
		               (unsigned long long)type);
	if (length > longest(shape))
		return vm_fail(err, VM_ERR_BAD_DATA, "a %s of %llu bytes, where %zu are the most",
		               shape->name, (unsigned long long)length, longest(shape));
	*out = (struct frame_header){.type = (enum message_type)type,
	                             .request = (uint32_t)get_number(bytes + 8, 4),
	                             .length = (size_t)length};
	return VM_OK;
}

/* Whether escaping would leave the text as it is. */
static bool is_clean(const char *text, size_t length)
{
	char escaped[ESCAPE_MAX];
	size_t read, written;

	for (; length > 0; text += read, length -= read) {
		read = escape_next(text, length, false, escaped, &written);
		if (written != read || memcmp(text, escaped, read) != 0)
			return false;
	}
	return true;
}

/* Reads one field from *at on, and moves *at behind it. */
static int read_field(const struct shape *shape, const struct field *field,
                      const unsigned char **at, const unsigned char *end, char *base,
                      struct vm_error *err)
{
	size_t left = (size_t)(end - *at);
	uint64_t number;

	if (left < (field->size == 0 ? 8 : 2))
		return vm_fail(err, VM_ERR_BAD_DATA, "a %s that ends before %s", shape->name, field->name);
	if (field->size == 0) {
		number = get_number(*at, 8);
		if (number < field->least || number > field->most)
			return vm_fail(err, VM_ERR_BAD_DATA, "a %s whose %s is %llu", shape->name, field->name,
			               (unsigned long long)number);
		memcpy(base + field->at, &number, sizeof number);
		*at += 8;
		return VM_OK;
	}
	number = get_number(*at, 2);
	*at += 2;
	if (number > left - 2 || number >= field->size || !is_clean((const char *)*at, number))
		return vm_fail(err, VM_ERR_BAD_DATA,
		               "a %s whose %s is cut, too long or has control characters", shape->name,
		               field->name);
	memcpy(base + field->at, *at, number);
	base[field->at + number] = '\0';
	*at += number;
	return VM_OK;
}

int message_read(const struct frame_header *header, const unsigned char *payload,
                 struct message *out, struct vm_error *err)
{
	const struct shape *shape = find_shape((uint64_t)header->type);
	const unsigned char *at = payload, *end = payload + header->length;
	struct message message = {.type = header->type, .request = header->request};
	int status;

	for (const unsigned char *name = shape->fields; *name != NO_FIELD; name++) {
		status = read_field(shape, &fields[*name], &at, end, (char *)&message, err);
		if (status != VM_OK)
			return status;
	}
	message.data = at;
	message.n_data = (size_t)(end - at);
	if (message.n_data > shape->data_most)
		return vm_fail(err, VM_ERR_BAD_DATA, "a %s with %zu bytes of data, where %zu are the most",
		               shape->name, message.n_data, shape->data_most);
	*out = message;
	return VM_OK;
}

void message_copy_text(char *out, size_t size, const char *text)
{
	size_t left = strlen(text), length = 0, read, written;
	char escaped[ESCAPE_MAX];

	for (; left > 0; text += read, left -= read) {
		read = escape_next(text, left, false, escaped, &written);
		if (length + written >= size)
			break;
		memcpy(out + length, escaped, written);
		length += written;
	}
	out[length] = '\0';
}

void message_put_error(struct message *message, int status, const struct vm_error *err)
{
	message->status = (uint64_t)(status >= VM_OK && status <= VM_ERR_BUG ? status : VM_ERR_BUG);
	if (status == VM_OK)
		return;
	message->native = (uint32_t)err->native;
	message->retry_after_ms = err->retry_after_ms;
	message_copy_text(message->text, sizeof message->text, err->message);
}

int message_get_error(const struct message *message, struct vm_error *err)
{
	if (message->status == VM_OK)
		return VM_OK;
	vm_fail(err, (int)message->status, "%s", message->text);
	if (err != NULL) {
		err->native = (int32_t)message->native;
		err->retry_after_ms = (uint32_t)message->retry_after_ms;
	}
	return (int)message->status;
}
