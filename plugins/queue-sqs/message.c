/* message.c - messages as the service carries them: text, with a checksum, with attributes. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sqs.h"

enum { MD5_HEX_MAX = 33 };

static void md5(const void *bytes, size_t length, char hex[MD5_HEX_MAX])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int digest_length = 0;

	hex[0] = '\0';
	if (EVP_Digest(length > 0 ? bytes : "", length, digest, &digest_length, EVP_md5(), NULL) != 1)
		return;
	for (unsigned int i = 0; i < digest_length && i < 16; i++)
		snprintf(hex + 2 * (size_t)i, 3, "%02x", digest[i]);
}

/*
 * What SQS may carry as it is: UTF-8 of tab, line feed, carriage return and
 * U+0020 on, without the surrogates and the last two of the plane. (SQS API
 * Reference, SendMessage) jansson knows UTF-8.
 */
static bool is_text(const char *bytes, size_t length)
{
	json_t *text;

	if (length == 0)
		return false; /* a message has at least one character */
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (byte < ' ' && byte != '\t' && byte != '\n' && byte != '\r')
			return false;
		if (i + 2 < length && byte == 0xEF && (unsigned char)bytes[i + 1] == 0xBF &&
		    (unsigned char)bytes[i + 2] >= 0xBE)
			return false;
	}
	text = json_stringn(bytes, length);
	json_decref(text);
	return text != NULL;
}

static json_t *encode(const void *bytes, size_t length)
{
	/* One character for a body of none: '=' is no base64 by itself. */
	char *text = calloc(1, 4 * ((length + 2) / 3) + 2);
	json_t *value;

	if (text == NULL)
		return NULL;
	text[0] = '=';
	if (length > 0)
		EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);
	value = json_string(text);
	free(text);
	return value;
}

static int decode(const char *text, struct sqs_message *out, struct vm_error *err)
{
	size_t length = strlen(text);
	int bytes = 0;

	out->decoded = malloc(length + 1);
	if (out->decoded == NULL)
		return vm_fail_memory(err);
	if (strcmp(text, "=") != 0)
		bytes = EVP_DecodeBlock((unsigned char *)out->decoded, (const unsigned char *)text,
		                        (int)length);
	if (bytes < 0)
		return vm_fail(err, VM_ERR_BAD_DATA, "message %s: its body is no base64", out->id);
	/* EVP_DecodeBlock counts the padding as bytes. */
	for (size_t i = length; bytes > 0 && i > 0 && text[i - 1] == '='; i--)
		bytes--;
	out->body = out->decoded;
	out->length = (size_t)bytes;
	return VM_OK;
}

json_t *sqs_attribute(const char *text)
{
	char *copy = strdup(text);
	json_t *value;

	if (copy == NULL)
		return NULL;
	for (char *c = copy; *c != '\0'; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	value = json_pack("{s:s, s:s}", "DataType", "String", "StringValue",
	                  copy[0] != '\0' && is_text(copy, strlen(copy)) ? copy : "-");
	free(copy);
	return value;
}

json_t *sqs_attribute_number(uint64_t number)
{
	char text[24];

	snprintf(text, sizeof text, "%llu", (unsigned long long)number);
	return json_pack("{s:s, s:s}", "DataType", "Number", "StringValue", text);
}

static const char *attribute(const json_t *entry, const char *name)
{
	const json_t *all = json_object_get(entry, "MessageAttributes");

	return json_string_value(json_object_get(json_object_get(all, name), "StringValue"));
}

static uint64_t system_number(const json_t *entry, const char *name)
{
	const json_t *all = json_object_get(entry, "Attributes");
	const char *text = json_string_value(json_object_get(all, name));

	return text != NULL ? strtoull(text, NULL, 10) : 0;
}

int sqs_message_read(const json_t *entry, struct sqs_message *out, struct vm_error *err)
{
	json_t *body = json_object_get(entry, "Body");
	const char *told = json_string_value(json_object_get(entry, "MD5OfBody"));
	const char *receives = attribute(entry, SQS_RECEIVES);
	char hex[MD5_HEX_MAX];

	*out = (struct sqs_message){
	    .id = json_string_value(json_object_get(entry, "MessageId")),
	    .receipt = json_string_value(json_object_get(entry, "ReceiptHandle")),
	    .receives = (uint32_t)system_number(entry, "ApproximateReceiveCount"),
	    .sent_ms = (int64_t)system_number(entry, "SentTimestamp"),
	    .reason = attribute(entry, SQS_REASON),
	    .length = json_string_length(body),
	};
	if (out->id == NULL || out->receipt == NULL || !json_is_string(body) ||
	    strlen(out->id) >= VM_MESSAGE_ID_MAX || strlen(out->receipt) >= VM_RECEIPT_MAX)
		return vm_fail(err, VM_ERR_BAD_DATA, "receive: a message without id, receipt or body");
	if (receives != NULL)
		out->receives = (uint32_t)strtoul(receives, NULL, 10);
	md5(json_string_value(body), out->length, hex);
	if (told != NULL && strcmp(told, hex) != 0)
		return vm_fail(err, VM_ERR_BAD_DATA, "message %s: its body was changed on the way",
		               out->id);
	if (attribute(entry, SQS_ENCODING) != NULL)
		return decode(json_string_value(body), out, err);
	out->body = (char *)(uintptr_t)json_string_value(body);
	return VM_OK;
}

void sqs_message_finish(struct sqs_message *message)
{
	free(message->decoded);
	message->decoded = NULL;
}

int sqs_send_to(struct sqs *sqs, enum sqs_place place, const char *what, const void *body,
                size_t length, uint64_t delay_ms, json_t *attributes, const struct vm_call *call,
                struct vm_error *err)
{
	bool text = is_text(body, length);
	json_t *in = json_pack("{s:o, s:I}", "MessageBody",
	                       text ? json_stringn(body, length) : encode(body, length), "DelaySeconds",
	                       (json_int_t)sqs_seconds(delay_ms));
	json_t *out = NULL;
	char sent[MD5_HEX_MAX];
	const char *told, *written;
	int status;

	if (!text && attributes == NULL)
		attributes = json_object();
	if (!text)
		json_object_set_new(attributes, SQS_ENCODING, sqs_attribute("base64"));
	if (in != NULL && attributes != NULL)
		json_object_set_new(in, "MessageAttributes", attributes);
	else
		json_decref(attributes);
	written = json_string_value(json_object_get(in, "MessageBody"));
	md5(written, written != NULL ? strlen(written) : 0, sent);
	status = sqs_action(sqs, place, "SendMessage", what, in, &out, call, err);
	if (status != VM_OK)
		return status;
	told = json_string_value(json_object_get(out, "MD5OfMessageBody"));
	/* It was taken, but as something else: who receives it will say so. */
	if (told == NULL || strcmp(told, sent) != 0)
		status = vm_fail(err, VM_ERR_TIMEOUT, "%s: %s", what,
		                 told == NULL ? "an answer without a checksum"
		                              : "the body was changed on the way");
	json_decref(out);
	return status;
}
