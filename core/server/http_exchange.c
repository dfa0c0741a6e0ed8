/* http_exchange.c - what a handler may ask of its request. */
#include "server/http_exchange.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *exchange_query(struct exchange *exchange, const char *name)
{
	return MHD_lookup_connection_value(exchange->connection, MHD_GET_ARGUMENT_KIND, name);
}

const char *exchange_header(struct exchange *exchange, const char *name)
{
	return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

bool exchange_has_body(struct exchange *exchange)
{
	const char *length = exchange_header(exchange, "Content-Length");

	return exchange_header(exchange, "Transfer-Encoding") != NULL ||
	       (length != NULL && strtoull(length, NULL, 10) > 0);
}

bool exchange_query_number(struct exchange *exchange, const char *name, uint32_t least,
                           uint32_t most, uint32_t fallback, uint32_t *out)
{
	const char *text = exchange_query(exchange, name);
	unsigned long long number;
	char *end;

	if (text == NULL) {
		*out = fallback;
		return true;
	}
	errno = 0;
	number = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || number < least ||
	    number > most) {
		reply_problem(exchange, 400, "query %s: a whole number from %u to %u, please", name, least,
		              most);
		return false;
	}
	*out = (uint32_t)number;
	return true;
}
