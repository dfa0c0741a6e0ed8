/* http_clients.c - connections that take too long to say what they want are closed. */
#include "server/http_clients.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "support/clock.h"

struct client {
	struct client *next, **link; /* where it is pointed at */
	int socket;
	_Atomic int64_t since_ms; /* when the wait for a head began; 0: a request is in hand */
};

struct clients {
	pthread_mutex_t lock; /* the list; a socket in it is open */
	struct client *first;
	unsigned head_ms;
	struct cancel *stop;
	pthread_t thread;
};

static void close_slow(struct clients *clients)
{
	int64_t now_ms = clock_monotonic_ms();

	pthread_mutex_lock(&clients->lock);
	for (struct client *client = clients->first; client != NULL; client = client->next) {
		int64_t since_ms = client->since_ms;

		/* Its own thread finds the end of the connection and closes it. */
		if (since_ms != 0 && now_ms - since_ms > (int64_t)clients->head_ms)
			shutdown(client->socket, SHUT_RDWR);
	}
	pthread_mutex_unlock(&clients->lock);
}

static void *watch(void *ctx)
{
	struct clients *clients = ctx;

	while (cancel_sleep_ms(clients->stop, clients->head_ms < 4000 ? clients->head_ms / 4 : 1000))
		close_slow(clients);
	return NULL;
}

int clients_create(unsigned head_ms, struct clients **out, struct vm_error *err)
{
	struct clients *clients = calloc(1, sizeof *clients);
	int status, failed;

	if (clients == NULL)
		return vm_fail_memory(err);
	clients->head_ms = head_ms;
	pthread_mutex_init(&clients->lock, NULL);
	if ((status = cancel_create(NULL, &clients->stop, err)) != VM_OK)
		goto fail;
	if ((failed = pthread_create(&clients->thread, NULL, watch, clients)) != 0) {
		status = vm_fail(err, VM_ERR_NO_MEMORY, "starting a thread: %s", strerror(failed));
		goto fail;
	}
	*out = clients;
	return VM_OK;

fail:
	cancel_destroy(clients->stop);
	pthread_mutex_destroy(&clients->lock);
	free(clients);
	return status;
}

void clients_destroy(struct clients *clients)
{
	if (clients == NULL)
		return;
	cancel_trigger(clients->stop);
	pthread_join(clients->thread, NULL);
	cancel_destroy(clients->stop);
	pthread_mutex_destroy(&clients->lock);
	free(clients);
}

static struct client *add(struct clients *clients, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct client *client = calloc(1, sizeof *client);

	if (client == NULL || info == NULL) {
		/* Without memory for it, it is not served. */
		if (info != NULL)
			shutdown(info->connect_fd, SHUT_RDWR);
		free(client);
		return NULL;
	}
	client->socket = info->connect_fd;
	client->since_ms = clock_monotonic_ms();
	pthread_mutex_lock(&clients->lock);
	client->next = clients->first;
	client->link = &clients->first;
	if (client->next != NULL)
		client->next->link = &client->next;
	clients->first = client;
	pthread_mutex_unlock(&clients->lock);
	return client;
}

static void take_out(struct clients *clients, struct client *client)
{
	pthread_mutex_lock(&clients->lock);
	*client->link = client->next;
	if (client->next != NULL)
		client->next->link = client->link;
	pthread_mutex_unlock(&clients->lock);
	free(client);
}

void clients_on_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
                           enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		*socket_context = add(cls, connection);
	else if (*socket_context != NULL)
		take_out(cls, *socket_context);
}

static void set_since(struct MHD_Connection *connection, int64_t since_ms)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct client *client = info != NULL ? info->socket_context : NULL;

	if (client != NULL)
		client->since_ms = since_ms;
}

void clients_head_came(struct MHD_Connection *connection)
{
	set_since(connection, 0);
}

void clients_request_ended(struct MHD_Connection *connection)
{
	set_since(connection, clock_monotonic_ms());
}
