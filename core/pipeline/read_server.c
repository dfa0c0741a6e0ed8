/* read_server.c - the section server, and who could reach the address that it listens on. */
#include "pipeline/reading.h"

#include <arpa/inet.h>
#include <string.h>

#include "plugin/option_value.h"

/* Splits "HOST:PORT" and "[HOST]:PORT". */
static bool split_listen(const char *listen, char host[64])
{
	const char *colon = strrchr(listen, ':'), *end = colon;
	int64_t port;

	if (colon == NULL || !option_parse_int(colon + 1, &port) || port < 0 || port > 65535)
		return false;
	if (*listen == '[') {
		listen++;
		if (end == listen || *--end != ']')
			return false;
	} else if (memchr(listen, ':', (size_t)(end - listen)) != NULL) {
		return false;
	}
	if (end == listen || end - listen >= 64)
		return false;
	memcpy(host, listen, (size_t)(end - listen));
	host[end - listen] = '\0';
	return true;
}

static bool is_loopback(const char *host)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, host, &v6) == 1)
		return IN6_IS_ADDR_LOOPBACK(&v6);
	return strcmp(host, "localhost") == 0;
}

static void check_server(struct reading *reading, const config_setting_t *section)
{
	const struct server_settings *server = &reading->pipeline->server;
	char host[64];

	if (server->listen != NULL && !split_listen(server->listen, host))
		read_error(reading, read_find(section, "listen"),
		           "server: listen is \"%s\"; it must be an address and a port such as "
		           "\"127.0.0.1:8080\" or \"[::1]:8080\"",
		           server->listen);
	else if (server->listen != NULL && !is_loopback(host) && read_find(section, "tokens") == NULL)
		read_error(reading, read_find(section, "listen"),
		           "server: listen is \"%s\", which others can reach; set server.tokens or listen "
		           "on 127.0.0.1",
		           server->listen);
	if (server->public_url != NULL && strncmp(server->public_url, "http://", 7) != 0 &&
	    strncmp(server->public_url, "https://", 8) != 0)
		read_error(reading, read_find(section, "public_url"),
		           "server: public_url is \"%s\"; it must begin with http:// or https://",
		           server->public_url);
}

void read_server(struct reading *reading, const config_setting_t *section)
{
	static const char *const reserved[] = {"alarms", NULL};
	struct server_settings *server = &reading->pipeline->server;

	read_options(reading, section, "server", server_options, reserved, server);
	read_options(reading, read_find(section, "alarms"), "server.alarms", alarm_options, NULL,
	             &server->alarms);
	check_server(reading, section);
}
