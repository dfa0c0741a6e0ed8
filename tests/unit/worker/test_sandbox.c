/* test_sandbox.c - each wall of the codec child alone, and what happens without it. */
#include "worker/sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "crash.h"
#include "run.h"
#include "worker/sandbox_parts.h"

/* What a process of its own ends with. */
enum { HOLDS = 0, HAS_NONE = 50 };

#define HOLDS_IF(condition)                                                                        \
	do {                                                                                           \
		if (!(condition)) {                                                                        \
			fprintf(stderr, "line %d: not so: " #condition "\n", __LINE__);                        \
			return 1;                                                                              \
		}                                                                                          \
	} while (false)

static int no_new_privileges(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL);
}

static int connect_to(uint16_t port)
{
	const struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int file = socket(AF_INET, SOCK_STREAM, 0), code;

	if (file < 0)
		return errno;
	code = connect(file, (const struct sockaddr *)&address, sizeof address) == 0 ? 0 : errno;
	close(file);
	return code;
}

/* A port where somebody listens, for as long as the test lives. */
static uint16_t listening_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	int file = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_eq(bind(file, (const struct sockaddr *)&address, sizeof address), 0);
	ck_assert_int_eq(listen(file, 8), 0);
	ck_assert_int_eq(getsockname(file, (struct sockaddr *)&address, &length), 0);
	return ntohs(address.sin_port);
}

static int behind_landlock(void *ctx)
{
	uint16_t port = *(uint16_t *)ctx;
	int version;

	HOLDS_IF(no_new_privileges() == 0);
	version = sandbox_landlock();
	if (version == 0)
		return HAS_NONE;
	HOLDS_IF(open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES);
	HOLDS_IF(open("/tmp", O_RDONLY | O_DIRECTORY) < 0 && errno == EACCES);
	HOLDS_IF(version < 4 || connect_to(port) == EACCES);
	HOLDS_IF(version < 6 || (kill(getppid(), 0) != 0 && errno == EPERM));
	return HOLDS;
}

START_TEST(landlock_alone_shuts_files_tcp_and_signals)
{
	uint16_t port = listening_port();
	int result;

	ck_assert_int_eq(connect_to(port), 0);
	result = crash_none(behind_landlock, &port);
	if (result == HAS_NONE)
		fprintf(stderr, "skipped: this kernel has no Landlock\n");
	else
		ck_assert_int_eq(result, HOLDS);
}
END_TEST

static int in_namespaces(void *ctx)
{
	uint16_t port = *(uint16_t *)ctx;

	if (!sandbox_leave_namespaces())
		return HAS_NONE;
	HOLDS_IF(connect_to(port) == ENETUNREACH);
	return HOLDS;
}

START_TEST(a_network_namespace_alone_shuts_the_network)
{
	uint16_t port = listening_port();
	int result = crash_none(in_namespaces, &port);

	if (result == HAS_NONE)
		fprintf(stderr, "skipped: no namespaces for this user\n");
	else
		ck_assert_int_eq(result, HOLDS);
}
END_TEST

static int without_capabilities(void *ctx)
{
	(void)ctx;
	sandbox_leave_namespaces();
	HOLDS_IF(sandbox_drop_capabilities(NULL) == VM_OK);
	HOLDS_IF(unshare(CLONE_NEWNET) != 0 && errno == EPERM);
	return HOLDS;
}

START_TEST(a_new_user_namespace_gives_no_capability)
{
	ck_assert_int_eq(crash_none(without_capabilities, NULL), HOLDS);
}
END_TEST

/* What is left of the calls that are refused; others end the process. */
static int behind_the_filter(void *ctx)
{
	(void)ctx;
	HOLDS_IF(no_new_privileges() == 0);
	HOLDS_IF(sandbox_filter(NULL) == VM_OK);
	HOLDS_IF(open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES);
	HOLDS_IF(prctl(PR_SET_DUMPABLE, 1UL, 0UL, 0UL, 0UL) != 0 && errno == EPERM);
	HOLDS_IF(prctl(PR_SET_NAME, "x", 0UL, 0UL, 0UL) == 0);
	HOLDS_IF(getpid() > 0 && write(STDERR_FILENO, "", 0) == 0);
	return HOLDS;
}

START_TEST(the_filter_alone_shuts_files)
{
	ck_assert_int_eq(crash_none(behind_the_filter, NULL), HOLDS);
}
END_TEST

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void *reach_out(void *ctx)
{
	pthread_mutex_lock(&gate);
	return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? ctx : NULL;
}

