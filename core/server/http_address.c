/* http_address.c - reads a listening address and opens its socket. */
#include "server/http_address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct address {
	char host[256];
	char port[6];
};

static int read_address(const char *text, struct address *out, struct vm_error *err)
{
	const char *colon = strrchr(text, ':');
	const char *host = text;
	const char *host_end = colon;

	if (colon != NULL && text[0] == '[' && colon > text + 1 && colon[-1] == ']') {
		host = text + 1;
		host_end = colon - 1;
	}
	if (colon == NULL || host == host_end || memchr(host, '[', (size_t)(host_end - host)) != NULL ||
	    (host == text && memchr(host, ':', (size_t)(host_end - host)) != NULL) ||
	    (size_t)(host_end - host) >= sizeof out->host || colon[1] == '\0' ||
	    strspn(colon + 1, "0123456789") != strlen(colon + 1) ||
	    strlen(colon + 1) >= sizeof out->port || strtoul(colon + 1, NULL, 10) > UINT16_MAX)
		return vm_fail(err, VM_ERR_CONFIG,
		               "server.listen: \"%s\" is no address: write \"127.0.0.1:8080\" or "
		               "\"[::1]:8080\"",
		               text);
	memcpy(out->host, host, (size_t)(host_end - host));
	out->host[host_end - host] = '\0';
	memcpy(out->port, colon + 1, strlen(colon + 1) + 1);
	return VM_OK;
}

static int fail_socket(struct vm_error *err, const char *text)
{
	int error = errno;
	const char *advice = "";

	if (error == EADDRINUSE)
		advice = ": another program listens there; stop it or choose another port";
	else if (error == EADDRNOTAVAIL)
		advice = ": this machine has no such address";
	else if (error == EACCES)
		advice = ": ports below 1024 need a privilege";
	vm_fail(err, VM_ERR_CONFIG, "server.listen: %s: %s%s", text, strerror(error), advice);
	if (err != NULL)
		err->native = error;
	return VM_ERR_CONFIG;
}

static int open_socket(const struct addrinfo *info, const char *text, int *out,
                       struct vm_error *err)
{
	int one = 1;
	int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
	    bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0) {
		*out = fd;
		return VM_OK;
	}
	fail_socket(err, text);
	if (fd >= 0)
		close(fd);
	return VM_ERR_CONFIG;
}

/* The port that was taken for 0 is known to the socket alone. */
static int write_url(int fd, const struct address *address, char *url, size_t size,
                     struct vm_error *err)
{
	struct sockaddr_storage bound;
	socklen_t length = sizeof bound;
	char port[NI_MAXSERV];
	bool colons = strchr(address->host, ':') != NULL;

	if (getsockname(fd, (struct sockaddr *)&bound, &length) != 0 ||
	    getnameinfo((struct sockaddr *)&bound, length, NULL, 0, port, sizeof port,
	                NI_NUMERICSERV) != 0)
		return fail_socket(err, address->host);
	if (snprintf(url, size, "http://%s%s%s:%s", colons ? "[" : "", address->host, colons ? "]" : "",
	             port) >= (int)size)
		return vm_fail(err, VM_ERR_CONFIG, "server.listen: %s: too long", address->host);
	return VM_OK;
}

int address_listen(const char *listen, int *socket, char *url, size_t size, struct vm_error *err)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
	struct addrinfo *found = NULL;
	struct address address;
	int fd = -1;
	int status;
	int code;

	if ((status = read_address(listen, &address, err)) != VM_OK)
		return status;
	if ((code = getaddrinfo(address.host, address.port, &hints, &found)) != 0)
		return vm_fail(err, VM_ERR_CONFIG, "server.listen: %s: %s", listen, gai_strerror(code));
	status = open_socket(found, listen, &fd, err);
	freeaddrinfo(found);
	if (status == VM_OK && (status = write_url(fd, &address, url, size, err)) != VM_OK)
		close(fd);
	if (status == VM_OK)
		*socket = fd;
	return status;
}

bool address_is_loopback(int socket)
{
	struct sockaddr_storage bound = {0};
	socklen_t length = sizeof bound;
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)&bound;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&bound;

	if (getsockname(socket, (struct sockaddr *)&bound, &length) != 0)
		return false;
	if (bound.ss_family == AF_INET)
		return ntohl(v4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	return bound.ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}
