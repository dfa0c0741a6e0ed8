/* channel.c - frames over a stream socket, sent whole and received piece by piece. */
#include "worker/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

void channel_init(struct channel *channel, int fd, enum frame_sender peer)
{
	*channel = (struct channel){.fd = fd, .peer = peer};
	pthread_mutex_init(&channel->send_lock, NULL);
}

void channel_finish(struct channel *channel)
{
	close(channel->fd);
	free(channel->payload);
	pthread_mutex_destroy(&channel->send_lock);
}

/* Moves the pieces past `sent` bytes. */
static void advance(struct iovec pieces[2], size_t sent)
{
	for (int i = 0; i < 2; i++) {
		size_t here = sent < pieces[i].iov_len ? sent : pieces[i].iov_len;

		pieces[i].iov_base = (char *)pieces[i].iov_base + here;
		pieces[i].iov_len -= here;
		sent -= here;
	}
}

static int send_all(struct channel *channel, struct iovec pieces[2], const char *what,
                    struct vm_error *err)
{
	struct msghdr packet = {.msg_iov = pieces, .msg_iovlen = 2};
	struct pollfd wait = {.fd = channel->fd, .events = POLLOUT};
	ssize_t sent;

	while (pieces[0].iov_len + pieces[1].iov_len > 0) {
		sent = sendmsg(channel->fd, &packet, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent >= 0)
			advance(pieces, (size_t)sent);
		else if (errno == EAGAIN) {
			if (poll(&wait, 1, CHANNEL_STUCK_MS) == 0)
				return vm_fail(err, VM_ERR_TIMEOUT, "send %s: nothing was taken for %d s", what,
				               CHANNEL_STUCK_MS / 1000);
		} else if (errno != EINTR)
			return vm_fail(err, VM_ERR_UNAVAILABLE, "send %s: %s", what, strerror(errno));
	}
	return VM_OK;
}

int channel_send(struct channel *channel, const struct message *message, struct vm_error *err)
{
	unsigned char head[FRAME_HEADER_BYTES + FRAME_FIELDS_MAX];
	union {
		const void *in;
		void *out; /* an iovec has no const; sendmsg does not write */
	} data = {.in = message->data};
	struct iovec pieces[2] = {{.iov_base = head, .iov_len = message_write(message, head)},
	                          {.iov_base = data.out, .iov_len = message->n_data}};
	int status;

	pthread_mutex_lock(&channel->send_lock);
	status = send_all(channel, pieces, message_type_name(message->type), err);
	pthread_mutex_unlock(&channel->send_lock);
	return status;
}

bool channel_send_now(struct channel *channel, const struct message *message)
{
	unsigned char head[FRAME_HEADER_BYTES + FRAME_FIELDS_MAX];
	size_t length = message_write(message, head);
	bool sent;

	if (pthread_mutex_trylock(&channel->send_lock) != 0)
		return false;
	/* A short frame goes into a stream socket whole or not at all. */
	sent = send(channel->fd, head, length, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)length;
	pthread_mutex_unlock(&channel->send_lock);
	return sent;
}

/* Reads towards `wanted` bytes of the frame. *more is false when nothing has arrived. */
static int receive_some(struct channel *channel, unsigned char *into, size_t wanted, bool *more,
                        struct vm_error *err)
{
	ssize_t got = recv(channel->fd, into, wanted, MSG_DONTWAIT);

	*more = got > 0;
	if (got > 0)
		channel->got += (size_t)got;
	else if (got == 0 || errno == ECONNRESET)
		return vm_fail(err, VM_ERR_NOT_FOUND, "the other end is closed");
	else if (errno == EINTR)
		*more = true;
	else if (errno != EAGAIN)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "receive: %s", strerror(errno));
	return VM_OK;
}

static int finish_header(struct channel *channel, struct vm_error *err)
{
	int status = frame_read_header(channel->peer, channel->header_bytes, &channel->header, err);

	if (status != VM_OK)
		return status;
	/* One byte more, so that an empty payload is one too. */
	channel->payload = malloc(channel->header.length + 1);
	return channel->payload != NULL ? VM_OK : vm_fail_memory(err);
}

int channel_receive(struct channel *channel, struct frame *out, bool *complete,
                    struct vm_error *err)
{
	size_t total;
	bool more = true;
	int status = VM_OK;

	*complete = false;
	while (status == VM_OK && more && channel->got < FRAME_HEADER_BYTES)
		status = receive_some(channel, channel->header_bytes + channel->got,
		                      FRAME_HEADER_BYTES - channel->got, &more, err);
	if (status != VM_OK || channel->got < FRAME_HEADER_BYTES)
		return status;
	if (channel->payload == NULL && (status = finish_header(channel, err)) != VM_OK)
		return status;

	total = FRAME_HEADER_BYTES + channel->header.length;
	while (status == VM_OK && more && channel->got < total)
		status = receive_some(channel, channel->payload + channel->got - FRAME_HEADER_BYTES,
		                      total - channel->got, &more, err);
	if (status != VM_OK || channel->got < total)
		return status;

	status = message_read(&channel->header, channel->payload, &out->message, err);
	if (status != VM_OK)
		return status;
	out->payload = channel->payload;
	channel->payload = NULL;
	channel->got = 0;
	*complete = true;
	return VM_OK;
}