/* The thread was there before the filter. */
static int reach_out_from_a_thread(void *ctx)
{
	pthread_t thread;

	(void)ctx;
	pthread_mutex_lock(&gate);
	HOLDS_IF(pthread_create(&thread, NULL, reach_out, NULL) == 0);
	HOLDS_IF(no_new_privileges() == 0 && sandbox_filter(NULL) == VM_OK);
	pthread_mutex_unlock(&gate);
	pthread_join(thread, NULL);
	return HOLDS;
}

START_TEST(a_thread_that_was_there_before_is_locked_in_too)
{
	int status;
	pid_t pid = crash_begin(reach_out_from_a_thread, NULL, false);

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS, "status %#x",
	              (unsigned)status);
}
END_TEST

static int enter_fully(struct sandbox_walls *walls, struct vm_error *err)
{
	const struct sandbox sandbox = {.memory_bytes = UINT64_C(1) << 30, .cpu_ms = 60000};

	return sandbox_enter(&sandbox, walls, err);
}

static int enter_with_fewest(void *ctx)
{
	struct sandbox_walls walls = {.landlock = 9, .namespaces = true};

	(void)ctx;
	crash_refuse(SYS_landlock_create_ruleset, ENOSYS);
	crash_refuse(SYS_unshare, EPERM);
	HOLDS_IF(enter_fully(&walls, NULL) == VM_OK);
	HOLDS_IF(walls.landlock == 0 && !walls.namespaces);
	HOLDS_IF(open("/etc/passwd", O_RDONLY) < 0);
	return HOLDS;
}

START_TEST(it_holds_without_landlock_and_namespaces)
{
	ck_assert_int_eq(crash_none(enter_with_fewest, NULL), HOLDS);
}
END_TEST

static int enter_without_seccomp(void *ctx)
{
	struct sandbox_walls walls = {.landlock = 9};
	struct vm_error error = {0};

	(void)ctx;
	crash_refuse(SYS_seccomp, ENOSYS);
	HOLDS_IF(enter_fully(&walls, &error) == VM_ERR_UNAVAILABLE);
	HOLDS_IF(strstr(error.message, "needs a kernel with CONFIG_SECCOMP_FILTER") != NULL);
	HOLDS_IF(walls.landlock == 9);
	return HOLDS;
}

START_TEST(without_seccomp_it_fails_and_says_what_to_do)
{
	ck_assert_int_eq(crash_none(enter_without_seccomp, NULL), HOLDS);
}
END_TEST

static int hide(void *ctx)
{
	struct rlimit core;

	(void)ctx;
	HOLDS_IF(sandbox_hide(NULL) == VM_OK);
	HOLDS_IF(getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 && core.rlim_max == 0);
	HOLDS_IF(SANDBOX_SANITIZED || prctl(PR_GET_DUMPABLE, 0UL, 0UL, 0UL, 0UL) == 0);
	raise(SIGQUIT);
	return 1;
}

START_TEST(a_crash_leaves_no_core)
{
	struct rlimit core;
	int status;
	pid_t pid;

	ck_assert_int_eq(getrlimit(RLIMIT_CORE, &core), 0);
	core.rlim_cur = core.rlim_max;
	ck_assert_int_eq(setrlimit(RLIMIT_CORE, &core), 0);
	pid = crash_begin(hide, NULL, false);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGQUIT);
	ck_assert(!WCOREDUMP(status));
}
END_TEST

static int follow(void *ctx)
{
	struct sandbox_walls walls;
	int number = 0;

	(void)ctx;
	HOLDS_IF(sandbox_follow_parent(NULL) == VM_OK);
	sandbox_leave_namespaces();
	HOLDS_IF(sandbox_drop_capabilities(NULL) == VM_OK);
	HOLDS_IF(prctl(PR_GET_PDEATHSIG, &number, 0UL, 0UL, 0UL) == 0 && number == SIGKILL);
	HOLDS_IF(enter_fully(&walls, NULL) == VM_OK);
	return HOLDS;
}

START_TEST(what_it_gives_up_does_not_untie_it_from_its_worker)
{
	ck_assert_int_eq(crash_none(follow, NULL), HOLDS);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("sandbox");

	tcase_add_test(tests, landlock_alone_shuts_files_tcp_and_signals);
	tcase_add_test(tests, a_network_namespace_alone_shuts_the_network);
	tcase_add_test(tests, a_new_user_namespace_gives_no_capability);
	tcase_add_test(tests, the_filter_alone_shuts_files);
	tcase_add_test(tests, a_thread_that_was_there_before_is_locked_in_too);
	tcase_add_test(tests, it_holds_without_landlock_and_namespaces);
	tcase_add_test(tests, without_seccomp_it_fails_and_says_what_to_do);
	tcase_add_test(tests, a_crash_leaves_no_core);
	tcase_add_test(tests, what_it_gives_up_does_not_untie_it_from_its_worker);
	return run_tests(tests, "sandbox");
}
