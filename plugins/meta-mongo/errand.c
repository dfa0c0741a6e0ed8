/* errand.c - the server is asked by a thread of its own, and a caller may leave it. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "mongo.h"

static void finish(struct mongo_errand *errand)
{
	bson_destroy(&errand->reply);
	if (errand->done_fd >= 0)
		close(errand->done_fd);
	errand->finish(errand);
}

static void *go(void *arg)
{
	struct mongo_errand *errand = arg;
	struct mongo *mongo = errand->mongo;
	mongoc_client_t *client = mongoc_client_pool_pop(mongo->pool);
	mongoc_collection_t *collection = NULL;
	bool left;

	if (client != NULL) {
		collection = mongoc_client_get_collection(client, mongo->config->database,
		                                          mongo->config->collection);
		errand->run(errand, collection);
		mongoc_collection_destroy(collection);
		mongoc_client_pool_push(mongo->pool, client);
	} else {
		errand->failed = true;
		bson_set_error(&errand->error, MONGOC_ERROR_SERVER_SELECTION,
		               MONGOC_ERROR_SERVER_SELECTION_FAILURE, "all %d connections are busy",
		               (int)mongo->config->connections);
	}
	pthread_mutex_lock(&mongo->lock);
	left = errand->left;
	errand->over = true;
	if (!left)
		eventfd_write(errand->done_fd, 1);
	pthread_mutex_unlock(&mongo->lock);
	if (left)
		finish(errand);
	/* The last word: destroy may go on now. */
	pthread_mutex_lock(&mongo->lock);
	mongo->away--;
	pthread_cond_broadcast(&mongo->home);
	pthread_mutex_unlock(&mongo->lock);
	return NULL;
}

/* False when the call has ended before the errand. */
static bool wait_done(const struct mongo_errand *errand, const struct vm_call *call)
{
	struct pollfd fds[] = {{.fd = errand->done_fd, .events = POLLIN},
	                       {.fd = vm_call_cancel_fd(call), .events = POLLIN}};

	for (;;) {
		int64_t left_ms = vm_call_time_left_ms(call);

		if (poll(fds, fds[1].fd >= 0 ? 2 : 1,
		         left_ms > 500 ? 500
		         : left_ms > 0 ? (int)left_ms
		                       : 0) < 0 &&
		    errno != EINTR)
			return false;
		if ((fds[0].revents & POLLIN) != 0)
			return true;
		if (vm_call_cancelled(call) || left_ms <= 0)
			return false;
	}
}

int mongo_errand_start(struct mongo *mongo, struct mongo_errand *errand, const struct vm_call *call,
                       struct vm_error *err)
{
	pthread_attr_t detached;
	pthread_t thread;
	int code, status;

	bson_init(&errand->reply);
	errand->mongo = mongo;
	errand->over = true;
	errand->done_fd = -1;
	if ((status = vm_call_check(call, errand->what, err)) != VM_OK)
		return status;
	errand->done_fd = eventfd(0, EFD_CLOEXEC);
	if (errand->done_fd < 0)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "%s: eventfd: %s", errand->what, strerror(errno));
	errand->over = false;
	pthread_mutex_lock(&mongo->lock);
	mongo->away++;
	pthread_mutex_unlock(&mongo->lock);
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	code = pthread_create(&thread, &detached, go, errand);
	pthread_attr_destroy(&detached);
	if (code != 0) {
		pthread_mutex_lock(&mongo->lock);
		mongo->away--;
		pthread_mutex_unlock(&mongo->lock);
		errand->over = true;
		return vm_fail(err, VM_ERR_UNAVAILABLE, "%s: no thread: %s", errand->what, strerror(code));
	}
	return VM_OK;
}

int mongo_errand_run(struct mongo *mongo, struct mongo_errand *errand, const struct vm_call *call,
                     struct vm_error *err)
{
	int status = mongo_errand_start(mongo, errand, call, err);

	if (status != VM_OK)
		return status;
	if (wait_done(errand, call)) {
		/* What the thread has written before it let go of the lock is seen behind it. */
		pthread_mutex_lock(&mongo->lock);
		pthread_mutex_unlock(&mongo->lock);
		return errand->failed ? mongo_fail(errand, err) : VM_OK;
	}
	status = vm_call_check(call, errand->what, err);
	return status != VM_OK ? status : vm_fail(err, VM_ERR_TIMEOUT, "%s: no answer", errand->what);
}

void mongo_errand_end(struct mongo_errand *errand)
{
	struct mongo *mongo = errand->mongo;
	bool over;

	pthread_mutex_lock(&mongo->lock);
	over = errand->over;
	errand->left = true;
	pthread_mutex_unlock(&mongo->lock);
	if (over)
		finish(errand);
}
